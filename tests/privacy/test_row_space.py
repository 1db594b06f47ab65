"""The row space of released sets: single people, groups of up to four, columns that are groups."""

import numpy as np
import pytest
from exact_row_space import group_told, isolated_exactly, projection_of

from leitweg.privacy import row_space
from leitweg.privacy.row_space import RowSpace

K = 5


def space_of(sets, n):
    space = RowSpace()
    space.widen([1] * n)
    for one in sets:
        space.add(vector(one, n))
    return space


def vector(people, n):
    found = np.zeros(n, np.int64)
    found[list(people)] = 1
    return found


def blocks(*numbers, size=6):
    return {person for n in numbers for person in range(n * size, (n + 1) * size)}


# four blocks of six people, then those whom the sums and differences are about
PLANTED = {
    "one": ({24}, set()),
    "difference of two": ({24}, {25}),
    "sum of two": ({24, 25}, set()),
    "two against one": ({24, 25}, {26}),
    "two against two": ({24, 25}, {26, 27}),
    "sum of four": ({24, 25, 26, 27}, set()),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_the_fourth_set_that_tells_of_a_few_is_refused(planted):
    plus, minus = PLANTED[planted]
    sets = [blocks(0, 1) | plus, blocks(0, 2) | minus, blocks(2, 3), blocks(1, 3)]
    space = space_of(sets[:3], 30)
    assert not space_of(sets[:2], 30).refuses(vector(sets[2], 30), k=K)
    assert space.refuses(vector(sets[3], 30), k=K)
    told = group_told([vector(one, 30) for one in sets], K - 1)
    assert set(told) == plus | minus


def test_five_people_may_be_told_of_together():
    sets = [blocks(0, 1) | set(range(24, 29)), blocks(0, 2), blocks(2, 3), blocks(1, 3)]
    assert not space_of(sets[:3], 30).refuses(vector(sets[3], 30), k=K)


def test_the_checker_of_these_tests_sees_one_person():
    sets = [blocks(0, 1) | {24}, blocks(0, 2), blocks(2, 3), blocks(1, 3)]
    assert isolated_exactly([vector(one, 25) for one in sets]) == [24]
    assert isolated_exactly([vector(one, 25) for one in sets[:3]]) == []


def random_steps(seed, n_spaces=40):
    """Yield a space, a set, and what an exhaustive search says of them together."""
    rng = np.random.default_rng(seed)
    for _ in range(n_spaces):
        n = int(rng.integers(12, 17))
        space, rows = space_of([], n), []
        for _ in range(14):
            asked = (rng.random(n) < 0.5).astype(np.int64)
            if not space.reduced(asked).any():
                continue
            together = [*rows, asked]
            told = group_told(together, K - 1) is not None
            yield space, asked, told, projection_of(together).diagonal().max()
            if not told:
                space.add(asked)
                rows.append(asked)


def test_every_group_that_can_be_told_of_is_found_and_no_other():
    for space, asked, told, leverage in random_steps(1):
        assert space.isolates(asked, k=K) == (told or leverage >= 0.95)


def test_the_reduced_rows_alone_would_miss_groups(monkeypatch):
    monkeypatch.setattr(row_space, "finds_small_group", lambda *_: False)
    verdicts = [space.isolates(x, k=K) for space, x, told, _ in random_steps(1) if told]
    assert 0.5 < np.mean(verdicts) < 0.7


def test_leverages_are_those_of_singular_values():
    rng = np.random.default_rng(5)
    sets = [(rng.random(60) < 0.4).astype(np.int64) for _ in range(40)]
    space = space_of([], 60)
    for one in sets:
        space.add(one)
    assert space.leverages() == pytest.approx(projection_of(sets).diagonal(), abs=1e-10)


def test_a_person_nearly_determined_is_refused():
    """One person in m teams of five others each has the leverage m / (m + 5)."""
    teams = [{0, *range(5 * at + 1, 5 * at + 6)} for at in range(96)]
    space = space_of(teams[:93], 481)
    assert space.leverages()[0] == pytest.approx(93 / 98)
    assert not space.refuses(vector(teams[93], 481), k=K)
    space = space_of(teams[:95], 481)
    assert space.refuses(vector(teams[95], 481), k=K)


def test_columns_of_several_people_tell_the_same_as_people():
    rng = np.random.default_rng(3)
    sizes = [1, 2, 3, 4, 5, 1, 1, 6, 2, 2]
    of_person = np.repeat(np.arange(len(sizes)), sizes)
    grouped, single = RowSpace(), RowSpace()
    grouped.widen(sizes)
    single.widen([1] * of_person.size)
    for _ in range(60):
        asked = (rng.random(len(sizes)) < 0.5).astype(np.int64)
        refused = grouped.refuses(asked, k=K)
        assert refused == single.refuses(asked[of_person], k=K)
        if not refused:
            grouped.add(asked)
            single.add(asked[of_person])
    assert grouped.rank == single.rank > 2
    assert single.leverages() == pytest.approx(grouped.leverages()[of_person])


def test_a_split_column_tells_the_same():
    space = RowSpace()
    space.widen([12, 8])
    space.add(np.array([1, 1]))
    before = space.leverages()
    (new,) = space.split(np.array([0]), np.array([5]))
    assert space.sizes.tolist() == [7, 8, 5]
    assert space.leverages() == pytest.approx(before[[0, 1, 0]])
    asked = np.array([1, 1, 0])
    assert not space.refuses(asked, k=K)
    assert space.refuses(asked, k=6)
    assert new == 2


def test_people_may_stand_behind_several_columns():
    """Columns are sets of cases here; the same three people work on most of them."""
    people = [{1, 2, 3}, {1, 2, 3}, {4, 5, 6, 7, 8}, {9, 10, 11, 12, 13}]

    def people_of(columns):
        return len(set().union(*(people[column] for column in columns)))

    space = RowSpace()
    space.widen([1] * 4)
    space.add(np.array([1, 1, 1, 0]))
    assert space.refuses(np.array([0, 0, 1, 0]), k=K, people_of=people_of)
    assert not space.refuses(np.array([0, 0, 0, 1]), k=K, people_of=people_of)
    assert not space.refuses(np.array([1, 1, 0, 1]), k=K, people_of=people_of)
    space.add(np.array([1, 1, 0, 1]))
    # the first and the second less this one: the two columns of the three people
    assert space.refuses(np.array([0, 0, 0, 1]), k=K, people_of=people_of)


def test_a_refusal_changes_nothing():
    sets = [blocks(0, 1) | {24}, blocks(0, 2), blocks(2, 3)]
    space = space_of(sets, 25)
    before = [part.copy() for part in space.parts()]
    assert space.refuses(vector(blocks(1, 3), 25), k=K)
    for one, other in zip(before, space.parts(), strict=True):
        assert np.array_equal(one, other)
