"""Between which units do cases go back and forth, and what does that cost the customer?

Method: docs/methods/ping-pong.md.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

from leitweg.domain.findings import Estimate
from leitweg.situation.arrays import Flags, Floats, Ints
from leitweg.situation.basis import Basis
from leitweg.situation.bootstrap import estimate, resampled_sums, wider
from leitweg.situation.candidate import Candidate, busiest_day, without_longest
from leitweg.situation.cells import OTHER_TOPICS
from leitweg.situation.constants import HOUR_US
from leitweg.situation.tails import passed, rate_tail


@dataclass(frozen=True)
class Stretches:
    """Maximal alternations a b a b ... of at least four stays; positions of stays.

    ``could_end`` is the first stay of the unit that holds the case after the stretch: the case
    could have stayed there.
    """

    first: Ints
    last: Ints
    could_end: Ints

    def inside(self, count: int) -> Flags:
        """Per stay: whether a ping-pong made it (everything after the one that could end it)."""
        marked = np.zeros(count + 1, dtype=np.int64)
        np.add.at(marked, self.could_end + 1, 1)
        np.add.at(marked, self.last + 1, -1)
        return np.asarray(np.cumsum(marked)[:-1] > 0)

    def among(self, stays: Ints) -> "Stretches":
        """Those whose ends are among some stays."""
        own = np.isin(self.last, stays) & np.isin(self.could_end, stays)
        return Stretches(self.first[own], self.last[own], self.could_end[own])


@njit(cache=True)
def _alternations(case: Ints, unit: Ints, out: Ints) -> int:  # pragma: no cover - compiled
    count = 0
    i = 0
    n = case.size
    while i + 3 < n:
        end = i + 1
        while end + 1 < n and case[end + 1] == case[i] and unit[end + 1] == unit[end - 1]:
            end += 1
        if end - i >= 3 and case[i + 1] == case[i]:
            out[count, 0] = i
            out[count, 1] = end
            count += 1
            i = end
        else:
            i += 1
    return count


def stretches_of(case: Ints, unit: Ints) -> Stretches:
    """Find the maximal alternations of at least four stays.

    >>> s = stretches_of(np.zeros(5, dtype=np.int64), np.array([7, 1, 2, 1, 2]))
    >>> s.first, s.last, s.could_end
    (array([1]), array([4]), array([2]))
    """
    out = np.zeros((max(case.size, 1), 2), dtype=np.int64)
    count = _alternations(case, unit, out)
    first, last = out[:count, 0].copy(), out[:count, 1].copy()
    return Stretches(first, last, first + (last - first) % 2)


@dataclass(frozen=True)
class _Uses:
    """One row per (case, pair, topic): whether the case has a stretch there, and its excess."""

    case: Ints
    pair: Ints
    topic: Ints
    has_stretch: Floats
    excess_hours: Floats
    day: Ints


def ping_pongs(basis: Basis, stretches: Stretches) -> list[Candidate]:
    """Pairs of units between which cases alternate more often than at other pairs.

    Returns
    -------
    list of Candidate
        One per pair; its topics in ``topics``. Without a clock the price is None.
    """
    constants = basis.constants
    uses = _uses(basis, stretches)
    if uses.case.size == 0:
        return []
    topic = _pooled_topics(uses, constants.min_pool)
    places, place = np.unique(np.column_stack([uses.pair, topic]), axis=0, return_inverse=True)
    place = place.reshape(-1)
    values = np.column_stack([np.ones(place.size), uses.has_stretch, uses.excess_hours])
    by_case, by_day = (
        resampled_sums(
            group, place, values, len(places), seed=basis.seed, replicates=constants.replicates
        )
        for group in (uses.case, uses.day)
    )
    n, k = by_case[0, :, 0], by_case[0, :, 1]
    usual = _usual(by_case[:1], places[:, 0])[0]
    tested = np.flatnonzero((n >= constants.min_pool) & (k >= 1))
    p_values = rate_tail(k[tested], n[tested], usual[tested], constants.overdispersion)
    unusual = (k >= constants.min_affected) & (
        k > np.maximum(constants.rate_margin * usual, constants.rate_floor) * n
    )
    hit = tested[passed(p_values, constants.false_discovery_rate) & unusual[tested]]
    p_of = dict(zip(tested.tolist(), p_values.tolist(), strict=True))
    found = []
    for pair in np.unique(places[hit, 0]):
        here = hit[places[hit, 0] == pair]
        candidate = _priced(
            basis, uses, stretches, places, place, here, (by_case, by_day), p_of, int(pair)
        )
        if candidate is not None:
            found.append(candidate)
    return found


def _pair(basis: Basis, a: Ints, b: Ints) -> Ints:
    return np.minimum(a, b) * len(basis.holders) + np.maximum(a, b)


def _uses(basis: Basis, stretches: Stretches) -> _Uses:
    stays = basis.stays
    rows = np.flatnonzero((stays.previous >= 0) & basis.in_period[stays.case])
    pair = _pair(basis, stays.unit[stays.previous[rows]], stays.unit[rows])
    keys, index = np.unique(np.column_stack([stays.case[rows], pair]), axis=0, return_inverse=True)
    index = index.reshape(-1)
    counted = basis.in_period[stays.case[stretches.first]]
    first, last, could = (
        part[counted] for part in (stretches.first, stretches.last, stretches.could_end)
    )
    use_of_row = np.full(len(stays), -1, dtype=np.int64)
    use_of_row[rows] = index
    # the second stay of a stretch was entered by a handover between its two units
    use = use_of_row[first + 1]
    has = np.zeros(len(keys))
    has[use] = 1.0
    excess = np.zeros(len(keys))
    if basis.log.has_clock:
        np.add.at(excess, use, _excess_hours(basis, could, last))
    day = np.zeros(len(keys), dtype=np.int64)
    np.maximum.at(day, index, stays.day[rows] - stays.day.min(initial=0))
    topic = basis.log.topic[keys[:, 0]].astype(np.int64)
    return _Uses(keys[:, 0], keys[:, 1], topic, has, excess, day)


def _excess_hours(basis: Basis, could_end: Ints, last: Ints) -> Floats:
    """Hours from the stay that could have been the last to the one that was."""
    start = basis.stays.start_us
    return np.asarray(np.maximum(start[last] - start[could_end], 0) / HOUR_US)


def _pooled_topics(uses: _Uses, least: int) -> Ints:
    keys, inverse = np.unique(np.column_stack([uses.pair, uses.topic]), axis=0, return_inverse=True)
    count = np.bincount(inverse.reshape(-1), minlength=len(keys))
    return np.where(count[inverse.reshape(-1)] < least, OTHER_TOPICS, uses.topic)


def _usual(sums: Floats, pair: Ints) -> Floats:
    """Share of cases with a stretch at all other pairs, per replicate and place."""
    # places stand in the order of their pairs
    starts = np.flatnonzero(np.append(True, pair[1:] != pair[:-1]))
    index = np.repeat(np.arange(starts.size), np.diff(np.append(starts, pair.size)))
    n = np.add.reduceat(sums[:, :, 0], starts, axis=1)
    k = np.add.reduceat(sums[:, :, 1], starts, axis=1)
    others_n = n.sum(axis=1, keepdims=True) - n
    others_k = k.sum(axis=1, keepdims=True) - k
    # half a case in fifty as a start: one per cent where the company has no other pair
    return np.asarray(((others_k + 0.5) / (others_n + 50.0))[:, index])


def _priced(
    basis: Basis,
    uses: _Uses,
    stretches: Stretches,
    places: Ints,
    place: Ints,
    here: Ints,
    replicates: tuple[Floats, Floats],
    p_of: dict[int, float],
    pair: int,
) -> Candidate | None:
    a, b = divmod(pair, len(basis.holders))
    chosen = np.isin(place, here) & (uses.has_stretch > 0)
    stays = basis.stays
    keys = uses.case[chosen] * len(basis.holders) ** 2 + uses.pair[chosen]
    of_stretch = stays.case[stretches.first] * len(basis.holders) ** 2 + _pair(
        basis, stays.unit[stretches.first], stays.unit[stretches.first + 1]
    )
    mine = np.flatnonzero(np.isin(of_stretch, keys) & basis.in_period[stays.case[stretches.first]])
    price = _price(basis, replicates, places[:, 0], here) if basis.log.has_clock else None
    if basis.log.has_clock and (price is None or price.low <= 0):
        return None
    sums = replicates[0][0, here]
    usual = float(_usual(replicates[0][:1], places[:, 0])[0, here[0]])
    share = float(sums[:, 1].sum() / sums[:, 0].sum())
    saved = max(0.0, 1 - usual / share)
    affected = np.concatenate(
        [np.arange(stretches.could_end[s], stretches.last[s] + 1) for s in mine]
    )
    starts = np.isin(affected, stretches.could_end[mine])
    ends = np.isin(affected, stretches.last[mine])
    # a case may hold several stretches of one pair
    hours = _excess_hours(basis, stretches.could_end[mine], stretches.last[mine])
    day, day_share = busiest_day(basis, stretches.last[mine], hours)
    topics = tuple(int(t) for t in places[here, 1] if t >= 0)
    whole = here.size == int((places[:, 0] == pair).sum())
    return Candidate(
        "ping_pong",
        -1,
        a,
        b,
        () if OTHER_TOPICS in places[here, 1] or whole else topics,
        price,
        affected,
        np.where(starts, 0.0, saved),
        np.where(ends, 0.0, saved),
        float(1 - max(p_of[int(i)] for i in here)),
        int((stretches.last[mine] - stretches.first[mine]).sum()),
        {
            "cases_with_ping_pong": int(sums[:, 1].sum()),
            "cases_between_the_pair": int(sums[:, 0].sum()),
            "share": share,
            "usual_share": usual,
            "bounces": int((stretches.last[mine] - stretches.first[mine] - 1).sum()),
            "excess_hours_median": float(np.median(hours)) if hours.size else 0.0,
            "busiest_day": day,
            "busiest_day_share": day_share,
            "hours_without_longest_1_percent": (
                basis.per_month(saved * without_longest(hours)) if basis.log.has_clock else None
            ),
        },
    )


def _price(
    basis: Basis, replicates: tuple[Floats, Floats], pair: Ints, here: Ints
) -> Estimate | None:
    """Return the hours of the stretches beyond the usual share of them, per month."""
    drawn = []
    for sums in replicates:
        usual = _usual(sums, pair)[:, here]
        n, k, excess = (sums[:, here, i] for i in range(3))
        saved = np.maximum(0.0, 1 - usual * n / np.maximum(k, 1e-12))
        drawn.append(estimate(basis.per_month(1.0) * (excess * saved).sum(axis=1)))
    return wider(*drawn)
