"""The staff of a generated company as tables: positions, skills, needed skills and absences.

In every unit one person leads and the others are officers; all can do the casework of their unit.
Where a key position is planted, its holders are specialists: they alone have one skill more.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from leitweg.demo.absences import absences_of
from leitweg.demo.arrivals import to_utc
from leitweg.demo.company import GeneratedLog
from leitweg.demo.plan import CompanyPlan, Fault
from leitweg.demo.way import Ints

OFFICER, LEAD, SPECIALIST = "officer", "lead", "specialist"
LEADING = "leading"


@dataclass(frozen=True)
class StaffRecord:
    """What is on record about the staff, rows as tuples.

    ``position`` per person of the log; ``positions`` (position, unit number, title);
    ``qualifications`` (person number, skill, level); ``requirements`` (position, skill, level);
    absences by person number, in UTC.
    """

    position: tuple[str, ...]
    positions: tuple[tuple[str, int, str], ...]
    qualifications: tuple[tuple[int, str, float], ...]
    requirements: tuple[tuple[str, str, float], ...]
    absent_person: Ints
    absent_from_us: Ints
    absent_to_us: Ints


def has_staff_record(plan: CompanyPlan) -> bool:
    """Return whether a company keeps record of its staff: where absences play a part."""
    return plan.absences or any(fault.kind == "key_position" for fault in plan.faults)


def position_id(unit: str, role: str) -> str:
    """Return the id of a position.

    >>> position_id("U03", SPECIALIST)
    'U03-specialist'
    """
    return f"{unit}-{role}"


def casework(unit: str) -> str:
    """Return the skill that everybody of a unit has."""
    return f"{unit}-casework"


def scarce_skill(unit: str, topics: Sequence[str]) -> str:
    """Return the skill that only the specialists of a unit have."""
    return f"{'-and-'.join(topics)}-at-{unit}"


def staff_record(log: GeneratedLog, units: Sequence[str], topics: Sequence[str]) -> StaffRecord:
    """Return what is on record about the staff of a generated company.

    Parameters
    ----------
    units, topics
        Their ids, in order.
    """
    plan = log.plan
    skills = {
        fault.unit: scarce_skill(units[fault.unit], [topics[t] for t in fault.topics or ()])
        for fault in key_faults(plan)
    }
    roles = roles_of_people(plan)
    positions: list[tuple[str, int, str]] = []
    qualifications: list[tuple[int, str, float]] = []
    requirements: list[tuple[str, str, float]] = []
    for u, unit in enumerate(units):
        own = {SPECIALIST: skills.get(u), LEAD: LEADING}
        people = np.flatnonzero(log.person_unit == u).tolist()
        for role in dict.fromkeys(roles[p] for p in people):
            positions.append((position_id(unit, role), u, f"{role} {unit}"))
            requirements.append((position_id(unit, role), casework(unit), 2.0))
            if own.get(role):
                requirements.append((position_id(unit, role), str(own[role]), 3.0))
        for p in people:
            qualifications.append((p, casework(unit), 2.0))
            if own.get(roles[p]):
                qualifications.append((p, str(own[roles[p]]), 3.0))
    absences = absences_of(plan)
    return StaffRecord(
        position=tuple(
            position_id(units[u], role)
            for u, role in zip(log.person_unit.tolist(), roles, strict=True)
        ),
        positions=tuple(positions),
        qualifications=tuple(qualifications),
        requirements=tuple(requirements),
        absent_person=absences.person,
        absent_from_us=to_utc(plan, absences.from_us),
        absent_to_us=to_utc(plan, absences.to_us),
    )


def key_faults(plan: CompanyPlan) -> list[Fault]:
    """Return the planted key positions of a company."""
    return [fault for fault in plan.faults if fault.kind == "key_position"]


def roles_of_people(plan: CompanyPlan) -> list[str]:
    """Return the role of each person: the first of a unit may be specialists, its last one leads.

    As the draws of the log see them (`demo/takers.py`).
    """
    specialists = {fault.unit: fault.people for fault in key_faults(plan)}
    roles = []
    for unit, size in enumerate(plan.unit_people):
        special = specialists.get(unit, 0)
        roles += [SPECIALIST] * special + [OFFICER] * (size - special - 1) + [LEAD]
    return roles
