"""Which findings appeared, vanished, grew or shrank?

Matched by kind and place. A finding on one side only may just have slipped over a threshold: it
appeared or vanished only where the hours at its place, which are known on both sides, changed
visibly in that direction too. Method: docs/methods/comparison.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from leitweg.domain.comparison import Change, FindingChange
from leitweg.domain.findings import Estimate, Finding
from leitweg.situation.arrays import Flags, Floats, Ints
from leitweg.situation.basis import Basis
from leitweg.situation.bootstrap import resampled_sums
from leitweg.situation.candidate import stay_hours
from leitweg.situation.contrast import (
    enough_receipts,
    estimated_change,
    judged,
    unknown_change,
    wider_change,
)

Key = tuple[str, str | None, str | None, str | None, tuple[tuple[str, str], ...]]
# kinds whose cost lies in the stay as much as in the wait before it
WITH_STAYS = frozenset({"misrouting", "dead_end", "overload", "key_position"})
# a way that is absent has no hours of its own
UNMEASURED = frozenset({"gap", "silo"})


@dataclass(frozen=True)
class _Place:
    """Hours per case at a place on one side, drawn by case and by day, and the people behind."""

    per_case: tuple[Floats, Floats]
    receipts: int
    people: int | None


def changed_findings(
    first: Basis,
    second: Basis,
    found_first: Sequence[Finding],
    found_second: Sequence[Finding],
) -> tuple[FindingChange, ...]:
    """One row per place with a finding on a side, the largest change of hours first."""
    one = {_key(f): f for f in found_first}
    two = {_key(f): f for f in found_second}
    keys = [*one, *(key for key in two if key not in one)]
    weights = [_case_weights(basis) for basis in (first, second)]
    rows = [_row(first, second, one.get(key), two.get(key), weights) for key in keys]
    families = [
        judged([getattr(row, name) for row in rows], first.constants.false_discovery_rate)
        for name in ("price", "price_per_case", "at_place")
    ]
    told = [
        _with_verdict(replace(row, price=price, price_per_case=per_case, at_place=place))
        for row, price, per_case, place in zip(rows, *families, strict=True)
    ]
    return tuple(sorted(told, key=_order))


def _key(finding: Finding) -> Key:
    place = (finding.unit, finding.from_unit, finding.to_unit)
    return (finding.kind, *place, tuple(sorted(finding.where.items())))


def _order(row: FindingChange) -> tuple[bool, float, str]:
    prices = [f.price.value if f and f.price else 0.0 for f in (row.first, row.second)]
    return (row.kind == "smooth_link", -abs(prices[1] - prices[0]), row.shown.id)


def _case_weights(basis: Basis) -> Floats:
    cases = np.flatnonzero(basis.in_period)
    return resampled_sums(
        cases,
        np.zeros(cases.size, dtype=np.int64),
        np.ones((cases.size, 1)),
        1,
        seed=basis.seed,
        replicates=basis.constants.replicates,
    )[:, 0, 0]


def _row(
    first: Basis,
    second: Basis,
    one: Finding | None,
    two: Finding | None,
    weights: Sequence[Floats],
) -> FindingChange:
    finding = two or one
    # a key comes from one of the two sides
    assert finding is not None
    bases = (first, second)
    prices = (one.price if one else None, two.price if two else None)
    per_case = [_by_cases(b, price) for b, price in zip(bases, prices, strict=True)]
    why = "no-clock" if one and two else "found-on-one-side"
    at_place, people = _compared_places(bases, finding, weights)
    return FindingChange(
        finding.kind,
        one,
        two,
        _of_prices(prices[0], prices[1], why),
        _of_prices(per_case[0], per_case[1], why),
        at_place,
        "same",
        people[0],
        people[1],
    )


def _compared_places(
    bases: tuple[Basis, Basis], finding: Finding, weights: Sequence[Floats]
) -> tuple[Change, list[int | None]]:
    """Return the change of the hours at the place, and the people there on each side."""
    first = bases[0]
    if not first.log.has_clock or finding.kind in UNMEASURED:
        why = "place-not-measured" if first.log.has_clock else "no-clock"
        people = [_people(b, finding, np.flatnonzero(b.in_period[b.stays.case])) for b in bases]
        return unknown_change(why), people
    a, b = (_at_place(b, finding, w) for b, w in zip(bases, weights, strict=True))
    cases = (float(weights[0][0]), float(weights[1][0]))
    enough = enough_receipts((a.receipts, b.receipts), cases, first.constants)
    return wider_change(a.per_case, b.per_case, enough=enough), [a.people, b.people]


def _by_cases(basis: Basis, price: Estimate | None) -> Estimate | None:
    """Hours per month as hours per closed case: more cases are not a larger fault."""
    cases = basis.per_month(float(basis.in_period.sum()))
    if price is None or not cases > 0:
        return None
    return Estimate(price.value / cases, price.low / cases, price.high / cases)


def _of_prices(first: Estimate | None, second: Estimate | None, why: str) -> Change:
    """Return the change of a price; where only one side has one there is no difference."""
    if first is not None and second is not None:
        return estimated_change(first, second, enough=True)
    return replace(unknown_change(why), first=first, second=second)


def _at_place(basis: Basis, finding: Finding, weights: Floats) -> _Place:
    stays = basis.stays
    rows = np.flatnonzero(_here(basis, finding))
    hours = stays.wait_hours[rows]
    if finding.kind in WITH_STAYS:
        hours = hours + stay_hours(basis)[rows]
    drawn = {"seed": basis.seed, "replicates": basis.constants.replicates}
    nowhere = np.zeros(rows.size, dtype=np.int64)
    days = stays.day[rows] - stays.day.min(initial=0)
    by_case, by_day = (
        resampled_sums(group, nowhere, hours[:, None], 1, **drawn)[:, 0, 0]
        for group in (stays.case[rows], days)
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        per_case = (by_case / weights, by_day / weights[0])
    return _Place(per_case, int(rows.size), _people(basis, finding, rows))


def _here(basis: Basis, finding: Finding) -> Flags:
    """Stays at the place that a finding names: at a unit, or entered over a link."""
    stays = basis.stays
    inside = basis.in_period[stays.case]
    if finding.kind == "dead_end":
        inside = inside | stays.is_open
    inside = inside & _of_topics(basis, finding)
    code = {name: i for i, name in enumerate(basis.holders)}
    unit, sender, receiver = (
        code.get(name or "", -1) for name in (finding.unit, finding.from_unit, finding.to_unit)
    )
    if unit >= 0:
        here = stays.unit == unit
        return np.asarray(inside & here & (sender < 0 or _entered_from(basis, sender)))
    here = (stays.unit == receiver) & _entered_from(basis, sender)
    if finding.kind == "ping_pong":
        here |= (stays.unit == sender) & _entered_from(basis, receiver)
    return np.asarray(inside & here)


def _entered_from(basis: Basis, sender: int) -> Flags:
    stays = basis.stays
    return np.asarray((stays.previous >= 0) & (stays.sender == sender))


def _of_topics(basis: Basis, finding: Finding) -> Flags:
    named = finding.where.get("topic")
    if not named:
        return np.ones(len(basis.stays), dtype=bool)
    wanted = set(named.split(", ")) | {named}
    codes = [i for i, topic in enumerate(basis.log.topics) if topic in wanted]
    return np.isin(basis.stays.topic, codes)


def _people(basis: Basis, finding: Finding, rows: Ints) -> int | None:
    """Count distinct people at work at the place, at the smallest of the units it names."""
    if not len(basis.log.persons):
        return None
    stays = basis.stays
    both = np.concatenate([rows, stays.previous[rows][stays.previous[rows] >= 0]])
    named = {n for n in (finding.unit, finding.from_unit, finding.to_unit) if n}
    counts = []
    for unit in (i for i, name in enumerate(basis.holders) if name in named):
        at = both[(stays.unit[both] == unit) | (stays.unit_left[both] == unit)]
        workers = np.union1d(stays.first_worker[at], stays.last_worker[at])
        workers = workers[workers >= 0]
        counts.append(int((~basis.log.machine[workers]).sum()) if workers.size else 0)
    return min(counts, default=0)


def _with_verdict(row: FindingChange) -> FindingChange:
    place = row.at_place.difference.value if row.at_place.difference else 0.0
    # the hours at a smooth link rise when more goes that way, and fall when it goes faster
    moved = row.at_place.statement == "changed" and row.kind != "smooth_link"
    if row.first is None:
        return replace(row, became="appeared" if moved and place > 0 else "second_only")
    if row.second is None:
        return replace(row, became="vanished" if moved and place < 0 else "first_only")
    if row.price_per_case.statement != "changed" or row.price_per_case.difference is None:
        return row
    return replace(row, became="grew" if row.price_per_case.difference.value > 0 else "shrank")
