"""Where do cases go round in circles among three units or more?

Method: docs/methods/silos.md.
"""

import numpy as np
from numba import njit

from leitweg.situation.arrays import Ints
from leitweg.situation.basis import Basis
from leitweg.situation.ping_pong import Stretches


@njit(cache=True)
def _circles(case: Ints, unit: Ints, out: Ints) -> int:  # pragma: no cover - compiled
    """Write first, last and could-end of each circle; positions of the stays given."""
    count = 0
    i = 0
    n = case.size
    while i < n:
        back = _next_visit(case, unit, i)
        if back - i < 3:
            i += 1
            continue
        last = back
        while (
            last + 1 < n and case[last + 1] == case[i] and _seen(unit, i, last, unit[last + 1]) >= 0
        ):
            last += 1
        out[count, 0] = i
        out[count, 1] = last
        out[count, 2] = _seen(unit, i, last - 1, unit[last])
        count += 1
        i = last + 1
    return count


@njit(cache=True)
def _next_visit(case: Ints, unit: Ints, i: int) -> int:  # pragma: no cover - compiled
    j = i + 1
    while j < case.size and case[j] == case[i]:
        if unit[j] == unit[i]:
            return j
        j += 1
    return i


@njit(cache=True)
def _seen(unit: Ints, first: int, last: int, wanted: int) -> int:  # pragma: no cover - compiled
    for j in range(first, last + 1):
        if unit[j] == wanted:
            return j
    return -1


def circles_of(basis: Basis, stretches: Stretches) -> Stretches:
    """Find ways that come back to a unit by way of at least two others: a b c a ...

    A circle goes on as long as the case stays with units it has visited in it. Ping-pong is left
    out first; ``could_end`` is the first stay of the unit that holds the case at the end.

    Returns
    -------
    Stretches
        Positions in `Basis.stays`.
    """
    stays = basis.stays
    kept = np.flatnonzero(~stretches.inside(len(stays)))
    case, unit = stays.case[kept], stays.unit[kept]
    again = np.append(False, (case[1:] == case[:-1]) & (unit[1:] == unit[:-1]))
    kept = kept[~again[: kept.size]]
    case, unit = stays.case[kept], stays.unit[kept]
    out = np.zeros((max(kept.size, 1), 3), dtype=np.int64)
    count = _circles(case, unit, out)
    first, last, could_end = (kept[out[:count, i]] for i in range(3))
    return Stretches(first, last, could_end)


def together(one: Stretches, other: Stretches) -> Stretches:
    """Both kinds of rounds, for what is left out of the comparison of ways and waits."""
    return Stretches(
        np.concatenate([one.first, other.first]),
        np.concatenate([one.last, other.last]),
        np.concatenate([one.could_end, other.could_end]),
    )
