"""When the stays of one case happen and what is written down about them (compiled).

Each handover waits a lognormal time, times the effects of unit and link and of the faults there;
each piece of work takes a lognormal time. No wait depends on how much else lies there: so what a
fault costs is exactly the difference of two logs, and no case is touched that did not meet it.

All times are microseconds on the company's own clock.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from leitweg.demo.draws import key_of, lognormal, numbers, uniform
from leitweg.demo.insertions import HELD, HIT, PARKED, Insertions
from leitweg.demo.plan import DAY_US, HOUR_US
from leitweg.demo.way import LOOKED, RETURNED, Floats, Ints, Way
from leitweg.engine.compiled import compiled

OPENS_US, OPEN_US = 8 * HOUR_US, 9 * HOUR_US
# purposes of draws at a stay
WAIT, WAIT_2, PERSON, PIECES, PICKUP = numbers(0, 5)
(WORK,), (GAP,), (CLOSING,) = numbers(20, 21), numbers(40, 41), numbers(300, 301)
# what an event is
WORKING, RESOLVING, RETURNING, QUEUED, RESOLVED, CLOSED = numbers(0, 6)
STARTED, COMPLETION, STATUS = range(3)  # as in plan.RECORDS
ENTRY_WAIT_HOURS = 0.3
GAP_HOURS, GAP_LOG_SD = 0.3, 0.8
PARKED_LOG_SD = 0.5
TWO_PIECES, THREE_PIECES = 0.4, 0.1
LOOK = 0.25  # of a usual piece of work
(NOBODY,) = numbers(-1, 0)


class Pace(NamedTuple):
    """How long things take. `slow[a, b, topic]` multiplies the waits of that cell."""

    wait_hours: float
    wait_log_sd: float
    work_hours: float
    work_log_sd: float
    slow: Floats
    touched: Ints
    ins: Insertions
    pickup_us: Ints
    first_person: Ints
    people: Ints
    office_hours: bool
    record: int
    close_days: float


class Rows(NamedTuple):
    """The columns of the log that are written event by event."""

    at: Ints
    started: Ints
    person: npt.NDArray[np.int32]
    unit: npt.NDArray[np.int16]
    activity: npt.NDArray[np.int8]


@compiled
def later(t: int, hours: float, office_hours: bool) -> int:
    """Return the time so many hours after t, by the calendar or in office hours."""
    micros = int(hours * HOUR_US)
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
def pieces_of(stay: np.uint64) -> int:
    """Return how many pieces of work a stay has: 1 to 3."""
    u = uniform(stay, PIECES)
    return 1 + int(u < TWO_PIECES) + int(u < THREE_PIECES)


@compiled
def picked_up(pace: Pace, topic: int, a: int, b: int, t: int, stay: np.uint64) -> tuple[int, int]:
    """Return when b starts on what a handed over at t, and the bit of a backlog it lay in."""
    hours = lognormal(stay, WAIT, pace.wait_hours, pace.wait_log_sd) * pace.slow[a, b, topic]
    start = later(t, hours, pace.office_hours)
    every = pace.pickup_us[b]
    if every > 0:
        # the pile is worked off one after the other within some three hours
        start = (start // every + 1) * every + int(uniform(stay, PICKUP) * 3 * HOUR_US)
        start = later(start, 0.0, pace.office_hours)
    ins = pace.ins
    for f in range(len(ins.kind)):
        if ins.kind[f] != HELD or ins.from_unit[f] != a or ins.to_unit[f] != b:
            continue
        place = key_of(stay, ins.key[f])
        lay = ins.from_us[f] <= t < ins.clear_us[f] and ins.topic[f, topic]
        if lay and uniform(place, HIT) < ins.share[f]:
            cleared = ins.clear_us[f] + OPENS_US + int(uniform(place, PARKED) * OPEN_US)
            return max(start, cleared), 1 << ins.bit[f]
    return start, 0


@compiled
def write(rows: Rows, r: int, at: int, started: int, person: int, unit: int, activity: int) -> int:
    """Write one event, or only count it where there is no room left."""
    if r < len(rows.at):
        rows.at[r], rows.started[r] = at, started
        rows.person[r], rows.unit[r], rows.activity[r] = person, unit, activity
    return r + 1


@compiled
def work_off(
    pace: Pace,
    stay: np.uint64,
    mark: int,
    parked: int,
    last: bool,
    t: int,
    person: int,
    unit: int,
    rows: Rows,
    r: int,
) -> tuple[int, int]:
    """Write the pieces of work of one stay; return when it ends and the next row."""
    pieces = 1 if mark == LOOKED else pieces_of(stay)
    if parked >= 0 and pieces < 2:
        pieces = 2
    for piece in range(pieces):
        if piece > 0:
            t = later(t, lognormal(stay, GAP + 2 * piece, GAP_HOURS, GAP_LOG_SD), pace.office_hours)
        if piece == 1 and parked >= 0:
            if pace.record == STATUS:
                r = write(rows, r, t, t, person, unit, QUEUED)
            place = key_of(stay, pace.ins.key[parked])
            t = later(
                t,
                lognormal(place, PARKED, pace.ins.hours[parked], PARKED_LOG_SD),
                pace.office_hours,
            )
        started = t
        hours = lognormal(stay, WORK + 2 * piece, pace.work_hours, pace.work_log_sd)
        if mark == LOOKED:
            hours *= LOOK
        t = later(t, hours, pace.office_hours)
        if pace.record == STATUS:
            r = write(rows, r, started, started, person, unit, WORKING)
        else:
            final = last and piece == pieces - 1
            r = write(rows, r, t, started, person, unit, RESOLVING if final else WORKING)
    return t, r


@compiled
def live(
    pace: Pace, case_key: np.uint64, topic: int, opened: int, way: Way, n: int, rows: Rows, r: int
) -> tuple[int, int, int]:
    """Write the events of a case; return its resolution, the next row and its fault bits."""
    t, bits, a, person = opened, 0, NOBODY, NOBODY
    for s in range(n):
        b, stay = way.unit[s], way.key[s]
        sender, handed_over = person, t
        person = pace.first_person[b] + int(uniform(stay, PERSON) * pace.people[b])
        if s == 0:
            t = later(t, lognormal(stay, WAIT, ENTRY_WAIT_HOURS, 1.0), pace.office_hours)
        else:
            bits |= pace.touched[a, b, topic]
            t, more = picked_up(pace, topic, a, b, t, stay)
            bits |= more
            if pace.record == STATUS:
                r = write(rows, r, handed_over, handed_over, sender, b, QUEUED)
        if way.mark[s] == RETURNED:
            if pace.record != STATUS:
                r = write(rows, r, t, t, person, b, RETURNING)
        else:
            last = s == n - 1
            t, r = work_off(pace, stay, way.mark[s], way.park[s], last, t, person, b, rows, r)
        a = b
    if pace.record == STATUS:
        r = write(rows, r, t, t, person, a, RESOLVED)
        if pace.close_days > 0:
            days = pace.close_days * (1.0 + uniform(case_key, CLOSING))
            closed = t + int(days * DAY_US)
            r = write(rows, r, closed, closed, NOBODY, a, CLOSED)
    return t, r, bits
