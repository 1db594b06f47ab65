"""How much work lies on each unit and position, and how much of their time does it take?

Method: docs/methods/load.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from leitweg.domain.findings import Estimate
from leitweg.domain.situation import LoadRow
from leitweg.engine.calendars import Calendars
from leitweg.engine.staff import Staff
from leitweg.situation.arrays import Floats, Ints, groups_of
from leitweg.situation.backlog_at_arrival import MONDAY_US, WEEK_US, backlog_at_arrival
from leitweg.situation.basis import Basis
from leitweg.situation.bearers import bearers_of
from leitweg.situation.bootstrap import estimate, resampled_sums
from leitweg.situation.constants import HOUR_US
from leitweg.situation.work import tells_work, worked_us

# the share of work on the busiest people, and how many people it takes to speak of a share
TOP, LEAST_PEOPLE = 0.05, 20
# less open time than this in a week is no week at work
LEAST_OPEN_HOURS = 1.0
# with fewer weeks than this, people are resampled instead
LEAST_WEEKS = 8
LEAST_RESAMPLED = 5


@dataclass(frozen=True)
class PersonWeeks:
    """One row per person and week of the period between the person's first and last event.

    ``unit`` is where most of the person's work lies, ``open`` hours in the person's calendar,
    ``busy`` those of them with work on at least one case, ``worked`` hours of all pieces of work
    inside the calendar (a piece that ends the next morning did not last all night).
    """

    person: Ints
    unit: Ints
    week: Ints
    busy: Floats
    open: Floats
    worked: Floats


def person_weeks(basis: Basis, calendars: Calendars) -> PersonWeeks | None:
    """Set work against calendars, week by week; None where the log does not tell persons or work.

    Work outside the calendar does not count: utilisation is at most one.
    """
    log, period = basis.log, basis.period
    if not tells_work(log) or len(log.persons) == 0 or period.start_us is None:
        return None
    start, end = period.start_us, period.end_us or period.start_us
    person, begin, until, unit = _pieces(basis, start, end)
    if person.size == 0:
        return None
    first_week, last_week = _week(np.array([start, end - 1]))
    home = _home(person, unit, until - begin, len(log.persons))
    rows = _rows(basis, home, int(first_week), int(last_week))
    key, width = rows[0] * (last_week + 1) + rows[1], last_week + 1
    low = np.maximum(rows[1] * WEEK_US + MONDAY_US, start)
    high = np.minimum((rows[1] + 1) * WEEK_US + MONDAY_US, end)
    open_hours = calendars.available_us(rows[0], low, high) / HOUR_US
    pieces, joined = (person, begin, until), _joined(person, begin, until)
    worked, busy = (
        _summed(key, width, calendars, *_by_week(*stretches)) for stretches in (pieces, joined)
    )
    return PersonWeeks(rows[0], home[rows[0]], rows[1], busy, open_hours, worked)


def _week(time_us: Ints) -> Ints:
    return np.asarray((time_us - MONDAY_US) // WEEK_US)


def _pieces(basis: Basis, start: int, end: int) -> tuple[Ints, Ints, Ints, Ints]:
    """Person, begin and end of each piece of work inside the period, and its unit; no machines."""
    log = basis.log
    begin, until = worked_us(log)
    begin, until = np.clip(begin, start, end), np.clip(until, start, end)
    holder = log.unit if basis.level == "unit" else log.person
    kept = (until > begin) & (log.person >= 0) & (holder >= 0)
    kept &= ~log.machine[np.maximum(log.person, 0)]
    person = log.person[kept].astype(np.int64)
    return person, begin[kept], until[kept], holder[kept].astype(np.int64)


def _home(person: Ints, unit: Ints, length: Ints, n_persons: int) -> Ints:
    """Return the unit in which each person worked most, -1 for none."""
    home = np.full(n_persons, -1, dtype=np.int64)
    width = int(unit.max(initial=0)) + 1
    keys, index = np.unique(person * width + unit, return_inverse=True)
    hours = np.bincount(index.reshape(-1), weights=length)
    order = np.lexsort((-(keys % width), hours))
    home[keys[order] // width] = keys[order] % width
    return home


def _rows(basis: Basis, home: Ints, first: int, last: int) -> tuple[Ints, Ints]:
    """Person and week, for every week from the person's first to last event in the period."""
    log = basis.log
    seen = log.person >= 0
    person, week = log.person[seen].astype(np.int64), _week(log.at_us[seen])
    low = np.full(len(log.persons), last + 1, dtype=np.int64)
    high = np.full(len(log.persons), first - 1, dtype=np.int64)
    np.minimum.at(low, person, np.maximum(week, first))
    np.maximum.at(high, person, np.minimum(week, last))
    count = np.where(home >= 0, np.maximum(high - low + 1, 0), 0)
    who = np.repeat(np.arange(count.size), count)
    place = np.arange(who.size) - np.repeat(np.cumsum(count) - count, count)
    return who, low[who] + place


