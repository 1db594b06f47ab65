"""Where the units and arrows of the flow picture stand: columns by distance from the customer."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leitweg.domain.situation import LinkRow, UnitRow

NODE_WIDTH, NODE_HEIGHT = 164, 46
COLUMN_GAP, ROW_GAP = 112, 26
LEFT, TOP = 64, 44
MOST_COLUMNS = 4
STEPS_OF_A_CURVE = 18
SWEEPS = 6


@dataclass(frozen=True)
class Node:
    """One unit: the middle of its box in pixels, and the column it stands in."""

    row: UnitRow
    column: int
    x: float
    y: float


@dataclass(frozen=True)
class Layout:
    """All boxes by unit, the name of each column (its distance, None: not placed), and the size."""

    nodes: Mapping[str, Node]
    columns: Sequence[float | None]
    width: int
    height: int


def _rounded(distance: float, step: float) -> float:
    return math.floor(distance / step + 0.5) * step


def column_of_units(units: Sequence[UnitRow]) -> dict[str, float | None]:
    """Return the column of each unit: its distance, rounded to whole or, if few, half handovers."""
    known = [u.distance_handovers for u in units if u.distance_handovers is not None]
    whole = {_rounded(d, 1) for d in known}
    step = 1.0 if len(whole) > 2 else 0.5
    columns = sorted({_rounded(d, step) for d in known})
    last = columns[MOST_COLUMNS - 1] if len(columns) > MOST_COLUMNS else math.inf
    return {
        u.unit: None
        if u.distance_handovers is None
        else min(_rounded(u.distance_handovers, step), last)
        for u in units
    }


def _neighbours(links: Sequence[LinkRow]) -> dict[str, list[tuple[str, int]]]:
    found: dict[str, list[tuple[str, int]]] = {}
    for link in links:
        weight = link.handovers or 0
        found.setdefault(link.from_unit, []).append((link.to_unit, weight))
        found.setdefault(link.to_unit, []).append((link.from_unit, weight))
    return found


def _ordered(columns: list[list[str]], links: Sequence[LinkRow]) -> list[list[str]]:
    """Order every column by the weighted middle of the neighbours, to keep crossings few."""
    around = _neighbours(links)
    place = _places(columns)
    for _ in range(SWEEPS):
        for index, column in enumerate(columns):
            middle = {unit: _middle(unit, index, around, place) for unit in column}
            columns[index] = [unit for _, unit in sorted((middle[u], u) for u in column)]
            place = _places(columns)
    return columns


def _middle(
    unit: str,
    column: int,
    around: Mapping[str, list[tuple[str, int]]],
    place: Mapping[str, tuple[int, float]],
) -> float:
    """Return the weighted middle of the neighbours in other columns, else the unit's own place."""
    near = [
        (place[v][1], w) for v, w in around.get(unit, ()) if v in place and place[v][0] != column
    ]
    total = sum(w for _, w in near)
    return sum(y * w for y, w in near) / total if total else place[unit][1]


def _places(columns: list[list[str]]) -> dict[str, tuple[int, float]]:
    return {
        unit: (c, (r + 0.5) / len(column))
        for c, column in enumerate(columns)
        for r, unit in enumerate(column)
    }


def lay_out(units: Sequence[UnitRow], links: Sequence[LinkRow]) -> Layout:
    """Place units in columns, nearest to the customer on the left."""
    column_of = column_of_units(units)
    names = sorted({c for c in column_of.values() if c is not None})
    headings: list[float | None] = [*names, None] if None in column_of.values() else [*names]
    by_weight = sorted(units, key=lambda u: (-(u.customer_weight or 0), u.unit))
    columns = [[u.unit for u in by_weight if column_of[u.unit] == c] for c in headings]
    columns = _ordered(columns, links)
    tallest = max((len(column) for column in columns), default=1)
    height = TOP + tallest * (NODE_HEIGHT + ROW_GAP) + 8
    rows = {u.unit: u for u in units}
    nodes = {}
    for c, column in enumerate(columns):
        step = (height - TOP) / max(1, len(column))
        x = LEFT + NODE_WIDTH / 2 + c * (NODE_WIDTH + COLUMN_GAP) + 34
        for r, unit in enumerate(column):
            nodes[unit] = Node(rows[unit], c, x, TOP + (r + 0.5) * step)
    width = LEFT + 34 + len(columns) * (NODE_WIDTH + COLUMN_GAP) - COLUMN_GAP
    # arrows inside the last column reach out to the right
    width += 100 if columns and len(columns[-1]) > 1 else 14
    return Layout(nodes, headings, width, height)


def curve(a: Node, b: Node) -> list[tuple[float, float]]:
    """Return the points of the curve from one box to another.

    Arrows away from the customer leave and arrive high, arrows towards the customer low, so that
    the two directions of one pair lie side by side.
    """
    half, lane = NODE_WIDTH / 2, NODE_HEIGHT / 5
    if a.column == b.column:
        lane_y = lane if b.y > a.y else -lane
        reach = 34 + min(60, abs(b.y - a.y) * 0.22)
        x = a.x + half
        start, end = (x, a.y + lane_y), (x + 2, b.y + lane_y)
        return _bezier(start, (x + reach, start[1]), (x + reach, end[1]), end)
    side = 1 if b.x > a.x else -1
    start = (a.x + side * half, a.y - side * lane)
    end = (b.x - side * (half + 2), b.y - side * lane)
    pull = abs(end[0] - start[0]) * 0.45 * side
    return _bezier(start, (start[0] + pull, start[1]), (end[0] - pull, end[1]), end)


def _bezier(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float], d: tuple[float, float]
) -> list[tuple[float, float]]:
    """Return points on the cubic curve from a to d that b and c pull at."""
    points = []
    for i in range(STEPS_OF_A_CURVE + 1):
        t = i / STEPS_OF_A_CURVE
        u = 1 - t
        wa, wb, wc, wd = u**3, 3 * t * u * u, 3 * t * t * u, t**3
        x = wa * a[0] + wb * b[0] + wc * c[0] + wd * d[0]
        y = wa * a[1] + wb * b[1] + wc * c[1] + wd * d[1]
        points.append((x, y))
    return points
