"""When did the work of each event start and end, and since when was it possible?

Method: docs/methods/causes-of-waiting.md.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from leitweg.domain.states import State
from leitweg.engine.arrays import MISSING, Flags, Int8, Int32, Int64
from leitweg.engine.case_accounts import CaseAccounts
from leitweg.engine.compiled import compiled
from leitweg.engine.event_log import EventLog
from leitweg.engine.person_kernel_instances import (
    fill_concurrent,
    fill_enabled,
    fill_outside,
    fill_stretches,
    next_times,
)
from leitweg.engine.resources import begin_of_events, by_resource, n_resources, resources_of
from leitweg.engine.work_rules import RULES, WorkRules


class StartsFrom(StrEnum):
    """How the start of work is known: from its own column, from states, or not at all."""

    STARTED = "started"
    STATES = "states"
    ESTIMATED = "estimated"


@dataclass(frozen=True)
class WorkTimes:
    """The piece of work behind each event, in microseconds UTC; all shapes (events,).

    Attributes
    ----------
    starts_from
        How the starts are known.
    resource
        Who did it: a person, number of persons + a unit, or -1.
    is_work
        Whether the event is a piece of work; putting a case into a queue is none.
    start_us, end_us
        Of the work; equal where it took no time.
    enabled_us
        Since when it was possible, its start at the latest.
    idle_since_us
        Since when nobody had worked on the case, where this start ended a wait of the customer;
        ``MISSING`` elsewhere.
    """

    starts_from: StartsFrom
    resource: Int32
    is_work: Flags
    start_us: Int64
    end_us: Int64
    enabled_us: Int64
    idle_since_us: Int64


def work_times(log: EventLog, accounts: CaseAccounts, rules: WorkRules = RULES) -> WorkTimes:
    """Tell for each event when its work started, ended, and was possible.

    Parameters
    ----------
    log
        A log with a clock.
    accounts
        Its time accounts (`case_accounts.account_cases`): opening and resolution count from here.
    """
    following = next_times(log.offsets, log.at_us)
    resource = resources_of(log)
    if log.has_queue:
        source, start = StartsFrom.STATES, log.at_us
        end = np.where(log.state == State.WORKING, following, log.at_us)
    elif log.has_started:
        source, start, end = StartsFrom.STARTED, begin_of_events(log), log.at_us
    else:
        source, end = StartsFrom.ESTIMATED, log.at_us
        start = estimated_starts(log, accounts.opened_us, resource, rules)
    state = log.state if log.has_states else np.zeros_like(log.state)
    is_work = state != State.QUEUED
    enabled = _enabled(log, accounts.opened_us, state, is_work, start, end, rules)
    busy_until = np.where(state == State.WAITING_CUSTOMER, following, end)
    since = np.empty_like(start)
    fill_stretches(
        *(log.offsets, accounts.opened_us, accounts.resolved_us, start, busy_until, is_work),
        since,
    )
    return WorkTimes(source, resource, is_work, start, end, enabled, since)


def _enabled(
    log: EventLog,
    opened_us: Int64,
    state: Int8,
    is_work: Flags,
    start: Int64,
    end: Int64,
    rules: WorkRules,
) -> Int64:
    concurrent = fill_concurrent(
        *(log.offsets, start, end, is_work, log.activity),
        *(len(log.activities), rules.concurrent_share),
    )
    outside, enabled = np.empty_like(start), np.empty_like(start)
    fill_outside(log.offsets, start, log.at_us, state, outside)
    fill_enabled(
        *(log.offsets, opened_us, start, end, is_work, log.activity, concurrent),
        *(outside, log.at_us, enabled),
    )
    return enabled


def estimated_starts(
    log: EventLog, opened_us: Int64, resource: Int32, rules: WorkRules = RULES
) -> Int64:
    """Estimate when work started in a log that tells its end alone.

    Not before the case came (the end of the work before it), not before the person ended the work
    before, and not longer than the activity usually takes.
    """
    came = np.append(np.int64(MISSING), log.at_us[:-1])
    came[log.offsets[:-1]] = np.minimum(opened_us, log.at_us[log.offsets[:-1]])
    offsets, order = by_resource(resource, n_resources(log), log.at_us)
    free = np.full_like(log.at_us, MISSING)
    fill_free(offsets, order, log.at_us, free)
    earliest = np.minimum(np.maximum(came, free), log.at_us)
    usual = _usual_work(log, earliest, free >= came, rules)
    return np.asarray(np.maximum(earliest, log.at_us - usual))


@compiled
def fill_free(offsets: Int64, order: Int64, at_us: Int64, free_us: Int64) -> None:
    """Write when the person of each event ended the work before, by their events' times."""
    for place in range(offsets.size - 1):
        for position in range(offsets[place] + 1, offsets[place + 1]):
            free_us[order[position]] = at_us[order[position - 1]]


def _usual_work(log: EventLog, earliest: Int64, was_waiting: Flags, rules: WorkRules) -> Int64:
    """How long the activity of each event usually takes, as far as the ends of work tell."""
    took = log.at_us - earliest
    known = was_waiting & (took > 0)
    if not known.any():
        return np.zeros_like(took)
    share = rules.usual_work_quantile
    activity = np.where(log.activity >= 0, log.activity, len(log.activities))
    usual = np.full(
        len(log.activities) + 1,
        np.quantile(took[known], share, method="inverted_cdf"),
        np.int64,
    )
    order = np.lexsort((took[known], activity[known]))
    ordered, labels = took[known][order], activity[known][order]
    first = np.flatnonzero(np.append(True, labels[1:] != labels[:-1]))
    count = np.diff(np.append(first, labels.size))
    usual[labels[first]] = ordered[first + np.maximum(np.ceil(share * count).astype(int) - 1, 0)]
    return np.asarray(usual[activity])
