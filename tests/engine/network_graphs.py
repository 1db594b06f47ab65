"""Networks to measure: drawn at random, and the odd ones."""

import networkx
import numpy as np

from leitweg.engine.network_graph import Graph, graph_of


def drawn_graph(seed: int, n: int = 40, rows: int = 220, *, whole: bool = False) -> Graph:
    """Parallel edges, self-loops, isolates; weights of any size."""
    rng = np.random.default_rng(seed)
    source, target = rng.integers(0, n - 3, (2, rows))
    weight = rng.integers(1, 9, rows).astype(float) if whole else rng.gamma(1.0, 2.0, rows)
    return graph_of(source, target, weight, n)


def drawn_groups(seed: int, n: int = 40, groups: int = 4) -> np.ndarray:
    return np.random.default_rng(seed + 1000).integers(0, groups, n)


def edges(*pairs: tuple[int, int], n: int) -> Graph:
    rows = np.array(pairs, np.int64).reshape(-1, 2)
    return graph_of(rows[:, 0], rows[:, 1], np.ones(len(rows)), n)


ODD = {
    "no node": edges(n=0),
    "one node": edges(n=1),
    "one node to itself": edges((0, 0), n=1),
    "two nodes apart": edges(n=2),
    "two nodes": edges((0, 1), n=2),
    "isolates": edges(n=5),
    "star": edges((0, 1), (0, 2), (0, 3), (0, 4), n=5),
    "star to the middle": edges((1, 0), (2, 0), (3, 0), n=4),
    "two parts": edges((0, 1), (1, 2), (2, 0), (3, 4), n=6),
    "loops": edges((0, 0), (0, 1), (1, 1), n=3),
    "circle": edges((0, 1), (1, 2), (2, 3), (3, 0), n=4),
    "all to all": edges(*((i, j) for i in range(4) for j in range(4)), n=4),
}


def as_networkx(graph: Graph) -> networkx.DiGraph:
    found = networkx.DiGraph()
    found.add_nodes_from(range(graph.n))
    rows = zip(graph.source.tolist(), graph.target.tolist(), graph.weight.tolist(), strict=True)
    found.add_weighted_edges_from(rows)
    return found
