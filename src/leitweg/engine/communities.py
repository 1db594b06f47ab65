"""Who forms a group by writing to one another? Leiden communities of a weighted network.

Traag, Waltman & van Eck 2019, modularity. Reproducible: nodes are sorted, the seed is an argument.
"""

import random
from collections.abc import Sequence

import igraph


def communities_of(
    one: Sequence[str], other: Sequence[str], weight: Sequence[float], *, seed: int
) -> dict[str, int]:
    """Community of each person, numbered from 1 by size, then by first member.

    >>> communities_of(["a", "b", "x"], ["b", "c", "y"], [3, 3, 1], seed=0)
    {'a': 1, 'b': 1, 'c': 1, 'x': 2, 'y': 2}
    """
    people = sorted({*one, *other})
    position = {person: i for i, person in enumerate(people)}
    edges = [(position[a], position[b]) for a, b in zip(one, other, strict=True)]
    graph = igraph.Graph(n=len(people), edges=edges)
    igraph.set_random_number_generator(random.Random(seed))
    try:
        parts = graph.community_leiden(
            objective_function="modularity", weights=list(weight), n_iterations=-1
        )
    finally:
        igraph.set_random_number_generator(random)
    groups = sorted((sorted(members) for members in parts), key=lambda m: (-len(m), m[0]))
    numbered = {people[i]: n for n, members in enumerate(groups, start=1) for i in members}
    return {person: numbered[person] for person in people}
