"""The loops that discover weekly calendars: which hours of the week somebody works in."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from leitweg.engine.arrays import Flags, Int32, Int64
from leitweg.engine.calendar_clock import HOUR_US, WEEK_HOURS, offset_at
from leitweg.engine.compiled import compiled

Floats = npt.NDArray[np.float64]

# a thin beginning or end of a log (a twentieth of the use) is not the time somebody worked in
EDGE = 20


class Bounds(NamedTuple):
    """Thresholds of `work_rules.WorkRules`, for the loops."""

    confidence: float
    beside: float
    deviation: float
    support: float
    task: float
    participation: float
    coverage: float
    shared: float
    dates: int
    sitting_us: int


class Used(NamedTuple):
    """When the events of a log used the hours: begin, end, activity (0 and up), clock."""

    begin_us: Int64
    end_us: Int64
    activity: Int32
    since_us: Int64
    offset_us: Int64


@compiled
def granule_of(hour: int) -> int:
    """Hour of the week (Monday, 0 to 1 o'clock: 0) of an hour since 1970 on the local clock."""
    return int((hour + 72) % WEEK_HOURS)


@compiled
def hours_of(used: Used, event: int) -> tuple[int, int]:
    """First and last hour, on the local clock, that an event used."""
    begin, end = used.begin_us[event], used.end_us[event]
    # who ends at 16:00 sharp did not work in the hour from 16:00 on
    last = max(begin, end - 1)
    first_hour = (begin + offset_at(used.since_us, used.offset_us, begin)) // HOUR_US
    last_hour = (last + offset_at(used.since_us, used.offset_us, last)) // HOUR_US
    return int(first_hour), int(last_hour)


@compiled
def hours_and_tasks(used: Used, events: Int64, n_tasks: int, sitting_us: int) -> Int64:
    """Distinct pairs (hour, task) of some events as hour * tasks + task, ascending."""
    room = 16
    pairs = np.empty(room, np.int64)
    size = 0
    for event in events:
        first, last = hours_of(used, event)
        long = used.end_us[event] - used.begin_us[event] > sitting_us
        step = max(1, last - first) if long else 1
        for hour in range(first, last + 1, step):
            if size == room:
                grown = np.empty(2 * room, np.int64)
                grown[:room] = pairs
                pairs = grown
                room = 2 * room
            pairs[size] = hour * n_tasks + used.activity[event]
            size += 1
    return np.unique(pairs[:size])


class Week(NamedTuple):
    """What is known of the hours of a week: share of dates (confidence), dates, use, bounds."""

    confidence: Floats
    seen: Int64
    use: Int64
    n_dates: int
    first_date: int
    last_date: int


@compiled
def dates_between(first: int, last: int, weekday: int) -> int:
    """Count the dates of a weekday (Monday 0) from the first to the last date (since 1970)."""
    return int((last + 3 - weekday) // 7 - (first + 2 - weekday) // 7)


@compiled
def steadied(seen: Int64, dates: Int64, deviation: float) -> Floats:
    """Share of the dates on which every hour of the week was used.

    That of the hour of the day on all weekdays, but where the weekday differs from it by more than
    chance: of few dates alone, chance would close some hours and open others.
    """
    share = np.zeros(WEEK_HOURS)
    for hour in range(24):
        usual = seen[hour::24].sum() / max(1, dates.sum())
        for weekday in range(7):
            granule, n = weekday * 24 + hour, dates[weekday]
            by_chance = deviation * np.sqrt(n * usual * (1.0 - usual)) + 0.5
            if n and abs(seen[granule] - n * usual) > by_chance:
                share[granule] = seen[granule] / n
            elif n:
                share[granule] = usual
    return share


@compiled
def week_of_person(pairs: Int64, n_tasks: int, count: Int64, done: Int64, bounds: Bounds) -> Week:
    """Count the dates of every hour of the week; per task where it is done often enough.

    ``count`` (tasks, 168) and ``done`` (tasks, 8) are scratch, zero before and after; the last
    column of ``done`` is the last date seen, plus one million.
    """
    seen, dates = np.zeros(WEEK_HOURS, np.int64), np.zeros(7, np.int64)
    n_dates, last_hour, last_date = 0, -(2**60), -(2**60)
    edge, dates_of = pairs.size // EDGE, pairs // n_tasks // 24
    first, last = dates_of[edge], dates_of[pairs.size - 1 - edge]
    pairs = pairs[np.searchsorted(dates_of, first) : np.searchsorted(dates_of, last + 1)]
    for pair in pairs:
        hour, task = int(pair // n_tasks), pair % n_tasks
        granule, date = granule_of(hour), hour // 24
        if hour != last_hour:
            last_hour = hour
            seen[granule] += 1
        if date != last_date:
            last_date = date
            n_dates += 1
            dates[granule // 24] += 1
        count[task, granule] += 1
        if done[task, 7] != date + 1_000_000:
            done[task, 7] = date + 1_000_000
            done[task, granule // 24] += 1
    confidence = steadied(seen, dates, bounds.deviation)
    for pair in pairs:
        task = pair % n_tasks
        if done[task, 7]:
            best_of_task(confidence, count[task], done[task], dates, bounds.task)
            count[task] = 0
            done[task] = 0
    return Week(confidence, seen, seen, n_dates, int(first), int(last))


@compiled
def best_of_task(confidence: Floats, count: Int64, done: Int64, dates: Int64, least: float) -> None:
    """Raise the confidence of every hour to that of a task."""
    for granule in range(WEEK_HOURS):
        weekday = granule // 24
        if count[granule] and done[weekday] >= least * dates[weekday]:
            confidence[granule] = max(confidence[granule], count[granule] / done[weekday])


@compiled
def open_hours(week: Week, bounds: Bounds, floor: float) -> tuple[bool, Flags]:
    """Hours of the week that belong to the calendar, and whether it is one."""
    is_open = np.zeros(WEEK_HOURS, np.bool_)
    for granule in range(WEEK_HOURS):
        all_dates = dates_between(week.first_date, week.last_date, granule // 24)
        is_open[granule] = (
            week.confidence[granule] >= bounds.confidence
            and week.seen[granule] >= bounds.support * all_dates
            and week.use[granule] >= floor
        )
    fill_beside(is_open, week.confidence, bounds.beside)
    held = 0
    for granule in range(WEEK_HOURS):
        held += week.use[granule] if is_open[granule] else 0
    enough = week.n_dates >= bounds.dates and held >= bounds.coverage * week.use.sum()
    return enough and held > 0, is_open


@compiled
def fill_beside(is_open: Flags, confidence: Floats, least: float) -> None:
    """Open the hours that are used enough and connected with open ones by such hours."""
    # twice around the week in either direction, for Sunday night is beside Monday morning
    for hour in range(2 * WEEK_HOURS):
        granule, before = hour % WEEK_HOURS, (hour - 1) % WEEK_HOURS
        is_open[granule] |= is_open[before] and confidence[granule] >= least
    for hour in range(2 * WEEK_HOURS, 0, -1):
        granule, after = (hour - 1) % WEEK_HOURS, hour % WEEK_HOURS
        is_open[granule] |= is_open[after] and confidence[granule] >= least


@compiled
def usual_at_tasks(offsets: Int64, order: Int64, used: Used, n_tasks: int) -> Floats:
    """Instances of every task on an average date of a resource that does it."""
    total, dates = np.zeros(n_tasks), np.zeros(n_tasks)
    last_date = np.zeros(n_tasks, np.int64)
    for place in range(offsets.size - 1):
        events = order[offsets[place] : offsets[place + 1]]
        for event in events:
            task = used.activity[event]
            total[task] += 1
            if is_new_date(used, event, last_date):
                dates[task] += 1
        for event in events:
            last_date[used.activity[event]] = 0
    return total / np.maximum(dates, 1)


@compiled
def is_new_date(used: Used, event: int, last_date: Int64) -> bool:
    """Whether a task is done on another date than before; remembers the date."""
    date = used.begin_us[event] // (24 * HOUR_US) + 1_000_000
    is_new = last_date[used.activity[event]] != date
    last_date[used.activity[event]] = date
    return bool(is_new)


@compiled
def takes_part(events: Int64, used: Used, usual: Floats, last_date: Int64, least: float) -> bool:
    """Whether a resource does enough of its tasks on its dates.

    ``last_date`` (tasks,) is scratch, zero before and after.
    """
    total = 0.0
    for event in events:
        if is_new_date(used, event, last_date):
            total += usual[used.activity[event]]
    for event in events:
        last_date[used.activity[event]] = 0
    return bool(events.size >= least * total)


@compiled
def own_calendars(
    part: tuple[int, int],
    offsets: Int64,
    order: Int64,
    used: Used,
    usual: Floats,
    bounds: Bounds,
    known: Flags,
    weeks: Flags,
) -> None:
    """Write which resources of a range have a calendar of their own, and their open hours."""
    n_tasks = usual.size
    last_date = np.zeros(n_tasks, np.int64)
    count, done = np.zeros((n_tasks, WEEK_HOURS), np.int64), np.zeros((n_tasks, 8), np.int64)
    for place in range(part[0], part[1]):
        events = order[offsets[place] : offsets[place + 1]]
        if events.size == 0:
            continue
        if not takes_part(events, used, usual, last_date, bounds.participation):
            continue
        pairs = hours_and_tasks(used, events, n_tasks, bounds.sitting_us)
        week = week_of_person(pairs, n_tasks, count, done, bounds)
        known[place], weeks[place] = open_hours(week, bounds, 0.0)


@compiled
def shared_calendar(
    offsets: Int64, order: Int64, members: Int64, used: Used, first_hour: int, bounds: Bounds
) -> tuple[bool, Flags]:
    """Whether some resources together have a calendar, and its open hours of the week.

    Every event uses its hours; an hour that few of them use is no hour of all.
    """
    use = np.zeros(0, np.int64)
    for member in members:
        for event in order[offsets[member] : offsets[member + 1]]:
            first, last = hours_of(used, event)
            if last - first_hour >= use.size:
                grown = np.zeros(2 * (last - first_hour + 1), np.int64)
                grown[: use.size] = use
                use = grown
            long = used.end_us[event] - used.begin_us[event] > bounds.sitting_us
            step = max(1, last - first) if long else 1
            for hour in range(first, last + 1, step):
                use[hour - first_hour] += 1
    if use.sum() == 0:
        return False, np.zeros(WEEK_HOURS, np.bool_)
    week = week_of_many(use, first_hour, bounds)
    return open_hours(week, bounds, bounds.shared * week.use.max())


@compiled
def week_of_many(use: Int64, first_hour: int, bounds: Bounds) -> Week:
    """Count the dates and the uses of every hour of the week of a group."""
    seen, uses = np.zeros(WEEK_HOURS, np.int64), np.zeros(WEEK_HOURS, np.int64)
    dates, n_dates, last_date = np.zeros(7, np.int64), 0, -(2**60)
    first, last = middle_dates(use, first_hour)
    for place in range(use.size):
        granule, date = granule_of(place + first_hour), int((place + first_hour) // 24)
        if use[place] == 0 or date < first or date > last:
            continue
        seen[granule] += 1
        uses[granule] += use[place]
        if date != last_date:
            last_date = date
            n_dates += 1
            dates[granule // 24] += 1
    confidence = steadied(seen, dates, bounds.deviation)
    return Week(confidence, seen, uses, n_dates, first, last)


@compiled
def middle_dates(use: Int64, first_hour: int) -> tuple[int, int]:
    """First and last date of the use, a thin beginning and a thin end left out."""
    total = use.sum()
    edge, before, first, last = total // EDGE, 0, 0, 0
    for place in range(use.size):
        if use[place]:
            date = int((place + first_hour) // 24)
            first = date if before <= edge else first
            last = date if before < total - edge else last
            before += use[place]
    return first, last
