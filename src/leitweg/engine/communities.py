"""Who forms a group by writing to one another? One draw of Leiden communities, by name.

Reproducible: nodes are sorted, the seed is an argument. Method: docs/methods/mail.md.
"""

from collections.abc import Sequence

import numpy as np

from leitweg.engine.network_communities import leiden_draw, numbered, undirected
from leitweg.engine.network_graph import graph_of, mutual


def communities_of(
    one: Sequence[str], other: Sequence[str], weight: Sequence[float], *, seed: int
) -> dict[str, int]:
    """Community of each person, numbered from 1 by size, then by first member.

    >>> communities_of(["a", "b", "x"], ["b", "c", "y"], [3, 3, 1], seed=0)
    {'a': 1, 'b': 1, 'c': 1, 'x': 2, 'y': 2}
    """
    people = sorted({*one, *other})
    position = {person: i for i, person in enumerate(people)}
    source = np.array([position[a] for a in one], np.int64)
    target = np.array([position[b] for b in other], np.int64)
    graph = graph_of(source, target, np.array(weight, np.float64), len(people))
    network, weights = undirected(mutual(graph))
    part = leiden_draw(network, weights, seed=seed)
    member = numbered(part, np.ones(len(people), np.bool_))
    return {person: int(member[position[person]]) for person in people}
