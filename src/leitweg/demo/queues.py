"""Queues: stays that wait until one of the unit's people is free (compiled).

All cases together, in the order of time: what happens to one case depends on the others. Draws
stay keyed by case and stay, so a stay takes as long to work on here as in a log without queues,
and all waits elsewhere are the same. Nobody in a unit with a queue works on two cases at a time.
"""

import heapq
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from leitweg.demo.clock import Pace, Rows, handed_over, resolved, worked
from leitweg.demo.draws import key_of, numbers
from leitweg.demo.office import between_us
from leitweg.demo.takers import NOBODY, drawn_person, taken
from leitweg.demo.walk import Paths, way_of
from leitweg.demo.way import Ints, Way, empty_way
from leitweg.engine.compiled import compiled

# what happens at a moment, in this order where several things happen at once
FREED, CAME = numbers(0, 2)


class Queues(NamedTuple):
    """Per unit: how many of its people are there (0: no queue), and the bit of the fault."""

    people: Ints
    bit: Ints


class Lain(NamedTuple):
    """Per row that begins a stay: the key of the stay and how long it lay in the queue."""

    key: npt.NDArray[np.uint64]
    queued: Ints


class Progress(NamedTuple):
    """How far each case has come: its next stay, the time, its next row, who had it, its bits."""

    step: Ints
    time: Ints
    row: Ints
    person: Ints
    bits: Ints


@compiled
def beginnings(opened: Ints, first_row: Ints) -> Progress:
    """Return the progress of cases that were just opened."""
    n = len(opened)
    return Progress(
        np.zeros(n, np.int64),
        opened.copy(),
        first_row[:-1].copy(),
        np.full(n, NOBODY),
        np.zeros(n, np.int64),
    )


@compiled
def no_moments() -> list[tuple[int, int, int]]:
    """Return an empty list of moments: time, what happens, to whom."""
    moments = [(0, 0, 0)]
    moments.pop()
    return moments


@compiled
def no_lines(n_units: int) -> list[list[tuple[int, int]]]:
    """Return an empty line of cases for each unit: since when, case."""
    # no comprehensions in here: numba 0.68.1 then loses stores to arrays of named tuples
    lines = []
    for _ in range(n_units):
        line = [(0, 0)]
        line.pop()
        lines.append(line)
    return lines


@compiled
def note_queue(
    pace: Pace,
    queues: Queues,
    lain: Lain,
    case: int,
    unit: int,
    stay: np.uint64,
    now: int,
    so_far: Progress,
) -> None:
    """Write down how long a case lay until now; it met the fault if it lay at all."""
    row, ready = so_far.row[case], so_far.time[case]
    lain.key[row], lain.queued[row] = stay, between_us(ready, now, pace.office_hours)
    if now > ready and queues.bit[unit] >= 0:
        so_far.bits[case] |= 1 << queues.bit[unit]


@compiled
def work_on(
    pace: Pace, case: int, way: Way, n: int, begun: int, rows: Rows, so_far: Progress
) -> int:
    """Let somebody work on the case from a moment on; return when the person is done."""
    s, row = so_far.step[case], so_far.row[case]
    end, row = worked(pace, way, s, n, begun, so_far.person[case], rows, row)
    so_far.step[case], so_far.time[case], so_far.row[case] = s + 1, end, row
    return end


@compiled
def go_on(
    pace: Pace,
    queues: Queues,
    case: int,
    case_key: np.uint64,
    topic: int,
    way: Way,
    n: int,
    rows: Rows,
    so_far: Progress,
) -> bool:
    """Take a case on to its next queue; return whether there is one before its end."""
    while so_far.step[case] < n:
        s = so_far.step[case]
        unit = way.unit[s]
        ready, row, bits = handed_over(
            pace, topic, way, s, so_far.time[case], so_far.person[case], rows, so_far.row[case]
        )
        so_far.time[case], so_far.row[case] = ready, row
        so_far.bits[case] |= bits
        if queues.people[unit] > 0:
            return True
        begun, person, bits = taken(
            pace.staffing, unit, topic, way.key[s], ready, pace.office_hours
        )
        so_far.person[case] = person
        so_far.bits[case] |= bits
        work_on(pace, case, way, n, begun, rows, so_far)
    so_far.row[case] = resolved(
        pace,
        case_key,
        so_far.time[case],
        so_far.person[case],
        way.unit[n - 1],
        rows,
        so_far.row[case],
    )
    return False


