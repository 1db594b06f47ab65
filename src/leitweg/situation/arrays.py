"""Names of the array types that the questions work on."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.signedinteger[Any]]
Flags = NDArray[np.bool_]


def groups_of(*keys: Ints) -> list[tuple[tuple[int, ...], NDArray[np.int64]]]:
    """Rows of each combination of keys, combinations in ascending order, rows in their own.

    >>> groups_of(np.array([2, 1, 2]))
    [((1,), array([1])), ((2,), array([0, 2]))]
    """
    if keys[0].size == 0:
        return []
    order = np.lexsort(tuple(reversed(keys)))
    change = np.zeros(order.size, dtype=bool)
    for key in keys:
        change[1:] |= key[order][1:] != key[order][:-1]
    change[0] = True
    starts = np.flatnonzero(change)
    ends = np.append(starts[1:], order.size)
    return [
        (tuple(int(key[order[start]]) for key in keys), order[start:end])
        for start, end in zip(starts, ends, strict=True)
    ]
