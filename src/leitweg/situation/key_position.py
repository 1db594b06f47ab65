"""Which positions does the customer's way depend on, whoever holds them?

The position counts, never the person. Method: docs/methods/key-positions.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from leitweg.domain.findings import Estimate
from leitweg.engine.staff import Staff
from leitweg.situation.absences import absent_together, overlaps
from leitweg.situation.arrays import Flags, Floats, Ints, groups_of
from leitweg.situation.backlog_at_arrival import week_of
from leitweg.situation.basis import Basis
from leitweg.situation.bootstrap import estimate, resampled_sums, wider
from leitweg.situation.candidate import Candidate
from leitweg.situation.constants import DAY_US


@dataclass(frozen=True)
class Position:
    """One position as the log shows it.

    ``rows`` are the stays its holders worked in, ``alone`` those of them in a (unit, topic) that
    next to nobody else works on. ``weight`` is visits per case, ``reach_lost`` the share of cases
    with a stay in ``alone``, ``broker`` its share of the stays between two other units,
    ``scarce_skill`` the needed skill with the fewest people, -1 where none is known.
    """

    code: int
    unit: int
    holders: Ints
    rows: Ints
    alone: Ints
    weight: float
    reach_lost: float
    broker: float
    scarce_skill: int
    skill_holders: int

    @property
    def scarcity(self) -> float:
        """One over the number of people who could stand in: with the skill, else in the position.

        Source: docs/methods/key-positions.md.
        """
        return 1.0 / max(self.skill_holders or self.holders.size, 1)


def key_positions(basis: Basis, staff: Staff | None) -> list[Candidate]:
    """Positions with few holders whose work next to nobody else does.

    Parameters
    ----------
    staff
        Who holds which position, with skills and absences; None where nothing is known.

    Returns
    -------
    list of Candidate
        The price is the waiting that came from their being empty; None without absences. It is a
        risk, no fault, and enters no sum.
    """
    if staff is None or not staff.positions or len(basis.stays) == 0:
        return []
    known = positions_of(basis, staff)
    if not known:
        return []
    index = index_of(known)
    found = []
    for position, value in zip(known, index, strict=True):
        if _depends(basis, position):
            found.append(_named(basis, staff, position, float(value)))
    return found


def positions_of(basis: Basis, staff: Staff) -> list[Position]:
    """Every position whose holders worked on a closed case of the period."""
    stays = basis.stays
    counted = basis.in_period[stays.case] & stays.worked
    worker = np.where(stays.last_worker >= 0, stays.last_worker, stays.first_worker)
    held = np.where(worker >= 0, staff.position[np.maximum(worker, 0)], -1)
    held = np.where(counted, held, -1)
    alone = _alone(basis, staff, counted, held)
    inner = (stays.previous >= 0) & (stays.following >= 0) & counted
    inner &= stays.unit[stays.previous] != stays.unit[np.maximum(stays.following, 0)]
    # who left before the period holds nothing any more
    there = staff.holder_until_us > (basis.period.start_us or 0)
    n_cases = max(np.unique(stays.case[counted]).size, 1)
    found = []
    for (code,), rows in groups_of(held):
        if code < 0:
            continue
        own = rows[alone[rows]]
        skill, holders = _scarce_skill(staff, code)
        found.append(
            Position(
                code,
                int(np.bincount(stays.unit[rows]).argmax()),
                staff.holder_person[there & (staff.holder_position == code)],
                rows,
                own,
                rows.size / n_cases,
                np.unique(stays.case[own]).size / n_cases,
                float(inner[rows].sum() / max(inner.sum(), 1)),
                skill,
                holders,
            )
        )
    return found


def _alone(basis: Basis, staff: Staff, counted: Flags, held: Ints) -> Flags:
    """Per stay: whether its position works nearly all stays of this unit and topic."""
    stays, constants = basis.stays, basis.constants
    out = np.zeros(len(stays), dtype=bool)
    rows = np.flatnonzero(counted)
    for _, index in groups_of(stays.unit[rows], stays.topic[rows]):
        here = rows[index]
        own = held[here]
        if here.size < constants.min_pool or not (own >= 0).any():
            continue
        count = np.bincount(own[own >= 0], minlength=len(staff.positions))
        first = int(count.argmax())
        if count[first] >= constants.key_alone_share * here.size:
            out[here[own == first]] = True
    return out


def _scarce_skill(staff: Staff, position: int) -> tuple[int, int]:
    needed = staff.need_skill[staff.need_position == position]
    needed = needed[staff.skill_count[needed] > 0]
    if needed.size == 0:
        return -1, 0
    rarest = int(needed[int(staff.skill_count[needed].argmin())])
    return rarest, int(staff.skill_count[rarest])


def index_of(positions: Sequence[Position]) -> Floats:
    """Sum of the standard scores of weight, reach lost, scarcity and brokerage, equal weights.

    Source: theory of key positions (Huselid, Beatty & Becker 2005), docs/methods/key-positions.md.
    """
    columns = np.array([[p.weight, p.reach_lost, p.scarcity, p.broker] for p in positions])
    spread = columns.std(axis=0)
    scores = (columns - columns.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return np.asarray(scores.sum(axis=1))


def _depends(basis: Basis, position: Position) -> bool:
    constants = basis.constants
    return (
        0 < position.holders.size <= constants.key_holders
        and np.unique(basis.stays.case[position.alone]).size >= constants.min_statement
        and position.reach_lost >= constants.key_reach_share
    )


def _named(basis: Basis, staff: Staff, position: Position, index: float) -> Candidate:
    stays, rows = basis.stays, position.alone
    absent = absent_together(staff, position.holders)
    price, per_day = _price(basis, rows, absent)
    exposed = overlaps(stays.enter_us[rows], stays.start_us[rows], absent)
    skill = staff.skills[position.scarce_skill] if position.scarce_skill >= 0 else None
    known = 1.0 if skill is not None else basis.constants.certainty_without_contrast
    topics = np.unique(stays.topic[rows])
    return Candidate(
        "key_position",
        position.unit,
        -1,
        -1,
        tuple(int(t) for t in topics if t >= 0),
        price,
        rows,
        exposed.astype(np.float64) if price is not None else np.zeros(rows.size),
        np.zeros(rows.size),
        known,
        int(rows.size),
        {
            "position": staff.titles[position.code],
            "holders": int(position.holders.size),
            "customer_weight_share": position.weight,
            "reach_lost_share": position.reach_lost,
            "scarce_skill": skill,
            "scarce_skill_holders": position.skill_holders or None,
            "broker_share": position.broker,
            "index": index,
            "absence_share": _absence_share(basis, absent),
            "hours_per_absent_day": per_day,
        },
        where={"position": staff.titles[position.code]},
        why=None if price is not None else "no-absences",
        people=position.holders,
    )


def _absence_share(basis: Basis, absent: Ints) -> float | None:
    """Share of the period in which all holders were absent at once; None if none is recorded."""
    start, end = basis.period.start_us, basis.period.end_us
    if absent.size == 0 or start is None or end is None:
        return None
    inside = np.clip(absent, start, end)
    return float((inside[:, 1] - inside[:, 0]).sum() / max(end - start, 1))


def _price(basis: Basis, rows: Ints, absent: Ints) -> tuple[Estimate | None, float | None]:
    """Hours per month that cases waited longer because all holders were absent; per absent day."""
    stays = basis.stays
    rows = rows[stays.handover[rows]]
    if absent.size == 0 or rows.size == 0 or not np.isfinite(basis.months):
        return None, None
    exposed = overlaps(stays.enter_us[rows], stays.start_us[rows], absent)
    if not exposed.any() or exposed.all():
        return None, None
    hours, weeks = stays.wait_hours[rows], week_of(stays.enter_us[rows])
    values = np.column_stack([exposed, exposed * hours, ~exposed, ~exposed * hours])
    drawn = []
    for group in (stays.case[rows], weeks - weeks.min()):
        sums = resampled_sums(
            group,
            np.zeros(rows.size, dtype=np.int64),
            values,
            1,
            seed=basis.seed,
            replicates=basis.constants.replicates,
        )[:, 0, :]
        usual = sums[:, 3] / np.maximum(sums[:, 2], 1)
        drawn.append(estimate(basis.per_month(1.0) * (sums[:, 1] - sums[:, 0] * usual)))
    price = wider(*drawn)
    if price is None or price.value <= 0:
        return None, None
    days = float((absent[:, 1] - absent[:, 0]).sum()) / DAY_US
    return price, price.value * basis.months / max(days, 1e-9)
