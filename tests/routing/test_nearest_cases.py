"""BM25 worked out by hand, and by a second way of computing it on random cases."""

import math

import numpy as np
import pytest

from leitweg.domain.routing import N_WORDS, Ragged
from leitweg.routing import nearest_cases
from leitweg.routing.nearest_cases import NearestCases, best_half_life

PART = N_WORDS + 5


def ragged(rows):
    sizes = [len(row) for row in rows]
    values = np.array([value for row in rows for value in sorted(row)], np.int32)
    return Ragged(np.concatenate(([0], np.cumsum(sizes))).astype(np.int64), values)


def text(*words):
    return np.array(sorted(words), np.int32)


def bm25(rows, query):
    """Score every case as the textbook does: k1 = 1.2, b = 0.75."""
    rows = [[word for word in row if word < N_WORDS] for row in rows]
    mean = sum(map(len, rows)) / len(rows)
    scores = []
    for row in rows:
        score = 0.0
        for word in set(query):
            n_with = sum(word in other for other in rows)
            idf = math.log(1 + (len(rows) - n_with + 0.5) / (n_with + 0.5))
            often = row.count(word)
            score += idf * often * 2.2 / (often + 1.2 * (0.25 + 0.75 * len(row) / mean))
        scores.append(score)
    return scores


def test_scores_by_hand():
    # four cases, mean length (2 + 4 + 1 + 1) / 4 = 2
    cases = NearestCases.fit(ragged([[1, 2, PART], [1, 1, 3, 4], [5], [6]]), np.array([7, 8, 9, 9]))
    found = cases.nearest(text(1, 4))
    idf_1, idf_4 = math.log(1 + 2.5 / 2.5), math.log(1 + 3.5 / 1.5)
    long = 1.2 * (0.25 + 0.75 * 4 / 2)
    assert found.labels.tolist() == [8, 7]
    assert found.numbers.tolist() == [1, 0]
    expected = [idf_1 * 2 * 2.2 / (2 + long) + idf_4 * 2.2 / (1 + long), idf_1 * 2.2 / (1 + 1.2)]
    assert found.scores.tolist() == pytest.approx(expected, rel=1e-6)


def test_parts_find_nothing():
    cases = NearestCases.fit(ragged([[1, PART], [2, PART]]), np.array([0, 1]))
    assert cases.nearest(text(PART)).labels.size == 0
    assert cases.nearest(text()).labels.size == 0


def test_the_newer_of_equals_comes_first_and_age_halves():
    rows = ragged([[1], [1], [2], [1]])
    assert NearestCases.fit(rows, np.arange(4)).nearest(text(1), 2).numbers.tolist() == [3, 1]
    fading = NearestCases.fit(rows, np.arange(4), half_life=2.0).nearest(text(1))
    assert fading.numbers.tolist() == [3, 1, 0]
    assert (fading.scores / fading.scores[0]).tolist() == pytest.approx([1, 2**-1, 2**-1.5])


def test_cases_without_contact_or_words_are_not_kept():
    cases = NearestCases.fit(ragged([[1], [], [1], [PART]]), np.array([0, 1, -1, 2]))
    assert cases.n_cases == 1
    cases.add(text(), 3, 9)
    cases.add(text(1), -1, 9)
    assert cases.n_cases == 1


@pytest.fixture
def random_rows():
    chance = np.random.default_rng(5)
    # two words are in almost every case, the others are rare
    return [sorted((chance.zipf(1.3, chance.integers(1, 30)) % 400).tolist()) for _ in range(300)]


def test_agrees_with_the_textbook(random_rows):
    cases = NearestCases.fit(ragged(random_rows), np.arange(300), half_life=np.inf)
    for query in random_rows[::17]:
        scores = bm25(random_rows, query)
        found = cases.nearest(text(*query), 10)
        assert found.scores.tolist() == pytest.approx(sorted(scores)[:-11:-1], rel=1e-5)
        assert [scores[i] for i in found.numbers] == pytest.approx(found.scores.tolist(), rel=1e-5)


@pytest.mark.parametrize("scanned", [2, 50, 1000])
def test_one_by_one_is_as_all_at_once(random_rows, scanned, monkeypatch):
    monkeypatch.setattr(nearest_cases, "_LEAST_SCANNED", scanned)
    whole = NearestCases.fit(
        ragged(random_rows), np.arange(300), numbers=np.arange(300) * 10, half_life=np.inf
    )
    grown = NearestCases.fit(
        ragged(random_rows[:100]), np.arange(100), numbers=np.arange(100) * 10, half_life=np.inf
    )
    for i in range(100, 300):
        grown.add(text(*random_rows[i]), i, 10 * i)
    for query in random_rows[::29]:
        ours, theirs = grown.nearest(text(*query)), whole.nearest(text(*query))
        assert ours.numbers.tolist() == theirs.numbers.tolist()
        assert ours.labels.tolist() == theirs.labels.tolist()
        assert ours.scores.tolist() == pytest.approx(theirs.scores.tolist(), rel=1e-6)


def test_only_the_rarest_words_are_looked_up(random_rows, monkeypatch):
    monkeypatch.setattr(nearest_cases, "MOST_WORDS", 2)
    rows = [[1, 2], [1, 2], [1, 2], [1, 3], [4]]
    cases = NearestCases.fit(ragged(rows), np.arange(5))
    # 4 is in one case, 3 in one, 2 in three, 1 in four
    assert cases.nearest(text(1, 2, 3, 4)).numbers.tolist() == [4, 3]


def test_the_oldest_are_forgotten(random_rows, monkeypatch):
    monkeypatch.setattr(nearest_cases, "MOST_CASES", 120)
    monkeypatch.setattr(nearest_cases, "_LEAST_SCANNED", 10)
    cases = NearestCases.fit(ragged(random_rows[:200]), np.arange(200))
    assert cases.n_cases == 120
    for i in range(200, 300):
        cases.add(text(*random_rows[i]), i, i)
    assert 120 <= cases.n_cases <= 131
    monkeypatch.undo()
    newest = NearestCases.fit(ragged(random_rows[300 - cases.n_cases :]), np.arange(cases.n_cases))
    ours, theirs = (model.nearest(text(*random_rows[7])) for model in (cases, newest))
    assert ours.scores.tolist() == pytest.approx(theirs.scores.tolist(), rel=1e-6)
    assert (ours.numbers - theirs.numbers).tolist() == [300 - cases.n_cases] * ours.numbers.size


def test_state_returns_the_same_answers(random_rows):
    cases = NearestCases.fit(ragged(random_rows[:200]), np.arange(200), half_life=80.0)
    for i in range(200, 260):
        cases.add(text(*random_rows[i]), i, i)
    again = NearestCases.from_state(cases.state())
    for query in random_rows[::31]:
        ours, theirs = cases.nearest(text(*query)), again.nearest(text(*query))
        assert ours.numbers.tolist() == theirs.numbers.tolist()
        assert ours.scores.tolist() == theirs.scores.tolist()


def test_half_life_is_chosen_where_people_change():
    chance = np.random.default_rng(1)
    stays = chance.integers(0, 10, 4000)
    rows = [[int(word), *chance.integers(20, 30, 2).tolist()] for word in stays]
    # who answers for a word changes every 250 cases
    moves = stays + 10 * (np.arange(4000) // 250)
    assert best_half_life(ragged(rows), stays) == np.inf
    assert best_half_life(ragged(rows), moves) == 1000.0
    assert NearestCases.fit(ragged(rows), moves).state()["half_life"] == 1000.0
    assert NearestCases.fit(ragged(rows), stays).state()["half_life"] is None
