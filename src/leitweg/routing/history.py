"""What can the router learn from? Cases of a log with what was known of them, and who resolved.

Method: docs/methods/routing.md.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from leitweg.domain.routing import Coded, History, Ragged
from leitweg.engine.arrays import MISSING, NOBODY, Int32, Int64
from leitweg.engine.case_accounts import account_cases
from leitweg.engine.case_kernel import CaseWalk, walk_cases
from leitweg.engine.event_log import EventLog
from leitweg.engine.request_rows import RequestRows


def history_of(log: EventLog, rows: RequestRows) -> History:
    """Build what the router learns from.

    Parameters
    ----------
    log
        The event log.
    rows
        What was known of its cases when they arrived, in the order of the log.

    Returns
    -------
    History
        Cases in order of their opening. Only closed cases have a right contact.
    """
    by_unit, by_person = walk_cases(log, "unit"), walk_cases(log, "person")
    opened, closed = _times(log, (by_unit, by_person))
    # who asks in this order learns nothing that was not known at the opening
    order = np.argsort(opened, kind="stable")
    is_open = closed == MISSING
    unit = _right(by_unit.right_holder, is_open)
    person = _right(by_person.right_holder, is_open)
    # a machine is nobody's contact
    is_machine = np.append(log.machine, False)
    person = np.where(is_machine[person], NOBODY, person)
    return History(
        case_ids=tuple(log.case_ids.take(order).to_pylist()),
        opened=opened[order],
        closed=closed[order],
        attributes={
            name: Coded(column.codes[order], column.labels)
            for name, column in rows.attributes.items()
        },
        text=None if rows.text is None else rows_of(rows.text, order),
        unit=Coded(unit[order].astype(np.int32), log.units),
        person=Coded(person[order].astype(np.int32), log.persons),
        unit_path=_path(by_unit, unit, order),
        person_path=_path(by_person, person, order),
        person_unit=_latest_units(log, person, unit, order),
        has_clock=log.has_clock,
    )


def rows_of(column: Ragged, order: Int64) -> Ragged:
    """Return rows of a ragged column in another order, or some of them."""
    sizes = np.diff(column.offsets)[order]
    offsets = np.zeros(order.size + 1, np.int64)
    np.cumsum(sizes, out=offsets[1:])
    places = np.repeat(column.offsets[:-1][order] - offsets[:-1], sizes) + np.arange(offsets[-1])
    return Ragged(offsets, column.values[places])


def some_of(history: History, rows: Int64) -> History:
    """Return some cases of a history, in the order given."""
    return replace(
        history,
        case_ids=tuple(history.case_ids[i] for i in rows),
        opened=history.opened[rows],
        closed=history.closed[rows],
        attributes={n: Coded(c.codes[rows], c.labels) for n, c in history.attributes.items()},
        text=None if history.text is None else rows_of(history.text, rows),
        unit=Coded(history.unit.codes[rows], history.unit.labels),
        person=Coded(history.person.codes[rows], history.person.labels),
        unit_path=rows_of(history.unit_path, rows),
        person_path=rows_of(history.person_path, rows),
    )


def _times(log: EventLog, walks: Sequence[CaseWalk]) -> tuple[Int64, Int64]:
    """When each case was opened, and when its right contact was known (MISSING: it is open)."""
    first, last = log.at_us[log.offsets[:-1]], log.at_us[log.offsets[1:] - 1]
    if not log.has_clock:
        return first, last
    accounts = account_cases(log)
    # what is known of a request stands at its first event, which may come before its opening
    opened = np.minimum(accounts.opened_us, first)
    known = accounts.closed_us if not log.has_states else _known(log, accounts.closed_us, walks)
    return opened, np.where(accounts.is_open, MISSING, known)


def _known(log: EventLog, closed: Int64, walks: Sequence[CaseWalk]) -> Int64:
    """When the log told the right contact of each case, at both levels.

    A case that is resolved tells it, long before it is closed for good in many a service desk.
    """
    at_us = np.append(log.at_us, MISSING)
    told = [
        np.where(walk.right_holder == NOBODY, MISSING, at_us[walk.resolving_event])
        for walk in walks
    ]
    waits = [(w.right_holder != NOBODY) & (w.resolving_event < 0) for w in walks]
    found = np.maximum.reduce(told)
    return np.where(np.logical_or.reduce(waits) | (found == MISSING), closed, found)


def _right(holder: Int32, is_open: np.ndarray) -> Int32:
    return np.where(is_open, np.int32(NOBODY), holder)


def _path(walk: CaseWalk, right: Int32, order: Int64) -> Ragged:
    """Holders in order up to the right contact, which stands at the end.

    What comes after the resolution was not known when the right contact was.
    """
    n_cases = walk.stay_offsets.size - 1
    is_right = walk.stay_holder == right[walk.stay_case]
    place = np.arange(walk.stay_holder.size) - walk.stay_offsets[:-1][walk.stay_case]
    sizes = np.diff(walk.stay_offsets).astype(np.int64)
    last = sizes - 1
    resolving = walk.resolving_event[walk.stay_case]
    hits = np.flatnonzero(is_right & ((resolving < 0) | (walk.first_event <= resolving)))
    # the last stay with the right contact: whoever had it before handed it on
    last[walk.stay_case[hits]] = place[hits]
    ends = np.where(right == NOBODY, 0, last + 1)
    offsets = np.zeros(n_cases + 1, np.int64)
    np.cumsum(ends, out=offsets[1:])
    places = np.repeat(walk.stay_offsets[:-1] - offsets[:-1], ends) + np.arange(offsets[-1])
    return rows_of(Ragged(offsets, walk.stay_holder[places].astype(np.int32)), order)


def _latest_units(
    log: EventLog,
    person: Int32,
    unit: Int32,
    order: Int64,
) -> Int32:
    """Per person the unit of the people table, else the one in which he resolved last."""
    latest = np.full(len(log.persons), NOBODY, np.int32)
    known = order[(person[order] != NOBODY) & (unit[order] != NOBODY)]
    latest[person[known]] = unit[known]
    told = log.person_unit
    return np.where(told == NOBODY, latest, told).astype(np.int32)