@compiled
def free_person(pace: Pace, queues: Queues, busy: Ints, unit: int, stay: np.uint64) -> int:
    """Return who takes a stay: the person drawn for it or the next one who is free; or nobody."""
    first, people = pace.staffing.first_person[unit], queues.people[unit]
    drawn = drawn_person(stay, first, people) - first
    for i in range(people):
        person = first + (drawn + i) % people
        if busy[person] == 0:
            return int(person)
    return NOBODY


@compiled
def to_next_queue(
    seed_key: np.uint64,
    paths: Paths,
    pace: Pace,
    queues: Queues,
    case: int,
    topic: int,
    usual: Way,
    way: Way,
    rows: Rows,
    so_far: Progress,
) -> int:
    """Take a case on to its next queue; return the unit, or nobody where the case is resolved."""
    case_key = key_of(seed_key, case)
    n, bits, _ = way_of(paths, pace.ins, case_key, topic, usual, way)
    so_far.bits[case] |= bits
    if go_on(pace, queues, case, case_key, topic, way, n, rows, so_far):
        return int(way.unit[so_far.step[case]])
    return NOBODY


@compiled
def run_queues(
    seed_key: np.uint64,
    paths: Paths,
    pace: Pace,
    queues: Queues,
    opened: Ints,
    first_row: Ints,
    rows: Rows,
    per_case: Ints,
    lain: Lain,
) -> None:
    """Write all events anew, with queues, over those of a log without (`demo/writing.py`)."""
    n_cases, topics = len(opened), per_case[2]
    so_far = beginnings(opened, first_row)
    first_person = pace.staffing.first_person
    busy = np.zeros(len(pace.staffing.first_absence) - 1, np.int64)
    usual, way = empty_way(), empty_way()
    lies_at = np.full(n_cases, NOBODY)
    moments, lines = no_moments(), no_lines(len(first_person))
    for case in range(n_cases):
        lies_at[case] = to_next_queue(
            seed_key, paths, pace, queues, case, topics[case], usual, way, rows, so_far
        )
        if lies_at[case] != NOBODY:
            moments.append((so_far.time[case], CAME, case))
    heapq.heapify(moments)
    while len(moments) > 0:
        now, what, number = heapq.heappop(moments)
        if what == FREED:
            busy[number] = 0
            unit = int(np.searchsorted(first_person, number, side="right")) - 1
        else:
            unit = lies_at[number]
            heapq.heappush(lines[unit], (now, number))
        while len(lines[unit]) > 0:
            case = lines[unit][0][1]
            n, _, _ = way_of(paths, pace.ins, key_of(seed_key, case), topics[case], usual, way)
            stay = way.key[so_far.step[case]]
            person = free_person(pace, queues, busy, unit, stay)
            if person == NOBODY:
                break
            heapq.heappop(lines[unit])
            busy[person] = 1
            so_far.person[case] = person
            note_queue(pace, queues, lain, case, unit, stay, now, so_far)
            heapq.heappush(moments, (work_on(pace, case, way, n, now, rows, so_far), FREED, person))
            lies_at[case] = to_next_queue(
                seed_key, paths, pace, queues, case, topics[case], usual, way, rows, so_far
            )
            if lies_at[case] != NOBODY:
                heapq.heappush(moments, (so_far.time[case], CAME, case))
    per_case[0], per_case[3] = so_far.time, so_far.bits
