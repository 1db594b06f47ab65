"""The order that the kernels rely on, and times read off events in it."""

import numpy as np

from leitweg.engine.arrays import MISSING, Int64
from leitweg.engine.compiled import compiled
from leitweg.engine.event_log import EventLog


@compiled
def first_fault(offsets: Int64, at_us: Int64) -> int:
    """Return the first event out of order, -1 if none, -2 if the offsets are not increasing."""
    for case in range(offsets.size - 1):
        if offsets[case + 1] <= offsets[case]:
            return -2
        for event in range(offsets[case] + 1, offsets[case + 1]):
            if at_us[event] < at_us[event - 1]:
                return event
    return -1


def check_order(log: EventLog) -> None:
    """Raise ValueError, with the place, unless cases and the events in them stand in order."""
    fault = int(first_fault(log.offsets, log.at_us))
    if fault == -2:
        raise ValueError("case kernel: the offsets of the cases do not increase")
    if fault >= 0:
        case = int(np.searchsorted(log.offsets, fault, side="right")) - 1
        raise ValueError(
            f"case kernel: event {fault} (case {case}, place {fault - int(log.offsets[case])}) "
            "is earlier than the event before it; sort the log by case and time"
        )


def with_clock(log: EventLog, times: Int64) -> Int64:
    """Return the times, or as many missing ones in a log that has no clock."""
    return times if log.has_clock else np.full_like(times, MISSING)


def times_of(log: EventLog, events: Int64) -> Int64:
    """Return the time of every event, missing where the event is -1."""
    times: Int64 = np.where(events < 0, MISSING, log.at_us[events])
    return times
