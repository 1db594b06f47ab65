"""Where the circles of the network stand: near where much passes between them.

Stress majorisation (Gansner, Koren & North 2005) on the lengths of the shortest ways, started from
a circle in the order of communities, so that the same network always gives the same picture.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from leitweg.charts.network_nodes import Line, Node

Array = NDArray[np.float64]
WIDTH, HEIGHT = 900.0, 560.0
MARGIN = 46.0
STEPS = 240
PUSHES = 160
GAP = 13.0
CORNER = (WIDTH - 60.0, HEIGHT - 20.0)
SAME, OTHER = 0.72, 1.15
"""How much nearer circles of one community stand, and how much farther those of two."""


def lay_out(
    nodes: Sequence[Node], lines: Sequence[Line], radius: Mapping[str, float]
) -> dict[str, tuple[float, float]]:
    """Return the middle of every circle in pixels, by its key; no two circles overlap."""
    ordered = sorted(nodes, key=lambda n: (n.community is None, n.community or 0, n.key))
    # what is held back has no strength to be placed by: it waits in a corner
    free, held = [n for n in ordered if not n.held_back], [n for n in ordered if n.held_back]
    if not free:
        return {n.key: CORNER for n in held}
    inside = {n.key for n in free}
    known = [line for line in lines if line.a in inside and line.b in inside]
    places = _fitted(_turned(_majorised(_distances(free, known))))
    places = np.vstack([places, *([CORNER] for _ in held)])
    ordered = [*free, *held]
    places = _apart(places, np.array([radius[n.key] for n in ordered]))
    return {
        n.key: (float(x), float(y))
        for n, (x, y) in zip(ordered, places.round(1).tolist(), strict=True)
    }


def _distances(nodes: Sequence[Node], lines: Sequence[Line]) -> Array:
    """Return the wished distance of all pairs: the shortest way, strong lines being short."""
    index = {n.key: i for i, n in enumerate(nodes)}
    found = np.full((len(nodes), len(nodes)), np.inf)
    np.fill_diagonal(found, 0.0)
    largest = max((x.weight or 0.0 for x in lines), default=0.0) or 1.0
    for line in lines:
        a, b = index[line.a], index[line.b]
        length = 1.0 / (0.55 + 0.75 * ((line.weight or 0.0) / largest) ** 0.35)
        found[a, b] = found[b, a] = length
    for middle in range(len(nodes)):
        found = np.minimum(found, found[:, [middle]] + found[[middle], :])
    finite = found[np.isfinite(found)]
    apart = max(float(finite.max()), 1.0) * 1.05
    found = np.where(np.isfinite(found), found, apart)
    groups = np.array([-1 if n.community is None else n.community for n in nodes])
    same = (groups[:, None] == groups[None, :]) & (groups[:, None] >= 0)
    return np.asarray(found * np.where(same, SAME, OTHER), dtype=np.float64)


def _majorised(wished: Array) -> Array:
    """Move the circles until their distances fit the wished ones as well as they can."""
    n = len(wished)
    turn = 2 * np.pi * np.arange(n) / max(n, 1)
    places = np.column_stack([np.cos(turn), np.sin(turn)]) * max(float(wished.max()) / 2, 0.5)
    if n < 3:
        return np.asarray(places, dtype=np.float64)
    safe = np.where(wished > 0, wished, 1.0)
    weights = np.where(wished > 0, safe**-2.0, 0.0)
    pull = np.diag(weights.sum(axis=1)) - weights
    inverse = np.linalg.pinv(pull)
    for _ in range(STEPS):
        ways = places[:, None, :] - places[None, :, :]
        lengths = np.sqrt((ways**2).sum(axis=2))
        ratio = np.divide(weights * wished, lengths, out=np.zeros_like(wished), where=lengths > 0)
        push = np.diag(ratio.sum(axis=1)) - ratio
        places = inverse @ (push @ places)
    return np.asarray(places, dtype=np.float64)


def _turned(places: Array) -> Array:
    """Turn the longer side to the horizontal; the first circle stands on the left and above."""
    places = places - places.mean(axis=0)
    (a, b), (_, c) = places.T @ places
    angle = 0.5 * np.arctan2(2 * b, a - c)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turned = places @ turn
    signs = np.where(turned[0] > 0, -1.0, 1.0)
    return np.asarray(turned * signs, dtype=np.float64)


def _fitted(places: Array) -> Array:
    """Scale to the picture; the two sides may differ by a factor of 1.6 to use its room."""
    low, high = places.min(axis=0), places.max(axis=0)
    room = np.array([WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN])
    size = np.where(high - low > 1e-9, high - low, 1.0)
    scale = np.minimum(room / size, (room / size).min() * 1.6)
    return np.asarray((places - (low + high) / 2) * scale + [WIDTH / 2, HEIGHT / 2])


def _apart(places: Array, radii: Array) -> Array:
    """Push overlapping circles apart and keep them inside the picture."""
    least = radii[:, None] + radii[None, :] + GAP
    np.fill_diagonal(least, 0.0)
    low = np.column_stack([radii, radii]) + 6
    high = np.array([WIDTH, HEIGHT]) - low
    # circles on one spot need a direction to part in
    places = places + np.column_stack([np.arange(len(places)), -np.arange(len(places))]) * 1e-3
    for _ in range(PUSHES):
        ways = places[:, None, :] - places[None, :, :]
        lengths = np.sqrt((ways**2).sum(axis=2))
        np.fill_diagonal(lengths, 1.0)
        over = np.maximum(least - lengths, 0.0)
        if not over.any():
            break
        step = (ways / lengths[:, :, None]) * (over * 0.5)[:, :, None]
        places = np.clip(places + step.sum(axis=1) * 0.6, low, high)
    return np.asarray(places, dtype=np.float64)
