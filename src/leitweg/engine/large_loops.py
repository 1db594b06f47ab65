"""The loops for logs larger than memory: split rows by case range, sort a bucket, sum it up.

A packed row is two integers: time x 8 + state, and case within its bucket x 2**32 + holder + 1.
"""

import numpy as np

from leitweg.domain.states import State
from leitweg.engine.arrays import NOBODY, Int8, Int32, Int64, UInt64
from leitweg.engine.canonical_order import scramble
from leitweg.engine.compiled import compiled

QUEUED = int(State.QUEUED)
RESOLVED = int(State.RESOLVED)
STATE_BITS = 3
HOLDER_BITS = 32
HOLDER_MASK = (1 << HOLDER_BITS) - 1

# places in the array of counts
CASES, EVENTS, HANDOVERS, BOUNCES, BOUNCE_CASES, STRICT_CASES, RIGHT_FIRST, ONE_HOLDER = range(8)
N_COUNTS = 8


@compiled
def split_rows(
    case: Int64,
    at_us: Int64,
    holder: Int32,
    state: Int8,
    first_case: int,
    shift: int,
    n_buckets: int,
    packed: Int64,
) -> Int64:
    """Write the rows packed, bucket after bucket in their order; return the bucket offsets.

    Without any offset where a case lies outside of the range that the caller was told.
    """
    offsets = np.zeros(n_buckets + 1, np.int64)
    for row in range(case.size):
        into = (np.int64(case[row]) - first_case) >> shift
        if into < 0 or into >= n_buckets:
            return offsets[:0]
        offsets[into + 1] += 1
    for bucket in range(n_buckets):
        offsets[bucket + 1] += offsets[bucket]
    place = offsets[:-1].copy()
    mask = (1 << shift) - 1
    for row in range(case.size):
        number = np.int64(case[row]) - first_case
        target = place[number >> shift]
        place[number >> shift] += 1
        packed[target, 0] = (at_us[row] << STATE_BITS) | state[row]
        packed[target, 1] = ((number & mask) << HOLDER_BITS) | (np.int64(holder[row]) + 1)
    return offsets


@compiled
def sort_rows_by_case(packed: Int64, n_numbers: int, sorted_rows: Int64) -> Int64:
    """Sort by case, keeping the order in it; return where the rows of every number end."""
    ends = np.zeros(n_numbers + 1, np.int64)
    for row in range(packed.shape[0]):
        ends[(packed[row, 1] >> HOLDER_BITS) + 1] += 1
    for number in range(n_numbers):
        ends[number + 1] += ends[number]
    for row in range(packed.shape[0]):
        number = packed[row, 1] >> HOLDER_BITS
        sorted_rows[ends[number], 0] = packed[row, 0]
        sorted_rows[ends[number], 1] = packed[row, 1]
        ends[number] += 1
    return ends[:-1]


@compiled
def sort_case_by_time(rows: Int64, first: int, end: int) -> None:
    """Sort the rows of one case by time; rows of one time keep their order."""
    for row in range(first + 1, end):
        timed, held = rows[row, 0], rows[row, 1]
        place = row
        while place > first and (rows[place - 1, 0] >> STATE_BITS) > (timed >> STATE_BITS):
            rows[place, 0] = rows[place - 1, 0]
            rows[place, 1] = rows[place - 1, 1]
            place -= 1
        rows[place, 0] = timed
        rows[place, 1] = held


@compiled
def sort_long_case_by_time(rows: Int64, first: int, end: int) -> None:
    """Do the same for a case of many events, where moving one by one would be quadratic."""
    order = np.argsort(rows[first:end, 0] >> STATE_BITS, kind="mergesort")
    copy = rows[first:end].copy()
    for place in range(order.size):
        rows[first + place, 0] = copy[order[place], 0]
        rows[first + place, 1] = copy[order[place], 1]


