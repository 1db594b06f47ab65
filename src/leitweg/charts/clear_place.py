"""Where a name beside a level line stands so that a curve does not run through it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from leitweg.charts.labels import LETTER_WIDTH

NEAR, FAR, MARGIN, STEP = 3, 18, 4, 8
"""Pixels: from the line to the name and to its other edge; what stays free of the curve."""


@dataclass(frozen=True)
class Plot:
    """The inside of a plot, in pixels, and the lowest value on its vertical axis (the highest 1).

    The horizontal axis runs from 0 to 1.
    """

    width: int
    height: int
    floor: float

    def down(self, value: float) -> float:
        """Return how far below the upper edge a value lies, in pixels."""
        return (1 - value) / (1 - self.floor) * self.height


@dataclass(frozen=True)
class Place:
    """Left edge of a name, as a share of the width, and whether it stands above its line."""

    x: float
    above: bool


def clear_place(curve: Sequence[tuple[float, float]], level: float, text: str, plot: Plot) -> Place:
    """Return the place for the name of a level line: where the curve covers least of it.

    Among equally clear places the one above the line comes first, then the one furthest left.

    Parameters
    ----------
    curve
        Its points, in order of the horizontal axis.
    level
        Height of the line.

    Examples
    --------
    >>> plot = Plot(320, 250, 0.5)
    >>> clear_place([(0.0, 1.0), (1.0, 0.6)], 0.7, "People", plot)
    Place(x=0.0125, above=True)
    >>> clear_place([(0.0, 0.72), (1.0, 0.72)], 0.7, "People", plot)
    Place(x=0.0125, above=False)
    """
    x = np.arange(plot.width + 1)
    y = np.interp(x, [px * plot.width for px, _ in curve], [plot.down(value) for _, value in curve])
    line, wide = plot.down(level), len(text) * LETTER_WIDTH
    found: list[tuple[int, bool, int]] = []
    for above in (True, False):
        top = line - FAR if above else line + NEAR
        bottom = top + FAR - NEAR
        if top < 0 or bottom > plot.height:
            continue
        for left in range(4, max(5, int(plot.width - wide)), STEP):
            part = y[max(0, left - MARGIN) : int(left + wide) + MARGIN]
            inside = int(((part >= top - MARGIN) & (part <= bottom + MARGIN)).sum())
            # a steep curve can cross the name between two pixels
            crossed = part.min() < top and part.max() > bottom
            found.append((inside + int(crossed), not above, left))
    _, below, left = min(found, default=(0, False, 4))
    return Place(left / plot.width, not below)
