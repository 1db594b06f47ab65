"""Which units stand in direct or indirect relation to the customer, and how far away?

The way of a case is an absorbing Markov chain over units, absorbed when the case is solved
(Kemeny & Snell 1960; Jeong, Kim & Zimmermann 2009). Method: docs/methods/customer-line.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from leitweg.domain.findings import Estimate
from leitweg.domain.situation import UnitRow
from leitweg.domain.states import State
from leitweg.situation.arrays import Flags, Floats, Ints, groups_of
from leitweg.situation.basis import Basis
from leitweg.situation.bootstrap import estimate, resampled_sums
from leitweg.situation.causes import Causes, causes_per_month
from leitweg.situation.constants import HOUR_US, MISSING

# beyond so many units the inverse takes longer than the rest of the analysis
DENSE_UNITS = 1500


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


def _chain(entries: Floats, sender: Ints, receiver: Ints, solved: Floats) -> Chain:
    """Solve the chain of these handovers; for very many units its weights alone.

    The distance needs the inverse of a matrix of that size.
    """
    n_units = len(entries)
    if n_units <= DENSE_UNITS:
        moves = np.bincount(sender * n_units + receiver, minlength=n_units**2)
        return chain_of(entries, moves.reshape(n_units, n_units).astype(np.float64), solved)
    pairs, count = np.unique(sender * n_units + receiver, return_counts=True)
    rows, columns = pairs // n_units, pairs % n_units
    share = count / (np.bincount(sender, minlength=n_units) + solved)[rows]
    start = entries / max(entries.sum(), 1.0)
    visits, step = start.copy(), start
    while step.sum() > 1e-12:
        step = np.bincount(columns, weights=step[rows] * share, minlength=n_units)
        visits += step
    nothing = np.full(n_units, np.nan)
    return Chain(start, visits, nothing, nothing)


def customer_line(
    basis: Basis, *, front: tuple[str, ...] = (), causes: Causes | None = None
) -> tuple[UnitRow, ...]:
    """One row per unit, nearest to the customer first.

    Parameters
    ----------
    front
        Units that a person named as the front line: they stand at the front whatever the log says.
    causes
        The waiting by cause; without it the rows say nothing about causes.
    """
    walk, n_units = basis.walk, len(basis.holders)
    # an open case has not come to its end: it would count as solved where it lies
    finished = basis.counted & ~basis.accounts.is_open
    rows = np.flatnonzero(finished[walk.stay_case] & ~walk.after_resolution)
    case, unit = walk.stay_case[rows].astype(np.int64), walk.stay_holder[rows].astype(np.int64)
    same = case[1:] == case[:-1]
    first = np.append(True, ~same) if case.size else np.zeros(0, dtype=bool)
    last = np.append(~same, True) if case.size else np.zeros(0, dtype=bool)
    chain = _chain(
        np.bincount(unit[first], minlength=n_units).astype(np.float64),
        unit[:-1][same],
        unit[1:][same],
        np.bincount(unit[last], minlength=n_units).astype(np.float64),
    )
    direct = first | _asks_customer(basis, rows)
    contacts = np.bincount(unit, weights=direct, minlength=n_units)
    visits = np.bincount(unit, minlength=n_units)
    found = _rows(basis, chain, contacts / np.maximum(visits, 1), rows, front)
    split = _causes_per_unit(basis, causes)
    return tuple(replace(row, causes=split.get(row.unit, {})) for row in found)


def customer_line_of_messages(
    rows: tuple[UnitRow, ...],
    flows: Sequence[tuple[str | None, str | None, int]],
    *,
    front_share: float,
    mixed_share: float,
) -> tuple[UnitRow, ...]:
    """Place the units of a mail log by their messages with the customer.

    Parameters
    ----------
    rows
        The units with what answers tell of them.
    flows
        (from unit, to unit, messages); None is the customer. A way begins with a message from the
        customer and is absorbed by one to the customer. Without any, nothing is known.
    """
    names = sorted({u for a, b, _ in flows for u in (a, b) if u is not None})
    code = {name: i for i, name in enumerate(names)}
    entries, solved = np.zeros(len(names)), np.zeros(len(names))
    moves = np.zeros((len(names), len(names)))
    for sender, receiver, count in flows:
        if sender is None and receiver is not None:
            entries[code[receiver]] += count
        elif receiver is None and sender is not None:
            solved[code[sender]] += count
        elif sender is not None and receiver is not None and sender != receiver:
            moves[code[sender], code[receiver]] += count
    reach = _reaching(moves, solved > 0)
    if not entries[reach].sum():
        return tuple(_unplaced(row, "no-front") for row in rows)
    # units from which nothing ever reaches the customer again have no place on the line
    names = [name for name, keep in zip(names, reach, strict=True) if keep]
    code = {name: i for i, name in enumerate(names)}
    entries, solved, moves = entries[reach], solved[reach], moves[np.ix_(reach, reach)]
    chain = chain_of(entries, moves, solved)
    direct = (entries + solved) / (entries + solved + moves.sum(axis=0) + moves.sum(axis=1))
    placed = [
        replace(
            row,
            stage=_stage_of(float(direct[code[row.unit]]), front_share, mixed_share),
            direct_share=float(direct[code[row.unit]]),
            distance_handovers=_known(chain.distance[code[row.unit]]),
            customer_weight=float(chain.weight[code[row.unit]]),
        )
        if row.unit in code
        else _unplaced(row, "no-front")
        for row in rows
    ]
    return tuple(sorted(placed, key=_by_distance))


def _reaching(moves: Floats, solved: Flags) -> Flags:
    """Return which units the customer can be reached from, directly or through others."""
    reach = solved.copy()
    while True:
        further = reach | (moves[:, reach].sum(axis=1) > 0)
        if np.array_equal(further, reach):
            return reach
        reach = further


def _unplaced(row: UnitRow, why: str) -> UnitRow:
    return replace(
        row,
        stage=None,
        direct_share=None,
        distance_handovers=None,
        customer_weight=None,
        why=why,
    )


def _by_distance(row: UnitRow) -> tuple[bool, float, int, str]:
    distance = row.distance_handovers
    return (distance is None, distance or 0.0, -(row.n_cases or 0), row.unit)


def _asks_customer(basis: Basis, rows: Ints) -> Flags:
    """Whether the unit waits for an answer of the customer during the stay."""
    walk, log = basis.walk, basis.log
    asks = np.append(0, np.cumsum(log.state == State.WAITING_CUSTOMER))
    return np.asarray(asks[walk.last_event[rows] + 1] > asks[walk.first_event[rows]])


def _rows(
    basis: Basis, chain: Chain, direct: Floats, rows: Ints, front: tuple[str, ...]
) -> tuple[UnitRow, ...]:
    walk, n_units = basis.company_walk, len(basis.holders)
    unit, case = walk.stay_holder[rows].astype(np.int64), walk.stay_case[rows].astype(np.int64)
    waiting = _waiting_per_unit(basis)
    people, cases = _people_at_work(basis, n_units), _distinct_pairs(unit, case, n_units)
    holding = np.where(walk.hold_us[rows] == MISSING, np.nan, walk.hold_us[rows] / HOUR_US)
    out = []
    for (u,), members in groups_of(unit):
        held = holding[members]
        held = held[np.isfinite(held)]
        clock = basis.log.has_clock
        out.append(
            UnitRow(
                basis.holders[u],
                people=int(people[u]) if len(basis.log.persons) else None,
                n_cases=int(cases[u]),
                stage=_stage(basis, basis.holders[u], float(direct[u]), front),
                direct_share=float(direct[u]),
                distance_handovers=_known(chain.distance[u]),
                customer_weight=float(chain.weight[u]),
                holding_hours_median=float(np.median(held)) if clock and held.size else None,
                waiting_hours_per_month=waiting[u] if clock else None,
                why=_why(basis, chain),
            )
        )
    return tuple(sorted(out, key=_by_distance))


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _why(basis: Basis, chain: Chain) -> str | None:
    too_many = "too-many-units" if chain.distance.size > DENSE_UNITS else None
    return basis.no_rate or too_many


def _stage(basis: Basis, unit: str, direct: float, front: tuple[str, ...]) -> str:
    if unit in front:
        return "front"
    stage = _stage_of(direct, basis.constants.front_share, basis.constants.mixed_share)
    # where a person named the front line, nobody else stands in it
    return "mixed" if front and stage == "front" else stage


def _stage_of(direct: float, front_share: float, mixed_share: float) -> str:
    if direct >= front_share:
        return "front"
    return "mixed" if direct >= mixed_share else "back"


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


def _causes_per_unit(basis: Basis, causes: Causes | None) -> dict[str, Mapping[str, float]]:
    """Split the waiting for each unit by cause: of the same handovers as `_waiting_per_unit`."""
    stays = basis.stays
    here = np.flatnonzero(stays.handover & basis.in_period[stays.case])
    split = {
        basis.holders[u]: causes_per_month(basis, causes, stays.walked[here[members]])
        for (u,), members in groups_of(stays.unit[here])
    }
    nothing = causes_per_month(basis, causes, np.zeros(0, dtype=np.int64))
    return {name: split.get(name, nothing) for name in basis.holders}


def _people_at_work(basis: Basis, n_units: int) -> Ints:
    """Count the people (no machines) who worked in each unit on the cases that are counted.

    The name on a queue event is usually the sender's: it is nobody's work.
    """
    log = basis.log
    if not len(log.persons):
        return np.zeros(n_units, dtype=np.int64)
    holder = log.unit if basis.level == "unit" else log.person
    case = np.repeat(np.arange(basis.counted.size), np.diff(log.offsets))
    cases = basis.in_period if log.has_clock else basis.counted
    seen = cases[case] & (holder >= 0) & (log.person >= 0) & (log.state != State.QUEUED)
    seen &= ~log.machine[np.maximum(log.person, 0)]
    return _distinct_pairs(
        holder[seen].astype(np.int64), log.person[seen].astype(np.int64), n_units
    )


def _distinct_pairs(unit: Ints, other: Ints, n_units: int) -> Ints:
    width = int(other.max(initial=0)) + 1
    pairs = np.unique(unit * width + other)
    return np.bincount(pairs // width, minlength=n_units)
