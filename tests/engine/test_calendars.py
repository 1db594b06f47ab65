"""Calendars: planted shifts and absences come out; the arithmetic against counting minutes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from log_rows import event

from leitweg.engine.calendars import (
    Absences,
    CalendarSource,
    discover_calendars,
)
from leitweg.engine.local_time import zone_offsets

MINUTE = 60
HOUR = 3600
DAY = 24 * HOUR
MONDAY = 1_704_067_200  # 2024-01-01T00:00Z
SECOND = 1_000_000


def works(person, days, hours, *, unit="U", activity="a", long=2400):
    """One piece of work at every hour of every day given, in seconds."""
    return [
        event(f"{person}-{d}-{h}", at, unit, person, started=at - long, activity=activity)
        for d in days
        for h in hours
        for at in [MONDAY + d * DAY + h * HOUR + long + 300]
    ]


def office_days(weeks):
    return [7 * w + d for w in range(weeks) for d in range(5)]


def codes(log):
    return {name: place for place, name in enumerate(log.persons)}


def opening(calendars, resource):
    """(weekday, hour) of the open hours."""
    return {divmod(int(g), 24) for g in np.flatnonzero(calendars.open_hours(resource))}


def test_a_planted_shift_comes_out(load):
    early = works("early", office_days(6), range(6, 14))
    late = works("late", office_days(6), range(13, 21))
    log = load(early + late)
    found = discover_calendars(log)
    for name, hours in (("early", range(6, 14)), ("late", range(13, 21))):
        code = codes(log)[name]
        assert found.source[code] == CalendarSource.OWN
        assert opening(found, code) == {(d, h) for d in range(5) for h in hours}
        assert found.week_hours[code] == 40.0


def test_part_time_and_a_single_sunday(load):
    days = [7 * w + d for w in range(12) for d in (0, 2)]
    log = load(works("half", [*days, 6], range(8, 12)) + works("full", office_days(12), range(8)))
    found = discover_calendars(log)
    assert opening(found, codes(log)["half"]) == {(d, h) for d in (0, 2) for h in range(8, 12)}


def test_a_quiet_hour_inside_a_shift_is_open_and_a_break_is_not(load):
    rows = works("p", office_days(12), (8, 9, 11, 13, 14))
    rows += works("p", [d for d in office_days(12) if d % 2], (10,))
    found = discover_calendars(load(rows))
    # ten o'clock on every other day (0.5), noon never
    assert opening(found, 0) == {(d, h) for d in range(5) for h in (8, 9, 10, 11, 13, 14)}


def test_few_dates_take_the_calendar_of_the_unit_else_of_the_log(load):
    rows = works("full", office_days(8), range(9, 17), unit="A")
    rows += works("new", [3, 4], (10,), unit="A") + works("lone", [3], (2,), unit="B")
    log = load(rows)
    found = discover_calendars(log)
    office = {(d, h) for d in range(5) for h in range(9, 17)}
    code = codes(log)
    assert found.source[[code["full"], code["new"], code["lone"]]].tolist() == [0, 1, 2]
    assert opening(found, code["new"]) == opening(found, code["lone"]) == office


def test_too_little_for_any_calendar_is_always_open(load):
    found = discover_calendars(load(works("p", [0, 1], range(9, 12))))
    assert found.source[0] == CalendarSource.ALWAYS
    assert found.week_hours[0] == 168.0


def test_the_clock_on_the_wall_with_summer_time(load):
    zone = ZoneInfo("Europe/Berlin")
    rows = []
    for day in range(180):
        for hour in range(9, 17):
            start = datetime(2024, 1, 1, hour, 5, tzinfo=zone) + timedelta(days=day)
            at = int(start.timestamp())
            if start.weekday() < 5:
                rows.append(event(f"{day}-{hour}", at + 1800, "U", "p", started=at))
    log = load(rows)
    office = {(d, h) for d in range(5) for h in range(9, 17)}
    assert opening(discover_calendars(log, zone="Europe/Berlin"), 0) == office
    assert opening(discover_calendars(log), 0) != office


def test_open_time_against_counting_minutes(load):
    rows = works("p", office_days(30), range(9, 17), long=1800)
    log = load(rows)
    zone = "Europe/Berlin"
    away = MONDAY + 30 * DAY, MONDAY + 33 * DAY + 12 * HOUR
    table = Absences(*(np.array([x]) for x in (0, away[0] * SECOND, away[1] * SECOND)))
    found = discover_calendars(log, zone=zone, absences=table)
    week = found.open_hours(0)
    draw = np.random.default_rng(4)
    for _ in range(40):
        start, end = sorted(MONDAY + draw.integers(0, 200 * DAY // MINUTE, 2) * MINUTE)
        end = min(end, start + 9 * DAY)
        expected = 0
        for at in range(start, end, MINUTE):
            local = datetime.fromtimestamp(at, ZoneInfo(zone))
            is_open = week[local.weekday() * 24 + local.hour]
            expected += bool(is_open and not away[0] <= at < away[1])
        (got,) = found.available_us([0], [start * SECOND], [end * SECOND])
        assert got == expected * MINUTE * SECOND


def test_a_vacation_is_seen_and_a_long_weekend_is_not(load):
    days = [d for d in office_days(20) if not (70 <= d < 84 or d in (32, 35))]
    log = load(works("p", days, range(8, 16)) + works("q", office_days(20), range(8, 16)))
    found = discover_calendars(log)
    p = codes(log)["p"]
    low, high = found.absence_offsets[p], found.absence_offsets[p + 1]
    # from the last work on Friday to the first on Monday in the third week
    friday = MONDAY + 67 * DAY + 24 * HOUR
    assert high - low == 1
    assert friday - 24 * HOUR < found.from_us[low] // SECOND < friday
    assert found.to_us[low] // SECOND == MONDAY + 84 * DAY + 8 * HOUR + 300
    two_weeks = [(MONDAY + d * DAY) * SECOND for d in (70, 84)]
    assert found.available_us(p, *two_weeks) == 0
    assert found.available_us(codes(log)["q"], *two_weeks) == 80 * HOUR * SECOND


def test_who_works_rarely_is_not_away_in_between(load):
    log = load(works("p", range(0, 600, 9), (10,)) + works("q", office_days(80), range(8, 16)))
    found = discover_calendars(log)
    p = codes(log)["p"]
    assert found.absence_offsets[p] == found.absence_offsets[p + 1]


def test_absences_that_overlap_are_one(load):
    log = load(works("p", office_days(8), range(8, 16)))
    stretches = np.array([[7, 9], [8, 12]]) * DAY + MONDAY
    known = Absences(np.array([0, 0]), *(stretches * SECOND).T.copy())
    found = discover_calendars(log, absences=known)
    assert (found.to_us - found.from_us).tolist() == [5 * DAY * SECOND]
    week = [(MONDAY + d * DAY) * SECOND for d in (7, 14)]
    assert found.available_us([0], *([t] for t in week)).tolist() == [0]


def test_machines_have_no_part_and_units_stand_in_for_persons(load):
    rows = works(None, office_days(8), range(9, 17), unit="A")
    rows += works("robot", range(56), range(24), unit="B")
    log = load(rows, people=[{"person": "robot", "kind": "system"}])
    found = discover_calendars(log)
    unit = found.n_persons + log.units.index("A")
    assert found.source[unit] == CalendarSource.OWN
    assert opening(found, unit) == {(d, h) for d in range(5) for h in range(9, 17)}
    # the nights of the machine open nobody's night
    other = found.n_persons + log.units.index("B")
    assert opening(found, other) == opening(found, unit)


def test_without_a_clock_everybody_is_there(load):
    log = load([event("c", None, "A", "p", seq=1), event("c", None, "A", "q", seq=2)])
    found = discover_calendars(log)
    assert set(found.source.tolist()) == {CalendarSource.ALWAYS}
    assert found.available_us(0, 0, HOUR * SECOND) == HOUR * SECOND


def test_an_unknown_resource_is_refused(load):
    found = discover_calendars(load(works("p", [0], (9,))))
    with pytest.raises(IndexError, match="resources are"):
        found.available_us(7, 0, 1)


def test_offsets_change_to_the_second():
    first = int(datetime(2024, 3, 1, tzinfo=UTC).timestamp() * SECOND) + 7
    last = int(datetime(2024, 12, 1, tzinfo=UTC).timestamp() * SECOND)
    since, offset = zone_offsets("Europe/Berlin", first, last)
    assert (offset // (HOUR * SECOND)).tolist() == [1, 2, 1]
    moments = [datetime.fromtimestamp(t // SECOND, UTC).isoformat() for t in since[1:]]
    assert moments == ["2024-03-31T01:00:00+00:00", "2024-10-27T01:00:00+00:00"]
