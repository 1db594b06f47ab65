"""Which cases take a way through a unit that the same topic also goes without?

The log shows that the unit can be skipped, not that it need not be asked: the certainty is at most
one half unless the unit passed the case on without working on it.
Method: docs/methods/misrouting.md.
"""

from dataclasses import dataclass

import numpy as np

from leitweg.domain.findings import Estimate
from leitweg.situation.arrays import Flags, Floats, Ints, groups_of
from leitweg.situation.basis import Basis
from leitweg.situation.bootstrap import estimate, resampled_sums, wider
from leitweg.situation.candidate import Candidate, busiest_day, least_price, without_longest
from leitweg.situation.ping_pong import Stretches
from leitweg.situation.spared_ways import Guides, Strayed, with_spared_ways
from leitweg.situation.tails import passed, rate_tail
from leitweg.situation.ways import Ways, ways_of

# a unit reached through the odd one in fewer ways than this may be the odd one itself
LEAST_SHARE = 0.05


@dataclass(frozen=True)
class _Comparison:
    """One (sender, unit between, topic): ways to units that are reached both ways.

    ``by_accident`` counts all ways through it to units for which it is no step.
    """

    key: tuple[int, int, int]
    via: Ints
    direct: Ints
    by_accident: int


def misroutings(
    basis: Basis, stretches: Stretches, guides: Guides = lambda _: None
) -> list[Candidate]:
    """Units through which some cases of a topic go and others do not, more than is usual here.

    ``guides`` give a router, for what it would have saved.
    """
    if len(basis.log.topics) == 0:
        return []
    ways = ways_of(basis, stretches)
    constants = basis.constants
    closes, dispatcher = _homes(basis)
    comparisons = _comparisons(ways, constants.step_share)
    tried = [
        c
        for c in comparisons
        if c.direct.size >= 5
        and not dispatcher[c.key[1]]
        and closes[c.key[1], c.key[2]] < constants.closes_share
    ]
    if not tried:
        return []
    k = np.array([c.via.size for c in tried], dtype=np.float64)
    n = k + np.array([c.direct.size for c in tried])
    usual = _usual(basis, ways, comparisons, tried)
    p_values = rate_tail(k, n, usual, constants.overdispersion)
    share = k / n
    plausible = (
        (n >= constants.min_statement)
        & (k >= constants.min_affected)
        & (share >= np.maximum(constants.rate_floor, constants.rate_margin * usual))
    )
    eligible = n >= constants.min_pool
    hit = np.zeros(k.size, dtype=bool)
    hit[eligible] = passed(p_values[eligible], constants.false_discovery_rate)
    found = [
        (tried[i], _priced(basis, ways, tried[i], float(usual[i]), float(p_values[i])))
        for i in np.flatnonzero(hit & plausible)
    ]
    strayed = [Strayed(candidate, c.via, c.direct) for c, candidate in found if candidate]
    return with_spared_ways(basis, ways, strayed, guides)


def _comparisons(ways: Ways, step_share: float) -> list[_Comparison]:
    """Per (sender, unit between, topic): the ways through it, and direct ways to the same ends."""
    around = np.flatnonzero((ways.via >= 0) & (ways.topic >= 0))
    direct = np.flatnonzero(ways.via < 0)
    straight = {key: direct[rows] for key, rows in groups_of(ways.a[direct], ways.topic[direct])}
    nothing = np.zeros(0, dtype=np.int64)
    return [
        _compared(
            ways, (a, wrong, topic), around[rows], straight.get((a, topic), nothing), step_share
        )
        for (a, wrong, topic), rows in groups_of(
            ways.a[around], ways.via[around], ways.topic[around]
        )
    ]


