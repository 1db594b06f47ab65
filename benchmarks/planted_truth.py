"""Are planted faults found, named once and priced truly? Companies with known truth.

    python -m benchmarks.planted_truth --companies 30 --first-seed 1000

One fault of each kind per company; the truth comes from generating the company again without that
fault with the same random numbers. Prints one line per kind and roughness.
"""

import argparse
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from leitweg.demo.as_event_log import to_tables
from leitweg.demo.company import GeneratedLog, generate
from leitweg.demo.faults import cases_at, place_needed_step
from leitweg.demo.plan import CompanyPlan, Fault
from leitweg.demo.positions import has_staff_record
from leitweg.demo.standard import standard_company
from leitweg.demo.truth import true_price
from leitweg.domain.findings import Estimate, Finding
from leitweg.domain.states import State
from leitweg.engine.calendars import discover_calendars
from leitweg.engine.event_log import EventLog
from leitweg.engine.staff import STAFF_TABLES, Staff, load_staff
from leitweg.situation.attribution import OUT_OF_SUM, Beside
from leitweg.situation.basis import basis_of
from leitweg.situation.expected_links import FALSE_DISCOVERY_RATE, fewer_than_expected
from leitweg.situation.findings import findings_of
from leitweg.situation.load import busy_weeks_of, person_weeks

MISSING = -(2**63)
# state of each activity of a generated status log (leitweg.demo.clock)
STATES = np.array(
    [
        State.WORKING,
        State.WORKING,
        State.WORKING,
        State.QUEUED,
        State.RESOLVED,
        State.CLOSED,
    ],
    dtype=np.int8,
)
KINDS = ("bottleneck", "slow_link", "ping_pong", "misrouting", "dead_end", "smooth_link")


@dataclass(frozen=True)
class Outcome:
    """One planted fault: was it among the first three of its kind, and does the interval cover."""

    kind: str
    cases: int
    found: bool
    covered: bool
    ratio: float
    half_width: float


def event_log_of(log: GeneratedLog) -> EventLog:
    """Arrays of a generated log as the engine holds them; cases by first time, as it does."""
    order_of_case = np.lexsort((log.resolved_us, log.at_us[log.first_row[:-1]]))
    counts = np.diff(log.first_row)[order_of_case]
    offsets = np.append(0, np.cumsum(counts)).astype(np.int64)
    starts = np.repeat(log.first_row[:-1][order_of_case] - offsets[:-1], counts)
    rows = starts + np.arange(counts.sum())
    n = rows.size
    n_people = log.person_unit.size
    none = np.full(order_of_case.size, -1, dtype=np.int32)
    missing = np.full(order_of_case.size, MISSING, dtype=np.int64)
    n_topics = int(log.topic.max()) + 1
    status = log.plan.record == "status"
    state = STATES[log.activity[rows]] if status else np.zeros(n, dtype=np.int8)
    started = np.where((log.started_us[rows] < 0) | status, MISSING, log.started_us[rows])
    return EventLog(
        case_ids=pa.array([f"c{c}" for c in order_of_case]),
        offsets=offsets,
        at_us=log.at_us[rows].astype(np.int64),
        started_us=started.astype(np.int64),
        person=log.person[rows].astype(np.int32),
        unit=log.unit[rows].astype(np.int32),
        state=state,
        activity=np.full(n, -1, dtype=np.int32),
        persons=tuple(f"P{p:04d}" for p in range(n_people)),
        units=tuple(f"U{u:02d}" for u in range(log.plan.n_units)),
        activities=(),
        machine=np.zeros(n_people, dtype=bool),
        person_unit=log.person_unit.astype(np.int32),
        opened_us=log.opened_us[order_of_case].astype(np.int64),
        closed_us=missing,
        topic=log.topic[order_of_case].astype(np.int32),
        priority=none,
        channel=none,
        customer=none,
        topics=tuple(f"T{t}" for t in range(n_topics)),
        priorities=(),
        channels=(),
        customers=(),
        has_clock=True,
        has_states=status,
        has_queue=status,
        has_started=log.plan.record == "started",
        n_tied_events=0,
    )


def analysed(plan: CompanyPlan) -> tuple[tuple[Finding, ...], GeneratedLog]:
    """Findings of a company."""
    findings, _, log = answered(plan)
    return findings, log


