"""Who worked where on which case? The traces that the ledger of releases looks at.

Method: docs/methods/release-ledger.md.
"""

import hashlib
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from leitweg.domain.traces import Traces
from leitweg.engine.case_kernel import walk_cases
from leitweg.engine.event_log import EventLog
from leitweg.engine.message_traffic import Traffic
from leitweg.engine.mixing import mixed_all
from leitweg.engine.network_tables import TieNetwork
from leitweg.situation.arrays import Flags, Ints
from leitweg.situation.basis import Basis
from leitweg.situation.constants import DAY_US

Numbers = NDArray[np.uint64]
NOBODY = -1


def traces_of_cases(basis: Basis) -> Traces:
    """Return the traces of people in the cases of a log."""
    log = basis.log
    case = np.repeat(np.arange(log.n_cases), np.diff(log.offsets))
    person = _people(log, log.person.astype(np.int64))
    return Traces(
        case_ids=tuple(log.case_ids.to_pylist()),
        content=_content(log, case),
        units=log.units,
        worked=_worked(log, case, person),
        handed=_handed(basis),
        until_us=int(log.at_us.max(initial=0)),
    )


def _worked(log: EventLog, case: Ints, person: Ints) -> Mapping[str, Ints]:
    """Take one row per case, unit and person, with the first and the last time."""
    seen = np.flatnonzero(person >= 0)
    n_units, n_people = len(log.units) + 1, max(len(log.persons), 1)
    code = (case[seen] * n_units + log.unit[seen] + 1) * n_people + person[seen]
    # the events of a case stand in the order of time, and a stable sort keeps them so
    order = np.argsort(code, kind="stable")
    code, at = code[order], log.at_us[seen[order]]
    head = np.flatnonzero(np.append(True, code[1:] != code[:-1])[: code.size])
    tail = np.append(head[1:], code.size) - 1 if head.size else head
    place, who = np.divmod(code[head], n_people)
    case_of, unit = np.divmod(place, n_units)
    return {
        "case": case_of,
        "unit": unit - 1,
        "person": who,
        "first_us": at[head],
        "last_us": at[tail],
    }


def _people(log: EventLog, person: Ints) -> Ints:
    if not log.persons:
        return np.full(person.shape, NOBODY)
    return np.where((person >= 0) & ~log.machine[np.maximum(person, 0)], person, NOBODY)


def _content(log: EventLog, case: Ints) -> Numbers:
    """Mix times, units and states of each case into one number, whoever worked on it.

    People are left out: once retention has replaced them, the case is still the same case.
    """
    if not case.size:
        return np.zeros(log.n_cases, np.uint64)
    names = np.array([_number_of(name) for name in log.units] or [0], np.uint64)
    unit = np.where(log.unit >= 0, names[np.maximum(log.unit, 0)], np.uint64(0))
    told = mixed_all(log.at_us.astype(np.uint64) ^ unit) + log.state.astype(np.uint64)
    return np.asarray(np.add.reduceat(mixed_all(told), log.offsets[:-1]))


def _number_of(name: str) -> int:
    # the built-in hash is another one in every process
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest())


def _handed(basis: Basis) -> Mapping[str, Ints]:
    walk = basis.walk if basis.level == "unit" else walk_cases(basis.log, level="unit")
    later = np.flatnonzero(walk.stay_case[1:] == walk.stay_case[:-1]) + 1
    return {
        "case": walk.stay_case[later].astype(np.int64),
        "from_unit": walk.stay_holder[later - 1].astype(np.int64),
        "to_unit": walk.stay_holder[later].astype(np.int64),
        "sender": _people(basis.log, walk.last_worker[later - 1].astype(np.int64)),
        "receiver": _people(basis.log, walk.first_worker[later].astype(np.int64)),
        "at_us": walk.entered_us[later].astype(np.int64),
    }


def traces_of_mail(traffic: Traffic) -> tuple[Traces, Ints]:
    """Return the traces of people in messages, a day being a case, and the day of each."""
    days, case = np.unique(traffic.day, return_inverse=True)
    units = tuple(sorted({u for u in traffic.unit if u is not None}))
    code = {name: i for i, name in enumerate(units)}
    unit = np.array([NOBODY if u is None else code[u] for u in traffic.unit] or [NOBODY], np.int64)
    # not whose messages: a person's code is another one when somebody joins
    content = _summed(mixed_all(traffic.n_messages.astype(np.uint64)), case, days.size)
    ends = np.concatenate([traffic.sender, traffic.receiver])
    ids = tuple(f"day {day}" for day in days)
    start_us = traffic.day * DAY_US
    worked = _at_work(case, ends, unit, start_us)
    handed = _between(case, traffic.sender, traffic.receiver, unit, start_us)
    until_us = int(start_us.max(initial=0))
    return Traces(ids, content, units, worked, handed, until_us), days


def traces_of_ties(ties: TieNetwork, unit_of: Mapping[str, str | None]) -> Traces:
    """Return the traces of people in ties: whoever named others is a case."""
    sources, case = np.unique(ties.source, return_inverse=True)
    units = tuple(sorted({u for u in unit_of.values() if u is not None}))
    code = {name: i for i, name in enumerate(units)}
    unit = np.array(
        [code.get(unit_of.get(end) or "", NOBODY) for end in ties.ends] or [NOBODY], np.int64
    )
    told = mixed_all(np.ascontiguousarray(ties.value, np.float64).view(np.uint64))
    content = _summed(told, case, sources.size)
    ends = np.concatenate([ties.source, ties.target])
    ids = tuple(f"{ties.name} {ties.ends[source]}" for source in sources)
    never = np.zeros(case.size, np.int64)
    worked = _at_work(case, ends, unit, never)
    handed = _between(case, ties.source, ties.target, unit, never)
    return Traces(ids, content, units, worked, handed, 0)


def _summed(numbers: Numbers, case: Ints, n: int) -> Numbers:
    sums = np.zeros(n, np.uint64)
    np.add.at(sums, case, numbers)
    return sums


def _at_work(case: Ints, ends: Ints, unit: Ints, at_us: Ints) -> Mapping[str, Ints]:
    both = np.concatenate([at_us, at_us])
    return {
        "case": np.concatenate([case, case]),
        "unit": unit[ends],
        "person": ends,
        "first_us": both,
        "last_us": both,
    }


def _between(
    case: Ints, sender: Ints, receiver: Ints, unit: Ints, at_us: Ints
) -> Mapping[str, Ints]:
    a, b = unit[sender], unit[receiver]
    keep = (a >= 0) & (b >= 0) & (a != b)
    return {
        "case": case[keep],
        "from_unit": a[keep],
        "to_unit": b[keep],
        "sender": sender[keep],
        "receiver": receiver[keep],
        "at_us": at_us[keep],
    }


def cases_behind(basis: Basis) -> list[tuple[str, Flags]]:
    """Return which cases stand behind counts, and which behind hours, of an answer."""
    # the stays of a part of the company leave out the open cases of the others
    waited = np.zeros(basis.log.n_cases, dtype=bool)
    waited[basis.stays.case] = True
    return [("counts", basis.counted), ("hours", basis.in_period | waited)]
