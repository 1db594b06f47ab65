"""Hours of the company's clock: calendar hours, or office hours (compiled).

Office hours are Monday to Friday, 8 to 17 local time; all times are microseconds.
"""

from leitweg.demo.plan import DAY_US, HOUR_US
from leitweg.engine.compiled import compiled

OPENS_US, OPEN_US = 8 * HOUR_US, 9 * HOUR_US


@compiled
def later_us(t: int, micros: int, office_hours: bool) -> int:
    """Return the time so many microseconds after t, by the calendar or in office hours."""
    if not office_hours:
        return t + micros
    day = t // DAY_US
    weekday = (day + 3) % 7  # 1970-01-01 was a Thursday
    within = min(max(t - day * DAY_US - OPENS_US, 0), OPEN_US)
    if weekday >= 5:
        day, within, weekday = day + 7 - weekday, 0, 0
    within += micros
    days = within // OPEN_US
    within -= days * OPEN_US
    day += days // 5 * 7
    rest = days % 5
    day += rest + (2 if weekday + rest >= 5 else 0)
    return day * DAY_US + OPENS_US + within


@compiled
def later(t: int, hours: float, office_hours: bool) -> int:
    """Return the time so many hours after t, by the calendar or in office hours."""
    return later_us(t, int(hours * HOUR_US), office_hours)


@compiled
def open_us_since_epoch(t: int) -> int:
    """Return how many microseconds of office hours lie before t, counted from a Monday on."""
    day = t // DAY_US + 3  # 1970-01-01 was a Thursday
    within = min(max(t - t // DAY_US * DAY_US - OPENS_US, 0), OPEN_US)
    weekday = day % 7
    full = day // 7 * 5 + min(weekday, 5)
    return full * OPEN_US + (within if weekday < 5 else 0)


@compiled
def between_us(start: int, end: int, office_hours: bool) -> int:
    """Return how much of the company's time lies between two moments."""
    if not office_hours:
        return end - start
    return open_us_since_epoch(end) - open_us_since_epoch(start)
