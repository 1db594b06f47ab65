"""Room for the way of one case, and the keys of its stays (compiled).

Every stay carries the key of its draws: a stay of the usual path is keyed by its position on that
path, an inserted one by what inserted it. So an insertion leaves the draws of all other stays as
they are.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from leitweg.demo.draws import key_of, numbers
from leitweg.engine.compiled import compiled

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

MAX_STAYS = 64
# keys of stays: on the usual path from the first on; put in at one place; put in elsewhere
USUAL, INSERTED, DETOUR, ASKED, ANSWERED, BOUNCED = (
    *numbers(100, 101),
    *numbers(10, 11),
    *numbers(201, 205),
)
(START,) = numbers(0, 1)
# what a stay is: work, a return without work, a short look that adds nothing
WORKED, RETURNED, LOOKED = 0, 1, 2


class Way(NamedTuple):
    """Room for the way of one case; `park` is the row of the insertion that parks it, or -1."""

    unit: Ints
    key: npt.NDArray[np.uint64]
    mark: Ints
    park: Ints


@compiled
def empty_way() -> Way:
    """Return room for one way."""
    return Way(
        np.zeros(MAX_STAYS, np.int64),
        np.zeros(MAX_STAYS, np.uint64),
        np.zeros(MAX_STAYS, np.int64),
        np.zeros(MAX_STAYS, np.int64),
    )


@compiled
def push(way: Way, n: int, unit: int, key: np.uint64) -> int:
    """Add a stay, unless the unit already holds the case or there is no room left."""
    if n >= MAX_STAYS or (n > 0 and way.unit[n - 1] == unit):
        return n
    way.unit[n], way.key[n], way.mark[n], way.park[n] = unit, key, WORKED, -1
    return n + 1


@compiled
def bounce_back(place: np.uint64, a: int, b: int, rounds: int, way: Way, n: int) -> int:
    """Insert a, b so many times; the key of each stay is its number."""
    for r in range(rounds):
        n = push(way, n, a, key_of(place, INSERTED + 2 * r))
        n = push(way, n, b, key_of(place, INSERTED + 1 + 2 * r))
    return n
