"""The exit for the network: edges of enough people on each side, and what is made of them."""

from dataclasses import replace

from leitweg.domain.network import AbsentLink, Network, NetworkEdge, NetworkFigure, NetworkUnit
from leitweg.domain.situation import Refused
from leitweg.privacy.threshold import (
    BELOW_K,
    PERSON_LEVEL,
    held_back,
    held_last,
    sides_held_back,
)


def released_network(network: Network, k: int, refused: Refused) -> Network:
    """Let units and edges of enough people through; persons are never nodes."""
    figures = tuple(_network_figure(f, k) for f in network.figures)
    if network.nodes == "person":
        return replace(
            network, figures=figures, units=(), edges=(), absent_links=(), why=PERSON_LEVEL
        )
    units = [_network_unit(u, k, refused) for u in network.units]
    edges = [_network_edge(e, k, refused) for e in network.edges]
    # to stand in this list is the statement itself: what is about few is no row without values
    absent = [x for x in network.absent_links if _absent_leaves(x, k, refused)]
    return replace(
        network,
        figures=figures,
        units=held_last(units, lambda u: (u.unit,)),
        edges=held_last(edges, lambda e: (e.from_unit, e.to_unit)),
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


def _network_unit(row: NetworkUnit, k: int, refused: Refused) -> NetworkUnit:
    reason = held_back(row.people, k)
    if reason is None and row.unit in refused.units:
        reason = BELOW_K
    return row if reason is None else NetworkUnit(row.unit, None, held_back=reason)


def _network_edge(row: NetworkEdge, k: int, refused: Refused) -> NetworkEdge:
    reason = sides_held_back(row.n_people_from, row.n_people_to, k)
    if reason is None and (row.from_unit, row.to_unit) in refused.links:
        reason = BELOW_K
    if reason is None:
        return row
    return NetworkEdge(row.from_unit, row.to_unit, None, held_back=reason)
