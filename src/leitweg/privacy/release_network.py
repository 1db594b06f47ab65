"""The exit for the network: edges of enough people on each side, and what is made of them."""

from dataclasses import dataclass, replace

from leitweg.domain.network import AbsentLink, Network, NetworkEdge, NetworkFigure, NetworkUnit
from leitweg.domain.situation import NO_POOLS, OTHERS, Pools, Refused
from leitweg.privacy.threshold import (
    BELOW_K,
    PEOPLE_UNKNOWN,
    PERSON_LEVEL,
    held_back,
    held_last,
    sides_held_back,
)


@dataclass(frozen=True)
class Named:
    """What may be named beside the network: its edges are the same handovers as the links."""

    units: frozenset[str]
    links: frozenset[tuple[str, str]]


def released_network(
    network: Network,
    k: int,
    refused: Refused,
    named: Named | None = None,
    pools: Pools = NO_POOLS,
) -> Network:
    """Let units and edges of enough people through; persons are never nodes."""
    figures = tuple(_network_figure(f, k) for f in network.figures)
    if network.nodes == "person":
        return replace(
            network, figures=figures, units=(), edges=(), absent_links=(), why=PERSON_LEVEL
        )
    many = [e for e in network.edges if _edge_leaves(e, k, refused)]
    edges = [e for e in many if named is None or (e.from_unit, e.to_unit) in named.links]
    rows = network.units if len(edges) == len(many) else _from_edges(network, edges, pools)
    units = [_network_unit(u, k, refused, named) for u in rows]
    # between whom the others are, would be about the few
    others = () if len(edges) == len(network.edges) else (_held_edge(network, k),)
    # to stand in this list is the statement itself: what is about few is no row without values
    absent = [
        x
        for x in network.absent_links
        if _absent_leaves(x, k, refused)
        and (named is None or not x.observed or (x.from_unit, x.to_unit) in named.links)
    ]
    return replace(
        network,
        figures=figures,
        units=held_last(units, lambda u: (u.unit,)),
        edges=(*edges, *others),
        absent_links=tuple(absent),
    )


def _absent_leaves(row: AbsentLink, k: int, refused: Refused) -> bool:
    known = sides_held_back(row.n_people_from, row.n_people_to, k) is None
    return known and (row.from_unit, row.to_unit) not in refused.links


def _network_figure(figure: NetworkFigure, k: int) -> NetworkFigure:
    if figure.value is None:
        return replace(figure, n_people=None)
    # who stands alone is a count of people, or of units that may have one
    few = figure.name == "isolates" and 0 < figure.value.value < k
    reason = held_back(figure.n_people, k) or (BELOW_K if few else None)
    return figure if reason is None else NetworkFigure(figure.name, None, held_back=reason)


def _network_unit(row: NetworkUnit, k: int, refused: Refused, named: Named | None) -> NetworkUnit:
    reason = held_back(row.people, k)
    if row.unit in refused.units or (named is not None and row.unit not in named.units):
        reason = reason or BELOW_K
    return row if reason is None else NetworkUnit(row.unit, None, held_back=reason)


def _edge_leaves(row: NetworkEdge, k: int, refused: Refused) -> bool:
    enough = sides_held_back(row.n_people_from, row.n_people_to, k) is None
    return enough and (row.from_unit, row.to_unit) not in refused.links


def _held_edge(network: Network, k: int) -> NetworkEdge:
    reasons = {sides_held_back(e.n_people_from, e.n_people_to, k) for e in network.edges}
    reason = PEOPLE_UNKNOWN if reasons == {PEOPLE_UNKNOWN} else BELOW_K
    return NetworkEdge(OTHERS, OTHERS, None, held_back=reason)


def _from_edges(
    network: Network, edges: list[NetworkEdge], pools: Pools
) -> tuple[NetworkUnit, ...]:
    """Return the units as the shown edges tell them: their figures were made with others, too."""
    if pools.nodes is not None:
        return pools.nodes(frozenset((e.from_unit, e.to_unit) for e in edges))
    return tuple(_without(row, edges) for row in network.units)


def _without(row: NetworkUnit, edges: list[NetworkEdge]) -> NetworkUnit:
    """Return a unit with the strengths that its shown edges give it, and nothing else."""
    out = [e.weight or 0.0 for e in edges if e.from_unit == row.unit]
    into = [e.weight or 0.0 for e in edges if e.to_unit == row.unit]
    return NetworkUnit(
        row.unit,
        row.people,
        sum(out) if out else None,
        sum(into) if into else None,
        why="edges-held-back",
    )
