"""Poisson bootstrap: its weights, its intervals, and what it does not depend on."""

import numpy as np
import pytest

from leitweg.domain.findings import Estimate
from leitweg.situation.bootstrap import (
    estimate,
    resampled_quantiles,
    resampled_sums,
    standard_normals,
    wider,
)


def weights_of(n_groups, replicates, seed=0):
    """Each group in a cell of its own with value 1: the sums are its weights."""
    group = np.arange(n_groups)
    return resampled_sums(
        group, group, np.ones((n_groups, 1)), n_groups, seed=seed, replicates=replicates
    )[:, :, 0]


def test_weights_are_poisson_of_one():
    weights = weights_of(1000, 1000)
    assert weights[0].tolist() == [1.0] * 1000
    drawn = weights[1:]
    assert drawn.mean() == pytest.approx(1, abs=0.005)
    assert drawn.var() == pytest.approx(1, abs=0.01)
    shares = np.bincount(drawn.astype(int).ravel(), minlength=5)[:5] / drawn.size
    expected = np.exp(-1) / np.array([1, 1, 2, 6, 24])
    assert shares == pytest.approx(expected, abs=0.003)


def test_weights_of_groups_and_of_replicates_are_independent():
    drawn = weights_of(300, 300)[1:]
    by_group, by_replicate = np.corrcoef(drawn.T), np.corrcoef(drawn)
    for matrix in (by_group, by_replicate):
        others = matrix[~np.eye(len(matrix), dtype=bool)]
        assert abs(others.mean()) < 0.005
        assert others.std() == pytest.approx(1 / np.sqrt(300), rel=0.05)


def test_the_seed_decides_and_nothing_else():
    assert np.array_equal(weights_of(50, 30, seed=4), weights_of(50, 30, seed=4))
    assert not np.array_equal(weights_of(50, 30, seed=4)[1:], weights_of(50, 30, seed=5)[1:])
    # a group weighs the same whoever else is in the sample, and however many replicates follow
    assert np.array_equal(weights_of(50, 30), weights_of(900, 70)[:31, :50])


def test_sums_count_every_cell_apart():
    group, cell = np.array([0, 0, 1, 2]), np.array([0, 1, 1, 0])
    values = np.array([[1.0, 10.0], [2.0, 20.0], [4.0, 40.0], [8.0, 80.0]])
    sums = resampled_sums(group, cell, values, 3, seed=0, replicates=5)
    assert sums[0].tolist() == [[9.0, 90.0], [6.0, 60.0], [0.0, 0.0]]
    w = weights_of(3, 5)
    for r in range(6):
        expected = [w[r, 0] + 8 * w[r, 2], 2 * w[r, 0] + 4 * w[r, 1], 0]
        assert sums[r, :, 0].tolist() == expected
        assert sums[r, :, 1].tolist() == [10 * x for x in expected]


def test_the_order_of_rows_does_not_matter():
    chance = np.random.default_rng(2)
    group, cell = chance.integers(0, 200, 5000), chance.integers(0, 7, 5000)
    values = chance.integers(0, 1000, (5000, 2)).astype(float)
    order = chance.permutation(5000)
    one = resampled_sums(group, cell, values, 7, seed=3, replicates=40)
    other = resampled_sums(group[order], cell[order], values[order], 7, seed=3, replicates=40)
    assert np.array_equal(one, other)
    quantiles = [
        resampled_quantiles(group[o], values[o, 0], (0.5, 0.9), seed=3, replicates=40)
        for o in (np.arange(5000), order)
    ]
    assert np.array_equal(*quantiles)


def test_the_interval_of_a_mean_is_the_normal_one():
    chance = np.random.default_rng(5)
    values = chance.normal(10, 3, 2000)
    columns = np.column_stack([values, np.ones(2000)])
    sums = resampled_sums(
        np.arange(2000), np.zeros(2000, dtype=np.int64), columns, 1, seed=0, replicates=4000
    )[:, 0]
    found = estimate(sums[:, 0] / sums[:, 1])
    half = 1.96 * values.std() / np.sqrt(2000)
    assert found.value == pytest.approx(values.mean(), rel=1e-12)
    assert found.high - found.value == pytest.approx(half, rel=0.06)
    assert found.value - found.low == pytest.approx(half, rel=0.06)


def test_the_interval_of_a_sum_knows_that_the_number_of_cases_varies():
    values = np.full((900, 1), 2.0)
    sums = resampled_sums(
        np.arange(900), np.zeros(900, dtype=np.int64), values, 1, seed=0, replicates=4000
    )[:, 0, 0]
    found = estimate(sums)
    # the number of cases is Poisson: 900 ± 1.96 · 30, two hours each
    assert (found.value, found.high - found.low) == (1800, pytest.approx(4 * 1.96 * 30, rel=0.05))


def test_quantiles_are_the_lower_weighted_ones():
    values = np.array([40.0, 10.0, 30.0, 20.0])
    drawn = resampled_quantiles(np.arange(4), values, (0.25, 0.5, 0.51, 1.0), seed=0, replicates=9)
    assert drawn[0].tolist() == [10.0, 20.0, 30.0, 40.0]
    weights = weights_of(4, 9)
    for r in range(1, 10):
        total = weights[r].sum()
        ordered = [(v, w) for v, w in sorted(zip(values, weights[r], strict=True)) if w]
        reached = np.cumsum([w for _, w in ordered])
        if total:
            median = ordered[int(np.argmax(reached >= total / 2))][0]
            assert drawn[r, 1] == median
        else:
            assert np.isnan(drawn[r, 1])


def test_an_estimate_of_few_draws():
    assert estimate(np.array([np.nan, 1.0])) is None
    assert estimate(np.array([2.0])) == Estimate(2.0, 2.0, 2.0)
    # the interval always holds the value itself
    assert estimate(np.array([5.0, 1.0, 1.0, 1.0])) == Estimate(5.0, 1.0, 5.0)
    assert estimate(np.array([2.0, np.nan, 1.0, 3.0])) == Estimate(
        2.0, pytest.approx(1.05), pytest.approx(2.95)
    )


def test_the_wider_interval_is_shown():
    narrow, wide = Estimate(2, 1, 3), Estimate(2, 0, 3)
    assert wider(narrow, wide) is wide
    assert wider(wide, narrow) is wide
    assert wider(None, narrow) is narrow
    assert wider(narrow, None) is narrow


def test_the_sample_itself_gets_no_draw():
    drawn = standard_normals(7, 2000)
    assert (drawn[0], drawn.size) == (0.0, 2001)
    assert drawn[1:].mean() == pytest.approx(0, abs=0.07)
    assert drawn[1:].std() == pytest.approx(1, abs=0.05)
