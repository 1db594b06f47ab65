"""Cases drawn from a seed, each from its own number: any part of a log can be made alone."""

from dataclasses import dataclass

import numpy as np

from leitweg.domain.states import State
from leitweg.engine.arrays import Int8, Int32, Int64
from leitweg.engine.canonical_order import scramble
from leitweg.engine.compiled import compiled

N_UNITS = 200
PEOPLE_PER_UNIT = 500
N_TOPICS = 60
MOST_EVENTS = 60
YEAR_US = 365 * 86_400 * 1_000_000
HOUR_US = 3_600 * 1_000_000

QUEUED = int(State.QUEUED)
WORKING = int(State.WORKING)
RESOLVED = int(State.RESOLVED)


@dataclass(frozen=True)
class Rows:
    """Events as columns, one row per event."""

    case: Int32
    at_us: Int64
    person: Int32
    unit: Int32
    state: Int8


@compiled
def draw(key: np.uint64, step: int) -> float:
    """Return the step-th uniform number in [0, 1) of a key."""
    mixed = scramble(key ^ (np.uint64(step) * np.uint64(0xD1342543DE82EF95)))
    return float(mixed >> np.uint64(11)) / 9007199254740992.0


@compiled
def next_unit(key: np.uint64, step: int, topic: int, before: int, unit: int) -> int:
    """Return to whom a case goes: mostly along the way of its topic, at times back or astray."""
    chance = draw(key, step)
    if chance < 0.12 and before >= 0:
        return before
    if chance < 0.25:
        return int(draw(key, step + 1) * N_UNITS)
    return (unit * 7 + topic * 13 + 1) % N_UNITS


@compiled
def write_cases(
    seed: int,
    first_case: int,
    gap_us: float,
    ends: Int64,
    case: Int32,
    at_us: Int64,
    person: Int32,
    unit: Int32,
    state: Int8,
) -> None:
    """Write the events of neighbouring cases; ``ends`` says where each of them ends."""
    row = 0
    for place in range(ends.size):
        key = scramble(np.uint64(seed) ^ scramble(np.uint64(first_case + place)))
        topic = int(draw(key, 1) ** 2 * N_TOPICS)
        holds, before, worker = topic % 10, -1, -1
        now = np.int64((first_case + place) * gap_us)
        start = row
        while row < ends[place]:
            step = 10 + 8 * (row - start)
            queued = False
            if row > start and draw(key, step) < 0.3:
                target = next_unit(key, step + 1, topic, before, holds)
                if target != holds:
                    before, holds, worker = holds, target, -1
                    queued = draw(key, step + 3) < 0.7
            if worker < 0 or draw(key, step + 4) < 0.1:
                worker = holds * PEOPLE_PER_UNIT + int(draw(key, step + 5) * PEOPLE_PER_UNIT)
            now += np.int64(-np.log(1.0 - draw(key, step + 6)) * 6 * HOUR_US)
            case[row], at_us[row], person[row] = first_case + place, now, worker
            unit[row] = holds
            state[row] = QUEUED if queued else WORKING
            row += 1
        state[row - 1] = RESOLVED


@compiled
def case_sizes(seed: int, first_case: int, n_cases: int) -> Int64:
    """Return the number of events of neighbouring cases: 2 to 60, 10 on average."""
    sizes = np.empty(n_cases, np.int64)
    for place in range(n_cases):
        key = scramble(np.uint64(seed) ^ scramble(np.uint64(first_case + place)))
        sizes[place] = min(MOST_EVENTS, 2 + int(-np.log(1.0 - draw(key, 0)) * 8.5))
    return sizes


def draw_cases(seed: int, first_case: int, n_cases: int, gap_us: float) -> Rows:
    """Draw the events of ``n_cases`` neighbouring cases, sorted by case and time."""
    ends = np.cumsum(case_sizes(seed, first_case, n_cases))
    n_rows = int(ends[-1])
    rows = Rows(
        np.empty(n_rows, np.int32),
        np.empty(n_rows, np.int64),
        np.empty(n_rows, np.int32),
        np.empty(n_rows, np.int32),
        np.empty(n_rows, np.int8),
    )
    columns = (rows.case, rows.at_us, rows.person, rows.unit, rows.state)
    write_cases(seed, first_case, gap_us, ends, *columns)
    return rows
