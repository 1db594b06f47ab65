"""A plan as the arrays that the compiled part reads."""

import numpy as np
import numpy.typing as npt

from leitweg.demo.absences import absences_of
from leitweg.demo.clock import Pace
from leitweg.demo.insertions import AROUND, BETWEEN, BOUNCES, HELD, STUCK, VIA, Insertions
from leitweg.demo.layout import link_effects, unit_effects
from leitweg.demo.plan import (
    DAY_US,
    RECORDS,
    SLOWNESS,
    CompanyPlan,
    Fault,
    NeededStep,
    QueueUnit,
    TopicPath,
    fault_key,
    place_key,
)
from leitweg.demo.queue_rules import Queues
from leitweg.demo.takers import Staffing
from leitweg.demo.walk import NEEDED_BIT, Paths
from leitweg.demo.way import Floats, Ints

INSERTED = {
    "misrouting": VIA,
    "ping_pong": BOUNCES,
    "dead_end": STUCK,
    "backlog": HELD,
    "gap": BETWEEN,
    "silo": AROUND,
}


def paths_of(plan: CompanyPlan, topics: tuple[TopicPath, ...]) -> Paths:
    """Return the layout as arrays."""
    weights = np.array([t.weight for t in topics])
    return Paths(
        topic_cum=np.cumsum(weights / weights.sum()),
        entry=_padded([t.entries for t in topics]),
        entry_cum=_cumulated([t.entry_shares for t in topics]),
        middle=_padded([t.middle for t in topics]),
        home=_padded([t.homes for t in topics]),
        home_cum=_cumulated([t.home_shares for t in topics]),
        first_contact_share=plan.first_contact_share,
        wrong_topic_share=plan.wrong_topic_share,
        stray_share=plan.stray_share,
        bounce_share=plan.bounce_share,
        n_units=plan.n_units,
    )


def _padded(rows: list[tuple[int, ...]]) -> Ints:
    table = np.full((len(rows), max([1, *(len(r) for r in rows)])), -1, np.int64)
    for i, row in enumerate(rows):
        table[i, : len(row)] = row
    return table


def _cumulated(rows: list[tuple[float, ...]]) -> Floats:
    # 2 behind the last unit: no draw can reach what is padded
    table = np.full((len(rows), max(len(r) for r in rows)), 2.0)
    for i, row in enumerate(rows):
        table[i, : len(row) - 1] = np.cumsum(row)[:-1]
    return table


def insertions_of(plan: CompanyPlan) -> Insertions:
    """Return the faults that change a way or park a case, and the steps that are needed."""
    rows = [(f, i) for i, f in enumerate(plan.faults) if f.kind in INSERTED]
    rows += [(_as_detour(step), NEEDED_BIT) for step in plan.needed_steps]
    faults = [f for f, _ in rows]
    keys = [fault_key(f) if bit != NEEDED_BIT else _needed_key(f) for f, bit in rows]
    return Insertions(
        kind=_column([INSERTED[f.kind] for f in faults]),
        unit=_column([f.unit for f in faults]),
        from_unit=_column([f.from_unit for f in faults]),
        to_unit=_column([f.to_unit for f in faults]),
        units=_padded([f.units for f in faults]),
        topic=np.array([_flags(plan, f) for f in faults]).reshape(len(faults), n_topics(plan)),
        share=np.array([f.share for f in faults], np.float64),
        part=np.array([f.part for f in faults], np.float64),
        rounds=_column([f.rounds for f in faults]),
        hours=np.array([f.hours for f in faults], np.float64),
        from_us=_column([plan.start_us + f.from_day * DAY_US for f in faults]),
        clear_us=_column([plan.start_us + f.clear_day * DAY_US for f in faults]),
        key=_column(keys),
        bit=_column([bit for _, bit in rows]),
    )


def _as_detour(step: NeededStep) -> Fault:
    return Fault("misrouting", step.unit, step.from_unit, topics=(step.topic,), share=step.share)


def _needed_key(fault: Fault) -> int:
    return place_key((99, fault.unit, fault.from_unit, *(fault.topics or ())))


def _column(numbers: list[int]) -> Ints:
    return np.array(numbers, np.int64)


def n_topics(plan: CompanyPlan) -> int:
    """Return how many topics a plan has."""
    return len(plan.topics) or plan.n_topics


def _flags(plan: CompanyPlan, fault: Fault) -> npt.NDArray[np.bool_]:
    wanted = range(n_topics(plan)) if fault.topics is None else fault.topics
    return np.isin(np.arange(n_topics(plan)), list(wanted))


