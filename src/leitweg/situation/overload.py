"""Which units have waits that follow their load: too much work for the people there?

Method: docs/methods/overload.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from leitweg.situation.arrays import Flags, Floats, Ints, groups_of
from leitweg.situation.backlog_at_arrival import (
    Slope,
    backlog_at_arrival,
    slope_on_backlog,
    week_of,
)
from leitweg.situation.basis import Basis
from leitweg.situation.bootstrap import estimate, resampled_sums, wider
from leitweg.situation.candidate import Candidate, busiest_day, without_longest
from leitweg.situation.cells import Cells, weighted_median
from leitweg.situation.constants import Constants
from leitweg.situation.load import BusyWeeks
from leitweg.situation.tails import normal_tail, passed


@dataclass(frozen=True)
class _Load:
    """One unit whose waits follow its backlog: the rows of `Cells` into it, and what they show."""

    unit: int
    rows: Ints
    backlog: Ints
    slope: Slope
    p_value: float
    calm: Flags


@dataclass(frozen=True)
class Loaded:
    """What follows the load: overloaded units, and the slope at units slow for other reasons."""

    candidates: list[Candidate]
    slopes: Mapping[int, float]

    @property
    def units(self) -> frozenset[int]:
        """Units named as overloaded."""
        return frozenset(c.unit for c in self.candidates)


def overloads(basis: Basis, cells: Cells, busy_weeks: Mapping[int, BusyWeeks]) -> Loaded:
    """Units whose waits follow their load, and are ordinary while the load is low.

    Parameters
    ----------
    cells
        Waits of the handovers, without what another finding explains.
    busy_weeks
        Share of the weeks in which a unit was used above 85 %, where that is known.
    """
    if len(cells) == 0:
        return Loaded([], {})
    loads = _following(basis, cells)
    slopes = {load.unit: load.slope.value for load in loads}
    found = [
        _priced(basis, cells, load, busy_weeks.get(load.unit))
        for load in loads
        if _busy_enough(basis, busy_weeks.get(load.unit))
        and _more_load_than_slowness(cells, load, basis)
    ]
    return Loaded([c for c in found if c is not None], slopes)


def _busy_enough(basis: Basis, busy: BusyWeeks | None) -> bool:
    """Whether a unit is used to its limit often enough, or nobody knows."""
    return busy is None or busy.share >= basis.constants.busy_weeks_share


def with_load(bottlenecks: list[Candidate], loaded: Loaded) -> list[Candidate]:
    """Name the load as a cause at bottlenecks whose waits follow it."""
    return [
        replace(c, evidence={**c.evidence, "load_slope": loaded.slopes[c.unit]})
        if c.unit in loaded.slopes
        else c
        for c in bottlenecks
    ]


def _following(basis: Basis, cells: Cells) -> list[_Load]:
    """Units whose waits rise with the backlog by more than the margin, from calm to busy."""
    stays, constants = basis.stays, basis.constants
    everywhere = backlog_at_arrival(basis)
    used = np.flatnonzero(cells.estimates)
    tried = []
    for (unit,), index in groups_of(cells.to_unit[cells.cell[used]]):
        rows = used[index]
        backlog = everywhere[cells.rows[rows]]
        weeks = np.unique(week_of(stays.enter_us[cells.rows[rows]])).size
        if rows.size < constants.min_statement or weeks < 8 or np.ptp(backlog) == 0:
            continue
        slope = slope_on_backlog(
            backlog, cells.log_wait[rows], cells.cell[rows], stays.enter_us[cells.rows[rows]]
        )
        if slope is not None:
            tried.append(_tested(int(unit), rows, backlog, slope, constants))
    p_values = np.array([load.p_value for load in tried])
    good = passed(p_values, constants.false_discovery_rate)
    return [load for load, ok in zip(tried, good, strict=True) if ok]


def _tested(unit: int, rows: Ints, backlog: Ints, slope: Slope, constants: Constants) -> _Load:
    calm_share, margin = constants.calm_share, np.log(constants.margin)
    low, high = np.quantile(backlog, [calm_share / 2, 1 - calm_share / 2])
    span = max(float(high - low), 1.0)
    z = (slope.value * span - margin) / max(slope.error * span, 1e-12)
    calm = backlog <= np.quantile(backlog, calm_share)
    return _Load(unit, rows, backlog, slope, float(normal_tail(np.array([z]))[0]), calm)


def _more_load_than_slowness(cells: Cells, load: _Load, basis: Basis) -> bool:
    """Whether the unit waits like the company in calm times, or load costs more than the rest.

    Else it is a bottleneck whose waits follow the load as well.
    """
    means = np.bincount(
        cells.cell[cells.estimates], cells.log_wait[cells.estimates], minlength=len(cells)
    ) / np.maximum(cells.counts, 1)
    company = float(weighted_median(means[None, :], cells.counts[None, :])[0])
    calm, hours = cells.log_wait[load.rows[load.calm]], cells.wait_hours[load.rows]
    error = float(np.sqrt(cells.variance / max(calm.size, 1)))
    level, calm_hours = float(calm.mean()) - company, float(hours[load.calm].mean())
    ordinary = level - 1.645 * error < np.log(basis.constants.margin)
    by_load, by_itself = hours.mean() - calm_hours, calm_hours * (1 - np.exp(-level))
    return bool(ordinary or by_load > by_itself)


def _priced(basis: Basis, cells: Cells, load: _Load, busy: BusyWeeks | None) -> Candidate | None:
    stays = basis.stays
    rows = cells.rows[load.rows]
    hours = cells.wait_hours[load.rows]
    calm_wait = float(hours[load.calm].mean())
    weeks = week_of(stays.enter_us[rows])
    drawn = [
        _excess(basis, group, hours, load.calm) for group in (stays.case[rows], weeks - weeks.min())
    ]
    price = wider(*(estimate(d) for d in drawn))
    if price is None or price.low <= 0:
        return None
    saved = np.clip(1 - calm_wait / np.maximum(hours.mean(), 1e-9), 0, 1)
    day, day_share = busiest_day(basis, rows, hours)
    known = 1.0 if busy is not None else basis.constants.certainty_without_contrast
    slope = load.slope
    return Candidate(
        "overload",
        load.unit,
        -1,
        -1,
        (),
        price,
        rows,
        np.full(rows.size, float(saved)),
        np.zeros(rows.size),
        float((1 - load.p_value) * known),
        int(rows.size),
        {
            "backlog_median": float(np.median(load.backlog)),
            "backlog_busy": float(np.quantile(load.backlog, 0.9)),
            "slope_per_case": slope.value,
            "slope_low": slope.value - 1.96 * slope.error,
            "slope_high": slope.value + 1.96 * slope.error,
            "waiting_hours_calm": calm_wait,
            "waiting_hours_mean": float(hours.mean()),
            "busy_weeks_share": busy.share if busy is not None else None,
            "busiest_day": day,
            "busiest_day_share": day_share,
            "hours_without_longest_1_percent": basis.per_month(
                float(saved) * without_longest(hours)
            ),
        },
        # only those who work mostly here, not all who ever took a case here
        fact_people={"busy_weeks_share": busy.people} if busy is not None else {},
    )


def _excess(basis: Basis, group: Ints, hours: Floats, calm: Flags) -> Floats:
    """Hours per month beyond what the arrivals in calm times wait, per replicate."""
    sums = resampled_sums(
        group,
        np.zeros(hours.size, dtype=np.int64),
        np.column_stack([np.ones(hours.size), hours, calm, calm * hours]),
        1,
        seed=basis.seed,
        replicates=basis.constants.replicates,
    )[:, 0, :]
    n, total, n_calm, calm_hours = sums.T
    return np.asarray(basis.per_month(1.0) * (total - n * calm_hours / np.maximum(n_calm, 1)))
