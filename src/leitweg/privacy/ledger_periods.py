"""Whose former answers can tell something of this period? Those of its neighbours.

Between waves people join and leave: the difference of two of them is about those few.
"""

import math
from collections.abc import Iterable

from leitweg.store.application.releases import Period


def neighbours_of(period: Period, others: Iterable[Period]) -> list[Period]:
    """Return the periods that overlap or touch this one, and else the next before and after.

    >>> waves = [(0, 10), (10, 20), (30, 40), (50, 60), (70, 80)]
    >>> neighbours_of((30, 40), waves)
    [(10, 20), (50, 60)]
    >>> neighbours_of((15, None), waves)
    [(0, 10), (10, 20), (30, 40), (50, 60), (70, 80)]
    """
    start, end = _bounds(period)
    apart = [other for other in others if other != period]
    latest = max((_bounds(x)[1] for x in apart if _bounds(x)[1] <= start), default=-math.inf)
    first = min((_bounds(x)[0] for x in apart if _bounds(x)[0] >= end), default=math.inf)
    # what reaches beyond the next one before and stands before the next one after is near
    return [x for x in apart if _bounds(x)[1] >= latest and _bounds(x)[0] <= first]


def _bounds(period: Period) -> tuple[float, float]:
    start, end = period
    return -math.inf if start is None else start, math.inf if end is None else end
