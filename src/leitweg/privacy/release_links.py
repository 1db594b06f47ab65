"""The exit for links: enough people on each side, or together with others.

Links into a unit add up to its waits, and all of them to the handovers of the company: what may
not be shown alone is shown as "others to B", "A to others" or "others to others".
Method: docs/methods/privacy.md.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from leitweg.domain.situation import OTHERS, LinkRow, Pools, Refused
from leitweg.privacy.dominance import dominated
from leitweg.privacy.threshold import BELOW_K, FEW, PEOPLE_UNKNOWN, sides_held_back

Link = tuple[str, str]
Group = frozenset[Link]
NOTHING: Group = frozenset()


@dataclass(frozen=True)
class _Cell:
    """What may become one row: its links, and the row that they make together."""

    links: Group
    row: LinkRow


@dataclass(frozen=True)
class _Rules:
    """Whether a row may stand alone, and how links are put together."""

    k: int
    level: str
    refused: Refused
    pool: Callable[[Group], LinkRow]

    def many(self, row: LinkRow) -> bool:
        """Whether enough people stand on each side."""
        return sides_held_back(row.n_people_from, row.n_people_to, self.k, self.level) is None

    def names(self, row: LinkRow, shown: frozenset[str]) -> bool:
        """Whether a link may stand alone: its units too, and nobody makes most of it."""
        link = _link(row)
        free = set(link) <= shown and link not in self.refused.links
        return free and self.many(row) and not dominated(row.bearers)

    def merged(self, links: Group, from_unit: str, to_unit: str) -> _Cell | None:
        """Return the row of several links; None where even together they are too few."""
        if len(links) < 2:
            return None
        row = replace(self.pool(links), from_unit=from_unit, to_unit=to_unit)
        may = self.refused.merged_links
        return _Cell(links, row) if self.many(row) and (may is None or may(links)) else None


def released_links(
    rows: tuple[LinkRow, ...],
    k: int,
    level: str,
    refused: Refused,
    pools: Pools,
    shown: frozenset[str],
) -> tuple[LinkRow, ...]:
    """Return the links whose two units may be named, and all others in merged rows.

    Parameters
    ----------
    shown
        Units that may be named alone. Links of others are merged by the unit that may be.
    """
    if level == "person" or not rows:
        return ()
    if pools.links is None:
        return _alone(rows, _Rules(k, level, refused, lambda _: rows[0]), shown)
    rules = _Rules(k, level, refused, pools.links)
    columns = [_column(rules, rows, unit, shown) for unit in (*sorted(shown), OTHERS)]
    cells, last = _rest(
        rules,
        [cell for cells, _ in columns for cell in cells],
        NOTHING.union(*(left for _, left in columns)),
    )
    told = {_link(cell.row): cell.row for cell in cells}
    named = [row for row in rows if _link(row) in told]
    merged = [cell.row for cell in cells if cell.row.merged]
    return _in_order([*named, *merged, *([last] if last else [])])


def _alone(rows: tuple[LinkRow, ...], rules: _Rules, shown: frozenset[str]) -> tuple[LinkRow, ...]:
    """Return the links that may be shown; where nothing can be merged, one row for the others."""
    free = [row for row in rows if rules.names(row, shown)]
    held = () if len(free) == len(rows) else (_nothing(rows),)
    return _in_order([*free, *held])


def _nothing(rows: Sequence[LinkRow]) -> LinkRow:
    """Return a row that says that there is something, and why it stays inside."""
    unknown = all(row.n_people_from is None for row in rows)
    reason = PEOPLE_UNKNOWN if unknown else BELOW_K
    return LinkRow(OTHERS, OTHERS, *(None,) * 7, held_back=reason)


def _column(
    rules: _Rules, rows: tuple[LinkRow, ...], unit: str, shown: frozenset[str]
) -> tuple[list[_Cell], Group]:
    """Return what may be shown of the links into a unit (or all others), and what is left.

    Nothing is left but where not even all of them together may be shown.
    """
    into = [row for row in rows if (row.to_unit if row.to_unit in shown else OTHERS) == unit]
    every = frozenset(_link(row) for row in into)
    if unit == OTHERS:
        cells = _by_sender(rules, every, shown)
    else:
        named = [row for row in into if rules.names(row, shown)]
        cells = [_Cell(frozenset({_link(row)}), row) for row in named]
    cells.sort(key=_size, reverse=True)
    while True:
        left = every.difference(*(cell.links for cell in cells))
        if not left:
            return cells, NOTHING
        others = rules.merged(left, OTHERS, unit)
        if others is not None:
            return [*cells, others], NOTHING
        if not cells:
            return [], left
        cells.pop()


def _by_sender(rules: _Rules, links: Group, shown: frozenset[str]) -> list[_Cell]:
    """Merge links to units that may not be named by the sender that may."""
    senders = {a for a, _ in links} & shown
    groups = ((a, frozenset(x for x in links if x[0] == a)) for a in sorted(senders))
    found = (rules.merged(group, a, OTHERS) for a, group in groups)
    return [cell for cell in found if cell is not None]


def _rest(rules: _Rules, cells: list[_Cell], left: Group) -> tuple[list[_Cell], LinkRow | None]:
    """Merge what is left into one row of others to others, drawing the smallest rows in.

    Otherwise the handovers of the company less all rows would be those of the few.
    """
    if not left:
        return cells, None
    ordered = sorted(
        cells, key=lambda cell: (not _nameless(cell), not cell.row.merged, _size(cell))
    )
    while True:
        others = rules.merged(left, OTHERS, OTHERS)
        # there is one row of others to others, and all that bears no name stands in it
        if others is not None and not (ordered and _nameless(ordered[0])):
            return [*ordered, others], None
        if not ordered:
            return [], _nothing([rules.pool(left)])
        left |= ordered.pop(0).links


def _nameless(cell: _Cell) -> bool:
    return cell.row.from_unit == cell.row.to_unit == OTHERS


def _link(row: LinkRow) -> Link:
    return row.from_unit, row.to_unit


def _size(cell: _Cell) -> tuple[int, str, str]:
    return cell.row.handovers or 0, cell.row.from_unit, cell.row.to_unit


def _in_order(rows: list[LinkRow]) -> tuple[LinkRow, ...]:
    """Put named links first as they came, merged ones after them, by their names."""
    merged = sorted((row for row in rows if row.merged), key=_link)
    return tuple(_told(row) for row in [*(row for row in rows if not row.merged), *merged])


def _told(row: LinkRow) -> LinkRow:
    """Return the row without what never leaves, and without the tail of a few."""
    few = min(row.n_people_from or 0, row.n_people_to or 0) < FEW
    return replace(
        row,
        waiting_hours_p90=None if few else row.waiting_hours_p90,
        holding_hours_median=None if dominated(row.bearers) else row.holding_hours_median,
        bearers=(),
    )
