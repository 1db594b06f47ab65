"""How does the company hang together? The figures of its network as a whole.

Between people with units as groups where people are known, else between units with the units above
them as groups. Method: docs/methods/network.md.
"""

from dataclasses import dataclass

import numpy as np

from leitweg.domain.findings import Estimate
from leitweg.domain.network import NetworkFigure
from leitweg.engine.network_agreement import adjusted_rand
from leitweg.engine.network_communities import communities
from leitweg.engine.network_graph import Graph, mutual
from leitweg.engine.network_groups import e_i_index
from leitweg.engine.network_strength import density, isolates, reciprocity
from leitweg.situation.arrays import Floats, Ints
from leitweg.situation.constants import Constants
from leitweg.situation.network_resampling import replicate_graphs, replicates_for, spread
from leitweg.situation.transaction_rows import Rows, Transactions

FIGURES = (
    "e_i_index",
    "reciprocity",
    "communities",
    "communities_stability",
    "adjusted_rand",
    "density",
    "isolates",
)
CHEAP = ("e_i_index", "reciprocity", "density", "isolates")


@dataclass(frozen=True)
class _Whole:
    """The network that stands for the company: its nodes are people, or else units."""

    graph: Graph
    rows: Rows
    group: Ints
    n_people: int | None
    no_groups: str | None
    no_reciprocity: str | None
    seed: int


def company_figures(
    found: Transactions, *, seed: int, constants: Constants
) -> tuple[NetworkFigure, ...]:
    """All figures of the whole network, in the order of ``FIGURES``; without a value, why."""
    rows = found.person_rows if found.person_rows is not None else found.unit_rows
    whole = _whole(found, rows, seed) if rows is not None else None
    if whole is None or whole.graph.n == 0:
        return tuple(NetworkFigure(name, None, why="no-transactions") for name in FIGURES)
    figures = _cheap(whole, constants) | _of_communities(whole, constants)
    return tuple(figures[name] for name in FIGURES)


def _whole(found: Transactions, rows: Rows, seed: int) -> _Whole:
    of_people = found.person_rows is not None
    group = found.person_unit if of_people else found.unit_parent
    graph = rows.graph(len(found.people) if of_people else len(found.units))
    no_groups = "derived-units" if found.derived_units else None
    if no_groups is None and not (group >= 0).any():
        no_groups = "no-groups"
    return _Whole(
        graph,
        rows,
        group,
        int((~isolates(graph)).sum()) if of_people else _people_of_units(found),
        no_groups,
        "listed-once" if found.listed_once else None,
        seed,
    )


def _people_of_units(found: Transactions) -> int | None:
    """People behind a network of units, as far as its source tells; None if it never does."""
    told = found.unit_people[found.unit_people >= 0]
    return int(told.sum()) if told.size else None


def _values(whole: _Whole, graph: Graph) -> Floats:
    """Values of the cheap figures in one network, in their order."""
    known = whole.group >= 0
    inside = known[graph.source] & known[graph.target]
    same = inside & (whole.group[graph.source] == whole.group[graph.target])
    total = float(graph.weight[inside].sum())
    e_i = 1 - 2 * float(graph.weight[same].sum()) / total if total else np.nan
    return np.array([e_i, reciprocity(graph).value, density(graph), isolates(graph).sum()])


def _cheap(whole: _Whole, constants: Constants) -> dict[str, NetworkFigure]:
    replicates = replicates_for(
        whole.rows.group.size, constants.network_rows, constants.network_replicates, constants
    )
    graphs = replicate_graphs(whole.rows, whole.graph, seed=whole.seed, replicates=replicates)
    drawn = np.array([_values(whole, graph) for graph in graphs])
    value = _values(whole, whole.graph)
    ends = ((-1.0, 1.0), (0.0, 1.0), (0.0, 1.0), (0.0, float(whole.graph.n)))
    estimates = [
        spread(float(value[i]), drawn[:, i], low=low, high=high)
        for i, (low, high) in enumerate(ends)
    ]
    found = {
        name: _figure(whole, name, estimate)
        for name, estimate in zip(CHEAP, estimates, strict=True)
    }
    found["e_i_index"] = _e_i(whole, estimates[0])
    if whole.no_reciprocity:
        found["reciprocity"] = NetworkFigure("reciprocity", None, why=whole.no_reciprocity)
    return found


def _figure(whole: _Whole, name: str, estimate: Estimate | None) -> NetworkFigure:
    why = None if estimate is not None else _why(whole)
    return NetworkFigure(name, estimate, n_people=whole.n_people, why=why)


def _why(whole: _Whole) -> str:
    return "too-few" if whole.graph.n_edges else "no-transactions"


def _e_i(whole: _Whole, estimate: Estimate | None) -> NetworkFigure:
    if whole.no_groups:
        return NetworkFigure("e_i_index", None, why=whole.no_groups)
    chance = e_i_index(whole.graph, whole.group, seed=whole.seed)
    if estimate is None or not np.isfinite(chance.value):
        return NetworkFigure("e_i_index", None, n_people=whole.n_people, why=_why(whole))
    z = chance.z if np.isfinite(chance.z) else None
    return NetworkFigure("e_i_index", estimate, chance.expected, z, whole.n_people)


def _of_communities(whole: _Whole, constants: Constants) -> dict[str, NetworkFigure]:
    """Count of communities, their stability, and how far they are the formal groups."""
    names = ("communities", "communities_stability", "adjusted_rand")
    if not whole.graph.n_edges:
        return {name: NetworkFigure(name, None, why="no-transactions") for name in names}
    both = mutual(whole.graph)
    best = communities(both, seed=whole.seed)
    value = np.array([best.count, _rand(whole, best.member)])
    drawn = _drawn_communities(whole, constants)
    estimates = (
        spread(float(value[0]), drawn[:, 0], low=1.0, high=float(whole.graph.n)),
        _stability(best.stability, best.of_draw),
        spread(float(value[1]), drawn[:, 1], low=-1.0, high=1.0),
    )
    found = {
        name: _figure(whole, name, estimate)
        for name, estimate in zip(names, estimates, strict=True)
    }
    if whole.no_groups:
        found["adjusted_rand"] = NetworkFigure("adjusted_rand", None, why=whole.no_groups)
    return found


def _stability(value: float, of_draw: Floats) -> Estimate | None:
    """Agreement of the best draw with the others; the interval spans the draws themselves."""
    if not of_draw.size:
        return None
    low, high = np.quantile(of_draw, [0.025, 0.975])
    return Estimate(value, min(float(low), value), max(float(high), value))


def _rand(whole: _Whole, member: Ints) -> float:
    """Return the adjusted Rand index over the nodes that have a tie and a group."""
    known = (member > 0) & (whole.group >= 0)
    return adjusted_rand(member[known], whole.group[known])


def _drawn_communities(whole: _Whole, constants: Constants) -> Floats:
    """Count and adjusted Rand index in each replicate, shape (replicates, 2)."""
    affordable = constants.community_edges // max(whole.graph.n_edges, 1)
    replicates = int(np.clip(affordable, 5, constants.community_replicates))
    drawn = np.full((replicates, 2), np.nan)
    graphs = replicate_graphs(whole.rows, whole.graph, seed=whole.seed, replicates=replicates)
    for i, graph in enumerate(graphs):
        if graph.n_edges:
            # two iterations: where a search of the replicates ends is noise beside the draw
            found = communities(mutual(graph), seed=whole.seed, draws=1, iterations=2)
            drawn[i] = found.count, _rand(whole, found.member)
    return drawn
