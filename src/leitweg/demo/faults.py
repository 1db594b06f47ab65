"""Planting: where a fault goes, how strong it is, and how many cases it met.

A place is drawn among those where about the wanted number of cases meet the fault, and where no
other fault of the plan lies in the way: two slow places with one receiver, or a detour through a
bottleneck, would leave nobody the chance to say what is what.
"""

import math
from dataclasses import replace

import numpy as np

from leitweg.demo.company import GeneratedLog
from leitweg.demo.places import Place, places_of
from leitweg.demo.plan import KINDS, MONTH_DAYS, CompanyPlan, Fault, NeededStep
from leitweg.domain.errors import LeitwegError

__all__ = ["Fault", "cases_at", "place_fault", "place_needed_step"]

# what part of the cases at its place a fault that hits some of them may hit
SHARES = {
    "ping_pong": (0.25, 0.6),
    "misrouting": (0.25, 0.6),
    "dead_end": (0.25, 0.6),
    "silo": (0.4, 0.8),
}
BACKLOG_SHARE, BACKLOG_DAYS = 0.9, 90
GAP_SHARE = 0.97
# kinds that change the way of a topic or hold it up on its way
WAYS = {"ping_pong", "misrouting", "dead_end", "gap", "silo", "key_position"}
QUEUE_WEIGHT = 10
STEP = 7  # in the key of the draws of needed steps, where kinds have their number
# how far the expected number of cases may be from the wanted one; wider where no place is free
TOLERANCES = (math.log(1.12), math.log(1.25))


def place_fault(plan: CompanyPlan, kind: str, seed: int, target_cases: int) -> Fault:
    """Choose a place at random where about so many cases of the period meet a fault of this kind.

    Parameters
    ----------
    plan
        The company, with the faults it already has.
    kind
        One of `demo.plan.KINDS`.
    target_cases
        How many cases the fault should act on (`cases_at`), not how many come by.

    Returns
    -------
    Fault
        With its size drawn: factor 2.5–4 for a bottleneck, 3–5 for a slow link, 0.2–0.35 for a
        smooth one, shares of 25–60 %.

    Raises
    ------
    LeitwegError
        ``no-place``: no place of this kind has about that many cases.
    """
    rng = np.random.default_rng((seed, KINDS.index(kind)))
    places = [_sized(plan, p, target_cases) for p in places_of(plan, kind)]
    off = [abs(math.log(p.n_cases / target_cases)) for p in places]
    if not places or min(off) > math.log(2.0):
        raise LeitwegError(
            f"No place for a fault of kind {kind} has about {target_cases} cases in a company of "
            f"{plan.n_cases}; ask for another number or a larger company.",
            code="no-place",
            kind=kind,
            target_cases=target_cases,
        )
    free = _free(plan, [(p.fault, o) for p, o in zip(places, off, strict=True)])
    return _strong(free[rng.integers(len(free))], plan, rng)


def _free(plan: CompanyPlan, choices: list[tuple[Fault, float]]) -> list[Fault]:
    """Return the choices that fit and are least in the way of the faults the plan has."""
    nearest = min(off for _, off in choices)
    least: dict[int, list[Fault]] = {}
    for tolerance in TOLERANCES:
        least = {}
        for fault, off in choices:
            if off <= max(tolerance, nearest):
                overlap = sum(_overlap(fault, other) for other in plan.faults)
                least.setdefault(overlap, []).append(fault)
        if 0 in least:
            break
    return least[min(least)]


def _sized(plan: CompanyPlan, place: Place, target: int) -> Place:
    """Give a fault that hits a share of the cases the share that meets the target best."""
    fault = place.fault
    if fault.kind in SHARES:
        low, high = SHARES[fault.kind]
        share = min(max(target / place.n_cases, low), high)
        return Place(replace(fault, share=share), place.n_cases * share)
    if fault.kind == "gap":
        return Place(replace(fault, share=GAP_SHARE), place.n_cases * GAP_SHARE)
    if fault.kind == "backlog":
        per_day = BACKLOG_SHARE * place.n_cases / (plan.months * MONTH_DAYS)
        days = min(max(round(target / per_day), 7), BACKLOG_DAYS)
        # `from_day` holds the length of the window until it is placed
        return Place(replace(fault, share=BACKLOG_SHARE, from_day=days), per_day * days)
    return place


