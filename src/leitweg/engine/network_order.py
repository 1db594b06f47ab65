"""In which order do the nodes stand, so that neither ids nor rows decide a random draw?

Colour refinement (Weisfeiler & Leman 1968): nodes that differ by the ties around them are ordered
by these; the order given decides only between nodes that refinement cannot tell apart.
"""

import numpy as np

from leitweg.engine.arrays import Int32, Int64, UInt64
from leitweg.engine.compiled import compiled
from leitweg.engine.mixing import mixed
from leitweg.engine.network_graph import Graph
from leitweg.engine.network_strength import strengths

ROUNDS = 4


def canonical_order(graph: Graph) -> Int64:
    """Return the nodes in canonical order, the strongest first.

    Examples
    --------
    >>> from leitweg.engine.network_graph import graph_of
    >>> g = graph_of(np.array([0, 0]), np.array([2, 3]), np.array([1.0, 2.0]), 4)
    >>> canonical_order(g)
    array([0, 3, 2, 1])
    """
    out, into = strengths(graph)
    colour = np.zeros(graph.n, np.uint64)
    weight = graph.weight.view(np.uint64)
    for _ in range(ROUNDS):
        fresh = np.zeros(graph.n, np.uint64)
        _refine(graph.source, graph.target, weight, colour, fresh)
        colour = fresh
    return np.lexsort((np.arange(graph.n), colour, -into, -out, -(out + into)))


@compiled
def _refine(
    source: Int32, target: Int32, weight: UInt64, colour: UInt64, fresh: UInt64
) -> None:  # pragma: no cover - compiled
    # sums of mixed numbers do not depend on the order of the edges
    for i in range(fresh.size):
        fresh[i] = mixed(colour[i] + np.uint64(1))
    for edge in range(source.size):
        a, b = source[edge], target[edge]
        forth = mixed(colour[b] ^ mixed(weight[edge] + np.uint64(2)))
        back = mixed(colour[a] ^ mixed(weight[edge] + np.uint64(3)))
        fresh[a] += forth
        fresh[b] += back
    for i in range(fresh.size):
        fresh[i] = mixed(fresh[i])