def _by_week(person: Ints, begin: Ints, until: Ints) -> tuple[Ints, Ints, Ints]:
    """Cut stretches at the ends of weeks."""
    first, last = _week(begin), _week(np.maximum(until - 1, begin))
    count = last - first + 1
    at = np.repeat(np.arange(person.size), count)
    week = first[at] + np.arange(at.size) - np.repeat(np.cumsum(count) - count, count)
    low = np.maximum(begin[at], week * WEEK_US + MONDAY_US)
    high = np.minimum(until[at], (week + 1) * WEEK_US + MONDAY_US)
    return person[at], low, high


def _joined(person: Ints, begin: Ints, until: Ints) -> tuple[Ints, Ints, Ints]:
    """Stretches in which each person worked on anything, without overlap."""
    order = np.lexsort((begin, person))
    person, begin, until = person[order], begin[order], until[order]
    # persons are kept apart by a jump that no rank exceeds: times themselves would overflow
    times, rank = np.unique(until, return_inverse=True)
    jump = person * times.size
    reach = times[np.maximum.accumulate(rank.reshape(-1) + jump) - jump]
    fresh = np.append(True, (person[1:] != person[:-1]) | (begin[1:] > reach[:-1]))
    starts = np.flatnonzero(fresh)
    ends = np.append(starts[1:], person.size) - 1
    return person[starts], begin[starts], reach[ends]


def _summed(
    key: Ints, width: int, calendars: Calendars, person: Ints, low: Ints, high: Ints
) -> Floats:
    """Hours inside the calendar per row; ``key`` (person and week) ascends."""
    wanted = person * width + _week(low)
    at = np.searchsorted(key, wanted)
    known = at < key.size
    known[known] = key[at[known]] == wanted[known]
    hours = calendars.available_us(person[known], low[known], high[known]) / HOUR_US
    return np.asarray(np.bincount(at[known], weights=hours, minlength=key.size))


@dataclass(frozen=True)
class BusyWeeks:
    """Share of the weeks in which a unit was used above the busy limit, and the people behind."""

    share: float
    people: int


def busy_weeks_of(basis: Basis, weeks: PersonWeeks | None) -> Mapping[int, BusyWeeks]:
    """Share of the weeks in which each unit was used above the busy limit."""
    if weeks is None:
        return {}
    return {
        unit: BusyWeeks(_busy_share(basis, weeks, rows), int(np.unique(weeks.person[rows]).size))
        for (unit,), rows in groups_of(weeks.unit)
        if weeks.open[rows].sum() > 0
    }


def _busy_share(basis: Basis, weeks: PersonWeeks, rows: Ints) -> float:
    _, index = np.unique(weeks.week[rows], return_inverse=True)
    busy = np.bincount(index.reshape(-1), weights=weeks.busy[rows])
    there = np.bincount(index.reshape(-1), weights=weeks.open[rows])
    known = there >= LEAST_OPEN_HOURS
    share = busy[known] / there[known]
    return float((share > basis.constants.busy_utilisation).mean()) if known.any() else 0.0


def loads_of(
    basis: Basis, weeks: PersonWeeks | None, staff: Staff | None = None
) -> tuple[LoadRow, ...]:
    """One row per unit, and one per position of it where positions are known.

    Those with the most work first; without persons or without known work, rows say ``why``.
    """
    stays = basis.stays
    backlog = backlog_at_arrival(basis)
    closed = basis.in_period[stays.case]
    titles = _Titles.of(staff)
    belonging = dict(groups_of(weeks.unit)) if weeks is not None else {}
    rows = []
    for (unit,), here in groups_of(np.where(closed, stays.unit, -1)):
        if unit < 0:
            continue
        median = float(np.median(backlog[here])) if basis.log.has_clock else None
        own = belonging.get((unit,), NOBODY)
        rows.append(_row(basis, weeks, own, here, (basis.holders[unit], None), median))
        rows += _positions(basis, weeks, own, here, titles, basis.holders[unit])
    return tuple(sorted(rows, key=_order))


NOBODY: Ints = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class _Titles:
    """Title of the position of each person of the log (a code in ``names``), -1 for none.

    Posts of one title in several units may be held by people who work in one and the same.
    """

    names: tuple[str, ...]
    of_person: Ints

    @staticmethod
    def of(staff: Staff | None) -> "_Titles | None":
        if staff is None or not staff.positions:
            return None
        names = sorted(set(staff.titles))
        code = {name: i for i, name in enumerate(names)}
        of_position = np.array([*(code[title] for title in staff.titles), -1])
        return _Titles(tuple(names), of_position[staff.position])


