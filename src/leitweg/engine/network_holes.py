"""How tied down is a node by its neighbours' ties? Burt's constraint and effective size.

Burt 1992, Structural Holes. Direction is added up: s_ij = w_ij + w_ji. Method:
docs/methods/network.md.
"""

from dataclasses import dataclass

import numpy as np

from leitweg.engine.arrays import Int32, Int64
from leitweg.engine.compiled import compiled
from leitweg.engine.network_graph import Floats, Graph, mutual


@dataclass(frozen=True)
class Holes:
    """Constraint and effective size of each node, shape (n,); NaN for isolates."""

    constraint: Floats
    effective_size: Floats


def structural_holes(graph: Graph) -> Holes:
    """Return constraint and effective size of every node.

    With p_ij = s_ij / sum_k s_ik: constraint c_i = sum_j (p_ij + sum_q p_iq p_qj)^2 over the
    neighbours j, effective size e_i = sum_j (1 - sum_q p_iq m_jq) with m_jq = s_jq / max_k s_jk,
    q other than i and j. An isolate has neither: it has no neighbour to be tied down by.

    Examples
    --------
    The middle of a star is free, its ends depend on the middle alone:

    >>> from leitweg.engine.network_graph import graph_of
    >>> star = graph_of(np.array([0, 0]), np.array([1, 2]), np.ones(2), 4)
    >>> holes = structural_holes(star)
    >>> holes.constraint, holes.effective_size
    (array([0.5, 1. , 1. , nan]), array([ 2.,  1.,  1., nan]))
    """
    both = mutual(graph)
    constraint, effective = np.full(graph.n, np.nan), np.full(graph.n, np.nan)
    _fill_holes(both.offsets, both.node, both.weight, constraint, effective)
    return Holes(constraint, effective)


@compiled
def _fill_holes(
    offsets: Int64, node: Int32, weight: Floats, constraint: Floats, effective: Floats
) -> None:  # pragma: no cover - compiled
    n = constraint.size
    total, most = np.zeros(n), np.zeros(n)
    for i in range(n):
        for at in range(offsets[i], offsets[i + 1]):
            total[i] += weight[at]
            most[i] = max(most[i], weight[at])
    invested = np.zeros(n)  # p_iq of the present node i
    reached = np.zeros(n)  # sum over q of p_iq p_qj
    for i in range(n):
        first, last = offsets[i], offsets[i + 1]
        if first == last:
            continue
        for at in range(first, last):
            invested[node[at]] = weight[at] / total[i]
        redundant = 0.0
        for at in range(first, last):
            q = node[at]
            for step in range(offsets[q], offsets[q + 1]):
                j = node[step]
                reached[j] += invested[q] * weight[step] / total[q]
                redundant += invested[j] * weight[step] / most[q]
        squares = 0.0
        for at in range(first, last):
            squares += (invested[node[at]] + reached[node[at]]) ** 2
        constraint[i] = squares
        effective[i] = (last - first) - redundant
        for at in range(first, last):
            q = node[at]
            for step in range(offsets[q], offsets[q + 1]):
                reached[node[step]] = 0.0
        for at in range(first, last):
            invested[node[at]] = 0.0
