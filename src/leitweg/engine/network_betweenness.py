"""Through whom do the shortest ways lead? Betweenness, exact or from sampled sources.

Freeman 1977; Brandes 2001; sampled sources: Brandes & Pich 2007; their interval: Hall 1992. A way
is as long as it has steps: every handover is one more stay, however often the way is used, and
counts of use stand in the strengths already. Method: docs/methods/network.md.
"""

from dataclasses import dataclass

import numpy as np

from leitweg.engine.arrays import Int32, Int64
from leitweg.engine.compiled import compiled
from leitweg.engine.network_graph import Floats, Graph

EXACT_NODES = 5000
LEAST_SOURCES = 256
EDGES_TO_WALK = 1_000_000_000


@dataclass(frozen=True)
class Betweenness:
    """Share of the ordered pairs of other nodes whose shortest ways lead through each node.

    ``low`` and ``high`` are the 95 % interval of the sampling of sources, equal to ``value`` where
    ``exact``. NaN below three nodes: there is no pair of others.
    """

    value: Floats
    low: Floats
    high: Floats
    sources: int
    exact: bool


def betweenness(
    graph: Graph, *, seed: int = 0, exact_nodes: int = EXACT_NODES, sources: int | None = None
) -> Betweenness:
    """Directed betweenness, divided by (n - 1)(n - 2).

    Parameters
    ----------
    seed
        Of the sample of sources.
    exact_nodes
        Up to so many nodes all are sources.
    sources
        Sources drawn without replacement in a larger network; None: at least 256, and as many
        as walk a thousand million edges.

    Examples
    --------
    >>> from leitweg.engine.network_graph import graph_of
    >>> chain = graph_of(np.array([0, 1]), np.array([1, 2]), np.ones(2), 3)
    >>> betweenness(chain).value
    array([0. , 0.5, 0. ])
    """
    n = graph.n
    pairs = (n - 1.0) * (n - 2.0)
    if n < 3:
        nothing = np.full(n, np.nan)
        return Betweenness(nothing, nothing, nothing, n, True)
    wanted = sources or max(LEAST_SOURCES, EDGES_TO_WALK // max(graph.n_edges, 1))
    exact = n <= max(exact_nodes, wanted)
    drawn = np.arange(n) if exact else _sample(n, wanted, seed)
    powers = np.zeros((3, n))
    _add_dependencies(graph.offsets, graph.target, drawn.astype(np.int64), powers)
    if exact:
        value = powers[0] / pairs
        return Betweenness(value, value, value, n, True)
    mean, below, above = _interval(powers / wanted, wanted, n)
    low, high = np.maximum(mean - below, 0.0) * n / pairs, (mean + above) * n / pairs
    return Betweenness(mean * n / pairs, low, np.minimum(high, 1.0), wanted, False)


def _interval(moments: Floats, sources: int, n: int) -> tuple[Floats, Floats, Floats]:
    """Mean over the sources and how far the 95 % interval goes below and above it.

    Few sources depend on a node much, most not at all: the interval follows that skew.
    """
    mean, square, cube = moments
    variance = np.maximum(square - mean**2, 0.0)
    third = cube - 3 * mean * square + 2 * mean**3
    spread = np.sqrt(variance)
    # without replacement: the nearer to all sources, the smaller the error
    left = np.sqrt(1 - sources / n)
    error = spread / np.sqrt(sources - 1) * left
    with np.errstate(invalid="ignore", divide="ignore"):
        skew = np.nan_to_num(third / spread**3) / np.sqrt(sources) * left
    return mean, error * _skewed(1.96, skew), -error * _skewed(-1.96, skew)


def _skewed(normal: float, skew: Floats) -> Floats:
    """Turn a normal quantile into that of a skewed mean: Hall's transformation, inverted."""
    safe = np.where(np.abs(skew) < 1e-6, 1e-6, skew)
    return np.asarray(3 / safe * (np.cbrt(1 + safe * (normal - safe / 6)) - 1))


def _sample(n: int, sources: int, seed: int) -> Int64:
    chosen = np.random.Generator(np.random.Philox(key=seed)).permutation(n)[:sources]
    return np.sort(chosen)


@compiled
def _add_dependencies(
    offsets: Int64, target: Int32, sources: Int64, powers: Floats
) -> None:  # pragma: no cover - compiled
    n = powers.shape[1]
    distance, ways = np.full(n, -1, np.int32), np.zeros(n)
    dependency, queue = np.zeros(n), np.empty(n, np.int32)
    for source in sources:
        queue[0], count = source, 1
        distance[source], ways[source] = 0, 1.0
        at = 0
        while at < count:
            i = queue[at]
            at += 1
            for step in range(offsets[i], offsets[i + 1]):
                j = target[step]
                if distance[j] < 0:
                    distance[j] = distance[i] + 1
                    queue[count] = j
                    count += 1
                if distance[j] == distance[i] + 1:
                    ways[j] += ways[i]
        for at in range(count - 1, -1, -1):
            i = queue[at]
            depends = 0.0
            for step in range(offsets[i], offsets[i + 1]):
                j = target[step]
                if distance[j] == distance[i] + 1:
                    depends += (1.0 + dependency[j]) / ways[j]
            dependency[i] = depends * ways[i]
            if i != source:
                powers[0, i] += dependency[i]
                powers[1, i] += dependency[i] ** 2
                powers[2, i] += dependency[i] ** 3
        for at in range(count):
            i = queue[at]
            distance[i], ways[i], dependency[i] = -1, 0.0, 0.0
