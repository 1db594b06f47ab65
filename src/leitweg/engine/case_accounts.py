"""The time account of a case: when it was open, worked on, and waiting for whom."""

from dataclasses import dataclass

import numpy as np

from leitweg.engine.account_loops import (
    account_states,
    account_work,
    last_done_events,
    open_cases,
    reopened_cases,
)
from leitweg.engine.arrays import MISSING, Flags, Int8, Int64
from leitweg.engine.case_order import check_order, times_of, with_clock
from leitweg.engine.event_log import EventLog
from leitweg.engine.stay_loops import effective_states, resolution_events


@dataclass(frozen=True)
class CaseAccounts:
    """The time account of every case, in microseconds; ``MISSING`` where it cannot be known.

    Attributes
    ----------
    opened_us
        As the case tables say, else the start of the first event.
    last_us
        Time of the last event.
    resolved_us
        Last entry into resolved; without one, into closed; without states, the last event.
    closed_us
        As the case tables say, else the last event in resolved or closed.
    is_open
        Nothing says that it is closed, and it was never resolved or went on after that.
    reopened
        1: queued or worked on after a resolution; 0: not; -1: the log has no states.
    working_us, waiting_customer_us
        Union of the pieces of work from opening to resolution (to the last event of a case that
        is not resolved), and the time outside of them in which the customer has to answer.
    waiting_us
        Waiting of the customer: from opening to resolution less the two above.
    """

    opened_us: Int64
    last_us: Int64
    resolved_us: Int64
    closed_us: Int64
    is_open: Flags
    reopened: Int8
    working_us: Int64
    waiting_customer_us: Int64
    waiting_us: Int64


def account_cases(log: EventLog) -> CaseAccounts:
    """Keep the time account of every case: opening, resolution, work, waiting.

    In a log that knows queues a state lasts from its event to the next. Otherwise waiting for the
    customer lasts to the next event, work is the union of [started, at] where the start is known,
    and all else is waiting.

    Parameters
    ----------
    log
        Events sorted by case and time; this is checked.

    Raises
    ------
    ValueError
        If the events do not stand in order.
    """
    check_order(log)
    state = effective_states(log.offsets, log.state, log.has_states)
    last_us = log.at_us[log.offsets[1:] - 1]
    opened_us = _opened(log)
    resolved_us = times_of(log, resolution_events(log.offsets, state))
    last_done = last_done_events(log.offsets, state)
    until_us = np.where(resolved_us == MISSING, last_us, resolved_us)
    working_us, customer_us = _time_in_states(log, state, opened_us, until_us)
    waiting_us = np.maximum(0, resolved_us - opened_us) - working_us - customer_us
    unknown = resolved_us == MISSING
    return CaseAccounts(
        opened_us=opened_us if log.has_clock else log.opened_us,
        last_us=with_clock(log, last_us),
        resolved_us=with_clock(log, resolved_us),
        closed_us=_closed(log, last_done),
        is_open=_open(log, state, last_done),
        reopened=_reopened(log, state),
        working_us=with_clock(log, working_us),
        waiting_customer_us=with_clock(log, customer_us),
        waiting_us=with_clock(log, np.where(unknown, MISSING, np.maximum(0, waiting_us))),
    )


def _opened(log: EventLog) -> Int64:
    first = log.offsets[:-1]
    started = log.started_us[first]
    begun = np.where(started == MISSING, log.at_us[first], started)
    opened: Int64 = np.where(log.opened_us == MISSING, begun, log.opened_us)
    return opened


def _closed(log: EventLog, last_done: Int64) -> Int64:
    seen = with_clock(log, times_of(log, last_done))
    closed: Int64 = np.where(log.closed_us == MISSING, seen, log.closed_us)
    return closed


def _open(log: EventLog, state: Int8, last_done: Int64) -> Flags:
    if not log.has_states:
        return np.zeros(log.n_cases, np.bool_)
    is_open: Flags = open_cases(log.offsets, state, last_done) == 1
    is_open &= log.closed_us == MISSING
    return is_open


def _reopened(log: EventLog, state: Int8) -> Int8:
    if not log.has_states:
        return np.full(log.n_cases, -1, np.int8)
    return reopened_cases(log.offsets, state)


def _time_in_states(
    log: EventLog, state: Int8, from_us: Int64, to_us: Int64
) -> tuple[Int64, Int64]:
    working_us, customer_us = np.zeros_like(from_us), np.zeros_like(from_us)
    window = (from_us, to_us, working_us, customer_us)
    if log.has_queue:
        account_states(log.offsets, log.at_us, state, *window)
    else:
        account_work(log.offsets, log.at_us, log.started_us, state, *window)
    return working_us, customer_us
