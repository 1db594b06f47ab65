"""How long is somebody open between two times: the arithmetic of weekly calendars."""

from typing import NamedTuple

import numpy as np

from leitweg.engine.arrays import Int64
from leitweg.engine.compiled import compiled

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
WEEK_US = 7 * DAY_US
WEEK_HOURS = 168
# 1970-01-01 was a Thursday; weeks begin on Monday
MONDAY_US = 3 * DAY_US


class OpenTime(NamedTuple):
    """The calendar of one resource, ready to be asked.

    ``week_us`` (169,): open time since Monday at the begin of each hour of the week. ``since_us``,
    ``offset_us``, ``base_us``: since when which offset from UTC holds, and what is to be added to
    the open time by that clock. ``from_us``, ``to_us``, ``lost_us``: absences in order, and the
    open time that the earlier ones took.
    """

    week_us: Int64
    since_us: Int64
    offset_us: Int64
    base_us: Int64
    from_us: Int64
    to_us: Int64
    lost_us: Int64


@compiled
def last_not_after(times: Int64, time: int) -> int:
    """Place of the last of ascending times that is not after a time, -1 if all are."""
    low, high = 0, times.size
    while low < high:
        middle = (low + high) // 2
        if times[middle] <= time:
            low = middle + 1
        else:
            high = middle
    return low - 1


@compiled
def open_in_weeks(week_us: Int64, local_us: int) -> int:
    """Open time from a fixed Monday to a time on the local clock."""
    since = local_us + MONDAY_US
    weeks = since // WEEK_US
    rest = since - weeks * WEEK_US
    hour = rest // HOUR_US
    inside = rest - hour * HOUR_US if week_us[hour + 1] > week_us[hour] else 0
    return int(weeks * week_us[WEEK_HOURS] + week_us[hour] + inside)


@compiled
def open_by_calendar(
    week_us: Int64, since_us: Int64, offset_us: Int64, base_us: Int64, us: int
) -> int:
    """Open time up to a time (UTC), from a fixed begin, absences not regarded."""
    period = max(0, last_not_after(since_us, us))
    return int(base_us[period] + open_in_weeks(week_us, us + offset_us[period]))


@compiled
def fill_bases(week_us: Int64, since_us: Int64, offset_us: Int64, base_us: Int64) -> None:
    """Write what joins the open time by the clock on the wall at each change of its offset."""
    base_us[0] = 0
    for period in range(1, since_us.size):
        until = open_in_weeks(week_us, since_us[period] + offset_us[period - 1])
        from_then = open_in_weeks(week_us, since_us[period] + offset_us[period])
        base_us[period] = base_us[period - 1] + until - from_then


@compiled
def open_until(hours: OpenTime, us: int) -> int:
    """Open time of a resource up to a time (UTC), from a fixed begin."""
    calendar = hours.week_us, hours.since_us, hours.offset_us, hours.base_us
    opened = open_by_calendar(*calendar, us)
    absence = last_not_after(hours.from_us, us)
    if absence < 0:
        return opened
    away = open_by_calendar(*calendar, min(us, hours.to_us[absence]))
    away -= open_by_calendar(*calendar, hours.from_us[absence])
    return int(opened - hours.lost_us[absence] - away)


@compiled
def fill_lost(hours: OpenTime) -> None:
    """Write the open time that the absences before each absence took."""
    calendar = hours.week_us, hours.since_us, hours.offset_us, hours.base_us
    lost = 0
    for absence in range(hours.from_us.size):
        hours.lost_us[absence] = lost
        lost += open_by_calendar(*calendar, hours.to_us[absence])
        lost -= open_by_calendar(*calendar, hours.from_us[absence])


@compiled
def offset_at(since_us: Int64, offset_us: Int64, us: int) -> int:
    """Offset from UTC that holds at a time."""
    return int(offset_us[max(0, last_not_after(since_us, us))])


def always_open() -> Int64:
    """Return the week of somebody who is open around the clock."""
    return np.arange(WEEK_HOURS + 1, dtype=np.int64) * HOUR_US
