"""Which units do cases circle through together?

Method: docs/methods/silos.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from leitweg.situation.arrays import Ints, groups_of
from leitweg.situation.basis import Basis
from leitweg.situation.ping_pong import Stretches

LEAST_UNITS = 3


@dataclass(frozen=True)
class Block:
    """A block of units, with its circles (positions in `Stretches`)."""

    units: tuple[int, ...]
    circles: Ints


def blocks_of(basis: Basis, circles: Stretches) -> list[Block]:
    """Units that a good part of a topic's cases circle through together."""
    stays = basis.stays
    counted = np.flatnonzero(basis.in_period[stays.case[circles.first]])
    members = [np.unique(stays.unit[circles.first[i] : circles.last[i] + 1]) for i in counted]
    through = _circles_through(members)
    found = []
    for joined in cliques(_often_together(basis, circles, counted, members)):
        near = np.unique(np.concatenate([through[unit] for unit in joined]))
        # a case that strays in between has gone round in the block all the same
        inside = [
            counted[i]
            for i in near.tolist()
            if joined.issuperset(members[i].tolist()) or joined.issubset(members[i].tolist())
        ]
        if inside:
            found.append(Block(tuple(sorted(joined)), np.array(inside)))
    return found


def _circles_through(members: list[Ints]) -> dict[int, Ints]:
    """Positions in the list of the circles that visit each unit."""
    if not members:
        return {}
    circle = np.repeat(np.arange(len(members)), [own.size for own in members])
    return {unit: circle[index] for (unit,), index in groups_of(np.concatenate(members))}


def _often_together(
    basis: Basis, circles: Stretches, counted: Ints, members: list[Ints]
) -> dict[tuple[int, int], int]:
    """Count pairs of units in circles of at least a tenth of a topic's cases that visit both."""
    constants, topic_of = basis.constants, basis.log.topic.astype(np.int64)
    pairs: dict[tuple[int, int, int], int] = {}
    for i, units in zip(counted, members, strict=True):
        topic = int(topic_of[basis.stays.case[circles.first[i]]])
        for a, b in combinations(units.tolist(), 2):
            pairs[a, b, topic] = pairs.get((a, b, topic), 0) + 1
    often = {key: n for key, n in pairs.items() if n >= constants.min_affected}
    visitors = _visitors(basis, {(unit, key[2]) for key in often for unit in key[:2]})
    found: dict[tuple[int, int], int] = {}
    for (a, b, topic), n in often.items():
        both = np.intersect1d(visitors[a, topic], visitors[b, topic], assume_unique=True)
        if n >= constants.rate_floor * both.size:
            found[a, b] = found.get((a, b), 0) + n
    return found


def _visitors(basis: Basis, wanted: set[tuple[int, int]]) -> dict[tuple[int, int], Ints]:
    """Cases of each (unit, topic), closed in the period."""
    stays = basis.stays
    rows = np.flatnonzero(basis.in_period[stays.case])
    return {
        (unit, topic): np.unique(stays.case[rows[index]])
        for (unit, topic), index in groups_of(stays.unit[rows], stays.topic[rows])
        if (unit, topic) in wanted
    }


def cliques(pairs: Mapping[tuple[int, int], int]) -> list[set[int]]:
    """Find groups of units of which every pair circles together, those with the most circles first.

    Each unit is in one group at most.

    >>> cliques({(1, 2): 9, (1, 3): 8, (2, 3): 8, (3, 4): 5})
    [{1, 2, 3}]
    """
    near: dict[int, dict[int, int]] = {}
    for (a, b), n in pairs.items():
        near.setdefault(a, {})[b] = n
        near.setdefault(b, {})[a] = n
    groups, taken = [], set[int]()
    for a, b in sorted(pairs, key=lambda pair: (-pairs[pair], pair)):
        if a in taken or b in taken:
            continue
        group = {a, b}
        while joining := _most_tied(near, group, taken):
            group.add(joining[0])
        taken |= group
        groups.append(group)
    return [group for group in groups if len(group) >= LEAST_UNITS]


def _most_tied(near: dict[int, dict[int, int]], group: set[int], taken: set[int]) -> list[int]:
    """Return the unit tied to all of a group with the most circles, if there is one."""
    common = set.intersection(*(set(near[u]) for u in group)) - group - taken
    return sorted(common, key=lambda u: (-sum(near[u][v] for v in group), u))[:1]
