"""The loops of the case kernel that keep the account of a case's time."""

import numpy as np

from leitweg.domain.states import State
from leitweg.engine.arrays import MISSING, Int8, Int64
from leitweg.engine.compiled import compiled

QUEUED = int(State.QUEUED)
WORKING = int(State.WORKING)
WAITING_CUSTOMER = int(State.WAITING_CUSTOMER)
WAITING_THIRD = int(State.WAITING_THIRD)
RESOLVED = int(State.RESOLVED)
CLOSED = int(State.CLOSED)


@compiled
def last_done_events(offsets: Int64, state: Int8) -> Int64:
    """Last event in resolved or closed per case, -1 if none."""
    events = np.full(offsets.size - 1, -1, np.int64)
    for case in range(offsets.size - 1):
        for event in range(offsets[case], offsets[case + 1]):
            if state[event] == RESOLVED or state[event] == CLOSED:
                events[case] = event
    return events


@compiled
def open_cases(offsets: Int64, state: Int8, last_done: Int64) -> Int8:
    """1 for cases never resolved nor closed, or in somebody's hands after that."""
    is_open = np.zeros(offsets.size - 1, np.int8)
    for case in range(offsets.size - 1):
        is_open[case] = last_done[case] < 0
        for event in range(max(offsets[case], last_done[case] + 1), offsets[case + 1]):
            is_open[case] |= QUEUED <= state[event] <= WAITING_THIRD
    return is_open


@compiled
def reopened_cases(offsets: Int64, state: Int8) -> Int8:
    """1 for cases queued or worked on after a resolution."""
    reopened = np.zeros(offsets.size - 1, np.int8)
    for case in range(offsets.size - 1):
        was_resolved = False
        for event in range(offsets[case], offsets[case + 1]):
            if state[event] == RESOLVED:
                was_resolved = True
            elif was_resolved and (state[event] == QUEUED or state[event] == WORKING):
                reopened[case] = 1
    return reopened


@compiled
def overlap(from_us: int, to_us: int, window_from: int, window_to: int) -> int:
    """Length of what two stretches of time have in common."""
    return max(0, min(to_us, window_to) - max(from_us, window_from))


@compiled
def account_states(
    offsets: Int64,
    at_us: Int64,
    state: Int8,
    from_us: Int64,
    to_us: Int64,
    working_us: Int64,
    customer_us: Int64,
) -> None:
    """Sum the time of each state in the window of its case: a state lasts to the next event."""
    for case in range(offsets.size - 1):
        for event in range(offsets[case], offsets[case + 1] - 1):
            if state[event] != WORKING and state[event] != WAITING_CUSTOMER:
                continue
            length = overlap(at_us[event], at_us[event + 1], from_us[case], to_us[case])
            if state[event] == WORKING:
                working_us[case] += length
            else:
                customer_us[case] += length


@compiled
def account_work(
    offsets: Int64,
    at_us: Int64,
    started_us: Int64,
    state: Int8,
    from_us: Int64,
    to_us: Int64,
    working_us: Int64,
    customer_us: Int64,
) -> None:
    """Sum the union of the pieces of work, and the waiting for the customer outside of it.

    Backwards: events are sorted by their end, so everything of an earlier piece that lies after
    the earliest start seen so far (``covered``) has been counted already.
    """
    for case in range(offsets.size - 1):
        covered = to_us[case]
        for event in range(offsets[case + 1] - 1, offsets[case] - 1, -1):
            if state[event] == WAITING_CUSTOMER and event + 1 < offsets[case + 1]:
                until = min(at_us[event + 1], covered)
                customer_us[case] += overlap(at_us[event], until, from_us[case], to_us[case])
            if started_us[event] == MISSING:
                continue
            until = min(at_us[event], covered)
            working_us[case] += overlap(started_us[event], until, from_us[case], to_us[case])
            covered = min(covered, started_us[event])
