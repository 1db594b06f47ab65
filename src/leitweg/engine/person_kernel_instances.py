"""The loops of the person kernel along a case: when was work possible, and when did nobody work?"""

import numpy as np

from leitweg.domain.states import State
from leitweg.engine.arrays import MISSING, Flags, Int8, Int32, Int64
from leitweg.engine.compiled import compiled

QUEUED = int(State.QUEUED)
WORKING = int(State.WORKING)
WAITING_CUSTOMER = int(State.WAITING_CUSTOMER)
WAITING_THIRD = int(State.WAITING_THIRD)
# so far back the piece of work that made another one possible is looked for
LOOK_BACK = 1000
# activities beyond these are never concurrent with any other
MOST_ACTIVITIES = 512


@compiled
def is_outside(state: int) -> bool:
    """Whether the case lies with nobody in the company: with the customer, a third, or done."""
    return state >= WAITING_CUSTOMER


@compiled
def next_times(offsets: Int64, at_us: Int64) -> Int64:
    """Time of the next event of the case; its own time for the last."""
    following = np.empty_like(at_us)
    for case in range(offsets.size - 1):
        last = offsets[case + 1] - 1
        following[offsets[case] : last] = at_us[offsets[case] + 1 : last + 1]
        following[last] = at_us[last]
    return following


@compiled
def fill_concurrent(
    offsets: Int64,
    start_us: Int64,
    end_us: Int64,
    is_work: Flags,
    activity: Int32,
    n_activities: int,
    least: float,
) -> Flags:
    """Which pairs of activities are concurrent, shape (activities, activities).

    Neighbours in the order of their ends overlap in at least that share, either one ending first.
    """
    n = min(n_activities, MOST_ACTIVITIES)
    beside, overlapping = np.zeros((n, n), np.int64), np.zeros((n, n), np.int64)
    for case in range(offsets.size - 1):
        before = -1
        for event in range(offsets[case], offsets[case + 1]):
            if not is_work[event] or not 0 <= activity[event] < n:
                continue
            if before >= 0:
                beside[activity[before], activity[event]] += 1
                if start_us[event] < end_us[before] and start_us[before] < end_us[before]:
                    overlapping[activity[before], activity[event]] += 1
            before = event
    concurrent = np.zeros((n, n), np.bool_)
    for one in range(n):
        for other in range(n):
            both = overlapping[one, other] > 0 and overlapping[other, one] > 0
            overlaps = overlapping[one, other] + overlapping[other, one]
            pairs = beside[one, other] + beside[other, one]
            concurrent[one, other] = one != other and both and overlaps >= least * pairs
    return concurrent


@compiled
def are_concurrent(concurrent: Flags, one: int, other: int) -> bool:
    """Whether two activities are concurrent; unnamed and rare ones are not."""
    n = concurrent.shape[0]
    return bool(0 <= one < n and 0 <= other < n and concurrent[one, other])


@compiled
def fill_outside(
    offsets: Int64, start_us: Int64, at_us: Int64, state: Int8, until_us: Int64
) -> None:
    """Write until when a case lies outside after each event, ``MISSING`` where it does not."""
    for case in range(offsets.size - 1):
        earliest = np.int64(2**63 - 1)
        for event in range(offsets[case + 1] - 1, offsets[case] - 1, -1):
            until_us[event] = MISSING
            if is_outside(state[event]):
                known = event + 1 < offsets[case + 1]
                until_us[event] = max(at_us[event], earliest) if known else at_us[event]
            earliest = min(earliest, start_us[event])


@compiled
def enabling(
    event: int,
    first: int,
    start_us: Int64,
    end_us: Int64,
    is_work: Flags,
    activity: Int32,
    concurrent: Flags,
) -> int:
    """Return the last work of the case that ended before this one and is not concurrent with it."""
    low, high = first, event
    while low < high:
        middle = (low + high) // 2
        if end_us[middle] <= start_us[event]:
            low = middle + 1
        else:
            high = middle
    other = low - 1
    furthest = max(first, other - LOOK_BACK)
    while other >= furthest:
        if is_work[other] and not are_concurrent(concurrent, activity[event], activity[other]):
            return other
        other -= 1
    return -1 if furthest == first else furthest


@compiled
def fill_enabled(
    offsets: Int64,
    opened_us: Int64,
    start_us: Int64,
    end_us: Int64,
    is_work: Flags,
    activity: Int32,
    concurrent: Flags,
    outside_us: Int64,
    at_us: Int64,
    enabled_us: Int64,
) -> None:
    """Write since when each piece of work was possible; its start at the latest.

    ``outside_us``: until when the case lies outside after an event.
    """
    for case in range(offsets.size - 1):
        first, outside = offsets[case], -1
        for event in range(first, offsets[case + 1]):
            start = start_us[event]
            enabled_us[event] = start
            if is_work[event]:
                other = enabling(event, first, start_us, end_us, is_work, activity, concurrent)
                since = end_us[other] if other >= 0 else opened_us[case]
                away = outside
                while away >= first and (at_us[away] > start or outside_us[away] == MISSING):
                    away -= 1
                if away >= first:
                    since = max(since, outside_us[away])
                enabled_us[event] = min(since, start)
            if outside_us[event] != MISSING:
                outside = event


@compiled
def fill_stretches(
    offsets: Int64,
    opened_us: Int64,
    resolved_us: Int64,
    start_us: Int64,
    busy_until_us: Int64,
    is_work: Flags,
    since_us: Int64,
) -> None:
    """Write since when nobody worked before each start that ended a wait of the customer.

    ``busy_until_us``: until when work or the customer's turn lasts after an event. ``MISSING``
    where a start ended no wait. Backwards: what lies after the earliest start seen so far is
    known already.
    """
    for case in range(offsets.size - 1):
        covered, ender = resolved_us[case], -1
        since_us[offsets[case] : offsets[case + 1]] = MISSING
        if covered == MISSING:
            continue
        for event in range(offsets[case + 1] - 1, offsets[case] - 1, -1):
            if not is_work[event]:
                continue
            free = max(busy_until_us[event], opened_us[case])
            if ender >= 0 and free < covered:
                since_us[ender] = free
                # what lies before belongs to the event that is looked at now, or is counted
            if start_us[event] <= covered:
                covered, ender = start_us[event], event
        if ender >= 0 and opened_us[case] < covered:
            since_us[ender] = opened_us[case]