def _positions(
    basis: Basis,
    weeks: PersonWeeks | None,
    own: Ints,
    here: Ints,
    titles: _Titles | None,
    unit: str,
) -> list[LoadRow]:
    """One row per title of a unit's people; ``here`` are the stays of closed cases there."""
    if weeks is None or titles is None:
        return []
    stays = basis.stays
    worker = np.where(stays.last_worker >= 0, stays.last_worker, stays.first_worker)[here]
    held = np.where(worker >= 0, titles.of_person[np.maximum(worker, 0)], -1)
    worked = {code: here[index] for (code,), index in groups_of(held)}
    return [
        _row(
            basis,
            weeks,
            own[index],
            worked.get(code, NOBODY),
            (unit, titles.names[code]),
            None,
        )
        for (code,), index in groups_of(titles.of_person[weeks.person[own]])
        if code >= 0
    ]


def _order(row: LoadRow) -> tuple[bool, float, str, str]:
    hours = row.working_hours_per_month
    return (hours is None, -(hours.value if hours else 0.0), row.unit, row.position or "")


def _row(
    basis: Basis,
    weeks: PersonWeeks | None,
    rows: Ints,
    here: Ints,
    place: tuple[str, str | None],
    backlog: float | None,
) -> LoadRow:
    """Return the row of a place: its people and weeks, and its stays of closed cases."""
    unit, position = place
    n_cases = int(np.unique(basis.stays.case[here]).size)
    if weeks is None or rows.size == 0:
        seen, why = _seen(basis, here), _why(basis)
        return LoadRow(unit, position, seen, n_cases, None, None, None, backlog, None, why=why)
    if n_cases < basis.constants.min_statement:
        few = int(np.unique(weeks.person[rows]).size)
        return LoadRow(unit, position, few, n_cases, None, None, None, backlog, None, why="too-few")
    people = int(np.unique(weeks.person[rows]).size)
    if people < LEAST_RESAMPLED and np.unique(weeks.week[rows]).size < LEAST_WEEKS:
        # neither weeks nor people are enough to say how sure it is
        return LoadRow(
            unit, position, people, n_cases, None, None, None, backlog, None, why="too-few"
        )
    worked, used = _estimates(basis, weeks, rows)
    return LoadRow(
        unit,
        position,
        people,
        n_cases,
        worked,
        used,
        _busy_share(basis, weeks, rows),
        backlog,
        _top_share(weeks, rows) if people >= LEAST_PEOPLE else None,
        bearers=(bearers_of(basis, weeks.person[rows], weeks.worked[rows]),),
    )


def _seen(basis: Basis, here: Ints) -> int | None:
    """Count the people who worked in these stays, machine accounts left out; None if unknown."""
    if len(basis.log.persons) == 0:
        return None
    persons = np.union1d(basis.stays.first_worker[here], basis.stays.last_worker[here])
    persons = persons[persons >= 0]
    return int((~basis.log.machine[persons]).sum())


def _why(basis: Basis) -> str:
    if not basis.log.has_clock:
        return "no-clock"
    if len(basis.log.persons) == 0:
        return "no-people"
    return "no-work" if tells_work(basis.log) else "no-started"


def _estimates(
    basis: Basis, weeks: PersonWeeks, rows: Ints
) -> tuple[Estimate | None, Estimate | None]:
    """Hours of work a month and utilisation, weeks resampled; people where weeks are few."""
    week = weeks.week[rows] - weeks.week[rows].min()
    few = np.unique(week).size < LEAST_WEEKS
    sums = resampled_sums(
        weeks.person[rows] if few else week,
        np.zeros(rows.size, dtype=np.int64),
        np.column_stack([weeks.worked[rows], weeks.busy[rows], weeks.open[rows]]),
        1,
        seed=basis.seed,
        replicates=basis.constants.replicates,
    )[:, 0, :]
    worked = estimate(basis.per_month(1.0) * sums[:, 0])
    with np.errstate(invalid="ignore", divide="ignore"):
        used = estimate(sums[:, 1] / sums[:, 2])
    return worked, used


def _top_share(weeks: PersonWeeks, rows: Ints) -> float:
    """Share of the work that lies on the busiest 5 % of the people, rounded up."""
    _, index = np.unique(weeks.person[rows], return_inverse=True)
    hours = np.bincount(index.reshape(-1), weights=weeks.worked[rows])
    most = int(np.ceil(TOP * hours.size))
    return float(np.sort(hours)[-most:].sum() / max(hours.sum(), 1e-12))
