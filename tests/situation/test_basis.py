"""What every question stands on: the period, and which stays count."""

import numpy as np
import pytest
from hand_logs import HOUR, MONDAY, at, waits, ways

from leitweg.situation.basis import basis_of, period_of

MONTH_HOURS = 30.4375 * 24


def test_the_default_period_runs_from_quantile_to_quantile():
    period = period_of(np.arange(1001) * HOUR, True, None, None)
    assert (period.start_us, period.end_us) == (5 * HOUR, 995 * HOUR + 1)
    assert period.months == pytest.approx(990 / MONTH_HOURS, rel=1e-12)
    assert period.rule == "closings from the 0.5 % to the 99.5 % quantile"


def test_a_period_that_was_asked_for_is_taken_as_it_is():
    period = period_of(np.arange(1001) * HOUR, True, 100 * HOUR, 100 * HOUR + 10 * HOUR)
    assert (period.start_us, period.end_us) == (100 * HOUR, 110 * HOUR)
    assert period.months == pytest.approx(10 / MONTH_HOURS, rel=1e-12)
    assert "--from (inclusive) to --to (exclusive)" in period.rule


@pytest.mark.parametrize(
    ("closings", "has_clock", "rule"),
    [([], True, "no closed case"), ([1, 2], False, "no clock in the log")],
)
def test_without_closings_or_clock_there_is_no_period(closings, has_clock, rule):
    period = period_of(np.array(closings, dtype=np.int64), has_clock, None, None)
    assert (period.start_us, period.months, period.rule) == (None, None, rule)


def test_a_case_belongs_to_the_period_in_which_it_closes(load_cases):
    log = load_cases({f"c{h}": [(0, "A", "p"), (h, "B", "q")] for h in (10, 20, 30)})
    basis = basis_of(log, level="unit", start_us=at(10), end_us=at(30))
    # the start is inside, the end is not; the case counts whole, from its opening
    assert basis.in_period.tolist() == [True, True, False]
    assert basis.counted.tolist() == [True, True, False]
    assert ways(basis) == {"c10": ["A", "B"], "c20": ["A", "B"]}
    assert basis.months == pytest.approx(20 / MONTH_HOURS, rel=1e-12)
    assert basis.per_month(40.0) == pytest.approx(40 / 20 * MONTH_HOURS, rel=1e-12)


def test_a_change_of_label_joins_the_stay_before_it(load_cases):
    cases = {
        "label": [(0, "A", "p"), (2, "B", "p"), (7, "C", "q")],
        "back to itself": [(0, "A", "p"), (2, "B", "p"), (7, "A", "q")],
        "real": [(0, "A", "p"), (2, "B", "r"), (7, "C", "q")],
    }
    basis = basis_of(load_cases(cases), level="unit", start_us=at(0), end_us=at(9))
    assert ways(basis) == {
        "label": ["A", "C"],
        "back to itself": ["A"],
        "real": ["A", "B", "C"],
    }
    # the wait for C runs from the last event of the joined stay
    assert waits(basis) == {"label": [5.0], "real": [2.0, 5.0]}
    # figures still count every change of unit
    assert int(basis.walk.n_handovers.sum()) == 6


def test_a_machine_that_moves_a_case_is_no_change_of_label(load_cases):
    cases = {"c": [(0, "A", "robot"), (2, "B", "robot"), (7, "C", "q")]}
    basis = basis_of(
        load_cases(cases, machines=["robot"]), level="unit", start_us=at(0), end_us=at(9)
    )
    assert ways(basis) == {"c": ["A", "B", "C"]}


def test_the_administrative_close_is_left_out(load_cases):
    cases = {
        "c": [
            (0, "A", "p", "working"),
            (3, "B", "q", "working"),
            (5, "B", "q", "resolved"),
            (365, "Closing", "r", "closed"),
        ],
        "again": [
            (0, "A", "p", "working"),
            (5, "A", "p", "resolved"),
            (9, "B", "q", "working"),
            (12, "B", "q", "resolved"),
        ],
    }
    basis = basis_of(load_cases(cases), level="unit", start_us=at(0), end_us=at(400))
    assert ways(basis) == {"c": ["A", "B"], "again": ["A", "B"]}
    assert waits(basis) == {"c": [3.0], "again": [4.0]}
    # resolved the second time only: work started again in between
    accounts = basis.accounts
    ends = zip(accounts.resolved_us.tolist(), accounts.reopened.tolist(), strict=True)
    assert sorted(ends) == [(at(5), 0), (at(12), 1)]


def test_a_queue_is_waiting_in_the_receiving_unit(load_cases):
    cases = {
        "c": [
            (0, "A", "p", "working"),
            (2, "B", "p", "queued"),
            (10, "B", "q", "working"),
            (11, "B", "q", "resolved"),
        ]
    }
    basis = basis_of(load_cases(cases), level="unit", start_us=at(0), end_us=at(20))
    stays = basis.stays
    assert waits(basis) == {"c": [8.0]}
    assert stays.enter_us.tolist() == [at(0), at(2)]
    assert stays.start_us.tolist() == [at(0), at(10)]
    # picked up by q, although the sender's name stands on the queue event
    assert [basis.log.persons[p] for p in stays.first_worker] == ["p", "q"]


def test_an_open_case_has_waited_until_now(load_cases):
    cases = {
        "open": [(0, "A", "p", "working"), (4, "B", "p", "queued")],
        "done": [(0, "A", "p", "working"), (6, "A", "p", "resolved")],
    }
    basis = basis_of(
        load_cases(cases), level="unit", start_us=at(0), end_us=at(20), as_of_us=at(30)
    )
    assert basis.accounts.is_open.sum() == 1
    # until now, as far as the period goes
    assert waits(basis) == {"open": [16.0]}
    assert basis.stays.is_open.tolist().count(True) == 1


def test_neighbours_know_each_other(load_cases):
    log = load_cases({"c": [(0, "A", "p"), (1, "B", "q"), (2, "C", "r")], "d": [(0, "A", "p")]})
    stays = basis_of(log, level="unit", start_us=MONDAY, end_us=at(9)).stays
    for row in range(len(stays)):
        if stays.previous[row] >= 0:
            assert stays.following[stays.previous[row]] == row
            assert stays.case[stays.previous[row]] == stays.case[row]
    assert sorted(stays.previous.tolist()).count(-1) == 2
    assert sorted(stays.following.tolist()).count(-1) == 2
