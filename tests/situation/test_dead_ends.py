"""Restricted means against an estimator of its own, and a planted dead end."""

import numpy as np
import pytest
from hand_logs import at

from leitweg.situation.basis import basis_of
from leitweg.situation.dead_end import dead_ends, receipts_of, restricted_mean


def kaplan_meier_mean(hours, ended, horizon):
    """Area under the product-limit estimate, time by time, events before censored ones."""
    survival, area, before = 1.0, 0.0, 0.0
    for time in sorted({h for h, e in zip(hours, ended, strict=True) if e and h <= horizon}):
        area += survival * (time - before)
        at_risk = sum(h >= time for h in hours)
        died = sum(e and h == time for h, e in zip(hours, ended, strict=True))
        survival *= 1 - died / at_risk
        before = time
    return area + survival * (horizon - before)


@pytest.mark.parametrize("seed", range(12))
def test_restricted_mean_is_the_area_under_kaplan_meier(seed):
    chance = np.random.default_rng(seed)
    hours = chance.exponential(20, 60)
    ended = chance.random(60) < 0.7
    horizon = float(np.quantile(hours, 0.95))
    expected = kaplan_meier_mean(hours.tolist(), ended.tolist(), horizon)
    assert restricted_mean(hours, ended, horizon) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_restricted_mean_with_equal_times(seed):
    chance = np.random.default_rng(seed)
    hours = np.ceil(chance.exponential(4, 60))
    ended = chance.random(60) < 0.7
    expected = kaplan_meier_mean(hours.tolist(), ended.tolist(), 10.0)
    assert restricted_mean(hours, ended, 10.0) == pytest.approx(expected, rel=1e-9)


def test_restricted_mean_by_hand():
    yes, no = np.array([True, True]), np.array([True, False])
    assert restricted_mean(np.array([2.0, 6.0]), yes, 10.0) == 4.0
    # one ends at two, the other is still open after six: half of them lasts to the horizon
    assert restricted_mean(np.array([2.0, 6.0]), no, 10.0) == 2 + 0.5 * 8
    assert restricted_mean(np.array([2.0, 60.0]), yes, 10.0) == 2 + 0.5 * 8


def path(start, units, hours):
    """An hour on the way to each unit; the second one holds the case for some hours."""
    times = (start, start + 1, start + 1 + hours, start + 2 + hours)
    names = (units[0], units[1], units[1], units[2])
    return [(time, name, name.lower()) for time, name in zip(times, names, strict=True)]


def company(stuck):
    """Unit B passes topic T after three hours, but of 80 cases some lie for 300."""
    cases, topics = {}, {}
    for i in range(80):
        start, hours = 10.0 * i, 300.0 if i < stuck else 3.0
        cases[f"t{i}"] = path(start, "ABC", hours)
        cases[f"o{i}"] = path(start, "ABC", 3.0)
        cases[f"d{i}"] = path(start, "DEF", 3.0)
        topics |= {f"t{i}": "T", f"o{i}": "O", f"d{i}": "D"}
    return cases, topics


def test_receipts_by_hand(load_cases):
    cases = {
        "c": [
            (0, "A", "a", "working"),
            (2, "B", "a", "queued"),
            (7, "A", "b", "queued"),
            (8, "A", "a", "working"),
            (9, "A", "a", "resolved"),
        ],
    }
    basis = basis_of(load_cases(cases), level="unit", start_us=at(0), end_us=at(20))
    receipts = receipts_of(basis)
    assert [basis.holders[u] for u in receipts.unit] == ["B", "A"]
    # B gave it back without having worked on it
    assert receipts.hours.tolist() == [5.0, 2.0]
    assert receipts.returned.tolist() == [True, False]
    assert receipts.stuck.tolist() == [True, False]


def test_a_planted_dead_end(load_cases):
    cases, topics = company(25)
    basis = basis_of(load_cases(cases, topics), level="unit", start_us=at(0), end_us=at(1200))
    (found,) = dead_ends(basis, receipts_of(basis))
    assert basis.holders[found.unit] == "B"
    assert [basis.log.topics[t] for t in found.topics] == ["T"]
    evidence = found.evidence
    assert (evidence["receipts"], evidence["stuck"]) == (80, 25)
    assert (evidence["stuck_hours_median"], evidence["still_open"]) == (301.0, 0)
    assert evidence["stuck_share"] == 25 / 80
    # the 25 cases would have passed after four hours as the others did
    assert found.price.value == pytest.approx(basis.per_month(25 * (301 - 4)), rel=0.02)
    assert found.price.low > 0


def test_without_stuck_cases_there_is_no_dead_end(load_cases):
    cases, topics = company(0)
    basis = basis_of(load_cases(cases, topics), level="unit", start_us=at(0), end_us=at(1200))
    assert dead_ends(basis, receipts_of(basis)) == []
