"""One large network, measured: every figure once, and one line of JSON about it."""

import json
import sys
import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from leitweg.engine.network_agreement import adjusted_rand
from leitweg.engine.network_betweenness import LEAST_SOURCES, betweenness
from leitweg.engine.network_brokerage import brokerage
from leitweg.engine.network_communities import communities
from leitweg.engine.network_cores import articulation_points, core_numbers
from leitweg.engine.network_graph import Graph, graph_of, mutual
from leitweg.engine.network_groups import e_i_index
from leitweg.engine.network_order import canonical_order
from leitweg.engine.network_strength import density, isolates, reciprocity

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Answer = TypeVar("Answer")


class Stopwatch:
    """Wall seconds of each step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def __call__(self, name: str, work: Callable[[], Answer]) -> Answer:
        start = time.perf_counter()
        answer = work()
        self.seconds[name] = time.perf_counter() - start
        return answer


def invented_edges(people: int, edges: int, units: int) -> tuple[Ints, Ints, Floats, Ints]:
    """Return transactions, 70 % of them inside a unit; a few people have most of them."""
    rng = np.random.default_rng(0)
    unit = np.sort(rng.integers(0, units, people))
    begin = np.searchsorted(unit, np.arange(units + 1))
    # a heavy tail, so that the network has hubs as companies do
    busy = np.minimum((people * rng.random(2 * edges) ** 1.5).astype(np.int64), people - 1)
    source, target = busy[:edges], busy[edges:]
    size = np.diff(begin)[unit[source]]
    inside = begin[unit[source]] + (rng.random(edges) * size).astype(np.int64)
    target = np.where(rng.random(edges) < 0.7, inside, target)
    return source, target, rng.integers(1, 6, edges).astype(np.float64), unit


def measured(graph: Graph, unit: Ints, timed: Stopwatch) -> dict[str, object]:
    """Ask for every figure but constraint and betweenness."""
    both = timed("undirected", lambda: mutual(graph))
    timed("canonical order", lambda: canonical_order(graph))
    timed("reciprocity", lambda: (reciprocity(graph), density(graph), isolates(graph)))
    timed("E-I index", lambda: e_i_index(graph, unit, seed=0))
    timed("brokerage", lambda: brokerage(graph, unit))
    timed("k-core", lambda: core_numbers(both))
    timed("articulation points", lambda: articulation_points(both))
    found = timed("communities", lambda: communities(both, seed=0))
    timed("adjusted Rand", lambda: adjusted_rand(found.member, unit))
    return {
        "edges": graph.n_edges,
        "draws": found.draws,
        "communities": found.count,
        "quality": found.quality,
        "stability": found.stability,
    }


def main() -> None:
    """Measure what the command line names: people, edges, units, and --all for betweenness."""
    people, edges, units = (int(word) for word in sys.argv[1:4])
    source, target, weight, unit = invented_edges(people, edges, units)
    timed, start = Stopwatch(), time.perf_counter()
    graph = timed("build", lambda: graph_of(source, target, weight, people))
    answer = measured(graph, unit, timed)
    timed.seconds["all of these"] = time.perf_counter() - start
    if "--all" in sys.argv:
        timed("betweenness", lambda: betweenness(graph, seed=0, sources=LEAST_SOURCES))
    sys.stdout.write(json.dumps({**answer, "seconds": timed.seconds}) + "\n")


if __name__ == "__main__":
    main()
