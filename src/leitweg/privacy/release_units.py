"""The exit for units: what may leave about those who work in one."""

from leitweg.domain.situation import Refused, UnitRow
from leitweg.privacy.threshold import BELOW_K, held_back, held_last


def released_units(
    rows: tuple[UnitRow, ...], k: int, level: str, refused: Refused
) -> tuple[UnitRow, ...]:
    """Return the units; those that may not leave without values, last, by name."""
    return held_last((_unit(row, k, level, refused) for row in rows), lambda row: (row.unit,))


def _unit(row: UnitRow, k: int, level: str, refused: Refused) -> UnitRow:
    reason = held_back(row.people, k, level)
    if reason is None and row.unit in refused.units:
        reason = BELOW_K
    if reason is None:
        return row
    return UnitRow(row.unit, None, None, None, None, None, None, None, None, held_back=reason)
