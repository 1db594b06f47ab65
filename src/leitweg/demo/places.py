"""Where a fault of each kind may be planted so that the log can tell it from every other kind.

The numbers of cases are expectations from the layout; nothing is drawn for them.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise, permutations

from leitweg.demo.clock import GAP_HOURS, GAP_LOG_SD, THREE_PIECES, TWO_PIECES
from leitweg.demo.layout import topics_of
from leitweg.demo.plan import MONTH_DAYS, CompanyPlan, Fault, TopicPath

Cell = tuple[int, int, int]
# a slow link needs a contrast: this part of the receipts of its unit, in at least two other cells
CONTRAST_SHARE, CONTRAST_CELLS = 0.4, 2
# below it a unit passes on what it gets (a dispatcher), and passing on is its work
RESOLVES_SHARE = 0.15
USUAL_SHARE = 0.58
BLOCK = 3
# an overloaded unit is busy for this part of the time, give or take; so many of its cases queue
UTILISATION, TIGHT, QUEUED_SHARE = 0.8, 0.05, 0.75


@dataclass(frozen=True)
class Place:
    """A place for a fault: the fault without its size, and how many cases come by in the period."""

    fault: Fault
    n_cases: float


def expected_cells(plan: CompanyPlan) -> dict[Cell, float]:
    """Return the expected handovers of each cell: sender, receiver, topic."""
    topics = topics_of(plan)
    weight = sum(t.weight for t in topics)
    passed_on = plan.n_cases * (1.0 - plan.first_contact_share)
    cells: dict[Cell, float] = {}
    for t, topic in enumerate(topics):
        n = passed_on * topic.weight / weight
        for a, b, share in _steps(topic):
            cells[a, b, t] = cells.get((a, b, t), 0.0) + n * share
    return cells


def _steps(topic: TopicPath) -> Iterator[tuple[int, int, float]]:
    layers = [list(zip(topic.entries, topic.entry_shares, strict=True))]
    layers += [[(unit, 1.0)] for unit in topic.middle]
    layers += [list(zip(topic.homes, topic.home_shares, strict=True))]
    for senders, receivers in pairwise(layers):
        for a, share_a in senders:
            for b, share_b in receivers:
                yield a, b, share_a * share_b


def places_of(plan: CompanyPlan, kind: str) -> list[Place]:
    """Return all places of a kind, in a fixed order."""
    cells = expected_cells(plan)
    if kind == "bottleneck":
        return list(_units(plan, cells))
    if kind == "overload":
        return list(overloaded_units(plan, cells))
    if kind in ("slow_link", "smooth_link"):
        return list(_links(cells, kind))
    if kind == "backlog":
        return [Place(Fault(kind, from_unit=a, to_unit=b), n) for (a, b), n in _by_link(cells)]
    if kind == "ping_pong":
        return [Place(Fault(kind, -1, a, b, (t,)), n) for (a, b, t), n in cells.items()]
    if kind in ("dead_end", "key_position"):
        received = sorted({(b, t) for _, b, t in cells})
        return [Place(Fault(kind, b, topics=(t,)), _sum(cells, b, t)) for b, t in received]
    if kind == "gap":
        return list(_gaps(plan, cells))
    if kind == "silo":
        return list(_blocks(plan, cells))
    return list(_detours(plan, cells))


def _sum(cells: dict[Cell, float], unit: int, topic: int | None = None) -> float:
    return sum(n for (_, b, t), n in cells.items() if b == unit and topic in (None, t))


def _by_link(cells: dict[Cell, float]) -> list[tuple[tuple[int, int], float]]:
    links: dict[tuple[int, int], float] = {}
    for (a, b, _), n in cells.items():
        links[a, b] = links.get((a, b), 0.0) + n
    return sorted(links.items())


def _anyone(plan: CompanyPlan) -> float:
    """Return how many strays and questions of others each unit receives, from anywhere."""
    strays = plan.stray_share + plan.bounce_share / 2
    return plan.n_cases * (1.0 - plan.first_contact_share) * strays / plan.n_units


def receipts(plan: CompanyPlan, cells: dict[Cell, float], unit: int) -> float:
    """Return how often a unit is expected to receive cases in the period."""
    return _sum(cells, unit) + _anyone(plan) + _passed_round(plan, cells, unit)


def _passed_round(plan: CompanyPlan, cells: dict[Cell, float], unit: int) -> float:
    """Return how often the gaps and silos of the plan send a case to the unit."""
    n = 0.0
    for fault in plan.faults:
        if unit not in fault.units:
            continue
        entering = {e for t in fault.topics or () for e in topics_of(plan)[t].entries}
        for (a, b, t), by in cells.items():
            if t in (fault.topics or ()) and a in entering:
                gap = fault.kind == "gap" and (a, b) == (fault.from_unit, fault.to_unit)
                rounds = (fault.rounds + 1) / 2 if fault.kind == "silo" else float(gap)
                n += by * fault.share * rounds
    return n


def overloaded_units(plan: CompanyPlan, cells: dict[Cell, float]) -> Iterator[Place]:
    """Yield units with work for several people, and with too few people for it."""
    open_hours = plan.months * MONTH_DAYS * (45.0 / 7.0 if plan.office_hours else 24.0)
    for unit in sorted({b for _, b, _ in cells}):
        n = receipts(plan, cells, unit)
        load = n * stay_hours(plan, unit) / open_hours
        people = round(load / UTILISATION)
        if 1 <= people <= plan.unit_people[unit] and abs(load / people - UTILISATION) <= TIGHT:
            yield Place(Fault("overload", unit, people=people), n * QUEUED_SHARE)


def stay_hours(plan: CompanyPlan, unit: int) -> float:
    """Return how long a stay is expected to keep somebody of the unit busy."""
    piece = (
        plan.work_hours * math.exp(plan.work_log_sd**2 / 2) * dict(plan.unit_work).get(unit, 1.0)
    )
    gap = GAP_HOURS * math.exp(GAP_LOG_SD**2 / 2)
    return piece + (TWO_PIECES + THREE_PIECES) * (piece + gap)


def _units(plan: CompanyPlan, cells: dict[Cell, float]) -> Iterator[Place]:
    for unit in sorted({b for _, b, _ in cells}):
        if sum(1 for _, b, _ in cells if b == unit) >= 2:
            yield Place(Fault("bottleneck", unit), receipts(plan, cells, unit))


def _links(cells: dict[Cell, float], kind: str) -> Iterator[Place]:
    for (a, b), n in _by_link(cells):
        topics = [t for x, y, t in cells if (x, y) == (a, b)]
        choices: list[tuple[tuple[int, ...] | None, float]] = [(None, n)]
        if len(topics) > 1:
            choices += [((t,), cells[a, b, t]) for t in topics]
        for chosen, n_slow in choices:
            n_cells = len(topics) if chosen is None else 1
            others = sum(1 for _, y, _ in cells if y == b) - n_cells
            contrast = _sum(cells, b) - n_slow >= CONTRAST_SHARE * _sum(cells, b)
            if contrast and others >= max(CONTRAST_CELLS, n_cells):
                yield Place(Fault(kind, -1, a, b, chosen), n_slow)


def _detours(plan: CompanyPlan, cells: dict[Cell, float]) -> Iterator[Place]:
    topics = topics_of(plan)
    resolving = resolves_shares(plan, cells)
    for t, topic in enumerate(topics):
        on_the_way = {*topic.entries, *topic.middle, *topic.homes}
        wrong = [w for w, share in resolving.items() if share >= RESOLVES_SHARE]
        for a in (*topic.entries, *topic.middle):
            n = sum(m for (x, _, s), m in cells.items() if x == a and s == t)
            for w in wrong:
                if w not in on_the_way:
                    yield Place(Fault("misrouting", w, a, topics=(t,)), n)


def _gaps(plan: CompanyPlan, cells: dict[Cell, float]) -> Iterator[Place]:
    """Yield links from an entry straight to a home, with units that resolve things between."""
    topics = topics_of(plan)
    looking = [w for w, share in resolves_shares(plan, cells).items() if share >= RESOLVES_SHARE]
    n_between = max(2, usual_between(topics) + 1)
    for t, topic in enumerate(topics):
        if topic.middle:
            continue
        others = [w for w in looking if w not in (*topic.entries, *topic.homes)]
        for a in topic.entries:
            for b in topic.homes:
                for units in permutations(others, n_between):
                    place = Fault("gap", from_unit=a, to_unit=b, topics=(t,), units=units)
                    yield Place(place, cells[a, b, t])


def _blocks(plan: CompanyPlan, cells: dict[Cell, float]) -> Iterator[Place]:
    """Yield three units each and one to three topics that pass through them and leave once."""
    for block in combinations(sorted({b for _, b, _ in cells}), BLOCK):
        leaving: dict[int, float] = {}
        for t, topic in enumerate(topics_of(plan)):
            way = [*topic.middle, -1]
            exits = sum(a in block and b not in block for a, b in pairwise(way))
            inside = {*topic.entries, *topic.homes} & set(block)
            if exits == 1 and not inside:
                leaving[t] = sum(
                    n for (a, _, s), n in cells.items() if s == t and a in topic.entries
                )
        for size in range(1, BLOCK + 1):
            for topics in combinations(leaving, size):
                n = sum(leaving[t] for t in topics)
                yield Place(Fault("silo", topics=topics, units=block), n)


def usual_between(topics: tuple[TopicPath, ...]) -> int:
    """Return how many units stand between entry and home for at least the half of the cases.

    Somewhat more than the half, as detours lengthen ways: a gap must be longer than usual.
    """
    lengths = sorted((len(t.middle), t.weight) for t in topics)
    weight, reached = sum(t.weight for t in topics), 0.0
    for length, more in lengths:
        reached += more
        if reached >= USUAL_SHARE * weight:
            return length
    return 0


def resolves_shares(plan: CompanyPlan, cells: dict[Cell, float]) -> dict[int, float]:
    """Return what part of what each receiving unit gets it resolves itself."""
    homes: dict[int, float] = {}
    for t, topic in enumerate(topics_of(plan)):
        for unit in topic.homes:
            homes[unit] = homes.get(unit, 0.0) + _sum(cells, unit, t)
    return {b: homes.get(b, 0.0) / _sum(cells, b) for b in sorted({b for _, b, _ in cells})}
