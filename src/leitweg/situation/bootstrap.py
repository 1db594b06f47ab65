"""How sure is a figure? Poisson bootstrap over groups (cases, or days), and its interval.

Each replicate gives each group a Poisson(1) weight that depends on (seed, replicate, position of
the group) alone. The engine orders cases by content, so ids and row order cannot change a result.
Method: docs/methods/intervals.md. Source: Hanley & MacGibbon 2006; Chamandy et al. 2012.
"""

from typing import Any

import numpy as np
from numba import njit

from leitweg.domain.findings import Estimate
from leitweg.situation.arrays import Floats, Ints

# cumulative Poisson(1) probabilities: a weight is the number of these a uniform number exceeds
_STEPS = np.cumsum(np.exp(-1.0) / np.array([1.0, 1, 2, 6, 24, 120, 720, 5040, 40320]))


@njit(cache=True, inline="always")
def _mixed(x: Any) -> Any:  # pragma: no cover - compiled
    """Splitmix64 finaliser: a well mixed 64-bit number from a counter."""
    x = np.uint64(x)
    x ^= x >> np.uint64(30)
    x *= np.uint64(0xBF58476D1CE4E5B9)
    x ^= x >> np.uint64(27)
    x *= np.uint64(0x94D049BB133111EB)
    x ^= x >> np.uint64(31)
    return x


@njit(cache=True, inline="always")
def _weight(seed: int, replicate: int, group: Any) -> int:  # pragma: no cover - compiled
    """Poisson(1) weight of a group in a replicate; replicate 0 is the sample itself."""
    if replicate == 0:
        return 1
    key: Any = np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(replicate)
    key = _mixed(key * np.uint64(0xD1342543DE82EF95) + np.uint64(group) + np.uint64(1))
    uniform = np.float64(key >> np.uint64(11)) * (1.0 / 9007199254740992.0)
    weight = 0
    while weight < 9 and uniform >= _STEPS[weight]:
        weight += 1
    return weight


@njit(cache=True)
def _sums(
    seed: int, replicates: int, group: Ints, cell: Ints, values: Floats, n_cells: int
) -> Floats:  # pragma: no cover - compiled
    n_rows, n_values = values.shape
    out = np.zeros((replicates + 1, n_cells, n_values))
    for replicate in range(replicates + 1):
        for row in range(n_rows):
            weight = _weight(seed, replicate, group[row])
            if weight:
                for v in range(n_values):
                    out[replicate, cell[row], v] += weight * values[row, v]
    return out


def resampled_sums(
    group: Ints, cell: Ints, values: Floats, n_cells: int, *, seed: int, replicates: int
) -> Floats:
    """Sum of each value per cell in each replicate.

    Parameters
    ----------
    group
        Shape (rows,): what is resampled as a whole, a case or a day.
    cell
        Shape (rows,): where the row counts, 0 to ``n_cells`` - 1.
    values
        Shape (rows, values).

    Returns
    -------
    array of shape (replicates + 1, n_cells, values)
        Replicate 0 is the sample itself.
    """
    return _sums(
        seed,
        replicates,
        np.ascontiguousarray(group, dtype=np.int64),
        np.ascontiguousarray(cell, dtype=np.int64),
        np.ascontiguousarray(values, dtype=np.float64),
        n_cells,
    )


@njit(cache=True)
def _quantiles(
    seed: int, replicates: int, group: Ints, ordered: Floats, shares: Floats
) -> Floats:  # pragma: no cover - compiled
    n = ordered.size
    out = np.full((replicates + 1, shares.size), np.nan)
    for replicate in range(replicates + 1):
        total = 0
        for row in range(n):
            total += _weight(seed, replicate, group[row])
        if total == 0:
            continue
        seen = 0
        position = 0
        for row in range(n):
            seen += _weight(seed, replicate, group[row])
            while position < shares.size and seen >= shares[position] * total:
                out[replicate, position] = ordered[row]
                position += 1
            if position == shares.size:
                break
    return out


def resampled_quantiles(
    group: Ints, values: Floats, shares: tuple[float, ...], *, seed: int, replicates: int
) -> Floats:
    """Quantiles of the values in each replicate, shape (replicates + 1, shares).

    The lower weighted quantile: the smallest value that at least that share does not exceed.
    """
    order = np.argsort(values, kind="stable")
    return _quantiles(
        seed,
        replicates,
        np.ascontiguousarray(group[order], dtype=np.int64),
        np.ascontiguousarray(values[order], dtype=np.float64),
        np.asarray(shares, dtype=np.float64),
    )


def estimate(replicates: Floats) -> Estimate | None:
    """Point value (replicate 0) and the 2.5 % and 97.5 % quantiles of the others.

    >>> estimate(np.array([2.0, 1.0, 2.0, 3.0])).value
    2.0
    """
    value = float(replicates[0])
    if not np.isfinite(value):
        return None
    drawn = replicates[1:]
    drawn = drawn[np.isfinite(drawn)]
    if drawn.size == 0:
        return Estimate(value, value, value)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Estimate(value, min(float(low), value), max(float(high), value))


def wider(first: Estimate | None, second: Estimate | None) -> Estimate | None:
    """Return the estimate with the wider interval: bootstrap by case or by day."""
    if first is None or second is None:
        return first or second
    return first if first.high - first.low >= second.high - second.low else second


def standard_normals(seed: int, replicates: int) -> Floats:
    """One standard normal per replicate, zero for the sample itself."""
    drawn = np.random.Generator(np.random.Philox(key=seed)).standard_normal(replicates)
    return np.concatenate([np.zeros(1), drawn])