def _compared(
    ways: Ways, key: tuple[int, int, int], via: Ints, direct: Ints, step_share: float
) -> _Comparison:
    """Only units that are reached both ways can be compared.

    Where nearly all come through the unit between it is a step of the way; where nearly none
    come through it (the unit reached is itself the odd one), their number says nothing.
    """
    # only the units that are reached: all there are, for every comparison, would be far too many
    ends, end = np.unique(ways.to[np.concatenate([via, direct])], return_inverse=True)
    end = end.reshape(-1)
    k = np.bincount(end[: via.size], minlength=ends.size)
    share = k / np.bincount(end, minlength=ends.size)
    both = ((share <= step_share) & (share >= LEAST_SHARE))[end]
    by_accident = int(k[share <= step_share].sum())
    return _Comparison(key, via[both[: via.size]], direct[both[via.size :]], by_accident)


def _homes(basis: Basis) -> tuple[Floats, Flags]:
    """Share of each unit's cases that it closes, per topic; and who passes on by profession."""
    stays, n_units, n_topics = basis.stays, len(basis.holders), len(basis.log.topics)
    rows = np.flatnonzero(basis.in_period[stays.case] & (stays.topic >= 0))
    closing = stays.following[rows] < 0
    cell = stays.unit[rows] * n_topics + stays.topic[rows]
    size = n_units * n_topics
    got = np.bincount(cell, minlength=size).reshape(n_units, n_topics)
    closed = np.bincount(cell, weights=closing, minlength=size).reshape(n_units, n_topics)
    share = closed / np.maximum(got, 1)
    total = closed.sum(axis=1) / np.maximum(got.sum(axis=1), 1)
    dispatcher = (total < basis.constants.dispatcher_share) & ((got >= 20).sum(axis=1) >= 3)
    return share, _entry_units(basis) & dispatcher


def _entry_units(basis: Basis) -> Flags:
    """Units at which at least a twentieth of the cases begin: only they dispatch."""
    stays = basis.stays
    first = (stays.previous < 0) & basis.in_period[stays.case]
    begins = np.bincount(stays.unit[first], minlength=len(basis.holders))
    return np.asarray(begins >= 0.05 * max(first.sum(), 1))


def _usual(
    basis: Basis, ways: Ways, comparisons: list[_Comparison], tried: list[_Comparison]
) -> Floats:
    """Share of the ways that a unit stands in by accident, elsewhere than here.

    Its own share over all senders and topics where it is no step, shrunk towards the average unit
    with 100 ways. Ways on which it never appears count too.
    """
    n_units = len(basis.holders)
    straight = float((ways.via < 0).sum())
    by_accident = np.zeros(n_units)
    for c in comparisons:
        by_accident[c.key[1]] += c.by_accident
    here = np.array([c.by_accident for c in tried], dtype=np.float64)
    wrong = np.array([c.key[1] for c in tried])
    average = (by_accident.sum() - here) / max(n_units * straight, 1.0)
    own = by_accident[wrong] - here
    return np.asarray(np.clip((own + 100 * average) / (straight + 100), 1e-4, 1 - 1e-4))


def _priced(
    basis: Basis,
    ways: Ways,
    tried: _Comparison,
    usual: float,
    p_value: float,
) -> Candidate | None:
    (a, wrong, topic), via, direct = tried.key, tried.via, tried.direct
    price = None
    if basis.log.has_clock:
        replicates = basis.constants.replicates
        # most of the many places cost next to nothing: no interval for them
        rough = _price(basis, ways, tried, usual, replicates=0)
        if rough is None or rough.value < least_price(basis):
            return None
        price = _price(basis, ways, tried, usual, replicates=replicates)
        if price is None or price.low <= 0:
            return None
    share = via.size / (via.size + direct.size)
    saved = max(0.0, 1 - usual / share)
    ends = np.unique(ways.to[via])
    direct_mean = {int(n): float(ways.hours[direct[ways.to[direct] == n]].mean()) for n in ends}
    expected = np.array([direct_mean[int(n)] for n in ways.to[via]])
    excess = np.maximum(ways.hours[via] - expected, 0.0)
    stays, wait_saved, stay_saved = _saved_time(ways, via, saved)
    untouched = float((~ways.worked[via]).mean())
    certainty = 1.0 if untouched > 0.5 else basis.constants.certainty_without_contrast
    day, day_share = busiest_day(basis, ways.end_stay[via], excess)
    return Candidate(
        "misrouting",
        wrong,
        a,
        -1,
        (topic,),
        price,
        stays,
        wait_saved,
        stay_saved,
        certainty * (1 - p_value),
        int((ways.end_stay[via] - ways.via_stay[via] + 1).sum()),
        {
            "ways_through": int(via.size),
            "direct_ways": int(direct.size),
            "share": share,
            "usual_share": usual,
            "reached_units": [basis.holders[n] for n in ends],
            "passed_on_without_work_share": untouched,
            "hours_through_median": float(np.median(ways.hours[via])),
            "hours_direct_median": float(np.median(ways.hours[direct])),
            "busiest_day": day,
            "busiest_day_share": day_share,
            "hours_without_longest_1_percent": (
                basis.per_month(saved * without_longest(excess)) if basis.log.has_clock else None
            ),
        },
    )


