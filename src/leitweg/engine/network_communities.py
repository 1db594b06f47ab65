"""Who hangs together? Leiden communities, drawn many times, and how well the draws agree.

Traag, Waltman & van Eck 2019 (igraph's implementation), modularity of the undirected weights
w_ij + w_ji. Method: docs/methods/network.md.
"""

import random
from dataclasses import dataclass

import igraph
import numpy as np

from leitweg.engine.arrays import Flags, Int64
from leitweg.engine.network_agreement import kept_companions, pair_agreement
from leitweg.engine.network_graph import Floats, Neighbours

DRAWS = 20
EDGES_OF_ALL_DRAWS = 24_000_000
LEAST_DRAWS = 3


@dataclass(frozen=True)
class Communities:
    """The best of some draws.

    ``member`` is the community of each node, from 1 by size, then by first member; 0 for isolates,
    which belong to none. ``quality`` is its modularity. ``stability`` is the share of pairs that
    this draw and another agree on, of those together in either, averaged over the other draws,
    and ``of_draw`` that of each; ``of_node`` the share of each node's companions that stay with it
    in another draw (NaN without companions).
    """

    member: Int64
    count: int
    quality: float
    stability: float
    of_draw: Floats
    of_node: Floats
    draws: int


def draws_for(n_edges: int, draws: int = DRAWS) -> int:
    """Return how often a network of that size is drawn: less often where a draw takes seconds."""
    affordable = EDGES_OF_ALL_DRAWS // max(n_edges, 1)
    return int(min(draws, max(LEAST_DRAWS, affordable)))


def communities(
    neighbours: Neighbours, *, seed: int, draws: int | None = None, iterations: int = -1
) -> Communities:
    """Draw communities and keep the best by modularity (of equals, the first draw).

    Parameters
    ----------
    neighbours
        The network without directions (`network_graph.mutual`).
    seed
        Of all draws; the same seed gives the same communities.
    draws
        None: 20, fewer in networks of more than 1.2 million edges, at least 3.
    iterations
        Of the algorithm in each draw; -1: until nothing improves.

    Examples
    --------
    >>> from leitweg.engine.network_graph import graph_of, mutual
    >>> two = graph_of(np.array([0, 1, 3]), np.array([1, 2, 4]), np.array([3.0, 3, 1]), 6)
    >>> found = communities(mutual(two), seed=1)
    >>> found.member, found.count, found.stability
    (array([1, 1, 1, 2, 2, 0]), 2, 1.0)
    """
    graph, weight = undirected(neighbours)
    linked = neighbours.degree > 0
    if not weight.size:
        nothing = np.full(neighbours.n, np.nan)
        return Communities(
            np.zeros(neighbours.n, np.int64), 0, np.nan, np.nan, np.zeros(0), nothing, 0
        )
    n_draws = draws_for(weight.size) if draws is None else draws
    parts = [
        leiden_draw(graph, weight, seed=seed * 1_000_003 + i, iterations=iterations)
        for i in range(n_draws)
    ]
    qualities = np.array([modularity(neighbours, part) for part in parts])
    # rounding must not decide between draws that are the same
    best = int(np.argmax(qualities >= qualities.max() - 1e-12))
    member = numbered(parts[best], linked)
    others = [part[linked] for i, part in enumerate(parts) if i != best]
    of_draw = np.array([pair_agreement(member[linked], part) for part in others])
    of_node = np.full(neighbours.n, np.nan)
    if others:
        of_node[linked] = np.mean([kept_companions(member[linked], p) for p in others], axis=0)
    stability = float(of_draw.mean()) if others else float("nan")
    quality = float(qualities[best])
    return Communities(member, int(member.max()), quality, stability, of_draw, of_node, n_draws)


def undirected(neighbours: Neighbours) -> tuple[igraph.Graph, Floats]:
    """Return the network as igraph knows it, each pair once, and the weights of its edges."""
    one = np.repeat(np.arange(neighbours.n, dtype=np.int64), neighbours.degree)
    keep = one < neighbours.node
    other = neighbours.node[keep].astype(np.int64)
    # pairs handed over one by one: igraph would first make Python lists of an array
    pairs = zip(one[keep].data, other.data, strict=True)
    return igraph.Graph(n=neighbours.n, edges=pairs), neighbours.weight[keep]


def leiden_draw(graph: igraph.Graph, weight: Floats, *, seed: int, iterations: int = -1) -> Int64:
    """Return the community of each node in one draw; -1: iterate until nothing improves."""
    igraph.set_random_number_generator(random.Random(seed))
    try:
        parts = graph.community_leiden(
            objective_function="modularity", weights=weight, n_iterations=iterations
        )
    finally:
        igraph.set_random_number_generator(random)
    return np.array(parts.membership, dtype=np.int64)


def modularity(neighbours: Neighbours, part: Int64) -> float:
    """Modularity of a partition, resolution 1 (Newman 2004); NaN without an edge."""
    total = float(neighbours.weight.sum())
    if not total:
        return float("nan")
    one = np.repeat(part, neighbours.degree)
    inside = float(neighbours.weight[one == part[neighbours.node]].sum())
    of_part = np.bincount(one, weights=neighbours.weight)
    return inside / total - float(((of_part / total) ** 2).sum())


def numbered(part: Int64, linked: Flags) -> Int64:
    """Give numbers to the communities of the linked nodes from 1 by size, then by first member."""
    _, first, code, size = np.unique(
        part[linked], return_index=True, return_inverse=True, return_counts=True
    )
    number = np.empty(first.size, np.int64)
    number[np.lexsort((first, -size))] = np.arange(1, first.size + 1)
    member = np.zeros(part.size, np.int64)
    member[linked] = number[code.reshape(-1)]
    return member
