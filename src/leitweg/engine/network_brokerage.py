"""Between whom does a node stand? The five brokerage roles of Gould & Fernandez 1989.

Counted are open directed two-paths i -> j -> k: there is no edge from i to k. Weights do not
matter. Method: docs/methods/network.md.
"""

import numpy as np
import numpy.typing as npt

from leitweg.engine.arrays import Int32, Int64
from leitweg.engine.compiled import compiled
from leitweg.engine.network_graph import Graph

ROLES = ("coordinator", "gatekeeper", "representative", "itinerant", "liaison")
"""All three in one group · from another group into the own · from the own into another ·
both ends in one other group (also called consultant) · three groups."""


def brokerage(graph: Graph, group: Int64 | Int32) -> npt.NDArray[np.int64]:
    """Open two-paths through each node, shape (n, 5) in the order of ``ROLES``.

    Parameters
    ----------
    group
        Shape (n,): group of each node, -1 for none; two-paths with such a node are not counted.

    Examples
    --------
    From group 0 over a member of group 0 into group 1: the broker speaks for his group.

    >>> from leitweg.engine.network_graph import graph_of
    >>> g = graph_of(np.array([0, 1]), np.array([1, 2]), np.ones(2), 3)
    >>> brokerage(g, np.array([0, 0, 1]))[1]
    array([0, 0, 1, 0, 0])
    """
    roles = np.zeros((graph.n, len(ROLES)), np.int64)
    _count_roles(graph.offsets, graph.target, np.asarray(group, np.int64), roles)
    return roles


@compiled
def _count_roles(
    offsets: Int64, target: Int32, group: Int64, roles: Int64
) -> None:  # pragma: no cover - compiled
    n = group.size
    reached_by = np.full(n, -1, np.int32)
    for i in range(n):
        if group[i] < 0:
            continue
        for at in range(offsets[i], offsets[i + 1]):
            reached_by[target[at]] = i
        for at in range(offsets[i], offsets[i + 1]):
            j = target[at]
            if group[j] < 0:
                continue
            for step in range(offsets[j], offsets[j + 1]):
                k = target[step]
                if k == i or group[k] < 0 or reached_by[k] == i:
                    continue
                if group[i] == group[j]:
                    role = 0 if group[j] == group[k] else 2
                elif group[j] == group[k]:
                    role = 1
                else:
                    role = 3 if group[i] == group[k] else 4
                roles[j, role] += 1
