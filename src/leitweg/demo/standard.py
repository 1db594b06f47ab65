"""The companies on which findings are proven: plain and rough, with faults of chosen size."""

import math
from dataclasses import replace

from leitweg.demo.faults import place_fault
from leitweg.demo.layout import topics_of
from leitweg.demo.places import QUEUED_SHARE, UTILISATION, expected_cells, receipts, stay_hours
from leitweg.demo.plan import MONTH_DAYS, CompanyPlan, TopicPath

# so many cases of the company for each case at a fault give places of every kind; fewer in a
# rough company, where every unit gets strays besides
CASES_PER_CASE_AT_FAULT, ROUGH_CASES_PER_CASE_AT_FAULT = 20, 18

# work for up to so many people at the unit that can be overloaded, so long at most for one case,
# and how far arrivals rise and fall
HEAVY_PEOPLE, HEAVY_HOURS, WAVE_SHARE = 3, 60.0, 0.4
NEAR = 0.2
# these choose their places first, in this order
SCARCE_PLACES = {"overload": 0, "gap": 1, "silo": 2, "key_position": 3}


def roughened(plan: CompanyPlan) -> CompanyPlan:
    """Return the plan as a rough company: everything differs a little by itself."""
    return replace(
        plan,
        unit_log_sd=0.35,
        link_log_sd=0.2,
        wrong_topic_share=0.10,
        stray_share=0.11,
        bounce_share=0.08,
    )


def with_direct_topic(plan: CompanyPlan, cases_at_fault: int) -> CompanyPlan:
    """Return the plan with one more topic that goes from entry to home directly.

    The one of which about so many cases take one such link, and whose middle units receive from
    several places without it: only where the usual way is direct can a link be found missing.
    """
    topics = topics_of(plan)
    best = min(
        (abs(math.log(n / cases_at_fault)), t)
        for t in range(len(topics))
        if _contrast_left(topics, t)
        for n in _direct_cases(plan, topics, t)
    )[1]
    changed = [replace(topic, middle=()) if t == best else topic for t, topic in enumerate(topics)]
    return replace(plan, topics=tuple(changed))


def with_heavy_work(plan: CompanyPlan, cases_at_fault: int) -> CompanyPlan:
    """Return the plan with one unit whose work takes long, and with arrivals that rise and fall.

    So long that up to three people are just enough for it: only where there is that much work can
    there be too few people. The seed chooses among units that get about the right number.
    """
    cells = expected_cells(plan)
    n = {unit: receipts(plan, cells, unit) for unit in sorted({b for _, b, _ in cells})}
    off = {u: abs(math.log(n[u] * QUEUED_SHARE / cases_at_fault)) for u in n}
    near = [u for u in n if off[u] <= max(NEAR, min(off.values()))]
    unit = near[plan.seed % len(near)]
    alone = UTILISATION * plan.months * MONTH_DAYS * 24.0 / n[unit]
    hours = alone * min(max(int(HEAVY_HOURS / alone), 1), HEAVY_PEOPLE)
    without_gaps = stay_hours(plan, unit) - stay_hours(replace(plan, work_hours=0.0), unit)
    factor = (hours - stay_hours(replace(plan, work_hours=0.0), unit)) / without_gaps
    return replace(plan, unit_work=((unit, factor),), wave_share=WAVE_SHARE)


def _direct_cases(plan: CompanyPlan, topics: tuple[TopicPath, ...], t: int) -> list[float]:
    n = plan.n_cases * topics[t].weight / sum(other.weight for other in topics)
    return [n * a * b for a in topics[t].entry_shares for b in topics[t].home_shares]


def _contrast_left(topics: tuple[TopicPath, ...], t: int) -> bool:
    """Return whether the middle units of a topic are received from in two other topics."""
    others = [other for i, other in enumerate(topics) if i != t]
    return all(
        sum(unit in (*other.middle, *other.homes) for other in others) >= 2
        for unit in topics[t].middle
    )


def standard_company(
    seed: int, *, rough: bool, faults: tuple[str, ...], cases_at_fault: int = 450
) -> CompanyPlan:
    """Return a company of 12 units and 10 topics with one planted fault of each kind asked for.

    Parameters
    ----------
    seed
        Of layout, places, sizes and draws.
    rough
        Units and links differ by themselves (log sd 0.35 and 0.2), 10 % wrong topics, 11 % stray
        detours, 8 % ordinary bouncing. Otherwise all places are equal.
    faults
        Kinds, such as ``("bottleneck", "slow_link")``. Without any, the company is faultless.
    cases_at_fault
        About how many cases meet each fault in the 12 months; the number of cases of the company
        follows (20 times as many, 9,000 for 450; 18 times in a rough one).
    """
    per_case = ROUGH_CASES_PER_CASE_AT_FAULT if rough else CASES_PER_CASE_AT_FAULT
    plan = CompanyPlan(seed=seed, n_cases=per_case * cases_at_fault)
    if rough:
        plan = roughened(plan)
    if "gap" in faults:
        plan = with_direct_topic(plan, cases_at_fault)
    if "overload" in faults:
        plan = with_heavy_work(plan, cases_at_fault)
    if "key_position" in faults:
        plan = replace(plan, absences=True)
    planted = {}
    for kind in sorted(faults, key=lambda kind: SCARCE_PLACES.get(kind, len(SCARCE_PLACES))):
        planted[kind] = place_fault(plan, kind, seed, cases_at_fault)
        plan = replace(plan, faults=(*plan.faults, planted[kind]))
    return replace(plan, faults=tuple(planted[kind] for kind in faults))
