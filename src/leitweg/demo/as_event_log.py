"""A generated log as canonical Arrow tables, as if a source had read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leitweg.demo.clock import CLOSED, QUEUED, RESOLVED, RESOLVING, RETURNING, WORKING
from leitweg.demo.company import GeneratedLog
from leitweg.demo.layout import topics_of
from leitweg.demo.positions import StaffRecord, has_staff_record, staff_record
from leitweg.domain import tables
from leitweg.domain.states import State

ACTIVITIES = {
    WORKING: "Work",
    RESOLVING: "Resolve",
    RETURNING: "Return",
    QUEUED: "Queued",
    RESOLVED: "Resolved",
    CLOSED: "Closed",
}
STATES = {
    WORKING: State.WORKING,
    RESOLVING: State.RESOLVED,
    RETURNING: State.QUEUED,
    QUEUED: State.QUEUED,
    RESOLVED: State.RESOLVED,
    CLOSED: State.CLOSED,
}
MACHINE = "auto-close"


@dataclass(frozen=True)
class Names:
    """The ids that units, people, topics and cases have outside; one each, in order."""

    units: Sequence[str]
    people: Sequence[str]
    topics: Sequence[str]
    cases: Sequence[str]


def numbered(log: GeneratedLog) -> Names:
    """Return ids that are only numbers: ``U03``, ``P0017``, ``topic-04``, ``case-000123``."""
    return Names(
        units=[unit_id(u) for u in range(log.plan.n_units)],
        people=[f"P{i:04d}" for i in range(len(log.person_unit))],
        topics=[topic_id(t) for t in range(len(topics_of(log.plan)))],
        cases=[f"case-{i:06d}" for i in range(len(log.opened_us))],
    )


def unit_id(unit: int) -> str:
    """Return the id of a unit in `to_tables`.

    >>> unit_id(3)
    'U03'
    """
    return f"U{unit:02d}"


def topic_id(topic: int) -> str:
    """Return the id of a topic in `to_tables`.

    >>> topic_id(4)
    'topic-04'
    """
    return f"topic-{topic:02d}"


def to_tables(log: GeneratedLog, names: Names | None = None) -> dict[str, pa.Table]:
    """Return the log as the canonical tables ``units``, ``people``, ``cases`` and ``events``.

    A company with absences keeps record of its staff: then also ``positions``,
    ``qualifications``, ``requirements`` and ``absences``.

    Events of a log without a start have ``started_us`` null, so have all of a status log. A piece
    of work that returns a case without work counts as queued. ``seq`` is the row number.
    """
    names = names or numbered(log)
    staff = staff_record(log, names.units, names.topics) if has_staff_record(log.plan) else None
    found = {
        "units": _units(names),
        "people": _people(log, names, staff),
        "cases": _cases(log, names),
        "events": _events(log, names),
    }
    return found if staff is None else {**found, **_staff(staff, names)}


def _table(table: tables.Table, columns: dict[str, object], n: int) -> pa.Table:
    arrays = []
    for field in table.schema:
        values = columns.get(field.name)
        arrays.append(pa.nulls(n, field.type) if values is None else pa.array(values, field.type))
    return pa.Table.from_arrays(arrays, schema=table.schema)


def _named(
    names: Sequence[str], index: npt.NDArray[np.signedinteger[Any]] | Sequence[int]
) -> pa.Array:
    """Return the name of each index; null for a negative one."""
    index = np.asarray(index)
    indices = pa.array(index, mask=np.asarray(index < 0))
    return pc.take(pa.array(names, pa.string()), indices)


def _units(names: Names) -> pa.Table:
    return _table(tables.UNITS, {"unit": names.units, "name": names.units}, len(names.units))


def _people(log: GeneratedLog, names: Names, staff: StaffRecord | None) -> pa.Table:
    positions = list(staff.position) if staff else [None] * len(names.people)
    people, units = list(names.people), list(_named(names.units, log.person_unit).to_pylist())
    kinds = ["person"] * len(people)
    if np.any(log.person < 0):
        people, units, kinds = [*people, MACHINE], [*units, None], [*kinds, "system"]
        positions = [*positions, None]
    columns: dict[str, object] = {"person": people, "unit": units, "kind": kinds}
    return _table(tables.PEOPLE, {**columns, "position": positions}, len(people))


def _staff(staff: StaffRecord, names: Names) -> dict[str, pa.Table]:
    position, unit, title = zip(*staff.positions, strict=True)
    person, skill, level = zip(*staff.qualifications, strict=True)
    who, needed, least = zip(*staff.requirements, strict=True)
    columns: dict[str, dict[str, object]] = {
        "positions": {"position": position, "unit": _named(names.units, unit), "title": title},
        "qualifications": {"person": _named(names.people, person), "skill": skill, "level": level},
        "requirements": {"position": who, "skill": needed, "level": least},
        "absences": {
            "person": _named(names.people, staff.absent_person),
            "from_us": staff.absent_from_us,
            "to_us": staff.absent_to_us,
        },
    }
    sizes = {
        "positions": len(unit),
        "qualifications": len(person),
        "requirements": len(who),
        "absences": len(staff.absent_person),
    }
    return {name: _table(tables.TABLES[name], columns[name], n) for name, n in sizes.items()}


def _cases(log: GeneratedLog, names: Names) -> pa.Table:
    columns: dict[str, object] = {
        "case_id": names.cases,
        "topic": _named(names.topics, log.topic),
        "opened_us": log.opened_us,
    }
    if log.plan.urgent_share > 0:
        columns["priority"] = np.where(log.urgent, "urgent", "normal").tolist()
    if log.plan.record != "status" or log.plan.close_days == 0:
        columns["closed_us"] = log.resolved_us
    else:
        columns["closed_us"] = log.at_us[log.first_row[1:] - 1]
    return _table(tables.CASES, columns, len(names.cases))


def _events(log: GeneratedLog, names: Names) -> pa.Table:
    n = len(log.case)
    activity = [ACTIVITIES[code] for code in range(len(ACTIVITIES))]
    if log.plan.record == "status":
        activity[WORKING] = "In Progress"
    state = np.array([int(STATES[code]) for code in range(len(STATES))], np.int8)
    starts = None if log.plan.record != "started" else log.started_us
    lifecycle = None if log.plan.record == "status" else pa.repeat("complete", n)
    people = [*names.people, MACHINE]
    columns: dict[str, object] = {
        "case_id": _named(names.cases, log.case),
        "at_us": log.at_us,
        "started_us": starts,
        "person": _named(people, np.where(log.person < 0, len(people) - 1, log.person)),
        "unit": _named(names.units, log.unit),
        "activity": _named(activity, log.activity),
        "lifecycle": lifecycle,
        "state": state[log.activity],
        "seq": np.arange(n),
    }
    return _table(tables.EVENTS, columns, n)
