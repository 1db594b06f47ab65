"""The network of units: who hands over to whom, and what that makes of the company.

Nodes are units; persons only in a log without units, or in ties, and only where they may be shown.
Method: docs/methods/network.md.
"""

import numpy as np

from leitweg.domain.network import Network, NetworkEdge, NetworkUnit
from leitweg.situation.arrays import Flags, Ints
from leitweg.situation.constants import CONSTANTS, Constants
from leitweg.situation.network_figures import company_figures
from leitweg.situation.network_nodes import Nodes, node_rows
from leitweg.situation.network_sides import Leaves, Sides, leaving_rows, sides_of
from leitweg.situation.transaction_rows import Rows, Transactions


def network_of(
    found: Transactions,
    *,
    persons: bool,
    leaves: Leaves,
    seed: int,
    constants: Constants = CONSTANTS,
) -> Network:
    """Describe the network: as a whole, node by node, edge by edge.

    Parameters
    ----------
    found
        The transactions of cases, mails or ties.
    persons
        Whether persons may be nodes. They are where the transactions know no units, and in ties.
    leaves
        Whether an edge may leave, by the people on its two sides (None where unknown). The rows
        of the nodes are made from such edges alone: nothing in them can tell of the others.
    seed
        Of communities, permutations and the bootstrap.

    Returns
    -------
    Network
        ``why`` where there are no transactions between two different nodes (``no-transactions``),
        or only between persons, who may not be shown (``person-level``).
    """
    figures = company_figures(found, seed=seed, constants=constants)
    of_persons = found.person_rows is not None and (found.from_ties or not found.units)
    nodes = "person" if of_persons and (persons or not found.units) else "unit"
    rows = found.person_rows if nodes == "person" else found.unit_rows
    if nodes == "person" and not persons:
        return Network(nodes, found.weight, figures, why="person-level", from_ties=found.from_ties)
    if rows is None:
        return Network(
            nodes, found.weight, figures, why="no-transactions", from_ties=found.from_ties
        )
    told = found.unit_people if found.person_rows is None else None
    sides = sides_of(rows, len(_names(found, nodes)), told=told)
    edges = _edges(found, rows, sides, nodes)
    units = node_rows(_nodes(found, rows, sides.visible(leaves), nodes, leaves, seed), constants)
    why = None if edges else "no-transactions"
    return Network(nodes, found.weight, figures, units, edges, why=why, from_ties=found.from_ties)


def nodes_among(
    found: Transactions,
    links: frozenset[tuple[str, str]],
    *,
    leaves: Leaves,
    seed: int,
    constants: Constants = CONSTANTS,
) -> tuple[NetworkUnit, ...]:
    """Describe the units of a network as if it had no other edges than these."""
    rows, n = found.unit_rows, len(found.units)
    if rows is None:
        return ()
    place = {name: code for code, name in enumerate(found.units)}
    known = [place[a] * n + place[b] for a, b in links if a in place and b in place]
    among = np.array(sorted(known), dtype=np.int64)
    told = found.unit_people if found.person_rows is None else None
    shown = sides_of(rows, n, told=told).visible(leaves, among)
    return node_rows(_nodes(found, rows, shown, "unit", leaves, seed, among), constants)


def _names(found: Transactions, nodes: str) -> tuple[str, ...]:
    return found.people if nodes == "person" else found.units


def _edges(found: Transactions, rows: Rows, sides: Sides, nodes: str) -> tuple[NetworkEdge, ...]:
    """One row per directed edge, the heaviest first (then by name)."""
    names = _names(found, nodes)
    graph = rows.graph(len(names))
    columns = (graph.source, graph.target, graph.weight, sides.senders, sides.receivers)
    edges = [
        NetworkEdge(names[a], names[b], float(weight), one, other)
        for a, b, weight, one, other in zip(*columns, strict=True)
    ]
    return tuple(sorted(edges, key=lambda e: (-(e.weight or 0.0), e.from_unit, e.to_unit)))


def _nodes(
    found: Transactions,
    rows: Rows,
    visible: Flags,
    nodes: str,
    leaves: Leaves,
    seed: int,
    among: Ints | None = None,
) -> Nodes:
    shown, n = rows.only(visible), len(_names(found, nodes))
    by_people = found.person_rows is not None
    inner = found.person_rows if found.person_rows is not None else shown
    group = found.person_unit if by_people else found.unit_parent
    node = np.arange(group.size) if nodes == "person" or not by_people else found.person_unit
    people = found.unit_people if nodes == "unit" else np.ones(n, np.int64)
    grouped = None
    if (group >= 0).any() and not found.derived_units:
        grouped = np.ones(n, dtype=bool)
        if nodes == "unit" and by_people:
            inner, grouped = leaving_rows(inner, found.person_unit, n, leaves, among)
    return Nodes(
        _names(found, nodes),
        people,
        shown,
        inner,
        node,
        group,
        grouped,
        _with_hidden_edges(rows.only(~visible), n),
        found.listed_once,
        seed,
    )


def _with_hidden_edges(rows: Rows, n: int) -> Flags:
    out = np.zeros(n, dtype=bool)
    between = (rows.source != rows.target) & (rows.weight > 0)
    out[rows.source[between]] = out[rows.target[between]] = True
    return out
