"""The case kernel: what can be seen by walking along each case once.

Definitions: docs/methods/case-kernel.md. The input must stand in order; the kernel checks it,
because another engine may have sorted it, and a wrong order gives wrong figures in silence.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from leitweg.engine.arrays import NOBODY, Flags, Int8, Int32, Int64
from leitweg.engine.case_accounts import CaseAccounts, account_cases
from leitweg.engine.case_order import check_order, times_of, with_clock
from leitweg.engine.event_log import EventLog
from leitweg.engine.stay_loops import (
    QUEUED,
    count_stays,
    effective_states,
    fill_bounces,
    fill_contacts,
    fill_stays,
    fill_waits,
    fill_work,
    resolution_events,
)

Level = Literal["unit", "person"]

__all__ = ["CaseAccounts", "CaseWalk", "Level", "account_cases", "walk_cases"]


@dataclass(frozen=True)
class CaseWalk:
    """Stays and handovers of every case at one level.

    A stay is a maximal run of events of one holder (unit or person); events without a holder are
    skipped. Stays of case ``c`` are ``stay_offsets[c]`` to ``stay_offsets[c + 1]``; a case without
    any holder has none. Times are microseconds, ``MISSING`` where unknown and everywhere in a log
    without a clock.

    Attributes
    ----------
    level
        Which holder: ``"unit"`` or ``"person"``.
    stay_case, stay_holder, first_event, last_event
        Per stay: its case, its holder, its first and last event in the log.
    entered_us, work_us, left_us
        Time of its first event; start of its first event that is not queued; time of its last.
    queued_first
        Its first event puts the case into a queue.
    first_worker, last_worker
        Person of its first and last event that is not queued, -1 if unknown.
    same_person
        Its first worker was the last worker of the stay before: a change of label only.
    wait_us
        Waiting of the handover into it, ``MISSING`` for the first stay of a case.
    hold_us
        From the start of its work to the handover out of it, ``MISSING`` if nobody worked.
    after_resolution
        It begins after the last entry into resolved: administrative closing.
    n_handovers, n_bounces, strict, n_distinct, first_holder, last_holder
        Per case: stays less one, A-B-A patterns, is there an A-B-A-B, number of holders, ends.
    right_holder, resolving_event, right_since_us, right_first
        Per case: holder of the first resolved event, else of the last event; number of that first
        resolved event, -1 if none has a holder; time of the first event that the right one holds;
        it is the first holder.
    """

    level: Level
    stay_offsets: Int64
    stay_case: Int32
    stay_holder: Int32
    first_event: Int64
    last_event: Int64
    entered_us: Int64
    work_us: Int64
    left_us: Int64
    queued_first: Flags
    first_worker: Int32
    last_worker: Int32
    same_person: Flags
    wait_us: Int64
    hold_us: Int64
    after_resolution: Flags
    n_handovers: Int32
    n_bounces: Int32
    strict: Flags
    n_distinct: Int32
    first_holder: Int32
    last_holder: Int32
    right_holder: Int32
    resolving_event: Int64
    right_since_us: Int64
    right_first: Flags


def walk_cases(log: EventLog, level: Level = "unit") -> CaseWalk:
    """Cut every case into stays and follow its handovers.

    Parameters
    ----------
    log
        Events sorted by case and time; this is checked.
    level
        ``"unit"``: stays in units; ``"person"``: stays with persons, machines included.

    Raises
    ------
    ValueError
        If the events do not stand in order.
    """
    check_order(log)
    holder = log.unit if level == "unit" else log.person
    n_holders = len(log.units if level == "unit" else log.persons)
    state = effective_states(log.offsets, log.state, log.has_states)
    stay_offsets = count_stays(log.offsets, holder)
    stays = _stays(log, state, holder, stay_offsets)
    bounces = _bounces(stay_offsets, stays["stay_holder"], n_holders)
    contacts = _contacts(log, state, holder, bounces["first_holder"])
    return CaseWalk(level=level, stay_offsets=stay_offsets, **stays, **bounces, **contacts)


def _stays(log: EventLog, state: Int8, holder: Int32, stay_offsets: Int64) -> dict[str, Any]:
    n_stays = int(stay_offsets[-1])
    case, stay_holder = np.empty(n_stays, np.int32), np.empty(n_stays, np.int32)
    first_event, last_event = np.empty(n_stays, np.int64), np.empty(n_stays, np.int64)
    fill_stays(log.offsets, holder, case, stay_holder, first_event, last_event)
    first_worker, last_worker = np.empty(n_stays, np.int32), np.empty(n_stays, np.int32)
    work_us = np.empty(n_stays, np.int64)
    fill_work(
        *(first_event, last_event, holder, state, log.person, log.at_us, log.started_us),
        *(work_us, first_worker, last_worker),
    )
    is_first = np.zeros(n_stays, np.bool_)
    is_first[stay_offsets[:-1][stay_offsets[:-1] < stay_offsets[1:]]] = True
    same_person = ~is_first & (first_worker >= 0) & (first_worker == np.roll(last_worker, 1))
    return {
        "stay_case": case,
        "stay_holder": stay_holder,
        "first_event": first_event,
        "last_event": last_event,
        "first_worker": first_worker,
        "last_worker": last_worker,
        "same_person": same_person,
        "after_resolution": _after_resolution(log, state, case, first_event),
        "queued_first": state[first_event] == QUEUED,
        **_stay_times(log, state, stay_offsets, first_event, last_event, work_us),
    }


def _after_resolution(log: EventLog, state: Int8, case: Int32, first_event: Int64) -> Flags:
    resolution = resolution_events(log.offsets, state)[case]
    return (resolution >= 0) & (first_event > resolution)


def _stay_times(
    log: EventLog,
    state: Int8,
    stay_offsets: Int64,
    first_event: Int64,
    last_event: Int64,
    work_us: Int64,
) -> dict[str, Int64]:
    entered_us, left_us = log.at_us[first_event], log.at_us[last_event]
    wait_us, hold_us = np.empty_like(entered_us), np.empty_like(entered_us)
    fill_waits(
        *(log.offsets, stay_offsets, log.at_us, entered_us, left_us, work_us),
        *(state[first_event] == QUEUED, wait_us, hold_us),
    )
    times = {
        "entered_us": entered_us,
        "left_us": left_us,
        "work_us": work_us,
        "wait_us": wait_us,
        "hold_us": hold_us,
    }
    return {name: with_clock(log, column) for name, column in times.items()}


def _bounces(stay_offsets: Int64, stay_holder: Int32, n_holders: int) -> dict[str, Any]:
    n_cases = stay_offsets.size - 1
    n_bounces, n_distinct = np.zeros(n_cases, np.int32), np.zeros(n_cases, np.int32)
    strict = np.zeros(n_cases, np.bool_)
    fill_bounces(stay_offsets, stay_holder, n_holders, n_bounces, strict, n_distinct)
    n_stays = np.diff(stay_offsets)
    held = np.append(stay_holder, np.int32(NOBODY))
    return {
        "n_handovers": np.maximum(0, n_stays - 1).astype(np.int32),
        "n_bounces": n_bounces,
        "strict": strict,
        "n_distinct": n_distinct,
        "first_holder": np.where(n_stays > 0, held[stay_offsets[:-1]], np.int32(NOBODY)),
        "last_holder": np.where(n_stays > 0, held[stay_offsets[1:] - 1], np.int32(NOBODY)),
    }


def _contacts(log: EventLog, state: Int8, holder: Int32, first_holder: Int32) -> dict[str, Any]:
    right_holder = np.empty(log.n_cases, np.int32)
    right_event, resolving = np.empty(log.n_cases, np.int64), np.empty(log.n_cases, np.int64)
    fill_contacts(log.offsets, holder, state, right_holder, right_event, resolving)
    return {
        "right_holder": right_holder,
        "resolving_event": resolving,
        "right_since_us": with_clock(log, times_of(log, right_event)),
        "right_first": (right_holder >= 0) & (right_holder == first_holder),
    }
