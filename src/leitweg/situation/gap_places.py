"""Where does the way always lead round about?

Method: docs/methods/gaps.md.
"""

from dataclasses import dataclass

import numpy as np

from leitweg.situation.arrays import Ints, groups_of
from leitweg.situation.basis import Basis
from leitweg.situation.gap_ways import (
    MOST_BETWEEN,
    Additions,
    Ways,
    additions_of,
    adds_nothing,
    main_units_between,
)
from leitweg.situation.ping_pong import Stretches
from leitweg.situation.tails import passed, rate_tail
from leitweg.situation.work import tells_work

# so few of a topic's cases at a unit are there by a wrong topic
RARE = 0.1


@dataclass(frozen=True)
class Place:
    """Ways from ``a`` to ``to`` in one topic: all, and those round about.

    ``known_idle``: the log shows that those between add nothing; else their number alone tells.
    """

    a: int
    to: int
    topic: int
    rows: Ints
    around: Ints
    usual: float
    known_idle: bool
    p_value: float


def idle_places(basis: Basis, ways: Ways, stretches: Stretches) -> list[Place]:
    """Places where the work in the stays between shows that they add nothing."""
    if not tells_work(basis.log):
        return []
    additions = additions_of(basis, stretches)
    found = []
    for (a, to, topic), rows in groups_of(ways.a, ways.to, ways.topic):
        around = rows[ways.between[rows] >= 2]
        if not _always_round(ways, rows, around, basis, basis.constants.gap_direct_share_idle):
            continue
        if _between_is_idle(basis, ways, around, additions):
            usual = float(np.median(ways.between[rows]))
            found.append(Place(a, to, topic, rows, around, usual, True, 0.0))
    return found


def _always_round(ways: Ways, rows: Ints, around: Ints, basis: Basis, most: float) -> bool:
    direct = int((ways.between[rows] == 0).sum())
    return (
        rows.size >= basis.constants.min_pool
        and around.size >= basis.constants.gap_around_share * rows.size
        and direct <= most * rows.size
    )


def _between_is_idle(basis: Basis, ways: Ways, around: Ints, additions: Additions) -> bool:
    """Whether all who are regularly between add nothing, and both ends do."""
    between = main_units_between(basis, ways, around)
    if len(between) < 2:
        return False
    margin = basis.constants.adds_nothing
    inside = np.unique(additions.cell[np.concatenate([stays for _, stays in between])])
    ends = np.concatenate([ways.kept[ways.start[around]], ways.kept[ways.end[around]]])
    outside = np.unique(additions.cell[ends])
    return bool(
        adds_nothing(additions, inside, margin).all()
        and (additions.level[outside] > np.log(margin)).all()
    )


def long_places(basis: Basis, ways: Ways) -> list[Place]:
    """Places from the entry to a home of the topic that are longer than the company's ways.

    The log does not show there whether those between add something: a question, no statement.
    """
    whole = np.flatnonzero(ways.from_entry & ways.to_home)
    homes = _homes(basis)
    all_ways = np.bincount(ways.between[whole], minlength=MOST_BETWEEN + 1)
    of_topic = {
        topic: np.bincount(ways.between[whole[rows]], minlength=MOST_BETWEEN + 1)
        for (topic,), rows in groups_of(ways.topic[whole])
    }
    tried, shares = [], []
    for (a, to, topic), index in groups_of(ways.a[whole], ways.to[whole], ways.topic[whole]):
        rows = whole[index]
        if rows.size < basis.constants.min_pool or (to, topic) not in homes:
            continue
        others = all_ways - np.bincount(ways.between[rows], minlength=MOST_BETWEEN + 1)
        if not others.sum():
            continue
        reached = np.cumsum(others) / others.sum()
        usual = int(np.searchsorted(reached, basis.constants.gap_usual_quantile))
        around = rows[ways.between[rows] >= max(2, usual + 1)]
        if _is_process(of_topic[topic], np.bincount(ways.between[rows]), usual, basis):
            continue
        if _always_round(ways, rows, around, basis, basis.constants.gap_direct_share):
            tried.append((a, to, topic, rows, around, float(usual)))
            shares.append(max(1 - float(reached[usual]), 0.01))
    if not tried:
        return []
    p_values = rate_tail(
        np.array([float(t[4].size) for t in tried]),
        np.array([float(t[3].size) for t in tried]),
        np.array(shares),
        basis.constants.overdispersion,
    )
    good = passed(p_values, basis.constants.false_discovery_rate)
    return [
        Place(*t[:6], False, float(p)) for t, p, ok in zip(tried, p_values, good, strict=True) if ok
    ]


def _is_process(of_topic: Ints, here: Ints, usual: int, basis: Basis) -> bool:
    """Whether the topic goes that far from everywhere to everywhere: its process, no gap."""
    others = of_topic.astype(np.int64)
    others[: here.size] -= here
    short = others[: usual + 1].sum()
    return bool(others.sum() >= basis.constants.min_pool and short < 0.5 * others.sum())


def _homes(basis: Basis) -> set[tuple[int, int]]:
    """Pairs (unit, topic) where the unit closes a good part of the topic's cases."""
    stays = basis.stays
    last = np.flatnonzero((stays.following < 0) & basis.in_period[stays.case])
    total = np.bincount(stays.topic[last] + 1)
    least = basis.constants.closes_share
    return {
        (unit, topic)
        for (unit, topic), rows in groups_of(stays.unit[last], stays.topic[last])
        if rows.size >= least * total[topic + 1]
    }


def hidden_ways(basis: Basis, ways: Ways, places: list[Place]) -> Ints:
    """Ways through the same idle units under other topics, where that is the exception.

    A wrong topic hides part of a gap.
    """
    if not all(p.known_idle for p in places):
        return np.zeros(0, dtype=np.int64)
    a, to, own = places[0].a, places[0].to, [p.topic for p in places]
    idle = {u for p in places for u, _ in main_units_between(basis, ways, p.around)}
    same = np.flatnonzero((ways.a == a) & (ways.to == to) & ~np.isin(ways.topic, own))
    around = same[ways.between[same] >= 2]
    unit = basis.stays.unit[ways.kept]
    through = [idle <= set(unit[ways.start[i] + 1 : ways.end[i]].tolist()) for i in around.tolist()]
    hidden = around[np.array(through, dtype=bool)]
    stays = basis.stays
    at_a = stays.topic[(stays.unit == a) & basis.in_period[stays.case]]
    size = int(stays.topic.max()) + 2
    n, k = (
        np.bincount(at_a + 1, minlength=size),
        np.bincount(ways.topic[hidden] + 1, minlength=size),
    )
    rare = k <= RARE * n
    return np.asarray(hidden[rare[ways.topic[hidden] + 1]])