@compiled
def sort_cases_by_time(rows: Int64, ends: Int64) -> Int64:
    """Sort the rows inside every case; return the offsets of the cases that have rows."""
    offsets = np.zeros(ends.size + 1, np.int64)
    n_cases, first = 0, 0
    for end in ends:
        if end == first:
            continue
        if end - first > 64:
            sort_long_case_by_time(rows, first, end)
        else:
            sort_case_by_time(rows, first, end)
        n_cases += 1
        offsets[n_cases] = first = end
    return offsets[: n_cases + 1]


@compiled
def unpack_rows(rows: Int64, at_us: Int64, holder: Int32, state: Int8) -> None:
    """Write the columns of packed rows."""
    for row in range(rows.shape[0]):
        at_us[row] = rows[row, 0] >> STATE_BITS
        state[row] = rows[row, 0] & ((1 << STATE_BITS) - 1)
        holder[row] = (rows[row, 1] & HOLDER_MASK) - 1


@compiled
def starts_of_cases(case: Int64, offsets: Int64) -> int:
    """Write where each case of a sorted column starts; return their number, -1 if not sorted."""
    n_cases = 0
    offsets[0] = 0
    for row in range(1, case.size):
        if case[row] != case[row - 1]:
            if case[row] < case[row - 1]:
                return -1
            n_cases += 1
            offsets[n_cases] = row
    n_cases += 1
    offsets[n_cases] = case.size
    return n_cases


@compiled
def sum_cases(
    offsets: Int64,
    at_us: Int64,
    holder: Int32,
    state: Int8,
    handovers: Int64,
    waiting_us: Int64,
    counts: Int64,
    paths: UInt64,
) -> int:
    """Add every case to the sums and write the hash of its path.

    The definitions are those of stay_loops.py for a log that knows no start of work. Returns -1,
    or the first row that is out of order or names a holder beyond the table of handovers.
    """
    for case in range(offsets.size - 1):
        first, end = offsets[case], offsets[case + 1]
        start, before, held, right = NOBODY, NOBODY, NOBODY, NOBODY
        n_stays, n_bounces = 0, 0
        was_bounce, strict, in_queue, worked = False, False, False, False
        entered, left, path = np.int64(0), np.int64(0), np.uint64(0)
        for event in range(first, end):
            at = at_us[event]
            if event > first and at < at_us[event - 1]:
                return event
            holds = holder[event]
            if holds < 0:
                continue
            if holds >= handovers.shape[0]:
                return event
            queued = state[event] == QUEUED
            if right < 0 and state[event] == RESOLVED:
                right = holds
            if holds != held:
                if in_queue:
                    waiting_us[before, held] += at - entered
                n_stays += 1
                path = scramble(path ^ np.uint64(holds + 1))
                in_queue = False
                if n_stays == 1:
                    start = holds
                else:
                    is_bounce = holds == before
                    n_bounces += is_bounce
                    strict |= is_bounce and was_bounce
                    was_bounce = is_bounce
                    handovers[held, holds] += 1
                    in_queue = queued
                    if not queued and worked:
                        waiting_us[held, holds] += at - left
                before, held, entered, worked = held, holds, at, False
            elif in_queue and not queued:
                waiting_us[before, held] += at - entered
                in_queue = False
            worked |= not queued
            left = at
        if in_queue:
            waiting_us[before, held] += at_us[end - 1] - entered
        paths[case] = path
        counts[HANDOVERS] += max(0, n_stays - 1)
        counts[BOUNCES] += n_bounces
        counts[BOUNCE_CASES] += n_bounces > 0
        counts[STRICT_CASES] += strict
        counts[RIGHT_FIRST] += n_stays > 0 and (held if right < 0 else right) == start
        counts[ONE_HOLDER] += n_stays == 1
    counts[CASES] += offsets.size - 1
    counts[EVENTS] += offsets[-1] - offsets[0]
    return -1


@compiled
def path_of_case(holder: Int32, first: int, end: int) -> Int32:
    """Holders of a case after repeats are collapsed."""
    path = np.empty(end - first, np.int32)
    length = 0
    for event in range(first, end):
        if holder[event] >= 0 and (length == 0 or holder[event] != path[length - 1]):
            path[length] = holder[event]
            length += 1
    return path[:length]
