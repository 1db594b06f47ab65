"""What would the clock show if it stopped whenever the customer had to answer?

The time in which the customer has to answer is priced in no finding. Cut out of a case, it leaves
the company's own time: every wait and stay is then measured by one and the same walk.
Method: docs/methods/from-events-to-waits.md.
"""

from dataclasses import replace

import numpy as np

from leitweg.domain.states import State
from leitweg.engine.event_log import EventLog
from leitweg.situation.constants import MISSING


def without_customer_time(log: EventLog) -> EventLog:
    """Return the log with the time in ``waiting_customer`` cut out of every case.

    Times stay in order. A log without that state, or without a clock, is returned as it is.
    """
    asks = log.state == State.WAITING_CUSTOMER
    if not (log.has_clock and asks.any()):
        return log
    case = np.repeat(np.arange(log.offsets.size - 1), np.diff(log.offsets))
    inside = np.append(case[1:] == case[:-1], False)
    lasted = np.zeros(log.at_us.size, dtype=np.int64)
    gap = np.diff(log.at_us, append=log.at_us[-1:])
    lasted[asks & inside] = gap[asks & inside]
    before = np.cumsum(lasted) - lasted
    before -= np.repeat(before[log.offsets[:-1]], np.diff(log.offsets))
    at_us = log.at_us - before
    started = np.where(
        log.started_us == MISSING, MISSING, np.minimum(log.started_us - before, at_us)
    )
    # work that began while the customer was asked begins when the clock goes on
    after_asking = np.append(False, asks[:-1] & inside[:-1])
    resumed = np.append(at_us[:1], at_us[:-1])
    started = np.where(after_asking & (started != MISSING), np.maximum(started, resumed), started)
    return replace(log, at_us=at_us, started_us=started)
