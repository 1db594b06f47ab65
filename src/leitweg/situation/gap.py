"""Which units work on the same cases, and have no direct way to each other?

Method: docs/methods/gaps.md.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from leitweg.situation.arrays import Floats, Ints, groups_of
from leitweg.situation.basis import Basis
from leitweg.situation.bootstrap import estimate, resampled_sums, standard_normals, wider
from leitweg.situation.bottleneck import unit_levels
from leitweg.situation.candidate import (
    Candidate,
    busiest_day,
    stability,
    support,
    without_longest,
)
from leitweg.situation.cells import Cells, spread_between, weighted_median
from leitweg.situation.constants import HOUR_US
from leitweg.situation.gap_ways import (
    MOST_BETWEEN,
    Additions,
    Ways,
    additions_of,
    adds_nothing,
    main_units_between,
    ways_between,
)
from leitweg.situation.ping_pong import Stretches
from leitweg.situation.tails import passed, rate_tail
from leitweg.situation.work import tells_work

# pseudo-handovers by which the direct wait at a unit is drawn towards the company's
PSEUDO = 20.0
# so few of a topic's cases at a unit are there by a wrong topic
RARE = 0.1

Pair = tuple[int, int]
Agrees = Callable[[int, int], bool | None]


@dataclass(frozen=True)
class _Place:
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


def gaps(
    basis: Basis, stretches: Stretches, cells: Cells, *, agrees: Agrees = lambda _a, _b: None
) -> list[Candidate]:
    """Pairs of units whose cases always go round about, through units that add nothing.

    Parameters
    ----------
    stretches
        Ping-pong, which is left out of the paths.
    cells
        Waits of the handovers: what a direct handover would wait.
    agrees
        Whether the network, too, has fewer transactions between two units than expected; None
        where it cannot say (docs/methods/expected-links.md).

    Returns
    -------
    list of Candidate
        One per pair of units; its topics in ``topics``.
    """
    if len(basis.stays) == 0 or len(cells) == 0:
        return []
    ways = ways_between(basis, stretches)
    places = _idle_places(basis, ways, stretches)
    taken = {(p.a, p.to) for p in places}
    places += [p for p in _long_places(basis, ways) if (p.a, p.to) not in taken]
    pairs: dict[Pair, list[_Place]] = {}
    for place in places:
        pairs.setdefault((place.a, place.to), []).append(place)
    found = (_priced(basis, ways, cells, here, agrees) for here in pairs.values())
    return [candidate for candidate in found if candidate is not None]


def _idle_places(basis: Basis, ways: Ways, stretches: Stretches) -> list[_Place]:
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
            found.append(_Place(a, to, topic, rows, around, usual, True, 0.0))
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


def _long_places(basis: Basis, ways: Ways) -> list[_Place]:
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
        _Place(*t[:6], False, float(p))
        for t, p, ok in zip(tried, p_values, good, strict=True)
        if ok
    ]


def _is_process(of_topic: Ints, here: Ints, usual: int, basis: Basis) -> bool:
    """Whether the topic goes that far from everywhere to everywhere: its process, no gap."""
    others = of_topic.astype(np.int64)
    others[: here.size] -= here
    short = others[: usual + 1].sum()
    return bool(others.sum() >= basis.constants.min_pool and short < 0.5 * others.sum())


def _homes(basis: Basis) -> set[Pair]:
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


def _priced(
    basis: Basis, ways: Ways, cells: Cells, places: list[_Place], agrees: Agrees
) -> Candidate | None:
    a, to = places[0].a, places[0].to
    around = np.concatenate([*(p.around for p in places), _hidden(basis, ways, places)])
    rows = np.concatenate([p.rows for p in places])
    taken = _hours(basis, ways, around)
    tau = _spread_of_links(cells)
    drawn = [
        _drawn(basis, ways, cells, around, to, tau, group)
        for group in (basis.stays.case, basis.stays.day - basis.stays.day.min())
    ]
    price = wider(estimate(drawn[0]), estimate(drawn[1]))
    if price is None or price.low <= 0:
        return None
    direct = float(_direct_wait(cells, to, np.ones((1, len(cells))))[0])
    stays, wait_saved, stay_saved = _saved_time(ways, around)
    ends = ways.kept[ways.end[around]]
    excess = taken - direct
    day, day_share = busiest_day(basis, ends, np.maximum(excess, 0))
    answer = agrees(a, to)
    asked = 1 if answer is None else 2
    agreeing = 1 + bool(answer)
    known = all(p.known_idle for p in places)
    unsure = 1.0 if known else basis.constants.certainty_without_contrast
    # the definition by surveys is not asked yet: one that stands alone is half the certainty
    certainty = unsure * agreeing / 2 * (1 - max(p.p_value for p in places))
    certainty *= stability(basis, ends, excess) * support(basis, around.size)
    return Candidate(
        "gap",
        -1,
        a,
        to,
        tuple(sorted({p.topic for p in places if p.topic >= 0})),
        price,
        stays,
        wait_saved,
        stay_saved,
        float(certainty),
        int((ways.between[around] + 1).sum()),
        {
            "cases": int(np.unique(basis.stays.case[ends]).size),
            "ways": int(rows.size),
            "direct_share": float((ways.between[rows] == 0).mean()),
            "between_median": float(np.median(ways.between[around])),
            "usual_between": max(p.usual for p in places),
            "usual_way": _usual_way(basis, ways, around),
            "direct_waiting_hours": direct,
            "hours_around_median": float(np.median(taken)),
            "between_adds_nothing": known,
            "definitions": ["cases", *(["expected"] if answer else [])],
            "definitions_asked": asked,
            "busiest_day": day,
            "busiest_day_share": day_share,
            "hours_without_longest_1_percent": basis.per_month(without_longest(excess)),
        },
    )


def _hidden(basis: Basis, ways: Ways, places: list[_Place]) -> Ints:
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


def _hours(basis: Basis, ways: Ways, rows: Ints) -> Floats:
    """Hours from the handover out of the first unit to the start of work in the last."""
    stays = basis.stays
    leave = stays.enter_us[ways.kept[ways.start[rows] + 1]]
    start = stays.start_us[ways.kept[ways.end[rows]]]
    return np.asarray(np.maximum(start - leave, 0) / HOUR_US)


def _drawn(
    basis: Basis, ways: Ways, cells: Cells, around: Ints, to: int, tau: float, group: Ints
) -> Floats:
    """Hours per month beyond a direct handover, per replicate, the comparison drawn anew."""
    at = ways.kept[ways.end[around]]
    replicates = basis.constants.replicates
    sums = resampled_sums(
        group[at],
        np.zeros(at.size, dtype=np.int64),
        np.column_stack([np.ones(at.size), _hours(basis, ways, around)]),
        1,
        seed=basis.seed,
        replicates=replicates,
    )[:, 0, :]
    levels = cells.by_case
    direct = _direct_wait(cells, to, levels.handovers / np.maximum(levels.handovers[:1], 1))
    direct = direct * np.exp(standard_normals(basis.seed + 211 + to, replicates) * tau)
    return np.asarray(basis.per_month(1.0) * (sums[:, 1] - sums[:, 0] * direct))


def _direct_wait(cells: Cells, to: int, weight: Floats) -> Floats:
    """Mean wait of ordinary handovers into a unit, shrunk towards the company's mean.

    ``weight`` has shape (replicates, cells): how much each cell counts in each replicate.
    """
    used = cells.estimates
    n = np.bincount(cells.cell[used], minlength=len(cells)).astype(np.float64)
    hours = np.bincount(cells.cell[used], weights=cells.wait_hours[used], minlength=len(cells))
    here = _ordinary(cells, np.flatnonzero(cells.to_unit == to))
    company = (weight @ hours) / np.maximum(weight @ n, 1e-12)
    into, into_hours = weight[:, here] @ n[here], weight[:, here] @ hours[here]
    return np.asarray((into_hours + PSEUDO * company) / (into + PSEUDO))


def _spread_of_links(cells: Cells) -> float:
    """How far links into one and the same unit differ: the direct one does not exist yet."""
    company = unit_levels(cells)
    level = dict(zip(company.units.tolist(), company.level.tolist(), strict=True))
    own = np.array([level[unit] for unit in cells.to_unit.tolist()])
    firm = cells.counts >= PSEUDO
    return spread_between((cells.levels - own)[firm], cells.variance / cells.counts[firm])


def _ordinary(cells: Cells, members: Ints) -> Ints:
    """Leave out the cells that wait much longer than the unit's median cell: slow links."""
    if members.size == 0:
        return members
    level, count = cells.levels[members], cells.counts[members]
    middle = weighted_median(level[None, :], count[None, :])[0]
    return np.asarray(members[level <= middle + np.log(1.5)])


def _saved_time(ways: Ways, around: Ints) -> tuple[Ints, Floats, Floats]:
    """All stays between would go, with the waits before them; the wait for the last one stays."""
    stays = np.concatenate(
        [
            np.arange(ways.kept[s] + 1, ways.kept[e])
            for s, e in zip(ways.start[around], ways.end[around], strict=True)
        ]
    )
    return stays, np.ones(stays.size), np.ones(stays.size)


def _usual_way(basis: Basis, ways: Ways, around: Ints) -> list[str]:
    """Names of the units on the commonest way."""
    step = np.arange(ways.between[around].max() + 1)
    at = ways.start[around][:, None] + step[None, 1:]
    inside = step[None, 1:] <= ways.between[around][:, None]
    units = np.where(inside, basis.stays.unit[ways.kept[np.minimum(at, ways.kept.size - 1)]], -1)
    paths, count = np.unique(units, axis=0, return_counts=True)
    return [basis.holders[int(u)] for u in paths[int(count.argmax())] if u >= 0]