def pace_of(plan: CompanyPlan) -> Pace:
    """Return how long everything takes, with the faults that make it slow or smooth."""
    slow = link_effects(plan) * (unit_effects(plan) * _ordinary(plan))[None, :]
    slow = np.repeat(slow[:, :, None], n_topics(plan), axis=2)
    touched = np.zeros(slow.shape, np.int64)
    for i, fault in enumerate(plan.faults):
        if fault.kind in SLOWNESS:
            at = _cells(plan, fault)
            slow[at] *= fault.factor
            touched[at] |= 1 << i
    pickup = np.zeros(plan.n_units, np.int64)
    for unit, days in plan.pickup_days:
        pickup[unit] = round(days * DAY_US)
    staffing = staffing_of(plan)
    return Pace(
        work_factor=_per_unit(plan, plan.unit_work),
        entry_factor=_ordinary(plan),
        one_piece=_in_one_piece(plan),
        wait_hours=plan.wait_hours,
        wait_log_sd=plan.wait_log_sd,
        work_hours=plan.work_hours,
        work_log_sd=plan.work_log_sd,
        slow=slow,
        touched=touched,
        ins=insertions_of(plan),
        pickup_us=pickup,
        first_person=staffing.first_person,
        people=staffing.people,
        all_present=not len(staffing.absent_from),
        staffing=staffing,
        office_hours=plan.office_hours,
        record=RECORDS.index(plan.record),
        close_days=plan.close_days,
    )


def _per_unit(plan: CompanyPlan, factors: tuple[tuple[int, float], ...]) -> Floats:
    column = np.ones(plan.n_units)
    for unit, factor in factors:
        column[unit] = factor
    return column


def staffing_of(plan: CompanyPlan) -> Staffing:
    """Return the people of the units, who of them can do what, and when they are absent."""
    sizes = np.array(plan.unit_people, np.int64)
    holders = np.zeros((plan.n_units, n_topics(plan)), np.int64)
    bit = np.full_like(holders, -1)
    for i, fault in enumerate(plan.faults):
        if fault.kind == "key_position":
            topics = _flags(plan, fault)
            holders[fault.unit, topics], bit[fault.unit, topics] = fault.people, i
    absences = absences_of(plan)
    return Staffing(
        first_person=np.cumsum(sizes) - sizes,
        people=sizes,
        holders=holders,
        bit=bit,
        first_absence=np.searchsorted(absences.person, np.arange(sizes.sum() + 1)),
        absent_from=absences.from_us,
        absent_to=absences.to_us,
    )


def queues_of(plan: CompanyPlan) -> Queues:
    """Return the units with a queue: those of the plan, and overloaded ones."""
    units = queue_units_of(plan)
    people, bit = np.zeros(plan.n_units, np.int64), np.full(plan.n_units, -1)
    urgent_first, batch = np.zeros(plan.n_units, np.bool_), np.zeros(plan.n_units, np.int64)
    weekdays = np.ones((plan.n_units, 7), np.bool_)
    for queue in units:
        people[queue.unit] = queue.people or plan.unit_people[queue.unit]
        urgent_first[queue.unit], batch[queue.unit] = queue.urgent_first, queue.batch
        weekdays[queue.unit] = np.isin(np.arange(7), queue.weekdays)
    for i, fault in enumerate(plan.faults):
        if fault.kind == "overload":
            people[fault.unit], bit[fault.unit] = fault.people, i
            urgent_first[fault.unit] = plan.urgent_share > 0
    closed = [(q.unit, a, b) for q in units for a, b in q.closures]
    return Queues(
        people=people,
        bit=bit,
        urgent_first=urgent_first,
        batch=batch,
        weekdays=weekdays,
        closed_unit=_column([unit for unit, _, _ in closed]),
        closed_from=_column([plan.start_us + a * DAY_US for _, a, _ in closed]),
        closed_to=_column([plan.start_us + b * DAY_US for _, _, b in closed]),
        urgent_share=plan.urgent_share,
    )


def queue_units_of(plan: CompanyPlan) -> tuple[QueueUnit, ...]:
    """Return the units with a queue that are no fault; all units where people are real."""
    named = {queue.unit for queue in plan.queue_units}
    others = (u for u in range(plan.n_units) if u not in named)
    return plan.queue_units + tuple(QueueUnit(u) for u in others if plan.real_people)


def _in_one_piece(plan: CompanyPlan) -> npt.NDArray[np.bool_]:
    """Return where work is not interrupted: in batches at least, or one would not see them."""
    batches = [queue.unit for queue in plan.queue_units if queue.batch]
    return np.isin(np.arange(plan.n_units), batches) | plan.one_piece


def _ordinary(plan: CompanyPlan) -> Floats:
    return _per_unit(plan, tuple((q.unit, q.ordinary) for q in plan.queue_units))


def _cells(plan: CompanyPlan, fault: Fault) -> npt.NDArray[np.bool_]:
    cells = np.zeros((plan.n_units, plan.n_units, n_topics(plan)), np.bool_)
    flags = _flags(plan, fault)
    if fault.kind == "bottleneck":
        cells[:, fault.unit, :] = flags
    else:
        cells[fault.from_unit, fault.to_unit, :] = flags
    return cells
