"""What did each person contribute on each case: events, handovers, cases, hours of work?

Method: docs/methods/breakdown.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from leitweg.domain.breakdown import (
    ATTRIBUTES,
    CASE_ATTRIBUTES,
    NOT_KNOWN,
    Axis,
    BreakdownQuestion,
    Contributions,
    Group,
)
from leitweg.engine.calendars import Calendars
from leitweg.situation.arrays import Flags, Floats, Ints
from leitweg.situation.basis import Basis
from leitweg.situation.constants import HOUR_US
from leitweg.situation.work import worked_us


@dataclass(frozen=True)
class Labelled:
    """An attribute: the names of its groups and the group of each person or case (-1: none)."""

    names: tuple[str, ...]
    codes: Ints


@dataclass(frozen=True)
class _Rows:
    """Person, case and amount of what was done; person -1 where nobody or a machine did it."""

    person: Ints
    case: Ints
    value: Floats


def contributions_of(
    basis: Basis,
    question: BreakdownQuestion,
    attributes: Mapping[str, Labelled],
    calendars: Calendars | None,
) -> tuple[Contributions, int]:
    """Return who contributed how much on which case, with the groups of both.

    Parameters
    ----------
    basis
        Its counted cases are asked for: all, or those that closed in the period asked for.
    question
        What is counted, and the attributes of the table.
    attributes
        Attribute to the groups of people or cases; those of the question are needed.
    calendars
        For hours of work: they count inside the calendar of whoever worked.

    Returns
    -------
    tuple
        The contributions, and how many rows of the log are left out because no person stands
        behind them.
    """
    rows = _measured(basis, question.of, calendars)
    left_out = int(((rows.person < 0) & basis.counted[rows.case]).sum())
    known = (rows.person >= 0) & (rows.value > 0)
    person, case, value = rows.person[known], rows.case[known], rows.value[known]
    counted = basis.counted[case]
    axes, places = [], []
    # in one order, so that a table and the one turned over hold the same back
    for name in sorted(question.attributes, key=ATTRIBUTES.index):
        labelled = attributes[name]
        codes = labelled.codes[case if name in CASE_ATTRIBUTES else person].astype(np.int64)
        axis, place = _axis(name, labelled.names, codes, counted)
        axes.append(axis)
        places.append(place)
    persons = basis.log.persons
    found = Contributions(tuple(axes), tuple(places), person, case, value, counted, persons)
    return found, left_out


def _axis(name: str, names: tuple[str, ...], codes: Ints, counted: Flags) -> tuple[Axis, Ints]:
    """Keep the groups that occur; people or cases without one are a group of their own."""
    present = np.unique(codes[counted]).tolist()
    # the group of the unknown stands last
    order = [code for code in present if code >= 0] + [code for code in present if code < 0]
    groups = tuple(Group(names[code]) if code >= 0 else NOT_KNOWN for code in order)
    place = np.full(len(names) + 1, -1, np.int64)
    place[order] = np.arange(len(order))
    return Axis(name, groups), place[codes]


def _measured(basis: Basis, of: str, calendars: Calendars | None) -> _Rows:
    if of == "handovers":
        return _handovers(basis)
    rows = _events(basis)
    if of == "working_hours":
        return _hours(basis, rows, calendars)
    return rows if of == "events" else _pairs(rows)


def _events(basis: Basis) -> _Rows:
    log = basis.log
    case = np.repeat(np.arange(log.n_cases), np.diff(log.offsets))
    return _Rows(_people(basis, log.person), case, np.ones(case.size))


def _people(basis: Basis, person: Ints) -> Ints:
    """Persons of the log, -1 for machine accounts."""
    if not len(basis.log.persons):
        return np.full(person.size, -1, np.int64)
    machine: Flags = basis.log.machine[np.maximum(person, 0)]
    return np.where(machine, -1, person).astype(np.int64)


def _pairs(rows: _Rows) -> _Rows:
    """One row per person and case, and one per case that nobody is known to have worked on."""
    width = int(rows.case.max(initial=0)) + 1
    pairs = np.unique((rows.person + 1) * width + rows.case)
    person, case = pairs // width - 1, pairs % width
    alone = np.isin(case, case[person >= 0], invert=True)
    kept = (person >= 0) | alone
    return _Rows(person[kept], case[kept], np.ones(int(kept.sum())))


def _handovers(basis: Basis) -> _Rows:
    """Handovers that each person made: whoever worked last before the unit changed."""
    walk = basis.walk
    same = walk.stay_case[1:] == walk.stay_case[:-1]
    giver = np.asarray(walk.last_worker[:-1][same])
    case = walk.stay_case[:-1][same].astype(np.int64)
    return _Rows(_people(basis, giver), case, np.ones(case.size))


def _hours(basis: Basis, rows: _Rows, calendars: Calendars | None) -> _Rows:
    """Hours of each piece of work that lie in the calendar of whoever worked."""
    begin, until = worked_us(basis.log)
    hours = np.zeros(rows.case.size)
    own = (rows.person >= 0) & (until > begin)
    if calendars is not None:
        inside = calendars.available_us(rows.person[own], begin[own], until[own])
        hours[own] = inside / HOUR_US
    hours[rows.person < 0] = (until > begin)[rows.person < 0]
    worked = (rows.person >= 0) | (hours > 0)
    return _Rows(rows.person[worked], rows.case[worked], hours[worked])
