"""Differences, ratios and what is said of them; sides and mixes by hand."""

from dataclasses import astuple

import numpy as np
import pytest
from hand_logs import at
from scipy import stats

from leitweg.domain.comparison import Change
from leitweg.domain.findings import Estimate
from leitweg.situation.basis import basis_of, walked_once
from leitweg.situation.comparability import notes_of
from leitweg.situation.comparison import compared_figures
from leitweg.situation.contrast import drawn_change, estimated_change, judged, weighed
from leitweg.situation.sides import SECOND_SEED, side_of
from leitweg.situation.topic_mix import common_topics, homogeneity_p, mix_of


def test_the_difference_of_two_draws():
    first, second = np.array([2.0, 1.0, 2.0, 3.0]), np.array([5.0, 5.0, 6.0, 4.0])
    change = drawn_change(first, second, enough=True)
    # replicates of the difference: 4, 4, 1; of the ratio: 5, 3, 4/3
    assert astuple(change.difference) == pytest.approx((3.0, 1.15, 4.0), rel=1e-9)
    assert (change.ratio.value, change.ratio.high) == (2.5, pytest.approx(4.9))
    half = (3.0 - 1.15) / 1.959964
    assert change.p_value == pytest.approx(2 * stats.norm.sf(3.0 / half), rel=1e-9)


def test_a_ratio_needs_something_at_first():
    nothing = np.zeros(4)
    change = drawn_change(nothing, np.ones(4), enough=True)
    assert change.ratio is None
    assert change.difference.value == 1.0
    now_and_then = np.array([1.0, 0.0, 1.0, 1.0])
    assert drawn_change(now_and_then, np.ones(4), enough=True).ratio is None


def test_too_few_cases_are_said():
    change = drawn_change(np.ones(4), np.zeros(4), enough=False)
    assert (change.statement, change.why, change.p_value) == ("too_few", "too-few-cases", None)


def test_the_interval_of_a_difference_from_those_of_its_parts():
    change = estimated_change(Estimate(10, 7, 14), Estimate(20, 16, 23), enough=True)
    # below: 20-16 and 14-10; above: 23-20 and 10-7
    low, high = 10 - np.hypot(4, 4), 10 + np.hypot(3, 3)
    assert astuple(change.difference) == pytest.approx((10, low, high))
    assert change.ratio.value == pytest.approx(2.0)
    assert change.ratio.low == pytest.approx(
        np.exp(np.log(2) - np.hypot(np.log(20 / 16), np.log(14 / 10)))
    )
    assert estimated_change(Estimate(1, -1, 3), Estimate(2, 1, 3), enough=True).ratio is None


def test_what_does_not_vary_did_not_change():
    same = Estimate(0.0, 0.0, 0.0)
    change = weighed(Change(same, same, same, None, "too_few"), 0.0)
    assert (change.statement, change.p_value) == ("no_change", None)


def test_many_tests_at_once():
    surely = Change(None, None, Estimate(3, 1, 5), None, "no_change", p_value=0.001)
    hardly = Change(None, None, Estimate(3, 0.1, 6), None, "no_change", p_value=0.04)
    unknown = Change(None, None, None, None, "too_few")
    found = judged([surely, hardly, hardly, unknown], 0.05)
    assert [c.statement for c in found] == ["changed", "changed", "changed", "too_few"]
    # the same beside many that show nothing: 0.04 is what chance gives
    none = Change(None, None, Estimate(0, -1, 1), None, "no_change", p_value=0.9)
    found = judged([surely, hardly, *[none] * 8], 0.05)
    assert [c.statement for c in found[:2]] == ["changed", "no_change"]


@pytest.mark.parametrize(
    ("one", "two"), [((50, 30, 20), (40, 45, 15)), ((200, 100, 50, 9), (150, 160, 40, 20))]
)
def test_the_distance_of_two_mixes_against_scipy(one, two):
    expected = stats.chi2_contingency([one, two], correction=False).pvalue
    found = homogeneity_p(np.array(one), np.array(two))
    assert found == pytest.approx(expected, abs=0.003)


def mixed_log(load_cases, counts):
    """Cases of two topics: slow ones wait ten hours, quick ones one; the same on both sides."""
    cases, topics = {}, {}
    for side, (slow, quick) in enumerate(counts):
        for i in range(slow + quick):
            case, wait = f"{side}-{i}", 10 if i < slow else 1
            start = 1000 * side + 2 * i
            cases[case] = [(start, "A", f"p{i % 9}"), (start + wait, "B", f"q{i % 9}")]
            topics[case] = "slow" if i < slow else "quick"
    return load_cases(cases, topics)


def test_with_the_same_topics_nothing_changed(load_cases):
    log = mixed_log(load_cases, ((80, 20), (20, 80)))
    walked = walked_once(log, "unit")
    first, second = (
        basis_of(log, level="unit", start_us=at(a), end_us=at(b), seed=s, walked=walked)
        for a, b, s in ((0, 900, 0), (900, 2000, SECOND_SEED))
    )
    topics = common_topics(first, second)
    figures = compared_figures(first, second, topics)
    waiting = next(f for f in figures if f.name == "waiting_hours_per_case")
    # 80 x 10 + 20 x 1 against 20 x 10 + 80 x 1, by 100
    assert waiting.change.first.value == pytest.approx(8.2)
    assert waiting.change.second.value == pytest.approx(2.8)
    assert waiting.change.statement == "changed"
    # half of each topic on both sides
    assert waiting.same_mix.first.value == pytest.approx(5.5)
    assert waiting.same_mix.second.value == pytest.approx(5.5)
    assert waiting.same_mix.statement == "no_change"
    mix = mix_of(first, second, topics)
    assert (mix.moved_share, mix.differs, mix.common_share) == (pytest.approx(0.6), True, 1.0)
    assert [(t.topic, t.cases_first, t.cases_second) for t in mix.topics] == [
        ("quick", 20, 80),
        ("slow", 80, 20),
    ]
    sides = (side_of(first, None), side_of(second, None))
    notes = notes_of(first, second, sides, mix, figures)
    assert "mix-changed: 0.6000" in notes
    assert {"regression-to-the-mean", "other-measures", "no-cause"} <= set(notes)


def test_a_side_takes_its_own_cases_and_months(load_cases):
    log = mixed_log(load_cases, ((30, 30), (30, 10)))
    walked = walked_once(log, "unit")
    mine = np.zeros(log.n_cases, dtype=bool)
    mine[:50] = True
    basis = basis_of(log, level="unit", start_us=at(0), end_us=at(5000), walked=walked, cases=mine)
    assert basis.in_period.tolist() == mine.tolist()
    assert set(basis.stays.case.tolist()) <= set(np.flatnonzero(mine).tolist())
    assert side_of(basis, None).cases == 50
