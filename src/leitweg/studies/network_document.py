"""The network as JSON (contract, section 4). Names are pinned by a test: add, rename nothing."""

from collections.abc import Sequence

from leitweg.domain.network import (
    AbsentLink,
    Network,
    NetworkEdge,
    NetworkFigure,
    NetworkUnit,
)
from leitweg.studies.json_forms import Json, estimate_json, reasons_json

COMPANY = ("e_i_index", "reciprocity", "density", "isolates")


def network_document(network: Network) -> Json:
    """Return the network: its figures by name, its nodes, its edges, the links it lacks.

    A figure without a value is null inside its object, beside ``why`` or ``held_back``; the
    network has ``why`` where there is none.
    """
    figures = {figure.name: figure for figure in network.figures}
    return {
        "nodes": network.nodes,
        "weight": network.weight,
        "from_ties": network.from_ties,
        **{name: _figure(figures.get(name)) for name in COMPANY},
        "communities": _communities(figures),
        "units": [_unit(row) for row in network.units],
        "edges": [_edge(row) for row in network.edges],
        "absent_links": absent_link_rows(network.absent_links),
        **reasons_json(network.why, None),
    }


def _communities(figures: dict[str, NetworkFigure]) -> Json | None:
    count = figures.get("communities")
    if count is None:
        return None
    return {
        "count": _figure(count),
        "stability": _figure(figures.get("communities_stability")),
        "adjusted_rand": _figure(figures.get("adjusted_rand")),
    }


def _figure(figure: NetworkFigure | None) -> Json | None:
    if figure is None:
        return None
    value = figure.value
    return {
        "value": value.value if value else None,
        "low": value.low if value else None,
        "high": value.high if value else None,
        "expected": figure.expected,
        "z": figure.z,
        "n_people": figure.n_people,
        **reasons_json(figure.why, figure.held_back),
    }


def _unit(row: NetworkUnit) -> Json:
    return {
        "unit": row.unit,
        "people": row.people,
        "strength_out": row.strength_out,
        "strength_in": row.strength_in,
        "e_i_index": estimate_json(row.e_i_index),
        "reciprocity": estimate_json(row.reciprocity),
        "constraint": estimate_json(row.constraint),
        "effective_size": estimate_json(row.effective_size),
        "betweenness": estimate_json(row.betweenness),
        "brokerage": dict(row.brokerage),
        "core": row.core,
        "articulation_point": row.articulation_point,
        "community": row.community,
        "community_stability": row.community_stability,
        **reasons_json(row.why, row.held_back),
    }


def _edge(row: NetworkEdge) -> Json:
    return {
        "from_unit": row.from_unit or None,
        "to_unit": row.to_unit or None,
        "weight": row.weight,
        "n_people_from": row.n_people_from,
        "n_people_to": row.n_people_to,
        **reasons_json(None, row.held_back),
    }


def absent_link_rows(rows: Sequence[AbsentLink]) -> list[Json]:
    """Return the links that have fewer transactions than expected, one object each."""
    return [
        {
            "from_unit": row.from_unit,
            "to_unit": row.to_unit,
            "expected": row.expected,
            "observed": row.observed,
            "q_value": row.q_value,
            "n_people_from": row.n_people_from,
            "n_people_to": row.n_people_to,
            **reasons_json(None, row.held_back),
        }
        for row in rows
    ]
