"""The exit: what may leave a workspace. Nothing else builds a released value.

In a protected workspace nothing about fewer than k = 5 distinct contributing people leaves; for a
link that holds on each side. Suppression is the last act: nothing is joined to its result.
Method: docs/methods/privacy.md.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol, TypeVar

from leitweg.domain.findings import Finding
from leitweg.domain.network import Network, NetworkEdge, NetworkFigure, NetworkUnit
from leitweg.domain.situation import (
    Coverage,
    Figure,
    LinkRow,
    LoadRow,
    ReleasedSituation,
    Situation,
    UnitRow,
)
from leitweg.privacy.evidence import few_behind, finding_that_leaves

K = 5
K_OF_TIES = 10
BELOW_K = "below-k"
PEOPLE_UNKNOWN = "people-unknown"
PERSON_LEVEL = "person-level"
TOP_SHARE = 0.05  # of the people, as `LoadRow.top_share` says


class _MayBeHeld(Protocol):
    @property
    def held_back(self) -> str | None: ...


Row = TypeVar("Row", bound=_MayBeHeld)


def release_situation(situation: Situation, *, k: int = K) -> ReleasedSituation:
    """Return what may leave: everything in profile ``open``, the k-threshold in ``protected``."""
    protected = situation.profile == "protected"
    figures, units, links = situation.figures, situation.units, situation.links
    findings, notes, coverage = situation.findings, situation.notes, situation.coverage
    loads, network = situation.loads, situation.network
    if protected:
        told = _network(network, K_OF_TIES if network.from_ties else k)
        if network.nodes == "unit" and len(told.absent_links) < len(network.absent_links):
            left_out = len(network.absent_links) - len(told.absent_links)
            notes = (*notes, f"absent-links-held-back: {left_out}")
        network = told
        figures = tuple(_figure(f, k) for f in figures)
        units = _held_back_last([_unit(u, k, situation.level) for u in units])
        links = _held_back_links_last([_link(x, k, situation.level) for x in links])
        loads = _loads(loads, k, situation.level)
        findings, held = _findings(findings, k)
        notes = (*notes, f"findings-held-back: {held}") if held else notes
        coverage = _coverage(coverage, k)
    return ReleasedSituation(
        profile=situation.profile,
        k=k if protected else 1,
        level=situation.level,
        period=situation.period,
        coverage=coverage,
        figures=figures,
        units=units,
        links=links,
        findings=findings,
        notes=notes,
        seed=situation.seed,
        network=network,
        loads=loads,
    )


def held_back(n_people: int | None, k: int, level: str = "unit") -> str | None:
    """Return the reason why a value stays inside, or None where it may leave.

    >>> held_back(4, 5), held_back(5, 5), held_back(None, 5)
    ('below-k', None, 'people-unknown')
    """
    if level == "person":
        return PERSON_LEVEL
    if n_people is None:
        return PEOPLE_UNKNOWN
    return BELOW_K if n_people < k else None


def finding_leaves(finding: Finding, profile: str, *, k: int = K) -> bool:
    """Whether a finding may leave: enough people on the smaller side of its place."""
    reason = held_back(finding.n_people_smallest_side, k, finding.level)
    return profile == "open" or reason is None


def edge_leaves(
    n_from: int | None, n_to: int | None, *, profile: str, from_ties: bool = False
) -> bool:
    """Whether an edge of the network may leave: enough people on each side, of ties ten.

    >>> edge_leaves(5, 4, profile="protected"), edge_leaves(5, 9, profile="protected")
    (False, True)
    """
    reason = _side_reason(n_from, n_to, K_OF_TIES if from_ties else K)
    return profile == "open" or reason is None


def _side_reason(n_from: int | None, n_to: int | None, k: int) -> str | None:
    """Why something about two sides stays inside, or None; both must be known."""
    sides = [n for n in (n_from, n_to) if n is not None]
    return held_back(min(sides) if len(sides) == 2 else None, k)


def _network(network: Network, k: int) -> Network:
    """Let units and edges of enough people through; persons are never nodes."""
    figures = tuple(_network_figure(f, k) for f in network.figures)
    if network.nodes == "person":
        return replace(
            network, figures=figures, units=(), edges=(), absent_links=(), why=PERSON_LEVEL
        )
    units = [_network_unit(u, k) for u in network.units]
    edges = [_network_edge(e, k) for e in network.edges]
    # to stand in this list is the statement itself: what is about few is no row without values
    absent = [
        x for x in network.absent_links if _side_reason(x.n_people_from, x.n_people_to, k) is None
    ]
    return replace(
        network,
        figures=figures,
        units=_last(units, lambda u: (u.unit,)),
        edges=_last(edges, lambda e: (e.from_unit, e.to_unit)),
        absent_links=tuple(absent),
    )


def _network_figure(figure: NetworkFigure, k: int) -> NetworkFigure:
    if figure.value is None:
        return replace(figure, n_people=None)
    # who stands alone is a count of people, or of units that may have one
    few = figure.name == "isolates" and 0 < figure.value.value < k
    reason = held_back(figure.n_people, k) or (BELOW_K if few else None)
    return figure if reason is None else NetworkFigure(figure.name, None, held_back=reason)


def _network_unit(row: NetworkUnit, k: int) -> NetworkUnit:
    reason = held_back(row.people, k)
    return row if reason is None else NetworkUnit(row.unit, None, held_back=reason)


def _network_edge(row: NetworkEdge, k: int) -> NetworkEdge:
    reason = _side_reason(row.n_people_from, row.n_people_to, k)
    if reason is None:
        return row
    return NetworkEdge(row.from_unit, row.to_unit, None, held_back=reason)


def _last(rows: list[Row], key: Callable[[Row], tuple[str, ...]]) -> tuple[Row, ...]:
    """Put what is held back last, by name: its place must not tell what it was."""
    free = [r for r in rows if r.held_back is None]
    held = [r for r in rows if r.held_back is not None]
    return (*free, *sorted(held, key=key))


def _figure(figure: Figure, k: int) -> Figure:
    if figure.value is None and figure.why == "no-cases":
        # of no case there is nothing to hold back
        return replace(figure, n_people=None)
    reason = held_back(figure.n_people, k) or (BELOW_K if _tells_of_few(figure, k) else None)
    if reason is None:
        return figure
    return replace(
        figure, value=None, low=None, high=None, n_cases=0, n_people=None, held_back=reason
    )


def _tells_of_few(figure: Figure, k: int) -> bool:
    """Whether a count, or a share as a count, is of so few cases that it is about its people."""
    if figure.value is None:
        return False
    if figure.unit_of_measure == "count" and figure.low is None:
        return 0 < figure.value < k
    return figure.unit_of_measure == "share" and 0 < figure.value * figure.n_cases < k - 0.5


def _coverage(coverage: Coverage, k: int) -> Coverage:
    return (
        coverage
        if coverage.people is not None and coverage.people >= k
        else replace(
            coverage,
            people=None,
            events_without_person_share=None,
            events_without_unit_share=None,
            # notes with a count in them are about the few
            missing=tuple(code for code in coverage.missing if ":" not in code),
        )
    )


def _unit(row: UnitRow, k: int, level: str) -> UnitRow:
    reason = held_back(row.people, k, level)
    if reason is None:
        return row
    return UnitRow(row.unit, None, None, None, None, None, None, None, None, held_back=reason)


def _link(row: LinkRow, k: int, level: str) -> LinkRow:
    sides = [n for n in (row.n_people_from, row.n_people_to) if n is not None]
    reason = held_back(min(sides) if len(sides) == 2 else None, k, level)
    if reason is None:
        return row
    return LinkRow(
        row.from_unit, row.to_unit, None, None, None, None, None, None, None, held_back=reason
    )


def _loads(rows: tuple[LoadRow, ...], k: int, level: str) -> tuple[LoadRow, ...]:
    """Let rows of enough people through, and no positions that tell of the few beside them."""
    positions: dict[str, list[LoadRow]] = {}
    for row in rows:
        if row.position is not None and held_back(row.people, k, level) is None:
            positions.setdefault(row.unit, []).append(row)
    told = set[tuple[str, str | None]]()
    for row in rows:
        if row.position is None:
            free = _without_few_beside(row, positions.get(row.unit, []), k)
            told |= {(x.unit, x.position) for x in free}
    kept = [
        _load(row, k, level)
        if row.position is None or (row.unit, row.position) in told
        else _load_held_back(row, held_back(row.people, k, level) or BELOW_K)
        for row in rows
    ]
    return _held_back_loads_last(kept)


def _without_few_beside(unit: LoadRow, positions: list[LoadRow], k: int) -> list[LoadRow]:
    """Leave out positions, the smallest first, until what is left of the unit is about enough.

    The work of a unit is the sum of the work on its positions: with all others known, that of the
    last one would be known too.
    """
    if held_back(unit.people, k) is not None:
        return positions
    free = sorted(positions, key=lambda x: (-(x.people or 0), x.position or ""))
    while free and 0 < (unit.people or 0) - sum(x.people or 0 for x in free) < k:
        free.pop()
    return free


def _load_held_back(row: LoadRow, reason: str) -> LoadRow:
    return LoadRow(row.unit, row.position, *(None,) * 7, held_back=reason)


def _load(row: LoadRow, k: int, level: str) -> LoadRow:
    reason = held_back(row.people, k, level)
    if reason is not None:
        return _load_held_back(row, reason)
    # the busiest 5 % of fewer than 20 k people are fewer than k people
    few = row.people is not None and math.ceil(TOP_SHARE * row.people) < k
    return replace(row, top_share=None) if few else row


def _held_back_loads_last(rows: list[LoadRow]) -> tuple[LoadRow, ...]:
    free = [r for r in rows if r.held_back is None]
    held = [r for r in rows if r.held_back is not None]
    return (*free, *sorted(held, key=lambda r: (r.unit, r.position or "")))


def _held_back_last(rows: list[UnitRow]) -> tuple[UnitRow, ...]:
    """Put them last: the place of a row in the order must not tell what was held back."""
    free = [r for r in rows if r.held_back is None]
    held = sorted((r for r in rows if r.held_back is not None), key=lambda r: r.unit)
    return (*free, *held)


def _held_back_links_last(rows: list[LinkRow]) -> tuple[LinkRow, ...]:
    free = [r for r in rows if r.held_back is None]
    held = [r for r in rows if r.held_back is not None]
    return (*free, *sorted(held, key=lambda r: (r.from_unit, r.to_unit)))


def _findings(findings: tuple[Finding, ...], k: int) -> tuple[tuple[Finding, ...], int]:
    """Return the findings about enough people without case ids, and how many stay inside."""
    free = [
        finding_that_leaves(f, few_behind(f, k))
        for f in findings
        if finding_leaves(f, "protected", k=k)
    ]
    return tuple(free), len(findings) - len(free)
