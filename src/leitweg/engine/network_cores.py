"""Which nodes hang closely together, and which ones hold parts together alone?

k-core (Seidman 1983; Batagelj & Zaversnik 2003) and articulation points (Tarjan 1972) of the
network without directions and weights. Method: docs/methods/network.md.
"""

import numpy as np

from leitweg.engine.arrays import Flags, Int32, Int64
from leitweg.engine.compiled import compiled
from leitweg.engine.network_graph import Neighbours


def core_numbers(neighbours: Neighbours) -> Int64:
    """Return the largest k of each node such that it lies in the k-core; 0 for isolates.

    In the k-core every node has at least k neighbours that are in it, too.
    """
    core = neighbours.degree.copy()
    _fill_cores(neighbours.offsets, neighbours.node, core)
    return core


@compiled
def _fill_cores(offsets: Int64, node: Int32, core: Int64) -> None:  # pragma: no cover - compiled
    n = core.size
    if n == 0:
        return
    # nodes in order of degree; ``begin[d]`` is where those of degree d begin
    begin = np.zeros(core.max() + 2, np.int64)
    for i in range(n):
        begin[core[i] + 1] += 1
    begin = np.cumsum(begin)
    ordered, place = np.empty(n, np.int64), np.empty(n, np.int64)
    filled = begin.copy()
    for i in range(n):
        place[i] = filled[core[i]]
        ordered[place[i]] = i
        filled[core[i]] += 1
    for at in range(n):
        i = ordered[at]
        for step in range(offsets[i], offsets[i + 1]):
            j = node[step]
            if core[j] > core[i]:
                # swap j with the first node of its degree, then lower its degree
                first = begin[core[j]]
                other = ordered[first]
                ordered[first], ordered[place[j]] = j, other
                place[other], place[j] = place[j], first
                begin[core[j]] += 1
                core[j] -= 1


def articulation_points(neighbours: Neighbours) -> Flags:
    """Say without which nodes a connected part of the network would fall apart."""
    cuts = np.zeros(neighbours.n, np.bool_)
    _mark_cuts(neighbours.offsets, neighbours.node, cuts)
    return cuts


@compiled
def _mark_cuts(offsets: Int64, node: Int32, cuts: Flags) -> None:  # pragma: no cover - compiled
    n = cuts.size
    found, low = np.full(n, -1, np.int64), np.zeros(n, np.int64)
    parent, step = np.full(n, -1, np.int64), offsets[:-1].copy()
    clock = 0
    for root in range(n):
        if found[root] >= 0:
            continue
        found[root] = low[root] = clock
        clock += 1
        children = 0
        i = root
        while i >= 0:
            if step[i] < offsets[i + 1]:
                j = node[step[i]]
                step[i] += 1
                if found[j] < 0:
                    parent[j] = i
                    found[j] = low[j] = clock
                    clock += 1
                    children += i == root
                    i = j
                elif j != parent[i]:
                    low[i] = min(low[i], found[j])
                continue
            above = parent[i]
            if above >= 0:
                low[above] = min(low[above], low[i])
                if above != root and low[i] >= found[above]:
                    cuts[above] = True
            i = above
        cuts[root] = children > 1
