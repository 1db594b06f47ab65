"""When the stays of one case happen and what is written down about them (compiled).

Each handover waits a lognormal time, times the effects of unit and link and of the faults there;
each piece of work takes a lognormal time. No wait depends on how much else lies there, save in
units with a queue (`demo/queues.py`): so what a fault costs is exactly the difference of two
logs, and no case is touched that did not meet it.

All times are microseconds on the company's own clock.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from leitweg.demo.draws import key_of, lognormal, numbers, uniform
from leitweg.demo.insertions import HELD, HIT, PARKED, Insertions
from leitweg.demo.office import OPEN_US, OPENS_US, later, later_us
from leitweg.demo.plan import DAY_US, HOUR_US
from leitweg.demo.takers import NOBODY, Kept, Staffing, drawn_person, kept_wait, taken
from leitweg.demo.way import LOOKED, RETURNED, Floats, Ints, Way
from leitweg.engine.compiled import compiled

# purposes of draws at a stay
WAIT, WAIT_2 = numbers(0, 2)
PIECES, PICKUP = numbers(3, 5)
(WORK,), (GAP,), (CLOSING,) = numbers(20, 21), numbers(40, 41), numbers(300, 301)
# what an event is
WORKING, RESOLVING, RETURNING, QUEUED, RESOLVED, CLOSED = numbers(0, 6)
STARTED, COMPLETION, STATUS = range(3)  # as in plan.RECORDS
ENTRY_WAIT_HOURS = 0.3
GAP_HOURS, GAP_LOG_SD = 0.3, 0.8
PARKED_LOG_SD = 0.5
TWO_PIECES, THREE_PIECES = 0.4, 0.1
LOOK = 0.25  # of a usual piece of work


class Pace(NamedTuple):
    """How long things take.

    `slow[a, b, topic]` multiplies the waits of that cell, ``work_factor[b]`` the work of a unit,
    ``entry_factor[b]`` the wait of a case that comes in there. In a unit with ``one_piece`` a stay
    is one piece of work.
    """

    wait_hours: float
    wait_log_sd: float
    work_hours: float
    work_log_sd: float
    work_factor: Floats
    entry_factor: Floats
    slow: Floats
    touched: Ints
    ins: Insertions
    pickup_us: Ints
    first_person: Ints
    people: Ints
    all_present: bool
    staffing: Staffing
    one_piece: npt.NDArray[np.bool_]
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
    pieces = 1 if mark == LOOKED or pace.one_piece[unit] else pieces_of(stay)
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
        hours *= pace.work_factor[unit]
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
def handed_over(
    pace: Pace, topic: int, way: Way, s: int, t: int, sender: int, rows: Rows, r: int
) -> tuple[int, int, int]:
    """Let stay s be ready for its unit; return when, the next row and the bits of faults."""
    b, stay = way.unit[s], way.key[s]
    if s == 0:
        hours = lognormal(stay, WAIT, ENTRY_WAIT_HOURS, 1.0) * pace.entry_factor[b]
        return later(t, hours, pace.office_hours), r, 0
    a = way.unit[s - 1]
    if pace.record == STATUS:
        r = write(rows, r, t, t, sender, b, QUEUED)
    ready, bits = picked_up(pace, topic, a, b, t, stay)
    return ready, r, bits | pace.touched[a, b, topic]


@compiled
def worked(
    pace: Pace, way: Way, s: int, n: int, t: int, person: int, rows: Rows, r: int
) -> tuple[int, int]:
    """Write what a person does in stay s of n; return when it ends and the next row."""
    if way.mark[s] != RETURNED:
        return work_off(
            pace, way.key[s], way.mark[s], way.park[s], s == n - 1, t, person, way.unit[s], rows, r
        )
    if pace.record != STATUS:
        r = write(rows, r, t, t, person, way.unit[s], RETURNING)
    return t, r


@compiled
def resolved(
    pace: Pace, case_key: np.uint64, t: int, person: int, unit: int, rows: Rows, r: int
) -> int:
    """Write what a status log says about the end of a case; return the next row."""
    if pace.record == STATUS:
        r = write(rows, r, t, t, person, unit, RESOLVED)
        if pace.close_days > 0:
            days = pace.close_days * (1.0 + uniform(case_key, CLOSING))
            closed = t + int(days * DAY_US)
            r = write(rows, r, closed, closed, NOBODY, unit, CLOSED)
    return r


@compiled
def live(
    pace: Pace,
    kept: Kept,
    case: int,
    case_key: np.uint64,
    topic: int,
    opened: int,
    way: Way,
    n: int,
    rows: Rows,
    r: int,
) -> tuple[int, int, int]:
    """Write the events of a case; return its resolution, the next row and its fault bits."""
    # what `handed_over` and `worked` do, once more: calls with so many arrays take half of the time
    t, bits, a, person, keeps = opened, 0, NOBODY, NOBODY, len(kept.key) > 0
    for s in range(n):
        b, stay, sender, handed_over_at = way.unit[s], way.key[s], person, t
        if s == 0:
            hours = lognormal(stay, WAIT, ENTRY_WAIT_HOURS, 1.0) * pace.entry_factor[b]
            t = later(t, hours, pace.office_hours)
        else:
            t, more = picked_up(pace, topic, a, b, t, stay)
            bits |= more | pace.touched[a, b, topic]
            if pace.record == STATUS:
                r = write(rows, r, handed_over_at, handed_over_at, sender, b, QUEUED)
        if keeps:
            t = later_us(t, kept_wait(kept, case, stay), pace.office_hours)
        if pace.all_present:
            person = drawn_person(stay, pace.first_person[b], pace.people[b])
        else:
            t, person, more = taken(pace.staffing, b, topic, stay, t, pace.office_hours)
            bits |= more
        if way.mark[s] == RETURNED:
            if pace.record != STATUS:
                r = write(rows, r, t, t, person, b, RETURNING)
        else:
            t, r = work_off(pace, stay, way.mark[s], way.park[s], s == n - 1, t, person, b, rows, r)
        a = b
    r = resolved(pace, case_key, t, person, a, rows, r)
    return t, r, bits
