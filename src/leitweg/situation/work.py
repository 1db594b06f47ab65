"""How many hours were worked in each stay, as far as the log tells.

Method: docs/methods/load.md.
"""

import numpy as np

from leitweg.domain.states import State
from leitweg.engine.event_log import EventLog
from leitweg.situation.arrays import Floats, Ints
from leitweg.situation.basis import Basis
from leitweg.situation.constants import HOUR_US, MISSING


def tells_work(log: EventLog) -> bool:
    """Whether the log tells how long work took: by its starts, or by its states."""
    return log.has_clock and (log.has_started or log.has_queue)


def worked_us(log: EventLog) -> tuple[Ints, Ints]:
    """Begin and end of the work behind each event, equal where none is known (microseconds).

    In a log that knows queues the state ``working`` lasts until the next event of the case;
    otherwise work runs from the recorded start to the event.
    """
    if log.has_queue:
        end = np.append(log.at_us[1:], log.at_us[-1:])
        end[log.offsets[1:] - 1] = log.at_us[log.offsets[1:] - 1]
        end = np.where(log.state == State.WORKING, end, log.at_us)
        return log.at_us.astype(np.int64), end.astype(np.int64)
    begin = np.where(log.started_us == MISSING, log.at_us, np.minimum(log.started_us, log.at_us))
    return begin.astype(np.int64), log.at_us.astype(np.int64)


def work_hours(basis: Basis) -> Floats:
    """Hours of work per stay of `Basis.stays`; NaN everywhere where the log does not tell."""
    stays, walk, log = basis.stays, basis.company_walk, basis.log
    if not tells_work(log) or len(stays) == 0:
        return np.full(len(stays), np.nan)
    begin, end = worked_us(log)
    summed = np.append(0, np.cumsum(end - begin))
    first = walk.first_event[stays.walked]
    # a stay ends where the next one of its case begins, or with its case
    next_first = first[np.maximum(stays.following, 0)]
    until = np.where(stays.following >= 0, next_first, log.offsets[stays.case + 1])
    return np.asarray((summed[until] - summed[first]) / HOUR_US)