def _strong(fault: Fault, plan: CompanyPlan, rng: np.random.Generator) -> Fault:
    if fault.kind == "bottleneck":
        return replace(fault, factor=float(rng.uniform(2.5, 4.0)))
    if fault.kind == "slow_link":
        return replace(fault, factor=float(rng.uniform(3.0, 5.0)))
    if fault.kind == "smooth_link":
        return replace(fault, factor=float(rng.uniform(0.2, 0.35)))
    if fault.kind == "ping_pong":
        return replace(fault, rounds=int(rng.integers(1, 4)))
    if fault.kind == "silo":
        return replace(fault, rounds=int(rng.integers(1, 3)))
    if fault.kind == "misrouting":
        return replace(fault, part=float(rng.uniform(0.0, 0.5)))
    if fault.kind == "dead_end":
        return replace(fault, hours=float(rng.uniform(60.0, 120.0)))
    if fault.kind == "key_position":
        share, people = float(rng.uniform(0.12, 0.2)), int(rng.integers(1, 3))
        return replace(fault, share=share, people=people)
    if fault.kind in ("gap", "overload"):
        return fault
    last = int(plan.months * MONTH_DAYS)
    clear_day = int(rng.integers(last // 4 + fault.from_day, max(last * 9 // 10, last // 4 + 92)))
    return replace(fault, from_day=clear_day - fault.from_day, clear_day=clear_day)


def _overlap(one: Fault, other: Fault) -> int:
    """Return how badly two faults lie in each other's way; 0 is not at all."""
    both = one.kind in WAYS and other.kind in WAYS
    topics = both and bool(set(one.topics or ()) & set(other.topics or ()))
    passing = _passes_on(one, other) or _passes_on(other, one)
    shared = len(_receivers(one) & _receivers(other))
    # what else changes at a unit with a queue changes the queue
    queue = "overload" in (one.kind, other.kind)
    return shared * (QUEUE_WEIGHT if queue else 1) + int(topics) + int(passing)


def _receivers(fault: Fault) -> set[int]:
    """Units whose receipts a fault changes."""
    if fault.kind == "ping_pong":
        return {fault.from_unit, fault.to_unit}
    if fault.units:
        return {*fault.units, fault.to_unit} - {-1}
    return {fault.unit} if fault.unit >= 0 else {fault.to_unit}


def _passes_on(detour: Fault, link: Fault) -> bool:
    """Return whether a detour sends cases along a link that the other fault changes, or off it."""
    if detour.kind == "misrouting":
        return detour.unit == link.from_unit
    avoided = (detour.from_unit, detour.to_unit) == (link.from_unit, link.to_unit)
    return detour.kind == "gap" and (link.from_unit in detour.units or avoided)


def place_needed_step(plan: CompanyPlan, seed: int, share: float) -> NeededStep:
    """Choose a place for a step that only `share` of a topic's cases need.

    It lies where misrouting could lie, away from the faults and the other steps of the plan: the
    log shows no difference, and no finding may claim one.
    """
    rng = np.random.default_rng((seed, STEP, len(plan.needed_steps)))
    steps = [Fault("misrouting", s.unit, s.from_unit, topics=(s.topic,)) for s in plan.needed_steps]
    taken = [*plan.faults, *steps]
    places = [p.fault for p in places_of(plan, "misrouting")]
    overlaps = [sum(_overlap(f, other) for other in taken) for f in places]
    free = [f for f, n in zip(places, overlaps, strict=True) if n == min(overlaps)]
    chosen = free[rng.integers(len(free))]
    return NeededStep(chosen.from_unit, chosen.unit, (chosen.topics or (0,))[0], share)


def cases_at(log: GeneratedLog, fault: Fault) -> int:
    """Return on how many cases a fault of the log's plan acted."""
    bit = log.plan.faults.index(fault)
    return int(np.count_nonzero(log.touched >> bit & 1))
