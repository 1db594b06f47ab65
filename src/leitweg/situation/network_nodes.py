"""How does each unit stand in the network? Its strengths, its holes, its part in the ways.

Nodes are units; persons only where they may be shown. Method: docs/methods/network.md.
"""

from dataclasses import dataclass

import numpy as np

from leitweg.domain.findings import Estimate
from leitweg.domain.network import NetworkUnit
from leitweg.engine.network_betweenness import EXACT_NODES, betweenness
from leitweg.engine.network_brokerage import ROLES, brokerage
from leitweg.engine.network_communities import communities
from leitweg.engine.network_cores import articulation_points, core_numbers
from leitweg.engine.network_graph import Graph, mutual
from leitweg.engine.network_holes import structural_holes
from leitweg.engine.network_strength import isolates, reciprocity, strengths
from leitweg.situation.arrays import Flags, Floats, Ints
from leitweg.situation.bootstrap import resampled_sums
from leitweg.situation.constants import Constants
from leitweg.situation.network_resampling import (
    replicate_graphs,
    replicates_for,
    spread,
    spreads,
)
from leitweg.situation.transaction_rows import Rows

Estimates = list[Estimate | None]


@dataclass(frozen=True)
class Nodes:
    """The nodes to describe, and what their groups stand on.

    ``rows`` are the transactions between them. ``inner_rows`` with ``inner_node`` and
    ``inner_group`` is the network in which groups are told apart: of people, ``inner_node`` being
    the node that each person belongs to (-1 for none); where people are unknown, of the nodes
    themselves. ``grouped`` says for which nodes enough people stand behind that; None where there
    are no groups. ``hidden`` marks nodes with edges that may not leave, and are not in ``rows``.
    """

    names: tuple[str, ...]
    people: Ints | None
    rows: Rows
    inner_rows: Rows
    inner_node: Ints
    inner_group: Ints
    grouped: Flags | None
    hidden: Flags
    listed_once: bool
    seed: int


def node_rows(nodes: Nodes, constants: Constants) -> tuple[NetworkUnit, ...]:
    """One row per node, the strongest first (then by name); isolates last."""
    graph = nodes.rows.graph(len(nodes.names))
    out, into = strengths(graph)
    both, alone = mutual(graph), isolates(graph)
    core, cuts = core_numbers(both), articulation_points(both)
    found = communities(both, seed=nodes.seed)
    columns = _estimates(nodes, graph, constants)
    inside = _e_i(nodes, constants)
    roles = _roles(nodes)
    people = [_count(nodes.people, i) for i in range(graph.n)]
    rows = [
        NetworkUnit(
            unit=name,
            people=people[i],
            strength_out=float(out[i]),
            strength_in=float(into[i]),
            e_i_index=inside[i],
            reciprocity=None if nodes.listed_once else columns["reciprocity"][i],
            constraint=columns["constraint"][i],
            effective_size=columns["effective_size"][i],
            betweenness=columns["betweenness"][i],
            brokerage=roles[i],
            core=int(core[i]),
            articulation_point=bool(cuts[i]),
            community=int(found.member[i]) or None,
            community_stability=_known(found.of_node[i]),
            why=_why(bool(alone[i]), bool(nodes.hidden[i]), columns["constraint"][i]),
        )
        if not (alone[i] and nodes.hidden[i])
        # its edges are there, but none may leave: zeros would be false
        else NetworkUnit(
            name, people[i], e_i_index=inside[i], brokerage=roles[i], why="edges-held-back"
        )
        for i, name in enumerate(nodes.names)
    ]
    return tuple(sorted(rows, key=lambda r: (-_strength(r), r.unit)))


def _count(people: Ints | None, node: int) -> int | None:
    return None if people is None or people[node] < 0 else int(people[node])


def _strength(row: NetworkUnit) -> float:
    return (row.strength_out or 0.0) + (row.strength_in or 0.0)


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _why(alone: bool, hidden: bool, constraint: Estimate | None) -> str | None:
    """Why some columns are null or small: edges held back, no neighbour, too few transactions."""
    if hidden:
        return "edges-held-back"
    if alone:
        return "no-transactions"
    return "too-few" if constraint is None else None


