"""The exit for loads: units and positions of enough people that do not tell of others."""

import math
from dataclasses import replace

from leitweg.domain.situation import LoadRow, Refused
from leitweg.privacy.threshold import BELOW_K, held_back, held_last

TOP_SHARE = 0.05  # of the people, as `LoadRow.top_share` says


def released_loads(
    rows: tuple[LoadRow, ...], k: int, level: str, refused: Refused
) -> tuple[LoadRow, ...]:
    """Let rows of enough people through, and no positions that tell of the few beside them."""
    positions: dict[str, list[LoadRow]] = {}
    for row in rows:
        if row.position is not None and held_back(row.people, k, level) is None:
            positions.setdefault(row.unit, []).append(row)
    told = set[tuple[str, str | None]]()
    for row in rows:
        if row.position is None:
            free = _without_few_beside(row, positions.get(row.unit, []), k)
            told |= {(x.unit, x.position) for x in free}
    kept = (
        _load(row, k, level, refused)
        if row.position is None or (row.unit, row.position) in told
        else _load_held_back(row, held_back(row.people, k, level) or BELOW_K)
        for row in rows
    )
    return held_last(kept, lambda row: (row.unit, row.position or ""))


def _without_few_beside(unit: LoadRow, positions: list[LoadRow], k: int) -> list[LoadRow]:
    """Leave out positions, the smallest first, until what is left of the unit is about enough.

    The work of a unit is the sum of the work on its positions: with all others known, that of the
    last one would be known too.
    """
    if held_back(unit.people, k) is not None:
        return positions
    free = sorted(positions, key=lambda x: (-(x.people or 0), x.position or ""))
    while free and 0 < (unit.people or 0) - sum(x.people or 0 for x in free) < k:
        free.pop()
    return free


def _load_held_back(row: LoadRow, reason: str) -> LoadRow:
    return LoadRow(row.unit, row.position, *(None,) * 7, held_back=reason)


def _load(row: LoadRow, k: int, level: str, refused: Refused) -> LoadRow:
    reason = held_back(row.people, k, level)
    if reason is None and row.unit in refused.units:
        reason = BELOW_K
    if reason is not None:
        return _load_held_back(row, reason)
    # the busiest 5 % of fewer than 20 k people are fewer than k people
    few = row.people is not None and math.ceil(TOP_SHARE * row.people) < k
    return replace(row, top_share=None) if few else row
