"""A well mixed 64-bit number from a counter: chance that is the same on every machine."""

from typing import Any

import numpy as np
from numba import njit


@njit(cache=True, inline="always")
def mixed(x: Any) -> Any:  # pragma: no cover - compiled
    """Splitmix64 finaliser (Steele, Lea & Flood 2014)."""
    x = np.uint64(x)
    x ^= x >> np.uint64(30)
    x *= np.uint64(0xBF58476D1CE4E5B9)
    x ^= x >> np.uint64(27)
    x *= np.uint64(0x94D049BB133111EB)
    x ^= x >> np.uint64(31)
    return x


@njit(cache=True, nogil=True)
def mixed_all(numbers: Any) -> Any:  # pragma: no cover - compiled
    """Mix each number of an array of 64-bit numbers."""
    out = np.empty(numbers.size, np.uint64)
    for i in range(numbers.size):
        out[i] = mixed(numbers[i] + np.uint64(0x9E3779B97F4A7C15))
    return out