def _estimates(nodes: Nodes, graph: Graph, constants: Constants) -> dict[str, Estimates]:
    """Figures of each node that hang on the whole network, with intervals."""
    names = ("reciprocity", "constraint", "effective_size")
    value = _structure(graph)
    replicates = replicates_for(
        nodes.rows.group.size, constants.network_rows, constants.network_replicates, constants
    )
    drawn = np.full((replicates, len(names), graph.n), np.nan)
    for i, other in enumerate(
        replicate_graphs(nodes.rows, graph, seed=nodes.seed, replicates=replicates)
    ):
        drawn[i] = _structure(other)
    high = {"reciprocity": 1.0}
    found = {
        name: spreads(value[i], drawn[:, i], low=0.0, high=high.get(name, np.inf))
        for i, name in enumerate(names)
    }
    return found | {"betweenness": _betweenness(nodes, graph, constants)}


def _structure(graph: Graph) -> Floats:
    holes = structural_holes(graph)
    return np.array([reciprocity(graph).of_node, holes.constraint, holes.effective_size])


def _betweenness(nodes: Nodes, graph: Graph, constants: Constants) -> Estimates:
    """Betweenness with the spread over replicates; of a sample of sources, with its interval."""
    found = betweenness(graph, seed=nodes.seed)
    if not found.exact:
        ends = zip(found.value, found.low, found.high, strict=True)
        return [Estimate(float(v), float(low), float(high)) for v, low, high in ends]
    work = int((~isolates(graph)).sum()) * graph.n_edges
    replicates = replicates_for(
        work, constants.network_steps, constants.network_replicates, constants
    )
    graphs = replicate_graphs(nodes.rows, graph, seed=nodes.seed, replicates=replicates)
    drawn = np.array([betweenness(other, exact_nodes=EXACT_NODES).value for other in graphs])
    return spreads(found.value, drawn, low=0.0, high=1.0)


def _e_i(nodes: Nodes, constants: Constants) -> Estimates:
    """E-I index of each node: ties of its people to others less those among themselves."""
    n = len(nodes.names)
    if nodes.grouped is None:
        return [None] * n
    rows, node, group = nodes.inner_rows, nodes.inner_node, nodes.inner_group
    known = (group[rows.source] >= 0) & (group[rows.target] >= 0) & (rows.source != rows.target)
    rows = rows.only(known)
    same = group[rows.source] == group[rows.target]
    one, other = node[rows.source], node[rows.target]
    # a tie with both ends in the node counts once
    second = other != one
    cell = np.concatenate([one, other[second]])
    values = np.column_stack([same, ~same]) * rows.weight[:, None]
    values = np.concatenate([values, values[second]])
    of_case = np.concatenate([rows.group, rows.group[second]])
    replicates = replicates_for(
        cell.size, constants.network_rows, constants.network_replicates, constants
    )
    sums = resampled_sums(of_case, cell, values, n, seed=nodes.seed, replicates=replicates)
    with np.errstate(invalid="ignore", divide="ignore"):
        index = (sums[:, :, 1] - sums[:, :, 0]) / sums.sum(axis=2)
    return [
        spread(float(index[0, i]), index[1:, i], low=-1.0, high=1.0) if nodes.grouped[i] else None
        for i in range(n)
    ]


def _roles(nodes: Nodes) -> list[dict[str, float]]:
    """Open two-paths through each node per role, those of its people together."""
    n = len(nodes.names)
    if nodes.grouped is None:
        return [{} for _ in range(n)]
    graph = nodes.inner_rows.graph(nodes.inner_node.size)
    counted = brokerage(graph, nodes.inner_group)
    known = nodes.inner_node >= 0
    total = np.zeros((n, len(ROLES)))
    np.add.at(total, nodes.inner_node[known], counted[known])
    return [
        dict(zip(ROLES, total[i].tolist(), strict=True)) if nodes.grouped[i] else {}
        for i in range(n)
    ]
