"""Where the names of points stand so that none covers another."""

from collections.abc import Sequence
from dataclasses import dataclass

LETTER_WIDTH, LINE_HEIGHT = 6.6, 15.0
TOO_MUCH = 1_200.0
RINGS = (0.0, 14.0, 30.0, 48.0, 70.0, 96.0)


@dataclass(frozen=True)
class Spot:
    """A point with its name: the middle and the radius of its circle, in pixels."""

    name: str
    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Label:
    """Where a name stands (left edge and middle of its line), and whether a line leads to it."""

    name: str
    x: float
    y: float
    led: bool


Box = tuple[float, float, float, float]


def _box(x: float, y: float, name: str) -> Box:
    return (x, y - LINE_HEIGHT / 2, x + len(name) * LETTER_WIDTH, y + LINE_HEIGHT / 2)


def _overlap(a: Box, b: Box) -> float:
    wide = min(a[2], b[2]) - max(a[0], b[0])
    high = min(a[3], b[3]) - max(a[1], b[1])
    return wide * high if wide > 0 and high > 0 else 0.0


def _candidates(spot: Spot) -> list[tuple[float, float, float]]:
    """Return places for the name (left edge, middle of the line, how far it was pushed)."""
    width, gap = len(spot.name) * LETTER_WIDTH, spot.radius + 5
    found = []
    for ring in RINGS:
        out = gap + ring
        found += [
            (spot.x + gap, spot.y - ring, ring),
            (spot.x + gap, spot.y + ring, ring),
            (spot.x - gap - width, spot.y - ring, ring),
            (spot.x - gap - width, spot.y + ring, ring),
            (spot.x - width / 2, spot.y - out - LINE_HEIGHT / 2, ring),
            (spot.x - width / 2, spot.y + out + LINE_HEIGHT / 2, ring),
        ]
    return found


def place_labels(
    spots: Sequence[Spot], width: float, height: float, *, named: int | None = None
) -> list[Label]:
    """Place the names of the first ``named`` points beside them, the largest circles first.

    A place costs what it covers of other names and circles, what sticks out of the picture, and
    how far it is from its point; the cheapest is taken. Where even that would cover something,
    the name is left out: a name that hides another is worse than none.
    """
    circles = [(s.x - s.radius, s.y - s.radius, s.x + s.radius, s.y + s.radius) for s in spots]
    taken: list[Box] = []
    placed: list[Label] = []
    for spot in sorted(spots[:named], key=lambda s: (-s.radius, s.name)):
        costs = [(_cost(c, spot, taken, circles, width, height), c) for c in _candidates(spot)]
        cost, best = min(costs)
        if cost > TOO_MUCH:
            continue
        taken.append(_box(best[0], best[1], spot.name))
        placed.append(Label(spot.name, round(best[0], 1), round(best[1], 1), best[2] > 0))
    return placed


def _cost(
    place: tuple[float, float, float],
    spot: Spot,
    taken: Sequence[Box],
    circles: Sequence[Box],
    width: float,
    height: float,
) -> float:
    box = _box(place[0], place[1], spot.name)
    cost = place[2] * 3 + (4 if place[0] < spot.x else 0)
    cost += 20 * sum(_overlap(box, other) for other in taken)
    cost += 5 * sum(_overlap(box, circle) for circle in circles)
    outside = max(0.0, -box[0]) + max(0.0, box[2] - width)
    outside += max(0.0, -box[1]) + max(0.0, box[3] - height)
    return cost + 200 * outside
