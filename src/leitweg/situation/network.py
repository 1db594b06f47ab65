"""The network of units: who hands over to whom, and what that makes of the company.

Nodes are units; persons only in a log without units, or in ties, and only where they may be shown.
Method: docs/methods/network.md.
"""

from collections.abc import Callable

import numpy as np

from leitweg.domain.network import Network, NetworkEdge
from leitweg.situation.arrays import Flags, Ints
from leitweg.situation.constants import CONSTANTS, Constants
from leitweg.situation.network_figures import company_figures
from leitweg.situation.network_nodes import Nodes, node_rows
from leitweg.situation.transaction_rows import NOBODY, Rows, Transactions

Leaves = Callable[[int | None, int | None], bool]


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
    edges = _edges(found, rows, nodes)
    visible = _visible(found, rows, edges, nodes, leaves)
    units = node_rows(_nodes(found, rows, visible, nodes, leaves, seed), constants)
    why = None if edges else "no-transactions"
    return Network(nodes, found.weight, figures, units, edges, why=why, from_ties=found.from_ties)


def _names(found: Transactions, nodes: str) -> tuple[str, ...]:
    return found.people if nodes == "person" else found.units


def _edges(found: Transactions, rows: Rows, nodes: str) -> tuple[NetworkEdge, ...]:
    """One row per directed edge, the heaviest first (then by name)."""
    names = _names(found, nodes)
    graph = rows.graph(len(names))
    senders, receivers = _sides(found, rows, nodes)
    edges = [
        NetworkEdge(names[a], names[b], float(w), senders[i], receivers[i])
        for i, (a, b, w) in enumerate(zip(graph.source, graph.target, graph.weight, strict=True))
    ]
    return tuple(sorted(edges, key=lambda e: (-(e.weight or 0.0), e.from_unit, e.to_unit)))


def _sides(
    found: Transactions, rows: Rows, nodes: str
) -> tuple[list[int | None], list[int | None]]:
    """Distinct people on the two sides of each edge, in the order of the edges."""
    pair, edge = _pairs(rows, len(_names(found, nodes)))
    if found.person_rows is None:
        n = max(len(_names(found, nodes)), 1)
        told = [None if c == NOBODY else int(c) for c in found.unit_people]
        return [told[p // n] for p in pair], [told[p % n] for p in pair]
    if nodes == "person":
        ones: list[int | None] = [1] * pair.size
        return ones, ones
    return _distinct(edge, rows.from_person, pair.size), _distinct(edge, rows.to_person, pair.size)


def _pairs(rows: Rows, n: int) -> tuple[Ints, Ints]:
    """Pairs of different nodes in ascending order, and which one each row is (-1: none)."""
    key = np.where(
        (rows.source != rows.target) & (rows.weight > 0),
        rows.source.astype(np.int64) * n + rows.target,
        -1,
    )
    pair, edge = np.unique(key, return_inverse=True)
    edge = edge.reshape(-1)
    return (pair[1:], edge - 1) if pair.size and pair[0] < 0 else (pair, edge)


def _distinct(edge: Ints, person: Ints, n_edges: int) -> list[int | None]:
    known = (edge >= 0) & (person >= 0)
    most = int(person.max(initial=0)) + 1
    pairs = np.unique(edge[known] * most + person[known])
    return [int(c) for c in np.bincount(pairs // most, minlength=n_edges)]


def _visible(
    found: Transactions, rows: Rows, edges: tuple[NetworkEdge, ...], nodes: str, leaves: Leaves
) -> Flags:
    """Rows whose edge may leave."""
    names = _names(found, nodes)
    code = {name: i for i, name in enumerate(names)}
    allowed = [
        code[e.from_unit] * len(names) + code[e.to_unit]
        for e in edges
        if leaves(e.n_people_from, e.n_people_to)
    ]
    keys = rows.source.astype(np.int64) * len(names) + rows.target
    return np.isin(keys, np.array(allowed, np.int64))


def _nodes(
    found: Transactions, rows: Rows, visible: Flags, nodes: str, leaves: Leaves, seed: int
) -> Nodes:
    shown, n_people = rows.only(visible), len(found.people)
    by_people = found.person_rows is not None
    inner = found.person_rows if found.person_rows is not None else shown
    group = found.person_unit if by_people else found.unit_parent
    node = np.arange(group.size) if nodes == "person" or not by_people else found.person_unit
    people = found.unit_people if nodes == "unit" else np.ones(n_people, np.int64)
    grouped = None
    if (group >= 0).any() and not found.derived_units:
        behind = np.bincount(node[_active(inner, group)], minlength=people.size)
        counts = behind if nodes == "unit" and by_people else people
        grouped = np.array([leaves(*(None if c < 0 else int(c),) * 2) for c in counts], bool)
    return Nodes(
        _names(found, nodes),
        people,
        shown,
        inner,
        node,
        group,
        grouped,
        _with_hidden_edges(rows.only(~visible), len(_names(found, nodes))),
        found.listed_once,
        seed,
    )


def _with_hidden_edges(rows: Rows, n: int) -> Flags:
    out = np.zeros(n, dtype=bool)
    between = (rows.source != rows.target) & (rows.weight > 0)
    out[rows.source[between]] = out[rows.target[between]] = True
    return out


def _active(rows: Rows, group: Ints) -> Ints:
    """Nodes with a group that have a transaction with another such node."""
    known = (group[rows.source] >= 0) & (group[rows.target] >= 0) & (rows.source != rows.target)
    return np.unique(np.concatenate([rows.source[known], rows.target[known]]))
