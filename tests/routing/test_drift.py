"""Drift: planted weeks give the figures that were worked out by hand."""

import math

import numpy as np
import pytest

from leitweg.domain.routing import Coded, History, Ragged, Request
from leitweg.domain.routing_journal import JournalEntry, Suggested
from leitweg.routing.drift import first_resolved, week_of, weeks_of

WEEK_US = 7 * 86_400_000_000
MONDAY_US = 1_767_571_200_000_000  # 5 January 2026, 00:00 UTC, the first day of week 2
FIRST = {"A": 0, "B": 0, "C": 0, "N": MONDAY_US + WEEK_US}


def routed(case_id, at_us, *shown, new=0.1, level="unit"):
    suggested = tuple(Suggested(contact, share) for contact, share in shown)
    return JournalEntry(at_us, "routed", Request(), case_id, level, suggested, 1.0, new)


def closed(case_id, at_us, unit):
    return JournalEntry(at_us, "closed", case_id=case_id, unit=unit)


@pytest.fixture
def entries():
    at = MONDAY_US
    return [
        # right at first, with .8
        routed("a", at, ("A", 0.8), ("B", 0.1)),
        closed("a", at + 5, "A"),
        # right at second, with .3; a person chose it
        routed("b", at, ("A", 0.6), ("B", 0.3)),
        JournalEntry(at, "override", Request(), "b", "unit", from_contact="A", to_contact="B"),
        closed("b", at + 5, "B"),
        # somebody new, of whom .2 was told
        routed("c", at, ("A", 0.6), ("B", 0.2), new=0.2),
        closed("c", at + WEEK_US, "N"),
        # never closed
        routed("d", at, ("B", 0.9)),
        # the week after: N is known by now; the case was closed before it was routed again
        routed("a", at + WEEK_US + 7, ("C", 1.0)),
        routed("e", at + WEEK_US + 7, ("N", 0.5), ("A", 0.5), level="unit"),
        closed("e", at + WEEK_US + 9, "N"),
        routed("f", at + WEEK_US + 7, ("p-1", 0.5), level="person"),
    ]


def test_each_week_has_the_figures_worked_out_by_hand(entries):
    one, other = weeks_of(entries, "unit", FIRST)
    assert (one.week, one.n_routed, one.n_judged) == ("2026-W02", 4, 3)
    assert (one.top1, one.top3) == (pytest.approx(1 / 3), pytest.approx(2 / 3))
    assert one.log_loss == pytest.approx(-(math.log(0.8) + math.log(0.3) + math.log(0.2)) / 3)
    # said .8 and right; said .6 twice and wrong twice
    assert one.ece == pytest.approx((0.2 + 1.2) / 3)
    assert one.someone_new == pytest.approx((0.1 + 0.1 + 0.2) / 3)
    assert one.unseen_share == pytest.approx(1 / 3)
    # three known contacts: A first three times, B once, C never
    assert one.load_gini == pytest.approx(0.5)
    assert one.override_share == pytest.approx(1 / 4)
    assert (other.week, other.n_routed, other.n_judged) == ("2026-W03", 2, 1)
    assert (other.top1, other.unseen_share, other.override_share) == (1.0, 0.0, 0.0)


def test_a_level_has_weeks_of_its_own(entries):
    (week,) = weeks_of(entries, "person", {})
    assert (week.n_routed, week.n_judged, week.top1) == (1, 0, None)
    assert weeks_of([], "unit", {}) == ()


def test_a_probability_of_nothing_does_not_make_a_week_endless():
    entries = [routed("a", MONDAY_US, ("A", 1.0)), closed("a", MONDAY_US + 1, "B")]
    (week,) = weeks_of(entries, "unit", FIRST)
    assert week.log_loss == pytest.approx(-math.log(1e-6))


def test_who_resolved_first_is_told_by_the_history():
    nothing = Ragged(np.zeros(4, np.int64), np.empty(0, np.int64))
    history = History(
        ("a", "b", "c"),
        np.array([1, 2, 3]),
        np.array([30, 20, 10]),
        {},
        None,
        Coded(np.array([1, 1, -1]), ("A", "B")),
        Coded(np.array([-1, -1, -1]), ()),
        nothing,
        nothing,
        np.empty(0, np.int64),
        True,
    )
    assert first_resolved(history, "unit") == {"B": 20}
    assert first_resolved(history, "person") == {}


def test_weeks_are_those_of_iso_8601():
    assert week_of(MONDAY_US) == "2026-W02"
    assert week_of(MONDAY_US - 1) == "2026-W01"
    # 29 December 2025 belongs to the first week of 2026
    assert week_of(MONDAY_US - WEEK_US) == "2026-W01"
