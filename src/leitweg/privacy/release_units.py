"""The exit for units: those of too few people are shown together, never alone.

The waits of units add up to the waits of the company, and the links into a unit to its waits:
what is hidden must not be what is left of a total. Method: docs/methods/privacy.md.
"""

from dataclasses import dataclass, replace

from leitweg.domain.situation import Pools, Refused, UnitRow
from leitweg.privacy.dominance import dominated
from leitweg.privacy.threshold import BELOW_K, held_back


@dataclass(frozen=True)
class ReleasedUnits:
    """The rows that leave, and the names that may stand alone."""

    rows: tuple[UnitRow, ...]
    shown: frozenset[str]


def released_units(
    rows: tuple[UnitRow, ...], k: int, level: str, refused: Refused, pools: Pools
) -> ReleasedUnits:
    """Return the units; those too small as one row of all others, and by name without values.

    Where the others are too few together, or only one, the next smallest unit is drawn in.
    """
    own = {row.unit: row for row in rows}
    reasons = {unit: _reason(row, k, level, refused) for unit, row in own.items()}
    hidden = {unit for unit, reason in reasons.items() if reason is not None}
    others = _together(own, hidden, k, level, refused, pools)
    shown = tuple(_told(row) for unit, row in own.items() if unit not in hidden)
    held = tuple(_held(unit, reasons[unit] or BELOW_K) for unit in sorted(hidden))
    merged = () if others is None else (_told(others),)
    return ReleasedUnits((*shown, *merged, *held), frozenset(own) - hidden)


def _together(
    own: dict[str, UnitRow], hidden: set[str], k: int, level: str, refused: Refused, pools: Pools
) -> UnitRow | None:
    """Draw units into ``hidden`` until all of them may be shown as one; None if never.

    What earlier answers told of them together, less this row, may be about few, too.
    """
    if pools.units is None or (not hidden and _may(refused, hidden)):
        return None
    if held_back(pools.units(frozenset(own)).people, k, level) is not None:
        hidden |= set(own)
        return None
    # by how many work there: the order must not depend on what is hidden
    spare = sorted(set(own) - hidden, key=lambda u: (own[u].people or 0, u), reverse=True)
    while True:
        units = frozenset(hidden)
        others = pools.units(units)
        many = len(units) > 1 and held_back(others.people, k, level) is None
        if many and _may(refused, hidden):
            return others
        if not spare:
            return None
        hidden.add(spare.pop())


def _may(refused: Refused, units: set[str]) -> bool:
    return refused.merged_units is None or refused.merged_units(frozenset(units))


def _reason(row: UnitRow, k: int, level: str, refused: Refused) -> str | None:
    reason = held_back(row.people, k, level)
    return BELOW_K if reason is None and row.unit in refused.units else reason


def _told(row: UnitRow) -> UnitRow:
    """Return the row without what never leaves.

    A wait is the customers' and the queue's; how long a case is held is what people do, and must
    not be what one of them does.
    """
    holding = None if dominated(row.bearers) else row.holding_hours_median
    return replace(row, holding_hours_median=holding, bearers=())


def _held(unit: str, reason: str) -> UnitRow:
    return UnitRow(unit, None, None, None, None, None, None, None, None, held_back=reason)
