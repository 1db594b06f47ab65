"""How do cases travel between units: which links, how many handovers, how long the wait?

Every change of unit counts here, also a change of label by one person and after the resolution;
the waiting is that of handovers before the resolution.
Method: docs/methods/links.md.
"""

from dataclasses import dataclass

import numpy as np

from leitweg.domain.situation import LinkRow
from leitweg.situation.arrays import Floats, Ints, groups_of
from leitweg.situation.basis import Basis
from leitweg.situation.constants import HOUR_US, MISSING


@dataclass(frozen=True)
class _Handovers:
    """One row per handover: the case, both people, hours of waiting and of holding."""

    case: Ints
    sender: Ints
    receiver: Ints
    waiting: Floats
    holding: Floats


def links_of_units(basis: Basis) -> tuple[LinkRow, ...]:
    """One row per link that was used, the most used first (then by name)."""
    walk = basis.walk
    later = np.flatnonzero(walk.stay_case[1:] == walk.stay_case[:-1]) + 1
    later = later[basis.counted[walk.stay_case[later]]]
    table = _Handovers(
        walk.stay_case[later].astype(np.int64),
        walk.last_worker[later - 1].astype(np.int64),
        walk.first_worker[later].astype(np.int64),
        # after the resolution the customer waits no more
        np.where(walk.after_resolution[later], np.nan, _hours(walk.wait_us[later])),
        _hours(walk.hold_us[later - 1]),
    )
    rows = [
        _row(basis, table, members, sender, receiver)
        for (sender, receiver), members in groups_of(
            walk.stay_holder[later - 1], walk.stay_holder[later]
        )
    ]
    return tuple(sorted(rows, key=lambda r: (-(r.handovers or 0), r.from_unit, r.to_unit)))


def _hours(microseconds: Ints) -> Floats:
    return np.where(microseconds == MISSING, np.nan, microseconds / HOUR_US)


def _row(basis: Basis, table: _Handovers, rows: Ints, a: int, b: int) -> LinkRow:
    clock = basis.log.has_clock
    waiting, holding = table.waiting[rows], table.holding[rows]
    waiting, holding = waiting[np.isfinite(waiting)], holding[np.isfinite(holding)]
    in_period = basis.in_period[table.case[rows]] & np.isfinite(table.waiting[rows])
    senders, receivers = _people(basis, table.sender[rows]), _people(basis, table.receiver[rows])
    known = len(basis.log.persons) > 0
    return LinkRow(
        basis.holders[a],
        basis.holders[b],
        handovers=int(rows.size),
        cases=int(np.unique(table.case[rows]).size),
        n_people=int(np.union1d(senders, receivers).size) if known else None,
        waiting_hours_median=_quantile(waiting, 0.5) if clock else None,
        waiting_hours_p90=_quantile(waiting, 0.9) if clock else None,
        waiting_hours_per_month=(
            basis.per_month(float(table.waiting[rows][in_period].sum())) if clock else None
        ),
        holding_hours_median=_quantile(holding, 0.5) if clock else None,
        n_people_from=int(senders.size) if known else None,
        n_people_to=int(receivers.size) if known else None,
        why=_why(clock, waiting),
    )


def _why(clock: bool, waiting: Floats) -> str | None:
    if not clock:
        return "no-clock"
    return None if waiting.size else "after-resolution"


def _quantile(values: Floats, share: float) -> float | None:
    return float(np.quantile(values, share)) if values.size else None


def _people(basis: Basis, persons: Ints) -> Ints:
    found = np.unique(persons[persons >= 0])
    return found[~basis.log.machine[found]] if found.size else found
