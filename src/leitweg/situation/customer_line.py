"""Which units stand in direct or indirect relation to the customer, and how far away?

The way of a case is an absorbing Markov chain over units, absorbed when the case is solved
(Kemeny & Snell 1960; Jeong, Kim & Zimmermann 2009). Method: docs/methods/customer-line.md.
"""

from dataclasses import dataclass

import numpy as np

from leitweg.domain.findings import Estimate
from leitweg.domain.situation import UnitRow
from leitweg.domain.states import State
from leitweg.situation.arrays import Flags, Floats, Ints
from leitweg.situation.basis import Basis
from leitweg.situation.bootstrap import estimate, resampled_sums
from leitweg.situation.constants import HOUR_US, MISSING


@dataclass(frozen=True)
class Chain:
    """Absorbing chain of the cases: entry shares and, per unit, weight and distance.

    ``weight`` is the expected number of times a case visits the unit, ``reach`` the share of
    cases that visit it at all, ``distance`` the expected number of handovers from the customer to
    the first visit, given that there is one.
    """

    entry: Floats
    weight: Floats
    reach: Floats
    distance: Floats


def chain_of(entries: Floats, moves: Floats, solved: Floats) -> Chain:
    """Solve the chain.

    Parameters
    ----------
    entries, solved
        Shape (units,): cases that enter at a unit; cases that end there.
    moves
        Shape (units, units): handovers from row to column.

    Examples
    --------
    Every case goes from the front desk to the expert, who solves it:

    >>> c = chain_of(np.array([9.0, 0.0]), np.array([[0, 9.0], [0, 0]]), np.array([0, 9.0]))
    >>> c.weight, c.distance
    (array([1., 1.]), array([0., 1.]))
    """
    out = moves.sum(axis=1) + solved
    moving = np.divide(moves, out[:, None], out=np.zeros_like(moves), where=out[:, None] > 0)
    fundamental = np.linalg.inv(np.eye(len(entries)) - moving)
    start = entries / max(entries.sum(), 1.0)
    visits = start @ fundamental
    own = np.diag(fundamental)
    reach = visits / own
    # d/dz of the generating function of the first visit, at z = 1
    later = fundamental @ moving @ fundamental
    slope = (start @ later) / own - visits * np.diag(later) / own**2
    distance = np.divide(slope, reach, out=np.full_like(slope, np.nan), where=reach > 1e-12)
    return Chain(start, visits, reach, np.maximum(distance, 0.0))


def customer_line(basis: Basis, *, front: tuple[str, ...] = ()) -> tuple[UnitRow, ...]:
    """One row per unit, nearest to the customer first.

    Parameters
    ----------
    front
        Units that a person named as the front line: they stand at the front whatever the log says.
    """
    walk, n_units = basis.walk, len(basis.holders)
    rows = np.flatnonzero(basis.counted[walk.stay_case] & ~walk.after_resolution)
    case, unit = walk.stay_case[rows].astype(np.int64), walk.stay_holder[rows].astype(np.int64)
    same = case[1:] == case[:-1]
    first = np.append(True, ~same) if case.size else np.zeros(0, dtype=bool)
    last = np.append(~same, True) if case.size else np.zeros(0, dtype=bool)
    moves = np.bincount(unit[:-1][same] * n_units + unit[1:][same], minlength=n_units**2).reshape(
        n_units, n_units
    )
    chain = chain_of(
        np.bincount(unit[first], minlength=n_units).astype(np.float64),
        moves.astype(np.float64),
        np.bincount(unit[last], minlength=n_units).astype(np.float64),
    )
    direct = first | _asks_customer(basis, rows)
    contacts = np.bincount(unit, weights=direct, minlength=n_units)
    visits = np.bincount(unit, minlength=n_units)
    return _rows(basis, chain, contacts / np.maximum(visits, 1), rows, front)


def _asks_customer(basis: Basis, rows: Ints) -> Flags:
    """Whether the unit waits for an answer of the customer during the stay."""
    walk, log = basis.walk, basis.log
    asks = np.append(0, np.cumsum(log.state == State.WAITING_CUSTOMER))
    return np.asarray(asks[walk.last_event[rows] + 1] > asks[walk.first_event[rows]])


def _rows(
    basis: Basis, chain: Chain, direct: Floats, rows: Ints, front: tuple[str, ...]
) -> tuple[UnitRow, ...]:
    walk, n_units = basis.walk, len(basis.holders)
    unit, case = walk.stay_holder[rows].astype(np.int64), walk.stay_case[rows].astype(np.int64)
    waiting = _waiting_per_unit(basis)
    people, cases = _distinct(basis, n_units), _distinct_pairs(unit, case, n_units)
    holding = np.where(walk.hold_us[rows] == MISSING, np.nan, walk.hold_us[rows] / HOUR_US)
    order = np.argsort(unit, kind="stable")
    ends = np.cumsum(np.bincount(unit, minlength=n_units))
    out = []
    for u, (start, end) in enumerate(zip(np.append(0, ends[:-1]), ends, strict=True)):
        if start == end:
            continue
        held = holding[order[start:end]]
        held = held[np.isfinite(held)]
        clock = basis.log.has_clock
        out.append(
            UnitRow(
                basis.holders[u],
                people=int(people[u]) if len(basis.log.persons) else None,
                n_cases=int(cases[u]),
                stage=_stage(basis, basis.holders[u], float(direct[u]), front),
                direct_share=float(direct[u]),
                distance_handovers=float(chain.distance[u]),
                customer_weight=float(chain.weight[u]),
                holding_hours_median=float(np.median(held)) if clock and held.size else None,
                waiting_hours_per_month=waiting[u] if clock else None,
                why=None if clock else "no-clock",
            )
        )
    return tuple(
        sorted(out, key=lambda r: (r.distance_handovers or 0.0, -(r.n_cases or 0), r.unit))
    )


def _stage(basis: Basis, unit: str, direct: float, front: tuple[str, ...]) -> str:
    if front:
        return "front" if unit in front else ("mixed" if direct >= 0.05 else "back")
    if direct >= basis.constants.front_share:
        return "front"
    return "mixed" if direct >= basis.constants.mixed_share else "back"


def _waiting_per_unit(basis: Basis) -> list[Estimate | None]:
    """Hours that cases of the period waited for each unit, per month, with interval."""
    stays, n_units = basis.stays, len(basis.holders)
    here = stays.handover & basis.in_period[stays.case]
    sums = resampled_sums(
        stays.case[here],
        stays.unit[here],
        stays.wait_hours[here][:, None],
        n_units,
        seed=basis.seed,
        replicates=basis.constants.replicates,
    )[:, :, 0]
    return [estimate(basis.per_month(1.0) * sums[:, u]) for u in range(n_units)]


def _distinct(basis: Basis, n_units: int) -> Ints:
    """Count the people (no machines) seen in each unit."""
    log = basis.log
    holder = log.unit if basis.level == "unit" else log.person
    seen = (holder >= 0) & (log.person >= 0)
    if not len(log.persons):
        return np.zeros(n_units, dtype=np.int64)
    seen &= ~log.machine[np.maximum(log.person, 0)]
    return _distinct_pairs(
        holder[seen].astype(np.int64), log.person[seen].astype(np.int64), n_units
    )


def _distinct_pairs(unit: Ints, other: Ints, n_units: int) -> Ints:
    width = int(other.max(initial=0)) + 1
    pairs = np.unique(unit * width + other)
    return np.bincount(pairs // width, minlength=n_units)
