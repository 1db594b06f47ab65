"""How sure is a figure of the network? Its spread when cases, weeks or respondents are resampled.

A resampled network misses edges that were used once, so that figures which count edges come out
lower in every replicate. The interval therefore takes the spread of the replicates, not their
level: value plus or minus 1.96 standard deviations. Method: docs/methods/network.md.
"""

from collections.abc import Iterator

import numpy as np

from leitweg.domain.findings import Estimate
from leitweg.engine.network_graph import Graph
from leitweg.situation.arrays import Floats
from leitweg.situation.bootstrap import replicate_weights
from leitweg.situation.constants import Constants
from leitweg.situation.transaction_rows import Rows

NORMAL_QUANTILE = 1.96
# a figure that exists in fewer replicates hangs on one case
LEAST_SHARE = 0.8


def replicates_for(work: int, budget: int, most: int, constants: Constants) -> int:
    """Return how many replicates of that much work each the budget allows."""
    return int(np.clip(budget // max(work, 1), constants.network_least_replicates, most))


def replicate_graphs(rows: Rows, graph: Graph, *, seed: int, replicates: int) -> Iterator[Graph]:
    """Yield the network of each replicate, from the first drawn one on.

    Parameters
    ----------
    rows
        The transactions; those whose pair is no edge of ``graph`` are left out.
    graph
        The network of the sample.
    """
    keys = graph.source.astype(np.int64) * graph.n + graph.target
    of_row = rows.source.astype(np.int64) * graph.n + rows.target
    edge = np.searchsorted(keys, of_row)
    known = edge < keys.size
    known[known] = keys[edge[known]] == of_row[known]
    edge, group, weight = edge[known], rows.group[known], rows.weight[known]
    for replicate in range(1, replicates + 1):
        drawn = weight * replicate_weights(group, seed=seed, replicate=replicate)
        total = np.asarray(np.bincount(edge, drawn, minlength=keys.size), np.float64)
        keep = total > 0
        yield Graph(graph.n, graph.source[keep], graph.target[keep], total[keep])


def spread(
    value: float, drawn: Floats, *, low: float = -np.inf, high: float = np.inf
) -> Estimate | None:
    """Return the value with its interval, cut at the ends that the figure can have.

    None where there is no value, or where it has one in too few replicates.

    >>> spread(2.0, np.array([1.0, 1.0, 3.0]), low=0.0).low
    0.0
    """
    known = drawn[np.isfinite(drawn)]
    if not np.isfinite(value) or known.size < max(2, LEAST_SHARE * drawn.size):
        return None
    half = NORMAL_QUANTILE * float(known.std(ddof=1))
    return Estimate(float(value), max(value - half, low), min(value + half, high))


def spreads(
    value: Floats, drawn: Floats, *, low: float = -np.inf, high: float = np.inf
) -> list[Estimate | None]:
    """Return one estimate per node; ``drawn`` has shape (replicates, nodes)."""
    return [spread(float(v), drawn[:, i], low=low, high=high) for i, v in enumerate(value)]
