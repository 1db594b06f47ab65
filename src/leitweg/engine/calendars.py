"""When is somebody at work? Weekly calendars and absences, discovered from the log.

Method: docs/methods/calendars.md. Source of the rule: López-Pintado & Dumas 2022 (calendars of
resources by confidence, support and participation).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from leitweg.engine.absence_loops import absences_of, merged
from leitweg.engine.arrays import Flags, Int8, Int32, Int64
from leitweg.engine.calendar_clock import (
    HOUR_US,
    WEEK_HOURS,
    OpenTime,
    fill_bases,
    fill_lost,
    open_until,
)
from leitweg.engine.calendar_loops import (
    Bounds,
    Used,
    hours_of,
    own_calendars,
    shared_calendar,
    usual_at_tasks,
)
from leitweg.engine.compiled import compiled
from leitweg.engine.event_log import EventLog
from leitweg.engine.local_time import zone_offsets
from leitweg.engine.resources import (
    begin_of_events,
    by_resource,
    homes_of,
    in_parts,
    n_resources,
    resources_of,
)
from leitweg.engine.work_rules import RULES, WorkRules

DAY_US = 24 * HOUR_US


class CalendarSource(IntEnum):
    """Whose work a calendar was read from."""

    OWN = 0
    UNIT = 1
    LOG = 2
    ALWAYS = 3


@dataclass(frozen=True)
class Absences:
    """Known absences: who (code of a person in the log), from when, to when (microseconds)."""

    person: Int64
    from_us: Int64
    to_us: Int64


NO_ABSENCES = Absences(*(np.empty(0, np.int64) for _ in range(3)))


@dataclass(frozen=True)
class Calendars:
    """The calendar of every resource: all persons of the log, then all its units.

    A resource is a person, or a unit as a whole (``n_persons`` + code of the unit). A weekly
    calendar has 168 hours, Monday 0 to 1 o'clock first, on the local clock of the company.

    Attributes
    ----------
    n_persons
        Persons of the log: from this number on, resources are units.
    row, source
        Per resource: its row in ``weeks_us``, and whose work that was read from.
    weeks_us
        Shape (rows, 169): open microseconds since Monday at the begin of each hour of the week.
    since_us, offset_us, bases_us
        Since when which offset from UTC holds; what is to be added to the open time by that clock,
        shape (rows, offsets).
    absence_offsets, from_us, to_us, lost_us
        Absences of resource ``r`` are ``absence_offsets[r]`` to ``[r + 1]``, in order; with the
        open time that the earlier ones of the resource took.
    """

    n_persons: int
    row: Int32
    source: Int8
    weeks_us: Int64
    since_us: Int64
    offset_us: Int64
    bases_us: Int64
    absence_offsets: Int64
    from_us: Int64
    to_us: Int64
    lost_us: Int64

    @property
    def week_hours(self) -> npt.NDArray[np.float64]:
        """Open hours of an ordinary week, per resource."""
        return np.asarray(self.weeks_us[self.row, WEEK_HOURS] / HOUR_US)

    def open_hours(self, resource: int) -> Flags:
        """Which of the 168 hours of the week are open for a resource."""
        return np.asarray(np.diff(self.weeks_us[self.row[resource]]) > 0)

    def available_us(
        self, resource: npt.ArrayLike, start_us: npt.ArrayLike, end_us: npt.ArrayLike
    ) -> Int64:
        """How long is each resource at work by its calendar, absences left out?

        Parameters
        ----------
        resource
            Code of a person of the log, or ``n_persons`` + code of a unit; any shape.
        start_us, end_us
            Microseconds UTC, inclusive and exclusive, of a shape that fits.

        Returns
        -------
        array
            Microseconds in which the calendar is open, 0 where the end is not after the start.

        Raises
        ------
        IndexError
            A code that is no resource of the log.
        """
        who, low, high = np.broadcast_arrays(
            np.asarray(resource, np.int64),
            np.asarray(start_us, np.int64),
            np.asarray(end_us, np.int64),
        )
        if who.size and not (who.min() >= 0 and who.max() < self.row.size):
            raise IndexError(
                f"resources are 0 to {self.row.size - 1}, not {who.min()}..{who.max()}"
            )
        flat = open_between(calendar_parts(self), who.ravel(), low.ravel(), high.ravel())
        return flat.reshape(who.shape)


CalendarParts = tuple[Int32, Int64, Int64, Int64, Int64, Int64, Int64, Int64, Int64]


def calendar_parts(found: Calendars) -> CalendarParts:
    """Return the arrays of calendars, for compiled loops."""
    return (
        *(found.row, found.weeks_us, found.since_us, found.offset_us, found.bases_us),
        *(found.absence_offsets, found.from_us, found.to_us, found.lost_us),
    )


@compiled
def hours_of_resource(parts: CalendarParts, resource: int) -> OpenTime:
    """Pick the calendar of one resource."""
    row, weeks_us, since_us, offset_us, bases_us, offsets, from_us, to_us, lost_us = parts
    low, high = offsets[resource], offsets[resource + 1]
    mine = row[resource]
    away = from_us[low:high], to_us[low:high], lost_us[low:high]
    return OpenTime(weeks_us[mine], since_us, offset_us, bases_us[mine], *away)


@compiled
def open_between(parts: CalendarParts, resource: Int64, start_us: Int64, end_us: Int64) -> Int64:
    """Open time of each resource between two times."""
    found = np.zeros(resource.size, np.int64)
    for place in range(resource.size):
        if end_us[place] > start_us[place]:
            hours = hours_of_resource(parts, resource[place])
            until = open_until(hours, end_us[place])
            found[place] = until - open_until(hours, start_us[place])
    return found


def discover_calendars(
    log: EventLog,
    *,
    zone: str | None = None,
    absences: Absences = NO_ABSENCES,
    rules: WorkRules = RULES,
) -> Calendars:
    """Answer: in which hours of the week is each person at work, and when were they away?

    Parameters
    ----------
    log
        Any log with a clock; without one everybody counts as always there.
    zone
        Name of the time zone that the company lives in; None for UTC.
    absences
        Known absences, beside those that the log itself shows.
    rules
        The thresholds.

    Returns
    -------
    Calendars
        Own calendars where enough is known, else those of the unit, of the log, or always open.
    """
    resource, n = resources_of(log), n_resources(log)
    begin, end = begin_of_events(log), log.at_us
    bounds = _bounds(rules)
    first, last = (int(begin.min()), int(end.max())) if end.size else (0, 0)
    since, offset = zone_offsets(zone if log.has_clock else None, first, last)
    activity = np.maximum(log.activity, 0).astype(np.int32)
    used = Used(begin, end, activity, since, offset)
    offsets, order = by_resource(resource, n, begin)
    row, source, weeks = _weeks(log, (offsets, order), used, bounds)
    weeks_us = _cumulative(weeks)
    bases = np.zeros((len(weeks_us), since.size), np.int64)
    for place in range(len(weeks_us)):
        fill_bases(weeks_us[place], since, offset, bases[place])
    asked = (
        *(offsets, order, begin, end, row, (weeks_us, since, offset, bases)),
        (rules.absence_week, rules.absence_gaps, rules.absence_quantile),
    )
    seen = in_parts(offsets, lambda part: absences_of(part, *asked))
    away = _together([*seen, _columns(absences)]) if log.has_clock else NO_ABSENCES
    found = Calendars(
        *(len(log.persons), row, source, weeks_us, since, offset, bases),
        np.searchsorted(away.person, np.arange(n + 1)).astype(np.int64),
        *(away.from_us, away.to_us, np.zeros_like(away.from_us)),
    )
    fill_all_lost(calendar_parts(found))
    return found


def _bounds(rules: WorkRules) -> Bounds:
    return Bounds(
        rules.calendar_confidence,
        rules.calendar_beside,
        rules.calendar_deviation,
        rules.calendar_support,
        rules.calendar_task,
        rules.calendar_participation,
        rules.calendar_coverage,
        rules.calendar_shared,
        rules.calendar_dates,
        int(rules.sitting_hours * HOUR_US),
    )


def _weeks(
    log: EventLog, events: tuple[Int64, Int64], used: Used, bounds: Bounds
) -> tuple[Int32, Int8, Flags]:
    """Row of every resource, where it comes from, and the weeks (rows, 168)."""
    n = events[0].size - 1
    if not log.has_clock or used.end_us.size == 0:
        always = np.full(n, CalendarSource.ALWAYS, np.int8)
        return np.zeros(n, np.int32), always, np.ones((1, WEEK_HOURS), np.bool_)
    known, weeks = np.zeros(n, np.bool_), np.zeros((n, WEEK_HOURS), np.bool_)
    usual = usual_at_tasks(*events, used, max(1, len(log.activities)))
    own = (*events, used, usual, bounds, known, weeks)
    in_parts(events[0], lambda part: own_calendars(part, *own))
    row = np.where(known, np.cumsum(known), 0).astype(np.int32)
    source = np.where(known, CalendarSource.OWN, CalendarSource.ALWAYS).astype(np.int8)
    rows = [np.ones((1, WEEK_HOURS), np.bool_), weeks[known]]
    first_hour = _first_hour(used)
    homes = homes_of(log)
    for unit in np.unique(homes[~known & (homes >= 0)]):
        members = np.flatnonzero(homes == unit).astype(np.int64)
        enough, week = shared_calendar(*events, members, used, first_hour, bounds)
        if enough:
            take = members[~known[members]]
            row[take], source[take] = sum(map(len, rows)), CalendarSource.UNIT
            rows.append(week[None])
    rest = np.flatnonzero(source == CalendarSource.ALWAYS)
    if rest.size:
        everybody = np.arange(n, dtype=np.int64)
        enough, week = shared_calendar(*events, everybody, used, first_hour, bounds)
        if enough:
            row[rest], source[rest] = sum(map(len, rows)), CalendarSource.LOG
            rows.append(week[None])
    return row, source, np.concatenate(rows)


def _first_hour(used: Used) -> int:
    earliest = int(np.argmin(used.begin_us))
    # an hour to spare: the clock may have been set back since
    return int(hours_of(used, earliest)[0]) - 24


def _cumulative(weeks: Flags) -> Int64:
    summed = np.zeros((len(weeks), WEEK_HOURS + 1), np.int64)
    np.cumsum(weeks * HOUR_US, axis=1, out=summed[:, 1:])
    return summed


def _columns(absences: Absences) -> tuple[Int64, Int64, Int64]:
    return absences.person, absences.from_us, absences.to_us


def _together(found: Sequence[tuple[Int64, Int64, Int64]]) -> Absences:
    """Put all absences in one, by resource and begin, overlaps joined."""
    who, from_us, to_us = (np.concatenate(columns) for columns in zip(*found, strict=True))
    keep = to_us > from_us
    who, from_us, to_us = who[keep], from_us[keep], to_us[keep]
    order = np.lexsort((to_us, from_us, who))
    return Absences(*merged(who[order], from_us[order], to_us[order]))


@compiled
def fill_all_lost(parts: CalendarParts) -> None:
    """Write the open time that earlier absences took, for every resource."""
    for resource in range(parts[0].size):
        if parts[5][resource + 1] > parts[5][resource]:
            fill_lost(hours_of_resource(parts, resource))
