"""When was nobody there who could have done it?"""

import numpy as np

from leitweg.engine.staff import Staff
from leitweg.situation.arrays import Flags, Ints


def absent_together(staff: Staff, persons: Ints) -> Ints:
    """Stretches in which all of these persons were absent, shape (stretches, 2), in microseconds.

    Half-open, merged and in order; none where one of them has no absence at all.
    """
    nothing = np.zeros((0, 2), dtype=np.int64)
    together: Ints | None = None
    for person in persons:
        own = staff.absent_person == person
        if person < 0 or not own.any():
            return nothing
        stretches = merged(staff.absent_from_us[own], staff.absent_to_us[own])
        together = stretches if together is None else both(together, stretches)
    return nothing if together is None else together


def merged(start: Ints, end: Ints) -> Ints:
    """Stretches without overlap, in order.

    >>> merged(np.array([5, 1]), np.array([7, 5]))
    array([[1, 7]])
    """
    order = np.argsort(start, kind="stable")
    out: list[list[int]] = []
    for a, b in zip(start[order].tolist(), end[order].tolist(), strict=True):
        if out and a <= out[-1][1]:
            out[-1][1] = max(out[-1][1], b)
        elif b > a:
            out.append([a, b])
    return np.array(out, dtype=np.int64).reshape(-1, 2)


def both(one: Ints, other: Ints) -> Ints:
    """Return what two ordered sets of stretches have in common.

    >>> both(np.array([[0, 4], [6, 9]]), np.array([[3, 7]]))
    array([[3, 4],
           [6, 7]])
    """
    # those of the other set that end after a stretch begins, and begin before it ends
    first = np.searchsorted(other[:, 1], one[:, 0], side="right")
    count = np.maximum(np.searchsorted(other[:, 0], one[:, 1], side="left") - first, 0)
    at = np.repeat(np.arange(count.size), count)
    met = np.repeat(first - np.cumsum(count) + count, count) + np.arange(at.size)
    start = np.maximum(one[at, 0], other[met, 0])
    return merged(start, np.minimum(one[at, 1], other[met, 1]))


def overlaps(start: Ints, end: Ints, stretches: Ints) -> Flags:
    """Whether each stretch from start to end meets one of the others, which stand in order."""
    if stretches.size == 0:
        return np.zeros(start.size, dtype=bool)
    at = np.searchsorted(stretches[:, 1], start, side="right")
    inside = np.minimum(at, stretches.shape[0] - 1)
    return np.asarray((at < stretches.shape[0]) & (stretches[inside, 0] < end))
