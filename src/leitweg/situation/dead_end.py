"""Where do cases come in and not get on?

A part of the receipts of a unit in one topic lies very long or goes back without work, while the
rest passes at the usual speed. Method: docs/methods/dead-ends.md (Kaplan-Meier 1958; restricted
mean: Irwin 1949).
"""

from dataclasses import dataclass

import numpy as np

from leitweg.situation.arrays import Flags, Floats, Ints, groups_of
from leitweg.situation.basis import Basis
from leitweg.situation.bootstrap import estimate, resampled_sums, wider
from leitweg.situation.candidate import Candidate, busiest_day, stability, without_longest
from leitweg.situation.constants import HOUR_US
from leitweg.situation.tails import passed, rate_tail


@dataclass(frozen=True)
class Receipts:
    """Receipts by handover, open cases included.

    ``hours`` from the handover in to the handover out, the close or (open) now; ``stuck`` much
    longer than the unit's median, or returned to the sender without work.
    """

    stay: Ints
    sender: Ints
    unit: Ints
    topic: Ints
    hours: Floats
    ended: Flags
    returned: Flags
    stuck: Flags


def receipts_of(basis: Basis) -> Receipts:
    """Collect the receipts of closed cases of the period, and where open ones lie."""
    stays, constants = basis.stays, basis.constants
    wanted = basis.in_period[stays.case] | stays.is_open
    rows = np.flatnonzero((stays.previous >= 0) & wanted)
    following = stays.following[rows]
    out = np.where(following >= 0, stays.enter_us[np.maximum(following, 0)], stays.left_us[rows])
    hours = np.maximum(out - stays.enter_us[rows], 0) / HOUR_US
    back = (following >= 0) & (
        stays.unit[np.maximum(following, 0)] == stays.unit[stays.previous[rows]]
    )
    returned = back & ~stays.worked[rows]
    unit = stays.unit[rows]
    ended = ~stays.is_open[rows]
    usual = _median_per_unit(unit[ended], hours[ended], len(basis.holders))
    long = hours > np.maximum(constants.stuck_factor * usual[unit], 1.0)
    return Receipts(
        rows,
        stays.unit[stays.previous[rows]],
        unit,
        stays.topic[rows],
        hours,
        ~stays.is_open[rows],
        returned,
        long | returned,
    )


def _median_per_unit(unit: Ints, hours: Floats, n_units: int) -> Floats:
    out = np.full(n_units, np.inf)
    for (u,), members in groups_of(unit):
        out[u] = np.median(hours[members])
    return out


@dataclass(frozen=True)
class _Places:
    """Receipts counted per (unit, topic): n of them, k stuck, the usual share elsewhere."""

    unit: Ints
    topic: Ints
    of_receipt: Ints
    n: Floats
    k: Floats
    usual: Floats


def dead_ends(basis: Basis, receipts: Receipts) -> list[Candidate]:
    """Units in which the cases of some topics get stuck more often than elsewhere.

    Returns
    -------
    list of Candidate
        One per unit; the topics that show it in ``topics``.
    """
    constants = basis.constants
    if receipts.stay.size == 0 or not basis.log.has_clock:
        return []
    places = _places(receipts)
    tested = np.flatnonzero(places.n >= constants.min_statement)
    p_values = rate_tail(
        places.k[tested], places.n[tested], places.usual[tested], constants.overdispersion
    )
    least = np.maximum(constants.rate_margin * places.usual, constants.rate_floor) * places.n
    many = (places.k >= constants.min_affected) & (places.k > least)
    hit = tested[passed(p_values, constants.false_discovery_rate) & many[tested]]
    hit = np.array(
        [i for i in hit if not _slow_rather_than_stuck(receipts, places, int(i))], dtype=int
    )
    p_of = dict(zip(tested.tolist(), p_values.tolist(), strict=True))
    found = []
    for unit in np.unique(places.unit[hit]):
        here = hit[places.unit[hit] == unit]
        worst = max(p_of[int(i)] for i in here)
        candidate = _priced(basis, receipts, places, here, worst)
        if candidate is not None:
            found.append(candidate)
    return found


def _places(receipts: Receipts) -> _Places:
    keys, place = np.unique(
        np.column_stack([receipts.unit, receipts.topic]), axis=0, return_inverse=True
    )
    place = place.reshape(-1)
    n: Floats = np.bincount(place).astype(np.float64)
    k: Floats = np.bincount(place, weights=receipts.stuck).astype(np.float64)
    # what is usual is seen at the other units: this unit may be the fault
    unit_n = np.bincount(keys[:, 0], weights=n)[keys[:, 0]]
    unit_k = np.bincount(keys[:, 0], weights=k)[keys[:, 0]]
    usual = (k.sum() - unit_k + 0.5) / (n.sum() - unit_n + 10.0)
    return _Places(keys[:, 0], keys[:, 1], place, n, k, usual)


def _slow_rather_than_stuck(receipts: Receipts, places: _Places, i: int) -> bool:
    """Whether it is slowness: the quickest tenth is slow too, or one sender's cases alone.

    Cases that get stuck somewhere do so whoever sent them, and those that do not pass as usual.
    """
    here = places.of_receipt == i
    others = (receipts.unit == places.unit[i]) & ~here
    if others.sum() < 20:
        others = receipts.unit != places.unit[i]
    if not others.any():
        return False
    quick = np.quantile(receipts.hours[here], 0.1) + 0.1
    usual = np.quantile(receipts.hours[others], 0.1) + 0.1
    return bool(quick > 2 * usual) or _from_one_sender(receipts, here, float(places.usual[i]))


