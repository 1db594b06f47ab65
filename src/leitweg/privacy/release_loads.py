"""The exit for loads: units and positions of enough people that do not tell of others.

The work of a unit is the sum of the work on its positions: with all others known, that of the last
one would be known too. Method: docs/methods/privacy.md.
"""

import math
from dataclasses import dataclass, replace

from leitweg.domain.situation import LoadRow
from leitweg.privacy.dominance import dominated
from leitweg.privacy.threshold import BELOW_K, held_back, held_last

TOP_SHARE = 0.05  # of the people, as `LoadRow.top_share` says
Place = tuple[str, str | None]


@dataclass(frozen=True)
class _Rules:
    """Whether a row may stand alone; ``shown`` are the units that may be named."""

    k: int
    level: str
    shown: frozenset[str]

    def reason(self, row: LoadRow) -> str | None:
        """Return why a row stays inside, or None: too few people, or the work of one of them."""
        reason = held_back(row.people, self.k, self.level)
        if reason is None and (row.unit not in self.shown or dominated(row.bearers)):
            return BELOW_K
        return reason


def released_loads(
    rows: tuple[LoadRow, ...], k: int, level: str, shown: frozenset[str]
) -> tuple[LoadRow, ...]:
    """Return the loads; those that may not leave without values, last, by name."""
    rules = _Rules(k, level, shown)
    told = {place for unit in rows if unit.position is None for place in _told(rules, unit, rows)}
    kept = (_load(row, rules, (row.unit, row.position) in told) for row in rows)
    return held_last(kept, lambda row: (row.unit, row.position or ""))


def _told(rules: _Rules, unit: LoadRow, rows: tuple[LoadRow, ...]) -> set[Place]:
    """Return a unit and those of its positions, the largest first, that leave enough beside."""
    if rules.reason(unit) is not None:
        return set()
    positions = [x for x in rows if x.unit == unit.unit and x.position is not None]
    free = [x for x in positions if rules.reason(x) is None]
    free.sort(key=lambda x: (-(x.people or 0), x.position or ""))
    while free and _follows(unit, len(positions) - len(free), free, rules.k):
        free.pop()
    return {(x.unit, x.position) for x in (unit, *free)}


def _follows(unit: LoadRow, n_hidden: int, free: list[LoadRow], k: int) -> bool:
    """Whether the unit less its shown positions is one position, or about few people."""
    beside = (unit.people or 0) - sum(x.people or 0 for x in free)
    return n_hidden == 1 or 0 < beside < k


def _load(row: LoadRow, rules: _Rules, told: bool) -> LoadRow:
    if not told:
        reason = rules.reason(row) or BELOW_K
        return LoadRow(row.unit, row.position, *(None,) * 7, held_back=reason)
    # the busiest 5 % of fewer than 20 k people are fewer than k people
    few = row.people is not None and math.ceil(TOP_SHARE * row.people) < rules.k
    return replace(row, top_share=None if few else row.top_share, bearers=())
