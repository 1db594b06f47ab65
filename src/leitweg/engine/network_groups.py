"""Do ties stay inside the groups? The E-I index against chance.

Krackhardt & Stern 1988. Chance: the labels of the nodes are permuted, the ties stay; its moments
are known exactly (Mantel 1967). Method: docs/methods/network.md.
"""

from dataclasses import dataclass

import numpy as np

from leitweg.engine.arrays import Flags, Int32, Int64
from leitweg.engine.compiled import compiled
from leitweg.engine.mixing import mixed
from leitweg.engine.network_graph import Floats, Graph, graph_of, mutual

DRAWS = 1999
MOST_DRAWN_EDGES = 1_000_000
"""Beyond so many edges the exact standard deviation takes the place of the drawn one."""


@dataclass(frozen=True)
class EIIndex:
    """E-I index: (external - internal) / (external + internal), weighted.

    ``expected`` is the exact mean under permuted labels, ``sd`` the standard deviation (of
    ``draws`` permutations; exact where ``draws`` is 0) and ``z`` the distance from it. NaN where
    it cannot be said: no tie between nodes with a group; ``z`` also where all labels are alike or
    all differ.
    """

    value: float
    internal: float
    external: float
    expected: float
    sd: float
    z: float
    draws: int


def e_i_parts(graph: Graph, group: Int64 | Int32) -> tuple[Floats, Floats]:
    """Weight of each node's ties inside its group and to other groups, both directions.

    Parameters
    ----------
    group
        Shape (n,): group of each node, -1 for none; ties of nodes without a group count nowhere.
    """
    a, b = group[graph.source], group[graph.target]
    known = (a >= 0) & (b >= 0)
    return _of_ends(graph, known & (a == b)), _of_ends(graph, known & (a != b))


def _of_ends(graph: Graph, rows: Flags) -> Floats:
    """Weight of some edges at both their ends, shape (n,)."""
    weight = graph.weight[rows]
    out = np.bincount(graph.source[rows], weights=weight, minlength=graph.n)
    return np.asarray(out + np.bincount(graph.target[rows], weights=weight, minlength=graph.n))


def e_i_index(
    graph: Graph, group: Int64 | Int32, *, seed: int, draws: int = DRAWS, drawn: bool | None = None
) -> EIIndex:
    """E-I index of the network, what chance gives, and the distance between the two.

    Parameters
    ----------
    group
        Shape (n,): group of each node, -1 for none; such nodes are left out with their ties.
    seed
        Of the permutations.
    draws
        Permutations of the labels.
    drawn
        True: draw; False: take the exact standard deviation; None: draw up to a million edges.

    Examples
    --------
    Two pairs, one tie inside, one outside; by chance a third of the ties stay inside:

    >>> g = graph_of(np.array([0, 1]), np.array([1, 2]), np.ones(2), 4)
    >>> e = e_i_index(g, np.array([0, 0, 1, 1]), seed=1)
    >>> e.value, round(e.expected, 6), e.draws
    (0.0, 0.333333, 1999)
    """
    inner, label = _with_group(graph, np.asarray(group, np.int64))
    same = label[inner.source] == label[inner.target]
    internal, total = float(inner.weight[same].sum()), float(inner.weight.sum())
    if total == 0:
        return EIIndex(*(float("nan"),) * 6, draws=0)
    mean, exact = _moments(inner, label)
    drawn = inner.n_edges <= MOST_DRAWN_EDGES if drawn is None else drawn
    sd = exact
    if drawn and exact > 0:
        sd = float(_permuted(inner, label, seed, draws).std(ddof=1))
    value = (total - 2 * internal) / total
    expected, spread = 1 - 2 * mean / total, 2 * sd / total
    z = (value - expected) / spread if spread > 0 else float("nan")
    return EIIndex(value, internal, total - internal, expected, spread, z, draws if drawn else 0)


def _with_group(graph: Graph, group: Int64) -> tuple[Graph, Int64]:
    """Return the network of the nodes that have a group, and their labels from 0 on."""
    known = group >= 0
    if known.all():
        return graph, np.unique(group, return_inverse=True)[1].reshape(-1)
    new = np.cumsum(known) - 1
    keep = known[graph.source] & known[graph.target]
    inner = graph_of(
        new[graph.source[keep]], new[graph.target[keep]], graph.weight[keep], int(known.sum())
    )
    return inner, np.unique(group[known], return_inverse=True)[1].reshape(-1)


def _moments(graph: Graph, label: Int64) -> tuple[float, float]:
    """Exact mean and standard deviation of the internal weight when labels are permuted.

    Half the sum over ordered pairs of (w_ij + w_ji) times "same label": a Mantel statistic.
    """
    n, both = graph.n, mutual(graph)
    size = np.bincount(label).astype(np.float64)
    total, squares = float(both.weight.sum()), float((both.weight**2).sum())
    out = np.bincount(graph.source, weights=graph.weight, minlength=n)
    rows = float(((out + np.bincount(graph.target, weights=graph.weight, minlength=n)) ** 2).sum())
    same, same_rows = float((size * (size - 1)).sum()), float((size * (size - 1) ** 2).sum())
    pairs = n * (n - 1.0)
    mean = total * same / pairs
    second = 2 * squares * same / pairs
    if n > 2:
        second += 4 * (rows - squares) * (same_rows - same) / (pairs * (n - 2))
    if n > 3:
        apart = (total**2 + 2 * squares - 4 * rows) * (same**2 + 2 * same - 4 * same_rows)
        second += apart / (pairs * (n - 2) * (n - 3))
    variance = max(second - mean**2, 0.0)
    # all labels alike or all different: nothing varies, but rounding may leave a trace
    fixed = same in (0.0, pairs)
    return mean / 2, 0.0 if fixed else float(np.sqrt(variance)) / 2


def _permuted(graph: Graph, label: Int64, seed: int, draws: int) -> Floats:
    """Return the internal weight under each permutation of the labels."""
    internal = np.zeros(draws)
    _draw_internal(graph.source, graph.target, graph.weight, label.astype(np.int32), seed, internal)
    return internal


@compiled
def _draw_internal(
    source: Int32, target: Int32, weight: Floats, label: Int32, seed: int, internal: Floats
) -> None:  # pragma: no cover - compiled
    drawn = label.copy()
    counter = np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15)
    for draw in range(internal.size):
        # Fisher-Yates on what the draw before left: every permutation is as likely again
        for i in range(drawn.size - 1, 0, -1):
            counter += np.uint64(0xD1342543DE82EF95)
            uniform = np.float64(mixed(counter) >> np.uint64(11)) * (1.0 / 9007199254740992.0)
            j = int(uniform * (i + 1))
            drawn[i], drawn[j] = drawn[j], drawn[i]
        total = 0.0
        for edge in range(source.size):
            if drawn[source[edge]] == drawn[target[edge]]:
                total += weight[edge]
        internal[draw] = total