def _from_one_sender(receipts: Receipts, here: Flags, usual: float) -> bool:
    """Whether next to none are stuck once the sender with the most stuck cases is left out."""
    rows = np.flatnonzero(here)
    senders, index = np.unique(receipts.sender[rows], return_inverse=True)
    stuck = np.bincount(index, weights=receipts.stuck[rows])
    rest = rows[index != int(stuck.argmax())]
    if senders.size == 1 or rest.size < 20:
        return False
    return bool(receipts.stuck[rest].mean() <= 2 * usual)


def restricted_mean(hours: Floats, ended: Flags, horizon: float) -> float:
    """Mean stay up to a horizon by Kaplan-Meier, open cases censored.

    >>> restricted_mean(np.array([1.0, 3.0]), np.array([True, True]), 10.0)
    2.0
    """
    # of equal times the ends come first: an open case was still at risk then
    order = np.lexsort((~ended, hours))
    time, event = np.minimum(hours[order], horizon), ended[order] & (hours[order] <= horizon)
    at_risk = np.arange(time.size, 0, -1)
    survival = np.cumprod(np.where(event, 1 - 1 / at_risk, 1.0))
    before = np.append(1.0, survival[:-1])
    width = np.diff(np.append(0.0, time))
    return float((before * width).sum() + survival[-1] * (horizon - time[-1]))


def _priced(
    basis: Basis, receipts: Receipts, places: _Places, shown: Ints, p_value: float
) -> Candidate | None:
    unit = int(places.unit[shown[0]])
    here = np.isin(places.of_receipt, shown)
    # wrong topics hide stuck cases among the unit's other ones
    hidden = (receipts.unit == unit) & ~here & receipts.stuck
    same_unit = (receipts.unit == unit) & ~receipts.stuck
    usual = float(places.usual[shown[0]])
    drawn = [
        estimate(basis.per_month(1.0) * _excess(basis, receipts, group, here, hidden, unit))
        for group in (basis.stays.case, basis.stays.day - basis.stays.day.min(initial=0))
    ]
    price = wider(*drawn)
    if price is None or price.low <= 0:
        return None
    stuck = here & receipts.stuck
    rows, hours = receipts.stay[stuck], receipts.hours[stuck]
    passing = float(receipts.hours[same_unit].mean())
    saved = np.clip(1 - passing / np.maximum(hours, 1e-9), 0.0, 1.0)
    horizon = float(np.quantile(receipts.hours, 0.95))
    others = (receipts.unit != unit) & np.isin(receipts.topic, places.topic[shown])
    others = others if others.any() else receipts.unit != unit
    day, day_share = busiest_day(basis, rows, hours)
    return Candidate(
        "dead_end",
        unit,
        -1,
        -1,
        tuple(int(t) for t in places.topic[shown] if t >= 0),
        price,
        rows,
        saved,
        saved,
        float(1 - p_value) * stability(basis, rows, np.ones(rows.size)),
        int(here.sum()),
        {
            "receipts": int(here.sum()),
            "stuck": int(stuck.sum()),
            "returned_without_work": int((here & receipts.returned).sum()),
            "still_open": int((here & ~receipts.ended).sum()),
            "stuck_share": float(receipts.stuck[here].mean()),
            "usual_share": usual,
            "stuck_hours_median": float(np.median(hours)),
            "restricted_mean_hours": restricted_mean(
                receipts.hours[here], receipts.ended[here], horizon
            ),
            "restricted_mean_hours_elsewhere": restricted_mean(
                receipts.hours[others], receipts.ended[others], horizon
            ),
            "horizon_hours": horizon,
            "busiest_day": day,
            "busiest_day_share": day_share,
            "hours_without_longest_1_percent": basis.per_month(without_longest(saved * hours)),
        },
    )


def _excess(
    basis: Basis, receipts: Receipts, group: Ints, here: Flags, hidden: Flags, unit: int
) -> Floats:
    """Hours beyond what the unit's receipts would take at the usual share of stuck ones.

    A passing receipt takes the mean of the unit's passing ones; a stuck one, at the usual share,
    what stuck ones take at the other units. One value per replicate.
    """
    at_unit = receipts.unit == unit
    passing, elsewhere = at_unit & ~receipts.stuck, ~at_unit & receipts.stuck
    # short stays of the topic itself may be stuck ones that got away early
    if (passing & ~here).sum() >= basis.constants.min_statement:
        passing &= ~here
    columns = [here, at_unit & ~here, ~at_unit, hidden, passing, elsewhere]
    counts = np.column_stack(columns).astype(np.float64)
    timed = np.column_stack([here, hidden, passing, elsewhere]) * receipts.hours[:, None]
    sums = resampled_sums(
        group[receipts.stay],
        np.zeros(receipts.stay.size, dtype=np.int64),
        np.column_stack([counts, timed]),
        1,
        seed=basis.seed,
        replicates=basis.constants.replicates,
    )[:, 0, :]
    n, rest, others, hidden_n, passing_n, elsewhere_n = sums[:, :6].T
    hours, hidden_hours, passing_hours, elsewhere_hours = sums[:, 6:].T
    usual = elsewhere_n / np.maximum(others, 1.0)
    passes = passing_hours / np.maximum(passing_n, 1.0)
    stuck_beyond = elsewhere_hours / np.maximum(elsewhere_n, 1.0) - passes
    seen = hours - n * passes + hidden_hours - hidden_n * passes
    return np.asarray(seen - usual * (n + rest) * stuck_beyond)