def answered(plan: CompanyPlan) -> tuple[tuple[Finding, ...], Estimate | None, GeneratedLog]:
    """Findings of a company, and what all of them cost together."""
    log = generate(plan)
    basis = basis_of(event_log_of(log), level="unit", seed=0)
    expected = fewer_than_expected(basis)
    weeks = person_weeks(basis, discover_calendars(basis.log))

    def agrees(a: int, b: int) -> bool | None:
        q = expected.q_of(a, b)
        return None if q is None else q <= FALSE_DISCOVERY_RATE

    beside = Beside(
        agrees=agrees, busy_weeks=busy_weeks_of(basis, weeks), staff=_staff(log, basis.log.persons)
    )
    findings, together = findings_of(basis, beside=beside)
    return findings, together, log


def _staff(log: GeneratedLog, persons: tuple[str, ...]) -> Staff | None:
    """Positions, skills and absences of a company that keeps record of its staff."""
    if not has_staff_record(log.plan):
        return None
    tables = to_tables(log)
    with TemporaryDirectory() as folder:
        files = {}
        for table in STAFF_TABLES:
            path = Path(folder) / f"{table.name}.parquet"
            pq.write_table(tables[table.name], path)
            files[table.name] = [path]
        return load_staff(files, persons)


def at_place(fault: Fault, finding: Finding) -> bool:
    """Whether the finding names the place of the fault."""
    if fault.kind != finding.kind:
        return False
    names = {n: f"U{getattr(fault, n):02d}" for n in ("unit", "from_unit", "to_unit")}
    if fault.kind == "ping_pong":
        return {finding.from_unit, finding.to_unit} == {names["from_unit"], names["to_unit"]}
    if fault.kind == "misrouting":
        return finding.unit == names["unit"] and finding.from_unit == names["from_unit"]
    if fault.kind == "silo":
        return set(finding.evidence["units"]) == {f"U{u:02d}" for u in fault.units}
    if fault.kind in ("bottleneck", "dead_end", "overload", "key_position"):
        return finding.unit == names["unit"]
    return finding.from_unit == names["from_unit"] and finding.to_unit == names["to_unit"]


def judged(plan: CompanyPlan) -> tuple[list[Outcome], list[Finding]]:
    """Outcome per planted fault, and the findings that name no planted place."""
    findings, _, log = answered(plan)
    return judged_of(plan, findings, log)


def judged_of(
    plan: CompanyPlan, findings: tuple[Finding, ...], log: GeneratedLog
) -> tuple[list[Outcome], list[Finding]]:
    """Hold findings against the faults of the plan."""
    outcomes, claimed = [], set()
    for fault in plan.faults:
        of_kind = [f for f in findings if f.kind == fault.kind][:3]
        hits = [f for f in of_kind if at_place(fault, f)]
        truth = true_price(plan, fault)
        claimed |= {f.id for f in hits}
        price = hits[0].price if hits else None
        outcomes.append(
            Outcome(
                fault.kind,
                cases_at(log, fault),
                bool(hits),
                price is not None and price.low <= truth <= price.high,
                price.value / truth if price and truth else float("nan"),
                (price.high - price.low) / 2 / price.value if price else float("nan"),
            )
        )
    return outcomes, [f for f in findings if f.id not in claimed]


