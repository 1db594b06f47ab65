"""Which units let every receipt wait, and what does that cost the customer?

Method: docs/methods/bottleneck.md.
"""

from dataclasses import dataclass

import numpy as np

from leitweg.situation.arrays import Floats, Ints, groups_of
from leitweg.situation.backlog import cleared_backlog
from leitweg.situation.basis import Basis
from leitweg.situation.bootstrap import estimate, standard_normals
from leitweg.situation.candidate import (
    Candidate,
    busiest_day,
    decided,
    stability,
    support,
    without_longest,
)
from leitweg.situation.cells import Cells, Levels, grouped_level, spread_between, weighted_median
from leitweg.situation.tails import normal_tail, passed


@dataclass(frozen=True)
class UnitLevels:
    """Level of each receiving unit, and how far ordinary units differ (tau).

    ``middle`` is the median over the cells of a unit: a slow link does not move it far.
    """

    units: Ints
    count: Floats
    level: Floats
    error: Floats
    middle: Floats
    tau: float

    def tau_without(self, i: int) -> float:
        """How far the other units differ: the unit in question may be the fault."""
        firm = (self.count >= 20) & (np.arange(self.units.size) != i)
        return spread_between(self.middle[firm], self.error[firm] ** 2)


def unit_levels(cells: Cells) -> UnitLevels:
    """Level of each unit with at least one receipt, with its standard error."""
    levels = cells.by_case.sample
    grouped = groups_of(cells.to_unit)
    units = np.array([unit for (unit,), _ in grouped], dtype=np.int64)
    members = [rows for _, rows in grouped]
    level = np.array([grouped_level(levels, m)[0] for m in members])
    count = np.array([cells.counts[m].sum() for m in members])
    error = np.sqrt(cells.variance / np.maximum(count, 1))
    middle = np.array([weighted_median(levels.level[:, m], levels.count[:, m])[0] for m in members])
    firm = count >= 20
    tau = spread_between(middle[firm], error[firm] ** 2)
    return UnitLevels(units, count, level, error, middle, tau)


def bottlenecks(basis: Basis, cells: Cells) -> list[Candidate]:
    """Units into which every receipt waits longer than elsewhere in this company.

    Returns
    -------
    list of Candidate
        In the order of the units; price in customer waiting hours per month.
    """
    if len(cells) == 0:
        return []
    constants = basis.constants
    margin = np.log(constants.margin)
    company = unit_levels(cells)
    tested = np.flatnonzero(company.count >= constants.min_pool)
    p_values = normal_tail((company.level[tested] - margin) / company.error[tested])
    slow = tested[passed(p_values, constants.false_discovery_rate)]
    found = (_priced(basis, cells, company, int(i)) for i in slow if company.level[i] > margin)
    return [candidate for candidate in found if candidate is not None]


def _priced(basis: Basis, cells: Cells, company: UnitLevels, i: int) -> Candidate | None:
    constants, unit, level = basis.constants, int(company.units[i]), float(company.level[i])
    members = np.flatnonzero(cells.to_unit == unit)
    levels = cells.levels[members]
    slow = levels > level / 2
    counts = cells.counts[members]
    if counts[slow].sum() < constants.every_share * counts.sum() or slow.sum() * 2 <= slow.size:
        return None
    draws = standard_normals(basis.seed + 101 + unit, constants.replicates)
    draws *= company.tau_without(i)
    here = np.isin(cells.cell, members)
    rows, hours = cells.rows[here], cells.wait_hours[here]
    day, day_share = busiest_day(basis, rows, hours)
    saved = np.full(rows.size, 1 - np.exp(-level))
    backlog = cleared_backlog(basis, rows, hours)
    if backlog is not None:
        saved = backlog.saved
        price = decided(backlog.by_case, backlog.by_day, backlog=True)
    else:
        by_case, by_day = (
            estimate(basis.per_month(1.0) * _saved(levels, members, draws))
            for levels in (cells.by_case, cells.by_day)
        )
        price = decided(by_case, by_day, backlog=False)
    if price is None:
        return None
    alone = members.size == 1
    probability = 1 - float(normal_tail((level - np.log(constants.margin)) / company.error[i]))
    steady = stability(basis, rows, cells.log_wait[here] - cells.log_wait[here].mean() + level)
    identified = constants.certainty_without_contrast if alone else 1.0
    return Candidate(
        "bottleneck",
        unit,
        -1,
        -1,
        (),
        price,
        rows,
        saved,
        np.zeros(rows.size),
        float(probability * identified * steady * support(basis, rows.size)),
        int(rows.size),
        {
            "factor": float(np.exp(level)),
            "waiting_hours_median": float(np.median(hours)),
            "waiting_hours_mean": float(hours.mean()),
            "senders": int(np.unique(cells.from_unit[members]).size),
            "busiest_day": day,
            "busiest_day_share": day_share,
            **({"backlog_date": day} if backlog is not None else {}),
            "hours_without_longest_1_percent": basis.per_month(without_longest(saved * hours)),
            "cannot_be_told_from_slow_link": alone,
            "spread_between_units": company.tau_without(i),
        },
    )


def _saved(levels: Levels, members: Ints, draws: Floats) -> Floats:
    """Hours that would go per replicate, the comparison drawn anew in each."""
    level = grouped_level(levels, members) + draws
    return np.asarray(levels.hours[:, members].sum(axis=1) * (1 - np.exp(-level)))
