"""Which block of units keeps cases among itself before anybody outside gets them?

Method: docs/methods/silos.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from leitweg.domain.findings import Estimate
from leitweg.situation.arrays import Flags, Ints, groups_of
from leitweg.situation.basis import Basis
from leitweg.situation.blocks import Block, blocks_of
from leitweg.situation.bootstrap import estimate, resampled_sums, wider
from leitweg.situation.candidate import Candidate, busiest_day, without_longest
from leitweg.situation.constants import HOUR_US
from leitweg.situation.ping_pong import Stretches
from leitweg.situation.tails import passed, rate_tail


@dataclass(frozen=True)
class OutwardShare:
    """Share of a block's handovers that lead outward, and what chance alone would give."""

    share: float
    expected: float
    z: float


@dataclass(frozen=True)
class _Place:
    """A block in one topic: N cases that visit two of its units or more, K of them in circles."""

    block: Block
    topic: int
    cases: Ints
    circles: Ints
    k: float


def silos(basis: Basis, circles: Stretches) -> list[Candidate]:
    """Blocks in which cases go round, and from which fewer handovers lead out than expected.

    Parameters
    ----------
    circles
        From `circles.circles_of`.

    Returns
    -------
    list of Candidate
        One per block; ``unit`` is the one with most of its stays, the others stand in the
        evidence; its topics in ``topics``. Without a clock the price is None.
    """
    if circles.first.size == 0:
        return []
    found = []
    everyone = _cases_of_period(basis)
    of_circle = basis.stays.case[circles.first]
    circling = np.unique(of_circle[basis.in_period[of_circle]])
    for block in blocks_of(basis, circles):
        places = _places(basis, circles, block)
        outside_cases = max(everyone - sum(p.cases.size for p in places), 0)
        outside_circles = max(int(circling.size) - int(sum(p.k for p in places)), 0)
        usual = (outside_circles + 0.5) / (outside_cases + 50.0)
        shown = _unusual(basis, places, usual)
        if shown:
            candidate = _priced(basis, circles, places, shown, usual)
            found += [candidate] if candidate is not None else []
    return found


def _cases_of_period(basis: Basis) -> int:
    return int(np.unique(basis.stays.case[basis.in_period[basis.stays.case]]).size)


def _places(basis: Basis, circles: Stretches, block: Block) -> list[_Place]:
    stays = basis.stays
    among = np.zeros(len(basis.holders), dtype=bool)
    among[list(block.units)] = True
    rows = np.flatnonzero(among[stays.unit] & basis.in_period[stays.case])
    keys = np.unique(np.column_stack([stays.case[rows], stays.unit[rows]]), axis=0)
    cases, visited = np.unique(keys[:, 0], return_counts=True)
    cases = cases[visited >= 2]
    topic_of = basis.log.topic.astype(np.int64)
    of_circle = stays.case[circles.first[block.circles]]
    found = []
    for (topic,), index in groups_of(topic_of[cases]):
        own = block.circles[topic_of[of_circle] == topic]
        k = np.unique(stays.case[circles.first[own]]).size
        found.append(_Place(block, topic, cases[index], own, float(k)))
    return found


def _unusual(basis: Basis, places: list[_Place], usual: float) -> list[_Place]:
    constants = basis.constants
    tried = [p for p in places if p.cases.size >= constants.min_pool]
    if not tried:
        return []
    k = np.array([p.k for p in tried])
    n = np.array([float(p.cases.size) for p in tried])
    p_values = rate_tail(k, n, np.full(k.size, usual), constants.overdispersion)
    least = np.maximum(constants.rate_margin * usual, constants.rate_floor) * n
    good = passed(p_values, constants.false_discovery_rate) & (k > least)
    good &= k >= constants.min_affected
    return [tried[i] for i in np.flatnonzero(good)]


def _priced(
    basis: Basis, circles: Stretches, places: list[_Place], shown: list[_Place], usual: float
) -> Candidate | None:
    """Price the circles of all topics of the block: a wrong topic hides some; name those shown."""
    stays, block = basis.stays, places[0].block
    topics = tuple(p.topic for p in shown if p.topic >= 0)
    outward = _outward(basis, circles, shown)
    if outward.z >= -2:
        return None
    places = _without_backlog(basis, circles, places)
    own = np.concatenate([p.circles for p in places])
    if own.size == 0:
        return None
    first, last, could = circles.first[own], circles.last[own], circles.could_end[own]
    hours = np.maximum(stays.start_us[last] - stays.start_us[could], 0) / HOUR_US
    clock = basis.log.has_clock
    price = _price(basis, places, circles, usual) if clock else None
    if clock and (price is None or price.low <= 0):
        return None
    k, n = sum(p.k for p in shown), sum(p.cases.size for p in shown)
    saved = max(0.0, 1 - usual * n / k)
    affected = np.concatenate([np.arange(c, e + 1) for c, e in zip(could, last, strict=True)])
    visits = np.bincount(stays.unit[affected], minlength=len(basis.holders))
    day, day_share = busiest_day(basis, last, hours) if clock else ("", 0.0)
    return Candidate(
        "silo",
        max(block.units, key=lambda u: (visits[u], -u)),
        -1,
        -1,
        topics if len(topics) < len(basis.log.topics) else (),
        price,
        affected,
        np.where(np.isin(affected, could), 0.0, saved),
        np.where(np.isin(affected, last), 0.0, saved),
        float(1 - _p_value(basis, k, n, usual)),
        int((last - first).sum()),
        {
            "units": [basis.holders[u] for u in block.units],
            "cases_in_circles": int(k),
            "cases_in_block": int(n),
            "share": k / n,
            "usual_share": usual,
            "external_share": outward.share,
            "expected_external_share": outward.expected,
            "z": outward.z,
            "handovers_inside_before_leaving": float((last - first).mean()),
            "excess_hours_median": float(np.median(hours)) if clock else None,
            "busiest_day": day,
            "busiest_day_share": day_share,
            "hours_without_longest_1_percent": (
                basis.per_month(saved * without_longest(hours)) if clock else None
            ),
        },
    )


