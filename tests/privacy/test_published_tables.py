"""What is hidden in a published table can be neither computed nor bounded to fewer than k.

The auditor of this test is not the one of the door: linear programmes over all that is shown, and
elimination of the totals in a prime field.
"""

import numpy as np
import pytest
from scipy.optimize import linprog

from leitweg.privacy.suppression import suppressed, with_totals

K = 5
PRIME = 2_147_483_647


def totals_of(shape):
    """One row per total: what its cells add up to, less the total itself, is nothing."""
    whole = [n + 1 for n in shape]
    place = np.arange(np.prod(whole)).reshape(whole)
    rows = []
    for axis in range(len(shape)):
        for line in np.moveaxis(place, axis, -1).reshape(-1, whole[axis]):
            row = np.zeros(place.size, dtype=np.int64)
            row[line[:-1]], row[line[-1]] = 1, -1
            rows.append(row)
    return np.array(rows)


def widths(counts, hidden):
    """Range of each hidden cell, given all that is shown and that nobody is counted negatively."""
    whole, equations = with_totals(counts).reshape(-1), totals_of(counts.shape)
    inside = hidden.reshape(-1)
    left = -equations[:, ~inside] @ whole[~inside]
    found = []
    for cell in range(int(inside.sum())):
        ends = []
        for sign in (1, -1):
            goal = np.zeros(int(inside.sum()))
            goal[cell] = sign
            told = linprog(goal, A_eq=equations[:, inside], b_eq=left, bounds=(0, None))
            # without an end there is nothing to bound it
            ends.append(sign * told.fun if told.status == 0 else np.inf)
            assert told.status in (0, 3)
        found.append(ends[1] - ends[0] if np.isfinite(ends[1]) else np.inf)
    return np.array(found)


def rank(matrix):
    rows, done = matrix.astype(object) % PRIME, 0
    for column in range(rows.shape[1]):
        pivot = next((r for r in range(done, len(rows)) if rows[r, column]), None)
        if pivot is None:
            continue
        rows[[done, pivot]] = rows[[pivot, done]]
        rows[done] = rows[done] * pow(int(rows[done, column]), -1, PRIME) % PRIME
        for r in range(len(rows)):
            if r != done and rows[r, column]:
                rows[r] = (rows[r] - rows[r, column] * rows[done]) % PRIME
        done += 1
    return done


def follows(counts, hidden):
    """Whether the indicator of any hidden cell lies in the space of the totals that are shown."""
    inside = np.flatnonzero(hidden.reshape(-1))
    equations = totals_of(counts.shape)[:, inside]
    whole = rank(equations)
    return any(
        rank(np.vstack([equations, np.eye(inside.size, dtype=np.int64)[cell]])) == whole
        for cell in range(inside.size)
    )


def drawn(seed):
    """A table of one or two attributes, of small and of large cells, some of them empty."""
    rng = np.random.default_rng(seed)
    shape = (int(rng.integers(1, 9)),) if seed % 4 == 0 else tuple(rng.integers(2, 7, size=2))
    return rng.poisson(rng.choice([2, 6, 15, 40]), size=shape) * (rng.random(shape) > 0.15)


def check(counts, hidden):
    whole = with_totals(counts)
    shown = ~hidden
    assert not ((whole > 0) & (whole < K) & shown).any()
    if hidden.any():
        assert widths(counts, hidden).min() >= K - 1e-6
        assert not follows(counts, hidden)
    # what is hidden in a line under a shown total is about k people together
    for axis in range(counts.ndim):
        lines = zip(
            np.moveaxis(whole, axis, -1).reshape(-1, whole.shape[axis]),
            np.moveaxis(hidden, axis, -1).reshape(-1, whole.shape[axis]),
            strict=True,
        )
        for line, inside in lines:
            if inside[:-1].any() and not inside[-1]:
                assert line[:-1][inside[:-1]].sum() >= K
                assert inside[:-1].sum() >= 2


@pytest.mark.parametrize("seed", range(60))
def test_no_hidden_cell_is_told_by_the_totals(seed):
    counts = drawn(seed)
    check(counts, suppressed(counts, k=K))


@pytest.mark.verify
@pytest.mark.parametrize("block", range(20))
def test_no_hidden_cell_of_a_thousand_tables_is_told(block):
    for seed in range(1000 + 60 * block, 1000 + 60 * (block + 1)):
        counts = drawn(seed)
        check(counts, suppressed(counts, k=K))


@pytest.mark.parametrize("seed", range(20))
def test_a_refused_cell_is_hidden_like_a_small_one(seed):
    counts = drawn(4 * seed + 1) + 9
    refused = np.zeros(counts.shape, dtype=bool)
    refused[0, 0] = True
    hidden = suppressed(counts, k=K, refused=refused)
    assert hidden[0, 0]
    check(counts, hidden)


def test_the_auditor_sees_a_cell_that_follows():
    counts = np.array([[3, 9], [9, 9]])
    hidden = np.zeros((3, 3), dtype=bool)
    hidden[0, 0] = True
    assert widths(counts, hidden) == [0]
    assert follows(counts, hidden)
    hidden[0, 1] = hidden[1, 0] = hidden[1, 1] = True
    assert widths(counts, hidden).min() == 12
    assert not follows(counts, hidden)


def test_nothing_is_hidden_where_all_are_many():
    assert not suppressed(np.full((4, 4), 9)).any()
    assert suppressed(np.array([4, 9]), margins=False).tolist() == [True, False]
