"""Random organisations, filters and sequences of questions: nobody can be told apart from it.

What left is judged by other means than the ledger's own (exact_row_space.py). As the row space
only grows, what holds after the last question held after each one.
"""

import numpy as np
import pytest
from exact_row_space import group_told, isolated_exactly, projection_of

from leitweg.privacy.ledger import Ledger
from leitweg.store.application import open_database

K = 5
AT_ONCE = 125  # organisations a test
WAVES = [(0, 10), (10, 20), (20, 30)]


def organisation(rng):
    """Return attributes of 12 to 18 people: one row per attribute."""
    people = int(rng.integers(12, 19))
    values = rng.integers(2, 6, int(rng.integers(2, 5)))
    return np.array([rng.integers(0, n, people) for n in values])


def question(rng, attributes, former):
    """Return the people of a filter as booleans; half of them build upon a former question."""
    people = attributes.shape[1]
    kind = int(rng.integers(0, 6)) if former else int(rng.integers(0, 3))
    if kind == 0:
        return rng.random(people) < rng.uniform(0.3, 0.9)
    if kind in (1, 2):
        chosen = np.ones(people, bool)
        for attribute in rng.choice(len(attributes), kind, replace=False):
            wanted = rng.random(5) < 0.6
            chosen &= wanted[attributes[attribute]]
        return chosen
    one = former[int(rng.integers(len(former)))]
    if kind == 3:
        return ~one
    if kind == 4:
        return one ^ (rng.random(people) < rng.uniform(0.05, 0.5))
    return one ^ former[int(rng.integers(len(former)))]


def ids(chosen):
    return [f"p{number:02d}" for number in np.flatnonzero(chosen)]


def released(ledger, rng, variable):
    """Ask 16 questions and return what left for each wave, after looking at each set."""
    attributes = organisation(rng)
    left = {wave: [] for wave in WAVES}
    asked = [question(rng, attributes, [])]
    while len(asked) < 16:
        asked.append(question(rng, attributes, asked))
    for questions in (asked[:9], asked[9:12], asked[12:]):
        wave = WAVES[int(rng.integers(3))] if rng.random() < 0.3 else WAVES[0]
        answers = ledger.decide(variable, wave, [ids(chosen) for chosen in questions])
        left[wave] += [x for x, allowed in zip(questions, answers, strict=True) if allowed]
    return left


def check(left):
    for wave, sets in left.items():
        assert all(chosen.sum() >= K for chosen in sets)
        if sets:
            assert isolated_exactly(sets) == []
            assert group_told(sets, K - 1) is None
            assert projection_of(sets).diagonal().max() < 0.95 + 1e-9
        for other in WAVES:
            if abs(WAVES.index(wave) - WAVES.index(other)) <= 1:
                apart = [int((one ^ two).sum()) for one in sets for two in left[other]]
                assert all(n == 0 or n >= K for n in apart)


def run(folder, number):
    rng = np.random.default_rng(number)
    database = open_database(folder, "aa11")
    users = [Ledger(database, bytes([user] * 32)) for user in (7, 7)]
    left = [released(users[case % 2], rng, f"organisation {case}") for case in range(AT_ONCE)]
    for one in left:
        check(one)
    return sum(len(sets) for one in left for sets in one.values())


@pytest.mark.parametrize("number", range(12))
def test_nobody_is_isolated_by_any_combination(tmp_path, number):
    # a ledger that refuses everything would pass too
    assert run(tmp_path, number) > 4 * AT_ONCE


@pytest.mark.verify
@pytest.mark.parametrize("number", range(100, 180))
def test_nobody_is_isolated_by_any_combination_of_ten_thousand(tmp_path, number):
    assert run(tmp_path, number) > 4 * AT_ONCE
