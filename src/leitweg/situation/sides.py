"""Which cases stand on which side: two periods, or two parts of the company.

No case stands on both: the sides are drawn anew independently, and their values are of different
cases. Method: docs/methods/comparison.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from leitweg.domain.comparison import Part, Side
from leitweg.engine.event_log import EventLog
from leitweg.situation.arrays import Flags, Ints
from leitweg.situation.basis import Basis

# keeps the draws by day of pick-up apart: both sides count their days from zero
SECOND_SEED = 0x2545F491


@dataclass(frozen=True)
class Labels:
    """A label of the cases: the code of each case (-1 for none) and the names of the codes."""

    codes: Ints
    names: tuple[str, ...]


def labels_of(log: EventLog) -> Mapping[str, Labels]:
    """Labels of the log that part the cases, by what they are called."""
    return {
        "topic": Labels(log.topic, log.topics),
        "priority": Labels(log.priority, log.priorities),
        "channel": Labels(log.channel, log.channels),
        "customer": Labels(log.customer, log.customers),
    }


def cases_with(labels: Labels, value: str) -> Flags:
    """Whether each case bears the label."""
    return np.asarray(labels.codes == labels.names.index(value))


def cases_with_any(labels: Labels) -> Flags:
    """Whether each case bears any label of the kind: unknown ones stand on no side."""
    return np.asarray(labels.codes >= 0)


def cases_that_touch(log: EventLog, unit: str) -> Flags:
    """Whether an event of the case names the unit."""
    here = log.unit == log.units.index(unit)
    out = np.zeros(log.n_cases, dtype=bool)
    out[np.repeat(np.arange(log.n_cases), np.diff(log.offsets))[here]] = True
    return out


def side_of(basis: Basis, part: Part | None) -> Side:
    """Count what the log covers of one side."""
    log = basis.log
    case = np.repeat(np.arange(log.n_cases), np.diff(log.offsets))
    here = basis.in_period[case]
    persons, units = log.person[here], log.unit[here]
    some = bool(here.any())
    return Side(
        period=basis.period,
        part=part,
        cases=int(basis.in_period.sum()),
        events=int(here.sum()),
        people=people_among(basis, here) if len(log.persons) else None,
        units=int(np.unique(units[units >= 0]).size),
        events_without_person_share=float((persons < 0).mean()) if some else None,
        events_without_unit_share=float((units < 0).mean()) if some else None,
        people_in_unit=_people_in_unit(basis, part),
    )


def people_among(basis: Basis, events: Flags) -> int:
    """Count distinct people, machines left out, who are named in these events."""
    persons = basis.log.person[events]
    seen = np.unique(persons[persons >= 0])
    return int((~basis.log.machine[seen]).sum())


def _people_in_unit(basis: Basis, part: Part | None) -> int | None:
    """Count distinct people who worked in the unit that names a side, on its cases."""
    log = basis.log
    if part is None or part.by != "unit" or part.value is None or not len(log.persons):
        return None
    case = np.repeat(np.arange(log.n_cases), np.diff(log.offsets))
    return people_among(basis, basis.in_period[case] & (log.unit == log.units.index(part.value)))
