"""Which units work on the same cases, and have no direct way to each other?

Method: docs/methods/gaps.md.
"""

from collections.abc import Callable

import numpy as np

from leitweg.situation.arrays import Floats, Ints
from leitweg.situation.basis import Basis
from leitweg.situation.bootstrap import estimate, resampled_sums, standard_normals, wider
from leitweg.situation.bottleneck import unit_levels
from leitweg.situation.candidate import (
    Candidate,
    busiest_day,
    stability,
    stay_hours,
    support,
    without_longest,
)
from leitweg.situation.cells import Cells, spread_between, weighted_median
from leitweg.situation.constants import HOUR_US
from leitweg.situation.gap_places import Place, hidden_ways, idle_places, long_places
from leitweg.situation.gap_ways import (
    Ways,
    ways_between,
)
from leitweg.situation.ping_pong import Stretches

# pseudo-handovers by which the direct wait at a unit is drawn towards the company's
PSEUDO = 20.0

Pair = tuple[int, int]
Agrees = Callable[[int, int], bool | None]


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
    places = idle_places(basis, ways, stretches)
    taken = {(p.a, p.to) for p in places}
    places += [p for p in long_places(basis, ways) if (p.a, p.to) not in taken]
    pairs: dict[Pair, list[Place]] = {}
    for place in places:
        pairs.setdefault((place.a, place.to), []).append(place)
    tau = _spread_of_links(cells) if pairs else 0.0
    found = (_priced(basis, ways, cells, here, tau, agrees) for here in pairs.values())
    return [candidate for candidate in found if candidate is not None]


def _priced(
    basis: Basis, ways: Ways, cells: Cells, places: list[Place], tau: float, agrees: Agrees
) -> Candidate | None:
    a, to = places[0].a, places[0].to
    around = np.concatenate([*(p.around for p in places), hidden_ways(basis, ways, places)])
    rows = np.concatenate([p.rows for p in places])
    taken = _hours(basis, ways, around)
    drawn = [
        _drawn(basis, ways, cells, around, to, tau, group)
        for group in (basis.stays.case, basis.stays.day - basis.stays.day.min())
    ]
    price = wider(estimate(drawn[0]), estimate(drawn[1]))
    if price is None or price.low <= 0:
        return None
    direct = float(_direct_wait(cells, to, np.ones((1, len(cells))))[0])
    stays, saved = _saved_time(basis, ways, around, float((taken - direct).sum()))
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
        saved,
        saved,
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


def _saved_time(basis: Basis, ways: Ways, around: Ints, excess_hours: float) -> tuple[Ints, Floats]:
    """Stays between and at the end, and the share of them and of the waits before that would go.

    All of it, where a direct handover waits no longer than the last one of the way does.
    """
    stays = np.concatenate(
        [
            np.arange(ways.kept[s] + 1, ways.kept[e])
            for s, e in zip(ways.start[around], ways.end[around], strict=True)
        ]
    )
    between = float((basis.stays.wait_hours + stay_hours(basis))[stays].sum())
    share = min(1.0, excess_hours / max(between, 1e-12))
    ends = ways.kept[ways.end[around]]
    # who takes the case in the end belongs to the place, though nothing of it would go
    return np.concatenate([stays, ends]), np.append(np.full(stays.size, share), np.zeros(ends.size))


def _usual_way(basis: Basis, ways: Ways, around: Ints) -> list[str]:
    """Names of the units on the commonest way."""
    step = np.arange(ways.between[around].max() + 1)
    at = ways.start[around][:, None] + step[None, 1:]
    inside = step[None, 1:] <= ways.between[around][:, None]
    units = np.where(inside, basis.stays.unit[ways.kept[np.minimum(at, ways.kept.size - 1)]], -1)
    paths, count = np.unique(units, axis=0, return_counts=True)
    return [basis.holders[int(u)] for u in paths[int(count.argmax())] if u >= 0]
