"""How do cases travel between units: which links, how many handovers, how long the wait?

Every change of unit counts here, also a change of label by one person.
Method: docs/methods/links.md.
"""

from dataclasses import dataclass

import numpy as np

from leitweg.domain.situation import LinkRow
from leitweg.situation.arrays import Floats, Ints
from leitweg.situation.basis import Basis
from leitweg.situation.constants import HOUR_US, MISSING


@dataclass(frozen=True)
class _Handovers:
    """One row per handover: its link, the case, both people, hours of waiting and of holding."""

    link: Ints
    case: Ints
    sender: Ints
    receiver: Ints
    waiting: Floats
    holding: Floats


def links_of_units(basis: Basis) -> tuple[LinkRow, ...]:
    """One row per link that was used, the most used first (then by name)."""
    walk, n_units = basis.walk, len(basis.holders)
    later = np.flatnonzero(walk.stay_case[1:] == walk.stay_case[:-1]) + 1
    later = later[basis.counted[walk.stay_case[later]]]
    pair = walk.stay_holder[later - 1].astype(np.int64) * n_units + walk.stay_holder[later]
    pairs, link = np.unique(pair, return_inverse=True)
    table = _Handovers(
        link,
        walk.stay_case[later].astype(np.int64),
        walk.last_worker[later - 1].astype(np.int64),
        walk.first_worker[later].astype(np.int64),
        _hours(walk.wait_us[later]),
        _hours(walk.hold_us[later - 1]),
    )
    order = np.argsort(link, kind="stable")
    ends = np.cumsum(np.bincount(link, minlength=pairs.size))
    rows = [
        _row(basis, table, order[start:end], int(pair))
        for pair, start, end in zip(pairs, np.append(0, ends[:-1]), ends, strict=True)
    ]
    return tuple(sorted(rows, key=lambda r: (-(r.handovers or 0), r.from_unit, r.to_unit)))


def _hours(microseconds: Ints) -> Floats:
    return np.where(microseconds == MISSING, np.nan, microseconds / HOUR_US)


def _row(basis: Basis, table: _Handovers, rows: Ints, pair: int) -> LinkRow:
    a, b = divmod(pair, len(basis.holders))
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
        why=None if clock else "no-clock",
    )


def _quantile(values: Floats, share: float) -> float | None:
    return float(np.quantile(values, share)) if values.size else None


def _people(basis: Basis, persons: Ints) -> Ints:
    found = np.unique(persons[persons >= 0])
    return found[~basis.log.machine[found]] if found.size else found
