"""Overload: the backlog at an arrival, and waits that follow it."""

import numpy as np
import pytest
from hand_logs import at

from leitweg.situation.backlog_at_arrival import (
    MONDAY_US,
    WEEK_US,
    backlog_at_arrival,
    slope_on_backlog,
    week_of,
)
from leitweg.situation.basis import basis_of


def test_the_backlog_counts_what_lies_unstarted_and_not_oneself(load_cases):
    # handed over to u at 1, 2, 3 and 10 o'clock; work starts at 5, 6, 7 and 11
    cases = {
        f"c{i}": [(0.0, "a", "pa"), (handed, "u", "pa", "queued"), (start, "u", "pu", "working")]
        for i, (handed, start) in enumerate([(1, 5), (2, 6), (3, 7), (10, 11)])
    }
    basis = basis_of(load_cases(cases), level="unit", start_us=at(0), end_us=at(99))
    stays = basis.stays
    at_u = np.flatnonzero(np.array(basis.holders)[stays.unit] == "u")
    by_time = at_u[np.argsort(stays.enter_us[at_u])]
    assert backlog_at_arrival(basis)[by_time].tolist() == [0, 1, 2, 0]


def test_weeks_begin_on_monday():
    sunday, monday = MONDAY_US - 1, MONDAY_US
    assert week_of(np.array([sunday, monday, monday + WEEK_US - 1])).tolist() == [-1, 0, 0]


def test_the_slope_is_that_of_a_regression_with_effects():
    rng = np.random.default_rng(4)
    n = 600
    backlog = rng.poisson(6, n)
    cell = rng.integers(0, 4, n)
    arrived = MONDAY_US + rng.integers(0, 20 * WEEK_US, n)
    hours = ((arrived - MONDAY_US) % WEEK_US) // (4 * 3_600_000_000)
    log_wait = 0.1 * backlog + cell + 0.02 * hours + rng.normal(0, 0.5, n)
    found = slope_on_backlog(backlog, log_wait, cell, arrived)
    effects = [cell == c for c in range(4)] + [hours == h for h in np.unique(hours)[1:]]
    design = np.column_stack([backlog, *effects]).astype(float)
    beta = np.linalg.lstsq(design, log_wait, rcond=None)[0]
    assert found.value == pytest.approx(beta[0], abs=1e-5)
    # clustered by week, written out
    inverse = np.linalg.pinv(design.T @ design)
    residual = log_wait - design @ beta
    week = week_of(arrived)
    scores = np.array([(design[week == w] * residual[week == w, None]).sum(0) for w in range(20)])
    variance = (inverse @ (scores.T @ scores) @ inverse)[0, 0] * 20 / 19
    assert found.error == pytest.approx(np.sqrt(variance), rel=1e-3)


def test_a_backlog_that_never_varies_has_no_slope():
    same = np.full(50, 3)
    assert slope_on_backlog(same, np.arange(50.0), same, MONDAY_US + np.arange(50)) is None
