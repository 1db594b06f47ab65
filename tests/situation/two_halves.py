"""Companies whose second half year is another one, and random halves of one and the same."""

from dataclasses import fields, replace

import numpy as np
import pyarrow as pa
from benchmarks.planted_truth import event_log_of

from leitweg.demo.company import CompanyPlan, generate
from leitweg.demo.layout import topics_of
from leitweg.demo.plan import DAY_US, MONTH_DAYS, START_US, Fault
from leitweg.engine.event_log import EventLog
from leitweg.situation.basis import basis_of, period_of, walked_once
from leitweg.situation.sides import SECOND_SEED
from leitweg.studies.asked_sides import TwoSides

MONTHS = 6.0
# the last cases of the first half year close in these days
REST_US = 20 * DAY_US
BORDER_US = START_US + round(MONTHS * MONTH_DAYS * DAY_US) + REST_US
PER_EVENT = ("at_us", "started_us", "person", "unit", "state", "activity")
PER_CASE = ("opened_us", "closed_us", "topic", "priority", "channel", "customer")


def plans_of(
    seed: int, factors: tuple[float, float], n_cases: tuple[int, int]
) -> tuple[CompanyPlan, CompanyPlan]:
    """The same company in two half years: the busiest middle unit waits by these factors."""
    first = CompanyPlan(seed=seed, n_cases=n_cases[0], months=MONTHS)
    topics = topics_of(first)
    units = [u for t in topics for u in (*t.middle, *t.homes)]
    unit = int(np.bincount(units).argmax())
    first = replace(
        first, topics=topics, faults=(Fault("bottleneck", unit=unit, factor=factors[0]),)
    )
    second = replace(
        first,
        seed=seed + 10_000,
        n_cases=n_cases[1],
        start_us=BORDER_US,
        faults=(Fault("bottleneck", unit=unit, factor=factors[1]),),
    )
    return first, second


def joined(one: EventLog, two: EventLog) -> EventLog:
    """Both logs as one; their units, people and topics are the same."""
    columns = {
        name: np.concatenate([getattr(one, name), getattr(two, name)])
        for name in (*PER_EVENT, *PER_CASE)
    }
    ids = [f"a{i}" for i in range(one.n_cases)] + [f"b{i}" for i in range(two.n_cases)]
    offsets = np.append(one.offsets, one.offsets[-1] + two.offsets[1:])
    kept = {f.name: getattr(one, f.name) for f in fields(one) if f.name not in columns}
    topics = max(one.topics, two.topics, key=len)
    kept |= {"case_ids": pa.array(ids), "offsets": offsets, "topics": topics}
    return EventLog(**columns, **kept)


def half_years(plans: tuple[CompanyPlan, CompanyPlan], seed: int = 0) -> TwoSides:
    """Both half years as sides; every case closes in its own."""
    logs = [event_log_of(generate(plan)) for plan in plans]
    log = joined(*logs)
    walked = walked_once(log, "unit")
    last = 2 * BORDER_US - START_US
    bounds = ((START_US, BORDER_US, seed), (BORDER_US, last, seed + SECOND_SEED))
    first, second = (
        basis_of(log, level="unit", start_us=a, end_us=b, seed=s, walked=walked)
        for a, b, s in bounds
    )
    return TwoSides(first, second, (None, None))


def random_halves(log: EventLog, seed: int, share: float = 0.5) -> TwoSides:
    """One period, its cases split by lot; ``share`` of them stand on the first side."""
    walked = walked_once(log, "unit")
    mine = np.random.default_rng(seed).random(log.n_cases) < share
    period = period_of(walked.accounts.closed_us, True, None, None)
    first, second = (
        basis_of(
            log,
            level="unit",
            start_us=period.start_us,
            end_us=period.end_us,
            seed=s,
            walked=walked,
            cases=cases,
        )
        for cases, s in ((mine, seed), (~mine, seed + SECOND_SEED))
    )
    return TwoSides(first, second, (None, None))


def mean_hours(plan: CompanyPlan, n_cases: int = 60_000) -> float:
    """Expected hours from opening to resolution of a case of this company."""
    log = generate(replace(plan, n_cases=n_cases, seed=7))
    return float((log.resolved_us - log.opened_us).mean()) / 3.6e9
