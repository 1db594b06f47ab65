"""Work of many people, drawn from a seed: cases with starts and ends, as an event log."""

import numpy as np
import pyarrow as pa

from benchmarks.invented_cases import HOUR_US, draw
from leitweg.engine.arrays import MISSING, Int32, Int64
from leitweg.engine.canonical_order import scramble
from leitweg.engine.compiled import compiled
from leitweg.engine.event_log import EventLog

EVENTS_PER_CASE = 8
EVENTS_PER_PERSON = 2_500
PEOPLE_PER_UNIT = 25
N_ACTIVITIES = 40
DAY_US = 24 * HOUR_US


@compiled
def write_work(
    seed: int,
    n_people: int,
    days: int,
    opened_us: Int64,
    started_us: Int64,
    at_us: Int64,
    person: Int32,
    activity: Int32,
) -> None:
    """Write cases that pass people who work from 8 to 16 o'clock, five days a week."""
    for case in range(opened_us.size):
        key = scramble(np.uint64(seed) ^ scramble(np.uint64(case)))
        now = np.int64(case / opened_us.size * days * DAY_US)
        opened_us[case] = now
        for place in range(EVENTS_PER_CASE):
            event, step = case * EVENTS_PER_CASE + place, 4 * place + 1
            now += np.int64(-np.log(1.0 - draw(key, step)) * 8 * HOUR_US)
            # into the next shift: 1970-01-01 was a Thursday
            inside = now % DAY_US
            if inside < 8 * HOUR_US or inside >= 16 * HOUR_US:
                now += (8 * HOUR_US - inside) % DAY_US
            while (now // DAY_US + 3) % 7 >= 5:
                now += DAY_US
            started_us[event] = now
            now += np.int64(-np.log(1.0 - draw(key, step + 1)) * HOUR_US / 3)
            at_us[event] = now
            person[event] = int(draw(key, step + 2) * n_people)
            activity[event] = int(draw(key, step + 3) * N_ACTIVITIES)


def invented_work(seed: int, n_events: int) -> EventLog:
    """Draw a log of about that many events, sorted by case and time."""
    n_cases = n_events // EVENTS_PER_CASE
    n_people = max(4, n_events // EVENTS_PER_PERSON)
    n = n_cases * EVENTS_PER_CASE
    opened = np.empty(n_cases, np.int64)
    started, at = np.empty(n, np.int64), np.empty(n, np.int64)
    person, activity = np.empty(n, np.int32), np.empty(n, np.int32)
    write_work(seed, n_people, 250, opened, started, at, person, activity)
    n_units = -(-n_people // PEOPLE_PER_UNIT)
    none = np.full(n_cases, -1, np.int32)
    return EventLog(
        case_ids=pa.array(np.arange(n_cases).astype(str)),
        offsets=np.arange(n_cases + 1, dtype=np.int64) * EVENTS_PER_CASE,
        at_us=at,
        started_us=started,
        person=person,
        unit=(person // PEOPLE_PER_UNIT).astype(np.int32),
        state=np.zeros(n, np.int8),
        activity=activity,
        persons=tuple(f"p{i}" for i in range(n_people)),
        units=tuple(f"u{i}" for i in range(n_units)),
        activities=tuple(f"a{i}" for i in range(N_ACTIVITIES)),
        machine=np.zeros(n_people, np.bool_),
        person_unit=(np.arange(n_people) // PEOPLE_PER_UNIT).astype(np.int32),
        opened_us=opened,
        closed_us=np.full(n_cases, MISSING),
        **dict.fromkeys(("topic", "priority", "channel", "customer"), none),
        **dict.fromkeys(("topics", "priorities", "channels", "customers"), ()),
        has_clock=True,
        has_states=False,
        has_queue=False,
        has_started=True,
        n_tied_events=0,
    )
