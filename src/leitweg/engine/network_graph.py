"""A weighted, directed network as sorted arrays, and its two symmetric readings.

Nodes are 0 to n - 1. Self-loops are set aside, parallel edges are added up, weights of zero are no
edges; nodes without an edge stay. Conventions: docs/methods/network.md.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leitweg.engine.arrays import Int32, Int64
from leitweg.engine.compiled import compiled

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Graph:
    """Directed edges in ascending order of (source, target), none twice, none to itself.

    ``loop_weight`` is what was set aside as self-loops.
    """

    n: int
    source: Int32
    target: Int32
    weight: Floats
    loop_weight: float = 0.0

    @property
    def n_edges(self) -> int:
        """Number of directed edges."""
        return int(self.source.size)

    @property
    def offsets(self) -> Int64:
        """Edges out of node ``i`` are ``offsets[i]`` to ``offsets[i + 1]``."""
        return row_offsets(self.source, self.n)


@dataclass(frozen=True)
class Neighbours:
    """Per node its neighbours in ascending order, with a weight each.

    Those of node ``i`` are ``node[offsets[i]]`` to ``node[offsets[i + 1] - 1]``.
    """

    n: int
    offsets: Int64
    node: Int32
    weight: Floats

    @property
    def degree(self) -> Int64:
        """Number of neighbours of each node."""
        return np.diff(self.offsets)


def graph_of(source: Int64 | Int32, target: Int64 | Int32, weight: Floats, n: int) -> Graph:
    """Bring edges in any order into a network.

    Parameters
    ----------
    source, target
        Shape (rows,): nodes, 0 to ``n`` - 1.
    weight
        Shape (rows,): finite and not negative.
    n
        Number of nodes, isolates included.

    Raises
    ------
    ValueError
        A node out of range, or a weight that is negative or no number.

    Examples
    --------
    >>> g = graph_of(np.array([1, 0, 1, 2]), np.array([0, 1, 0, 2]), np.ones(4), 4)
    >>> g.source, g.target, g.weight, g.loop_weight
    (array([0, 1], dtype=int32), array([1, 0], dtype=int32), array([1., 2.]), 1.0)
    """
    weight = np.asarray(weight, np.float64)
    _check(source, target, weight, n)
    loops = source == target
    keep = ~loops & (weight > 0)
    key = source[keep].astype(np.int64) * n + target[keep]
    kept = weight[keep]
    order = np.argsort(key, kind="stable")
    if not _whole(kept):
        # sums of parallel edges must not hang on the order of the rows
        order = np.lexsort((kept, key))
    pairs, summed = _merged(key[order], kept[order])
    return Graph(
        n,
        (pairs // n).astype(np.int32) if n else pairs.astype(np.int32),
        (pairs % n).astype(np.int32) if n else pairs.astype(np.int32),
        summed,
        float(np.sort(weight[loops]).sum()),
    )


def _check(source: Int64 | Int32, target: Int64 | Int32, weight: Floats, n: int) -> None:
    if not source.size == target.size == weight.size:
        raise ValueError("source, target and weight differ in length")
    for nodes in (source, target):
        if nodes.size and (nodes.min() < 0 or nodes.max() >= n):
            raise ValueError(f"a node is outside 0 to {n - 1}")
    if not (np.isfinite(weight).all() and (weight >= 0).all()):
        raise ValueError("a weight is negative or no number")


def _whole(weight: Floats) -> bool:
    return bool((weight == np.floor(weight)).all()) and float(weight.sum()) < 2.0**53


def _merged(key: Int64, weight: Floats) -> tuple[Int64, Floats]:
    """Add up rows of equal key; keys are in order."""
    if key.size == 0:
        return key, weight
    starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    if starts.size == key.size:
        return key, weight
    return key[starts], np.add.reduceat(weight, starts)


def row_offsets(rows: Int32 | Int64, n: int) -> Int64:
    """Return where each row begins in a sorted column of rows; the end of the last one besides."""
    offsets = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(rows, minlength=n), out=offsets[1:])
    return offsets


def outgoing(graph: Graph) -> Neighbours:
    """Return the nodes that each node points to."""
    return Neighbours(graph.n, graph.offsets, graph.target, graph.weight)


def incoming(graph: Graph) -> Neighbours:
    """Return the nodes that point to each node."""
    offsets = row_offsets(graph.target, graph.n)
    node, weight = np.empty_like(graph.source), np.empty_like(graph.weight)
    _fill_incoming(graph.source, graph.target, graph.weight, offsets[:-1].copy(), node, weight)
    return Neighbours(graph.n, offsets, node, weight)


@compiled
def _fill_incoming(
    source: Int32, target: Int32, weight: Floats, place: Int64, node: Int32, out: Floats
) -> None:  # pragma: no cover - compiled
    for edge in range(source.size):
        at = place[target[edge]]
        node[at] = source[edge]
        out[at] = weight[edge]
        place[target[edge]] = at + 1


def mutual(graph: Graph) -> Neighbours:
    """Return the neighbours in either direction, with ``w_ij + w_ji``."""
    out, back = outgoing(graph), incoming(graph)
    count = np.empty(graph.n, np.int64)
    _count_union(out.offsets, out.node, back.offsets, back.node, count)
    offsets = np.zeros(graph.n + 1, np.int64)
    np.cumsum(count, out=offsets[1:])
    node, weight = np.empty(int(offsets[-1]), np.int32), np.empty(int(offsets[-1]))
    _fill_union(
        *(out.offsets, out.node, out.weight),
        *(back.offsets, back.node, back.weight, offsets, node, weight),
    )
    return Neighbours(graph.n, offsets, node, weight)


@compiled
def _count_union(
    offsets_a: Int64, node_a: Int32, offsets_b: Int64, node_b: Int32, count: Int64
) -> None:  # pragma: no cover - compiled
    for i in range(count.size):
        a, b = offsets_a[i], offsets_b[i]
        found = 0
        while a < offsets_a[i + 1] or b < offsets_b[i + 1]:
            left = node_a[a] if a < offsets_a[i + 1] else 2**31 - 1
            right = node_b[b] if b < offsets_b[i + 1] else 2**31 - 1
            found += 1
            a += left <= right
            b += right <= left
        count[i] = found


@compiled
def _fill_union(
    offsets_a: Int64,
    node_a: Int32,
    weight_a: Floats,
    offsets_b: Int64,
    node_b: Int32,
    weight_b: Floats,
    offsets: Int64,
    node: Int32,
    weight: Floats,
) -> None:  # pragma: no cover - compiled
    for i in range(offsets.size - 1):
        a, b = offsets_a[i], offsets_b[i]
        for at in range(offsets[i], offsets[i + 1]):
            left = node_a[a] if a < offsets_a[i + 1] else 2**31 - 1
            right = node_b[b] if b < offsets_b[i + 1] else 2**31 - 1
            total = 0.0
            if left <= right:
                total += weight_a[a]
                a += 1
            if right <= left:
                total += weight_b[b]
                b += 1
            node[at] = min(left, right)
            weight[at] = total
