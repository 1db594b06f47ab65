"""How do cases travel between units: which links, how many handovers, how long the wait?

Every change of unit counts here, also a change of label by one person and after the resolution;
the waiting is that of handovers before the resolution.
Method: docs/methods/links.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from leitweg.domain.situation import OTHERS, Bearers, LinkRow
from leitweg.situation.arrays import Flags, Floats, Ints, groups_of
from leitweg.situation.basis import Basis
from leitweg.situation.bearers import bearers_of
from leitweg.situation.causes import Causes, causes_per_month
from leitweg.situation.constants import HOUR_US, MISSING


@dataclass(frozen=True)
class _Handovers:
    """One row per handover: the case, the stay, both people, hours of waiting and of holding."""

    case: Ints
    stay: Ints
    sender: Ints
    receiver: Ints
    waiting: Floats
    holding: Floats
    in_period: Flags


@dataclass(frozen=True)
class Links:
    """All handovers by link, from which the row of each link, or of several together, is made."""

    basis: Basis
    causes: Causes | None
    table: _Handovers
    members: Mapping[tuple[str, str], Ints]

    def rows(self) -> tuple[LinkRow, ...]:
        """One row per link that was used, the most used first (then by name)."""
        made = [self._row(rows, *pair) for pair, rows in self.members.items()]
        return tuple(sorted(made, key=lambda r: (-(r.handovers or 0), r.from_unit, r.to_unit)))

    def pooled(self, links: frozenset[tuple[str, str]]) -> LinkRow:
        """Return the row of several links as if they were one, its ends without names."""
        return self._row(np.sort(np.concatenate([self.members[x] for x in sorted(links)])))

    def _row(self, rows: Ints, sender: str = OTHERS, receiver: str = OTHERS) -> LinkRow:
        return _row(self.basis, self.table, rows, (sender, receiver), self.causes)


def links_of_units(basis: Basis, causes: Causes | None = None) -> tuple[LinkRow, ...]:
    """One row per link that was used, the most used first (then by name).

    ``causes`` is the waiting by cause; without it the rows say nothing about causes.
    """
    return links_of(basis, causes).rows()


def links_of(basis: Basis, causes: Causes | None = None) -> Links:
    """Find the handovers of each link."""
    walk, own = basis.walk, basis.company_walk
    later = np.flatnonzero(walk.stay_case[1:] == walk.stay_case[:-1]) + 1
    later = later[basis.counted[walk.stay_case[later]]]
    case = walk.stay_case[later].astype(np.int64)
    # after the resolution the customer waits no more; an open case counts as a handover alone
    waits = ~walk.after_resolution[later] & ~basis.accounts.is_open[case]
    table = _Handovers(
        case,
        later,
        walk.last_worker[later - 1].astype(np.int64),
        walk.first_worker[later].astype(np.int64),
        np.where(waits, _hours(own.wait_us[later]), np.nan),
        _hours(own.hold_us[later - 1]),
        basis.in_period[case],
    )
    pairs = groups_of(walk.stay_holder[later - 1], walk.stay_holder[later])
    members = {(basis.holders[a], basis.holders[b]): rows for (a, b), rows in pairs}
    return Links(basis, causes, table, members)


def _hours(microseconds: Ints) -> Floats:
    return np.where(microseconds == MISSING, np.nan, microseconds / HOUR_US)


def _row(
    basis: Basis,
    table: _Handovers,
    rows: Ints,
    names: tuple[str, str],
    causes: Causes | None,
) -> LinkRow:
    clock, known = basis.log.has_clock, len(basis.log.persons) > 0
    waiting = _ordered(table.waiting[rows])
    holding = _ordered(table.holding[rows])
    priced = rows[table.in_period[rows] & np.isfinite(table.waiting[rows])]
    # few people behind the waits are few, however many handed over without a wait
    behind = priced if clock and priced.size else rows
    everyone = np.append(table.sender[rows], table.receiver[rows])
    return LinkRow(
        *names,
        handovers=int(rows.size),
        cases=int(np.unique(table.case[rows]).size),
        n_people=_count_people(basis, everyone) if known else None,
        waiting_hours_median=_quantile(waiting, 0.5) if clock else None,
        waiting_hours_p90=_quantile(waiting, 0.9) if clock else None,
        waiting_hours_per_month=_per_month(basis, table.waiting[priced]),
        holding_hours_median=_quantile(holding, 0.5) if clock else None,
        n_people_from=_count_people(basis, table.sender[behind]) if known else None,
        n_people_to=_count_people(basis, table.receiver[behind]) if known else None,
        causes=causes_per_month(basis, causes, table.stay[priced]),
        why=_why(basis, waiting),
        bearers=_bearers(basis, table, rows, priced) if known else (),
    )


def _bearers(basis: Basis, table: _Handovers, rows: Ints, priced: Ints) -> tuple[Bearers, ...]:
    """Return how the handovers and the waits spread over the people on either side."""
    ends = (table.sender, table.receiver)
    # hours of waiting are nobody's own: who hands over, or takes up, bears one of the waits
    return tuple(
        bearers_of(basis, end[some], np.ones(some.size)) for some in (rows, priced) for end in ends
    )


def _why(basis: Basis, waiting: Floats) -> str | None:
    if basis.log.has_clock and not waiting.size:
        return "after-resolution"
    return basis.no_rate


def _per_month(basis: Basis, hours: Floats) -> float | None:
    total = basis.per_month(float(hours.sum()))
    return total if np.isfinite(total) else None


def _ordered(values: Floats) -> Floats:
    return np.sort(values[np.isfinite(values)])


def _quantile(ordered: Floats, share: float) -> float | None:
    """Quantile by linear interpolation of values in ascending order."""
    if ordered.size == 0:
        return None
    place = share * (ordered.size - 1)
    below = int(place)
    above = min(below + 1, ordered.size - 1)
    return float(ordered[below] + (place - below) * (ordered[above] - ordered[below]))


def _count_people(basis: Basis, persons: Ints) -> int:
    """Count distinct people, machine accounts left out."""
    found = np.unique(persons[persons >= 0])
    return int((~basis.log.machine[found]).sum())
