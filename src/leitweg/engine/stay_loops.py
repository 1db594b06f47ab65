"""The loops of the case kernel that cut cases into stays and count what follows from them."""

import numpy as np

from leitweg.domain.states import State
from leitweg.engine.arrays import MISSING, NOBODY, Flags, Int8, Int32, Int64
from leitweg.engine.compiled import compiled

QUEUED = int(State.QUEUED)
WORKING = int(State.WORKING)
RESOLVED = int(State.RESOLVED)
CLOSED = int(State.CLOSED)


@compiled
def effective_states(offsets: Int64, state: Int8, has_states: bool) -> Int8:
    """Without states every event counts as working and the last of each case as resolved."""
    if has_states:
        return state
    states = np.full(state.size, WORKING, np.int8)
    for case in range(offsets.size - 1):
        states[offsets[case + 1] - 1] = RESOLVED
    return states


@compiled
def last_entry(state: Int8, first: int, end: int, wanted: int) -> int:
    """Last event of a case that enters the wanted state from another one, -1 if none."""
    for event in range(end - 1, first - 1, -1):
        if state[event] == wanted and (event == first or state[event - 1] != wanted):
            return event
    return -1


@compiled
def resolution_events(offsets: Int64, state: Int8) -> Int64:
    """Event of the last entry into resolved, else into closed, else -1, per case."""
    resolutions = np.empty(offsets.size - 1, np.int64)
    for case in range(offsets.size - 1):
        event = last_entry(state, offsets[case], offsets[case + 1], RESOLVED)
        if event < 0:
            event = last_entry(state, offsets[case], offsets[case + 1], CLOSED)
        resolutions[case] = event
    return resolutions


@compiled
def count_stays(offsets: Int64, holder: Int32) -> Int64:
    """Offsets of the stays of every case."""
    stay_offsets = np.zeros(offsets.size, np.int64)
    n_stays = 0
    for case in range(offsets.size - 1):
        previous = NOBODY
        for event in range(offsets[case], offsets[case + 1]):
            if holder[event] >= 0 and holder[event] != previous:
                previous = holder[event]
                n_stays += 1
        stay_offsets[case + 1] = n_stays
    return stay_offsets


@compiled
def fill_stays(
    offsets: Int64,
    holder: Int32,
    stay_case: Int32,
    stay_holder: Int32,
    first_event: Int64,
    last_event: Int64,
) -> None:
    """Write case, holder, first and last event of every stay."""
    stay = -1
    for case in range(offsets.size - 1):
        previous = NOBODY
        for event in range(offsets[case], offsets[case + 1]):
            if holder[event] < 0:
                continue
            if holder[event] != previous:
                previous = holder[event]
                stay += 1
                stay_case[stay] = case
                stay_holder[stay] = previous
                first_event[stay] = event
            last_event[stay] = event


@compiled
def fill_work(
    first_event: Int64,
    last_event: Int64,
    holder: Int32,
    state: Int8,
    person: Int32,
    at_us: Int64,
    started_us: Int64,
    work_us: Int64,
    first_worker: Int32,
    last_worker: Int32,
) -> None:
    """Write when the work of every stay starts and who does its first and its last piece."""
    for stay in range(first_event.size):
        work_us[stay] = MISSING
        first_worker[stay] = last_worker[stay] = NOBODY
        for event in range(first_event[stay], last_event[stay] + 1):
            if holder[event] < 0 or state[event] == QUEUED:
                continue
            if work_us[stay] == MISSING:
                started = started_us[event]
                work_us[stay] = at_us[event] if started == MISSING else started
                first_worker[stay] = person[event]
            last_worker[stay] = person[event]


@compiled
def on_its_way_us(
    queued_first: bool, entered_us: int, before_work_us: int, before_left_us: int
) -> int:
    """Return the time since which a case waits for a stay."""
    # where nobody worked before, the time up to here is waiting for the stay before already
    return entered_us if queued_first or before_work_us == MISSING else before_left_us


@compiled
def fill_waits(
    offsets: Int64,
    stay_offsets: Int64,
    at_us: Int64,
    entered_us: Int64,
    left_us: Int64,
    work_us: Int64,
    queued_first: Flags,
    wait_us: Int64,
    hold_us: Int64,
) -> None:
    """Write the waiting of the handover into every stay and how long the stay held the case."""
    for case in range(offsets.size - 1):
        first, end = stay_offsets[case], stay_offsets[case + 1]
        for stay in range(first, end):
            is_last = stay + 1 == end
            next_us = at_us[offsets[case + 1] - 1] if is_last else entered_us[stay + 1]
            wait_us[stay] = MISSING
            if stay > first:
                since_us = on_its_way_us(
                    queued_first[stay], entered_us[stay], work_us[stay - 1], left_us[stay - 1]
                )
                goes_on_us = next_us if work_us[stay] == MISSING else work_us[stay]
                wait_us[stay] = max(0, goes_on_us - since_us)
            hold_us[stay] = MISSING
            if work_us[stay] != MISSING:
                queues_next = not is_last and queued_first[stay + 1]
                hold_us[stay] = (next_us if queues_next else left_us[stay]) - work_us[stay]


@compiled
def fill_bounces(
    stay_offsets: Int64,
    stay_holder: Int32,
    n_holders: int,
    n_bounces: Int32,
    strict: Flags,
    n_distinct: Int32,
) -> None:
    """Write A-B-A bounces, whether A-B-A-B occurs, and the number of holders of every case."""
    seen_in = np.full(n_holders, -1, np.int64)
    for case in range(stay_offsets.size - 1):
        first = stay_offsets[case]
        was_bounce = False
        for stay in range(first, stay_offsets[case + 1]):
            if seen_in[stay_holder[stay]] != case:
                seen_in[stay_holder[stay]] = case
                n_distinct[case] += 1
            is_bounce = stay >= first + 2 and stay_holder[stay] == stay_holder[stay - 2]
            n_bounces[case] += is_bounce
            # two bounces in a row are A-B-A-B
            strict[case] |= is_bounce and was_bounce
            was_bounce = is_bounce


@compiled
def telling_event(holder: Int32, state: Int8, first: int, end: int) -> int:
    """First resolved event that has a holder, else the last event that has one, else -1."""
    last = -1
    for event in range(first, end):
        if holder[event] >= 0:
            if state[event] == RESOLVED:
                return event
            last = event
    return last


@compiled
def fill_contacts(
    offsets: Int64,
    holder: Int32,
    state: Int8,
    right_holder: Int32,
    right_event: Int64,
    resolving_event: Int64,
) -> None:
    """Write the right contact of every case, the first event it appears in, and the resolving."""
    for case in range(offsets.size - 1):
        told = telling_event(holder, state, offsets[case], offsets[case + 1])
        right = holder[told] if told >= 0 else NOBODY
        right_holder[case] = right
        right_event[case] = -1
        resolving_event[case] = told if told >= 0 and state[told] == RESOLVED else -1
        if right < 0:
            continue
        event = offsets[case]
        while holder[event] != right:
            event += 1
        right_event[case] = event
