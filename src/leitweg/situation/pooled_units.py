"""What would the row of several units say if they were one? And who makes the waits of a unit?

The privacy door asks where units are too small to be shown one by one.
Method: docs/methods/privacy.md.
"""

from collections.abc import Mapping

import numpy as np

from leitweg.domain.situation import OTHERS, Bearers, UnitRow
from leitweg.domain.states import State
from leitweg.situation.arrays import Flags, groups_of
from leitweg.situation.basis import Basis
from leitweg.situation.bearers import bearers_of
from leitweg.situation.bootstrap import estimate, resampled_sums
from leitweg.situation.causes import Causes, causes_per_month
from leitweg.situation.constants import HOUR_US, MISSING


def pooled_units(units: frozenset[str], *, basis: Basis, causes: Causes | None = None) -> UnitRow:
    """Return the row of several units as if they were one, without a name or place on the line."""
    inside = np.array([name in units for name in basis.holders], dtype=bool)
    stays, clock = basis.stays, basis.log.has_clock
    here = stays.handover & basis.in_period[stays.case] & inside[stays.unit]
    walk = basis.company_walk
    finished = basis.counted & ~basis.accounts.is_open
    rows = np.flatnonzero(
        finished[walk.stay_case] & ~basis.walk.after_resolution & inside[walk.stay_holder]
    )
    held = walk.hold_us[rows]
    held = held[held != MISSING] / HOUR_US
    sums = resampled_sums(
        stays.case[here],
        np.zeros(int(here.sum()), dtype=np.int64),
        stays.wait_hours[here][:, None],
        1,
        seed=basis.seed,
        replicates=basis.constants.replicates,
    )[:, 0, 0]
    return UnitRow(
        OTHERS,
        people=_people(basis, inside),
        n_cases=int(np.unique(walk.stay_case[rows]).size),
        stage=None,
        direct_share=None,
        distance_handovers=None,
        customer_weight=None,
        holding_hours_median=float(np.median(held)) if clock and held.size else None,
        waiting_hours_per_month=estimate(basis.per_month(1.0) * sums) if clock else None,
        causes=causes_per_month(basis, causes, stays.walked[np.flatnonzero(here)]),
        why=basis.no_rate,
        bearers=(bearers_of(basis, stays.first_worker[here], np.ones(int(here.sum()))),),
    )


def bearers_of_units(basis: Basis) -> Mapping[str, tuple[Bearers, ...]]:
    """Return how the waits for each unit spread over the people who took them up."""
    stays = basis.stays
    here = np.flatnonzero(stays.handover & basis.in_period[stays.case])
    return {
        basis.holders[unit]: (
            bearers_of(basis, stays.first_worker[here[rows]], np.ones(rows.size)),
        )
        for (unit,), rows in groups_of(stays.unit[here])
    }


def _people(basis: Basis, inside: Flags) -> int | None:
    """Count the people (no machines) at work in any of the units, as in the row of one."""
    log = basis.log
    if not len(log.persons):
        return None
    holder = log.unit if basis.level == "unit" else log.person
    case = np.repeat(np.arange(basis.counted.size), np.diff(log.offsets))
    cases = basis.in_period if log.has_clock else basis.counted
    seen = cases[case] & (holder >= 0) & (log.person >= 0) & (log.state != State.QUEUED)
    seen &= inside[np.maximum(holder, 0)]
    persons = np.unique(log.person[seen])
    return int((~log.machine[persons]).sum())