def main() -> None:
    """Run the companies and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, default=30)
    parser.add_argument("--first-seed", type=int, default=1000)
    parser.add_argument("--cases-at-fault", type=int, nargs="+", default=[450])
    parser.add_argument("--kinds", nargs="*", default=list(KINDS))
    parser.add_argument("--record", choices=("started", "status", "completion"), default="started")
    parser.add_argument("--verbose", action="store_true")
    asked = parser.parse_args()
    seeds = range(asked.first_seed, asked.first_seed + asked.companies)
    for rough in (False, True):
        for size in asked.cases_at_fault:
            _one_table(seeds, rough, size, asked)
        nothing, smooth = [], []
        for seed in seeds:
            plan = standard_company(seed, rough=rough, faults=(), cases_at_fault=450)
            every = analysed(plan)[0]
            found = [f for f in every if f.kind != "smooth_link"]
            smooth.append(len(every) - len(found))
            nothing.append(len(found))
            if asked.verbose and found:
                print("  nothing planted", seed, [_short(f) for f in found])
        print(
            f"{'rough' if rough else 'plain'}, nothing planted: {np.mean(nothing):.2f} findings on"
            f" average, {max(nothing)} at worst; smooth links {np.mean(smooth):.2f}"
        )
        _needed_steps(seeds, rough)


def _needed_steps(seeds: range, rough: bool) -> None:
    """Steps that only some cases need look like misrouting: how sure do findings claim to be."""
    certainties = []
    for seed in seeds:
        plan = standard_company(seed, rough=rough, faults=(), cases_at_fault=450)
        step = place_needed_step(plan, seed, 0.4)
        findings, _ = analysed(replace(plan, needed_steps=(step,)))
        certainties += [
            f.certainty
            for f in findings
            if f.kind == "misrouting" and f.unit == f"U{step.unit:02d}"
        ]
    print(
        f"{'rough' if rough else 'plain'}, a step that 40 % of the cases need: named as misrouting"
        f" {len(certainties)} times in {len(seeds)} companies, highest certainty"
        f" {max(certainties, default=0.0):.2f}"
    )


def _one_table(seeds: range, rough: bool, size: int, asked: argparse.Namespace) -> None:
    kinds, verbose = tuple(asked.kinds), asked.verbose
    close_days = 3.0 if asked.record == "status" else 0.0
    per_kind: dict[str, list[Outcome]] = defaultdict(list)
    further, unions = [], []
    for seed in seeds:
        plan = standard_company(seed, rough=rough, faults=kinds, cases_at_fault=size)
        plan = replace(plan, record=asked.record, close_days=close_days)
        findings, together, log = answered(plan)
        outcomes, others = judged_of(plan, findings, log)
        unions.append(_union(plan, together))
        for outcome in outcomes:
            per_kind[outcome.kind].append(outcome)
            if verbose and not (outcome.found and outcome.covered):
                print("  ", seed, outcome)
        further.append(len([f for f in others if f.kind != "smooth_link"]))
        if verbose and others:
            print("   further", seed, [_short(f) for f in others])
    name = "rough" if rough else "plain"
    print(f"{name}, about {size} cases at the fault")
    every = [o for kind in kinds for o in per_kind[kind]]
    for label, rows in [*((k, per_kind[k]) for k in kinds), ("all", every)]:
        found = [o for o in rows if o.found]
        print(
            f"  {label:12} found {len(found):3}/{len(rows):3}  covered"
            f" {sum(o.covered for o in found):3}/{len(found):3}  price/truth"
            f" {np.median([o.ratio for o in found] or [np.nan]):5.2f}  half-width"
            f" {np.median([o.half_width for o in found] or [np.nan]):5.2f}  cases"
            f" {min(o.cases for o in rows)}-{max(o.cases for o in rows)}"
        )
    ratios = np.array([u for u in unions if u is not None])
    if ratios.size:
        print(
            f"  all repaired: estimate / truth {np.median(ratios[:, 0]):.2f}, covered"
            f" {int(ratios[:, 1].sum())}/{len(ratios)}; sum of single prices / truth"
            f" {np.median(ratios[:, 2]):.2f}"
        )
    print(f"  further findings: {np.mean(further):.2f} on average, {max(further)} at worst")


def _union(plan: CompanyPlan, together: Estimate | None) -> tuple[float, float, float] | None:
    """Estimate over truth with all faults repaired, whether it is covered, and the plain sum."""
    faults = [f for f in plan.faults if f.kind not in OUT_OF_SUM]
    if together is None or not faults:
        return None
    truth = true_price(plan, *faults)
    single = sum(true_price(plan, f) for f in faults)
    return together.value / truth, float(together.low <= truth <= together.high), single / truth


def _short(f: Finding) -> str:
    price = f"{f.price.value:.0f} [{f.price.low:.0f}, {f.price.high:.0f}]" if f.price else "-"
    place = f.unit or f"{f.from_unit}>{f.to_unit}"
    return f"{f.kind} {place} {f.from_unit or ''} {dict(f.where)} {price} c={f.certainty:.2f}"


if __name__ == "__main__":
    main()