def _without_backlog(basis: Basis, circles: Stretches, places: list[_Place]) -> list[_Place]:
    """Leave out the circles that ended on the day on which a pile was worked off.

    Where one day ends more than a third of the hours, they are the price of that pile.
    """
    own = np.concatenate([p.circles for p in places])
    start = basis.stays.start_us
    hours = np.maximum(start[circles.last[own]] - start[circles.could_end[own]], 0) / HOUR_US
    date, share = busiest_day(basis, circles.last[own], hours)
    if not basis.log.has_clock or share <= basis.constants.busiest_day_share:
        return places
    day = np.datetime64(date, "D").astype(np.int64)
    return [
        replace(p, circles=p.circles[basis.stays.day[circles.last[p.circles]] != day])
        for p in places
    ]


def _p_value(basis: Basis, k: float, n: float, usual: float) -> float:
    rho = basis.constants.overdispersion
    return float(rate_tail(np.array([k]), np.array([float(n)]), np.array([usual]), rho)[0])


def _price(basis: Basis, places: list[_Place], circles: Stretches, usual: float) -> Estimate | None:
    """Hours of the circles beyond the usual share of them, per month."""
    stays = basis.stays
    cases = np.concatenate([p.cases for p in places])
    own = np.concatenate([p.circles for p in places])
    last, could = circles.last[own], circles.could_end[own]
    excess = np.zeros(basis.in_period.size)
    np.add.at(excess, stays.case[last], np.maximum(stays.start_us[last] - stays.start_us[could], 0))
    circled = np.isin(cases, stays.case[last])
    day = np.zeros(basis.in_period.size, dtype=np.int64)
    np.maximum.at(day, stays.case, stays.day - stays.day.min())
    drawn = []
    for group in (cases, day[cases]):
        sums = resampled_sums(
            group,
            np.zeros(cases.size, dtype=np.int64),
            np.column_stack([np.ones(cases.size), circled, excess[cases] / HOUR_US]),
            1,
            seed=basis.seed,
            replicates=basis.constants.replicates,
        )[:, 0, :]
        n, k, hours = sums.T
        beyond = np.maximum(0.0, 1 - usual * n / np.maximum(k, 1e-12))
        drawn.append(estimate(basis.per_month(1.0) * hours * beyond))
    return wider(*drawn)


def _outward(basis: Basis, circles: Stretches, places: list[_Place]) -> OutwardShare:
    """Share of the block's handovers that lead outward, against its cases that do not circle.

    Where nearly all circle, against chance.
    """
    cases = np.concatenate([p.cases for p in places])
    circling = np.unique(
        basis.stays.case[circles.first[np.concatenate([p.circles for p in places])]]
    )
    straight = np.setdiff1d(cases, circling)
    units = places[0].block.units
    if straight.size < basis.constants.min_pool:
        return outward_share(basis, units, np.array([p.topic for p in places]))
    stays = basis.stays
    block = np.zeros(len(basis.holders), dtype=bool)
    block[list(units)] = True
    rows = np.flatnonzero((stays.previous >= 0) & np.isin(stays.case, cases))
    rows = rows[block[stays.unit[stays.previous[rows]]]]
    out, round_ = ~block[stays.unit[rows]], np.isin(stays.case[rows], circling)
    n = np.array([(~round_).sum(), round_.sum()], dtype=np.float64)
    shares = np.array([out[~round_].mean(), out[round_].mean()])
    pooled = float(out.mean())
    error = np.sqrt(max(pooled * (1 - pooled), 1e-12) * (1 / n).sum())
    return OutwardShare(pooled, float(shares[0]), float((shares[1] - shares[0]) / error))


def outward_share(basis: Basis, units: Iterable[int], topics: Ints | None = None) -> OutwardShare:
    """Compare the share of a block's handovers that lead outward with chance.

    Chance: receivers are dealt to senders at random, each unit as often as it receives. Mean and
    variance of that permutation are exact (hypergeometric), so nothing is drawn.

    Parameters
    ----------
    units
        The block.
    topics
        Only handovers of these topics are the block's; None for all.
    """
    stays = basis.stays
    rows = np.flatnonzero((stays.previous >= 0) & basis.in_period[stays.case])
    block = np.zeros(len(basis.holders), dtype=bool)
    block[list(units)] = True
    from_block, to_block = block[stays.unit[stays.previous[rows]]], block[stays.unit[rows]]
    from_block &= np.isin(stays.topic[rows], topics) if topics is not None else True
    return against_chance(from_block, to_block)


def against_chance(from_block: Flags, to_block: Flags) -> OutwardShare:
    """Outward share of the handovers from a block, and its mean and z over all permutations."""
    n = float(from_block.size)
    senders, receivers = float(from_block.sum()), float(to_block.sum())
    if senders == 0:
        return OutwardShare(0.0, 0.0, 0.0)
    mean = senders * (n - receivers) / n
    spread = senders * (n - senders) * receivers * (n - receivers)
    variance = spread / (n * n * (n - 1)) if n > 1 else 0.0
    outward = float((from_block & ~to_block).sum())
    z = (outward - mean) / np.sqrt(variance) if variance > 0 else 0.0
    return OutwardShare(outward / senders, mean / senders, float(z))
