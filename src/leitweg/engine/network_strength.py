"""How much does each node give and take, and how much of it is returned?

Weighted reciprocity: Squartini, Picciolo, Ruzzenenti & Garlaschelli 2013.
Method: docs/methods/network.md.
"""

from dataclasses import dataclass

import numpy as np

from leitweg.engine.arrays import Flags, Int32, Int64
from leitweg.engine.compiled import compiled
from leitweg.engine.network_graph import Floats, Graph, Neighbours, incoming, outgoing


@dataclass(frozen=True)
class Reciprocity:
    """Share of the weight that is returned: of the network (NaN without an edge), of each node."""

    value: float
    of_node: Floats


def strengths(graph: Graph) -> tuple[Floats, Floats]:
    """Return the weight out of and into each node, shape (n,) each; self-loops left out."""
    out = np.bincount(graph.source, weights=graph.weight, minlength=graph.n)
    into = np.bincount(graph.target, weights=graph.weight, minlength=graph.n)
    return np.asarray(out, np.float64), np.asarray(into, np.float64)


def isolates(graph: Graph) -> Flags:
    """Say which nodes have no edge to or from another."""
    linked = np.zeros(graph.n, np.bool_)
    linked[graph.source] = True
    linked[graph.target] = True
    return ~linked


def density(graph: Graph) -> float:
    """Return the share of the ordered pairs of nodes that have an edge; NaN below two nodes."""
    pairs = graph.n * (graph.n - 1)
    return graph.n_edges / pairs if pairs else float("nan")


def reciprocity(graph: Graph) -> Reciprocity:
    """Return the share of the weight that comes back: sum of min(w_ij, w_ji) over sum of w_ij.

    For weights of one it is the share of edges that are returned. A node's share is
    2 sum_j min(w_ij, w_ji) over all weight out of and into it; NaN for an isolate.

    Examples
    --------
    >>> from leitweg.engine.network_graph import graph_of
    >>> g = graph_of(np.array([0, 1, 1]), np.array([1, 0, 2]), np.array([3.0, 1.0, 1.0]), 3)
    >>> reciprocity(g).value, reciprocity(g).of_node
    (0.4, array([0.5, 0.4, 0. ]))
    """
    returned = np.zeros(graph.n)
    _fill_returned(*_arrays(outgoing(graph)), *_arrays(incoming(graph)), returned)
    out, into = strengths(graph)
    total = float(out.sum())
    with np.errstate(invalid="ignore"):
        of_node = 2 * returned / (out + into)
    return Reciprocity(float(returned.sum()) / total if total else float("nan"), of_node)


def _arrays(neighbours: Neighbours) -> tuple[Int64, Int32, Floats]:
    return neighbours.offsets, neighbours.node, neighbours.weight


@compiled
def _fill_returned(
    offsets_out: Int64,
    node_out: Int32,
    weight_out: Floats,
    offsets_in: Int64,
    node_in: Int32,
    weight_in: Floats,
    returned: Floats,
) -> None:  # pragma: no cover - compiled
    for i in range(returned.size):
        a, b = offsets_out[i], offsets_in[i]
        while a < offsets_out[i + 1] and b < offsets_in[i + 1]:
            if node_out[a] == node_in[b]:
                returned[i] += min(weight_out[a], weight_in[b])
                a += 1
                b += 1
            elif node_out[a] < node_in[b]:
                a += 1
            else:
                b += 1
