"""Load: hours of work inside the calendar, by person and week."""

from dataclasses import replace

import numpy as np
import pytest
from hand_logs import at

from leitweg.engine.calendars import discover_calendars
from leitweg.situation import load
from leitweg.situation.basis import basis_of
from leitweg.situation.load import BusyWeeks, _joined, busy_weeks_of, loads_of, person_weeks
from leitweg.situation.work import work_hours

WEEK = 168


class Always:
    """A calendar that is open from Monday to Friday, 8 to 18 o'clock."""

    def available_us(self, person, start, end):
        hour = 3_600_000_000
        total = np.zeros(np.broadcast(person, start, end).shape, dtype=np.int64)
        for day in range(30):
            if day % 7 < 5:
                low, high = at(24 * day + 8), at(24 * day + 18)
                total += np.maximum(np.minimum(end, high) - np.maximum(start, low), 0)
        assert total.max(initial=0) <= 50 * hour
        return total


def two_weeks(load_cases):
    """p works 8 to 12 and 10 to 13 on Monday, and overnight 17 to 9; q four hours a week later."""
    cases = {
        "a": [(8, "u", "p", "working"), (12, "u", "p", "resolved")],
        "b": [(10, "u", "p", "working"), (13, "u", "p", "resolved")],
        "c": [(17, "u", "p", "working"), (33, "u", "p", "resolved")],
        "d": [(WEEK + 8, "u", "q", "working"), (WEEK + 12, "u", "q", "resolved")],
        "e": [(7, "v", "q", "queued"), (7, "v", "q", "queued"), (8, "v", "q", "resolved")],
    }
    return basis_of(load_cases(cases), level="unit", start_us=at(0), end_us=at(2 * WEEK))


def test_overlapping_work_is_busy_once_and_worked_twice(load_cases):
    basis = two_weeks(load_cases)
    weeks = person_weeks(basis, Always())
    people = [basis.log.persons[p] for p in weeks.person]
    found = {
        (person, int(week - weeks.week.min())): (busy, worked, there)
        for person, week, busy, worked, there in zip(
            people, weeks.week, weeks.busy, weeks.worked, weeks.open, strict=True
        )
    }
    # the night from 18 to 8 is not work
    assert found["p", 0] == pytest.approx((5 + 1 + 1, 7 + 1 + 1, 50))
    assert found["q", 1] == pytest.approx((4, 4, 50))
    assert found["q", 0] == pytest.approx((0, 0, 50))


def test_rows_add_people_and_weeks(load_cases, monkeypatch):
    basis = two_weeks(load_cases)
    basis = replace(basis, constants=replace(basis.constants, min_statement=2))
    weeks = person_weeks(basis, Always())
    assert loads_of(basis, weeks)[0].why == "too-few"
    monkeypatch.setattr(load, "LEAST_WEEKS", 2)
    row, other = loads_of(basis, weeks)
    assert (row.unit, row.people, row.n_cases) == ("u", 2, 4)
    assert row.utilisation.value == pytest.approx((7 + 0 + 4) / 150)
    assert row.working_hours_per_month.value == pytest.approx((9 + 4) / basis.months)
    assert (row.top_share, row.busy_weeks_share) == (None, 0.0)
    assert (other.unit, other.working_hours_per_month, other.why) == ("v", None, "no-work")


def test_a_handful_of_cases_is_too_few(load_cases):
    basis = two_weeks(load_cases)
    row, _ = loads_of(basis, person_weeks(basis, Always()))
    assert (row.people, row.utilisation, row.why) == (2, None, "too-few")


def test_weeks_above_the_limit_are_busy(load_cases):
    cases = {
        f"d{d}": [(24 * d + 8, "u", "p", "working"), (24 * d + 17.5, "u", "p", "resolved")]
        for d in (0, 1, 2, 3, 4)
    }
    cases["next"] = [
        (WEEK + 8, "u", "p", "queued"),
        (WEEK + 9, "u", "p", "working"),
        (WEEK + 10, "u", "p", "resolved"),
    ]
    basis = basis_of(load_cases(cases), level="unit", start_us=at(0), end_us=at(2 * WEEK))
    weeks = person_weeks(basis, Always())
    assert [*busy_weeks_of(basis, weeks).values()] == [BusyWeeks(0.5, 1)]


def test_a_log_without_work_says_why(load_cases):
    cases = {"a": [(8, "u", "p"), (12, "v", "q")]}
    basis = basis_of(load_cases(cases), level="unit", start_us=at(0), end_us=at(99))
    assert person_weeks(basis, discover_calendars(basis.log)) is None
    assert {row.why for row in loads_of(basis, None)} == {"no-started"}
    assert np.isnan(work_hours(basis)).all()


def test_work_per_stay_follows_the_states(load_cases):
    basis = two_weeks(load_cases)
    names = basis.log.case_ids.to_pylist()
    hours = {names[c]: h for c, h in zip(basis.stays.case, work_hours(basis), strict=True)}
    assert hours == pytest.approx({"a": 4, "b": 3, "c": 16, "d": 4, "e": 0})


def test_joining_the_work_of_many_people_does_not_overflow():
    people, week = 20_000, 7 * 24 * 3_600_000_000
    person = np.repeat(np.arange(people), 2)
    begin = at(0) + np.tile(np.array([week, 0]), people)
    until = begin + 2 * week
    found = _joined(person, begin, until)
    assert [x.size for x in found] == [people] * 3
    assert set((found[2] - found[1]).tolist()) == {3 * week}
