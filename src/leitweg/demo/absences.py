"""Who is absent when: ordinary vacations, and those of the only people with a skill."""

from dataclasses import dataclass

import numpy as np

from leitweg.demo.plan import DAY_US, MONTH_DAYS, CompanyPlan, Fault, fault_key
from leitweg.demo.way import Ints

# an ordinary year: two vacations and one short absence, in days
VACATIONS, SHORT = (10, 16), (1, 5)
# an absence of people with a scarce skill, in days
LONG = (8, 21)
MONTHS_PER_YEAR = 12


@dataclass(frozen=True)
class Absences:
    """One row per absence, by person and begin; whole days of the company's clock."""

    person: Ints
    from_us: Ints
    to_us: Ints


def absences_of(plan: CompanyPlan) -> Absences:
    """Return the absences of everybody in the period.

    Ordinary ones where the plan has `absences`; nobody with a scarce skill has these, but those
    of the fault. Of several such people each is away when the first is, so that the place is
    empty. People who work off a queue have none.
    """
    rows: list[tuple[int, int, int]] = []
    sizes = np.array(plan.unit_people)
    first = np.cumsum(sizes) - sizes
    # per person only once: a skill of several topics is planted as one fault
    special = {
        int(first[fault.unit]) + i: fault
        for fault in plan.faults
        if fault.kind == "key_position"
        for i in range(fault.people)
    }
    queues = {fault.unit for fault in plan.faults if fault.kind == "overload"}
    queues |= {queue.unit for queue in plan.queue_units}
    for person in range(int(sizes.sum())):
        unit = int(np.searchsorted(first, person, side="right")) - 1
        if person in special:
            blocks = _long_blocks(plan, special[person])
        elif plan.absences and unit not in queues and not plan.real_people:
            blocks = _ordinary_blocks(plan, person)
        else:
            continue
        rows += [(person, a, b) for a, b in blocks]
    table = np.array(rows, np.int64).reshape(-1, 3)
    start = plan.start_us // DAY_US
    return Absences(table[:, 0], (table[:, 1] + start) * DAY_US, (table[:, 2] + start) * DAY_US)


def _ordinary_blocks(plan: CompanyPlan, person: int) -> list[tuple[int, int]]:
    rng = np.random.default_rng((plan.seed, 61, person))
    years = max(1, round(plan.months / MONTHS_PER_YEAR))
    bounds = [VACATIONS, SHORT, VACATIONS] * years
    return _in_slots(plan, [int(rng.integers(*b)) for b in bounds], rng)


def _long_blocks(plan: CompanyPlan, fault: Fault) -> list[tuple[int, int]]:
    """Return absences that fill the share of the fault, the same for all with the skill."""
    rng = np.random.default_rng((plan.seed, 62, fault_key(fault)))
    wanted, days = fault.share * plan.months * MONTH_DAYS, list[int]()
    while sum(days) < wanted:
        days.append(int(rng.integers(*LONG)))
    days[-1] -= int(sum(days) - wanted)
    return _in_slots(plan, days, rng)


def _in_slots(
    plan: CompanyPlan, days: list[int], rng: np.random.Generator
) -> list[tuple[int, int]]:
    """Put one absence into each of as many equal parts of the period; they never meet."""
    slot = plan.months * MONTH_DAYS / len(days)
    blocks = []
    for i, length in enumerate(days):
        least, most = int(np.ceil(i * slot)), int((i + 1) * slot) - length
        begin = int(rng.integers(least, max(most, least) + 1))
        blocks.append((begin, min(begin + length, int((i + 1) * slot))))
    return [(a, b) for a, b in blocks if b > a]