def _hidden(ways: Ways, tried: _Comparison) -> tuple[Ints, Ints]:
    """Ways of the same sender through the same unit under other topics, and direct ones there.

    A wrong topic hides part of a misrouting. Only topics in which at most a quarter go through
    the unit: in the others it is a step.
    """
    a, wrong, topic = tried.key
    same = (ways.a == a) & (ways.topic != topic) & np.isin(ways.to, ways.to[tried.via])
    via, direct = np.flatnonzero(same & (ways.via == wrong)), np.flatnonzero(same & (ways.via < 0))
    size = int(ways.topic.max(initial=0)) + 2
    k = np.bincount(ways.topic[via] + 1, minlength=size)
    n = k + np.bincount(ways.topic[direct] + 1, minlength=size)
    accident = (k <= 0.25 * n) & (n > 0)
    return via[accident[ways.topic[via] + 1]], direct[accident[ways.topic[direct] + 1]]


def _price(
    basis: Basis, ways: Ways, tried: _Comparison, usual: float, *, replicates: int
) -> Estimate | None:
    """Hours of the detours beyond the direct ways, less what is usual, per month."""
    hidden_via, hidden_direct = _hidden(ways, tried)
    parts = (tried.via, tried.direct, hidden_via, hidden_direct)
    rows = np.concatenate(parts)
    which = np.repeat(np.arange(4), [part.size for part in parts])
    ends, place = np.unique(ways.to[rows], return_inverse=True)
    hours = ways.hours[rows]
    counted = (which[:, None] == np.arange(4)).astype(np.float64)
    values = np.column_stack([counted, counted[:, :3] * hours[:, None]])
    drawn = []
    for group in (ways.case, ways.day):
        sums = resampled_sums(
            group[rows],
            place.reshape(-1),
            values,
            ends.size,
            seed=basis.seed,
            replicates=replicates,
        )
        k, n, hidden_k, hidden_n, around, straight, hidden_around = np.moveaxis(sums, 2, 0)
        pooled = straight.sum(axis=1) / np.maximum(n.sum(axis=1), 1e-12)
        # few direct ways to a unit say little: shrunk with ten pseudo-ways
        direct = (straight + 10 * pooled[:, None]) / (n + 10)
        excess = (around + hidden_around - (k + hidden_k) * direct).sum(axis=1)
        total = (k + hidden_k).sum(axis=1)
        expected = usual * (k + n + hidden_k + hidden_n).sum(axis=1)
        unusual = np.maximum(0.0, 1 - expected / np.maximum(total, 1e-12))
        drawn.append(estimate(basis.per_month(1.0) * excess * unusual))
    return wider(*drawn)


def _saved_time(ways: Ways, via: Ints, saved: float) -> tuple[Ints, Floats, Floats]:
    """Stays between sender and unit reached: the detour's waits and work, the direct wait kept."""
    first, last = ways.via_stay[via], ways.end_stay[via]
    stays = np.concatenate([np.arange(f, e + 1) for f, e in zip(first, last, strict=True)])
    is_end = np.isin(stays, last)
    wait = np.where(is_end, 0.0, saved)
    stay = np.where(is_end, 0.0, saved)
    return stays, wait, stay
