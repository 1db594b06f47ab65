"""How sure is a figure? Poisson bootstrap over groups (cases, or days), and its interval.

Each replicate gives each group a Poisson(1) weight that depends on (seed, replicate, position of
the group) alone. The engine orders cases by content, so ids and row order cannot change a result.
Method: docs/methods/intervals.md. Source: Hanley & MacGibbon 2006; Chamandy et al. 2012.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from leitweg.domain.findings import Estimate
from leitweg.engine.mixing import mixed
from leitweg.situation.arrays import Floats, Ints

Weights = NDArray[np.uint8]

_BLOCK_BYTES = 16 << 20
_TABLE_BYTES = 64 << 20

# cumulative Poisson(1) probabilities: a weight is the number of these a uniform number exceeds
_STEPS = np.cumsum(np.exp(-1.0) / np.array([1.0, 1, 2, 6, 24, 120, 720, 5040, 40320]))


@njit(cache=True, inline="always")
def _weight(seed: int, replicate: int, group: Any) -> int:  # pragma: no cover - compiled
    """Poisson(1) weight of a group in a replicate; replicate 0 is the sample itself."""
    if replicate == 0:
        return 1
    key: Any = np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(replicate)
    key = mixed(key * np.uint64(0xD1342543DE82EF95) + np.uint64(group) + np.uint64(1))
    uniform = np.float64(key >> np.uint64(11)) * (1.0 / 9007199254740992.0)
    weight = 0
    while weight < 9 and uniform >= _STEPS[weight]:
        weight += 1
    return weight


@njit(cache=True)
def _filled(seed: int, first: int, groups: Ints, out: Weights) -> None:  # pragma: no cover
    for row in range(out.shape[0]):
        for column in range(out.shape[1]):
            out[row, column] = _weight(seed, first + column, groups[row])


@njit(cache=True)
def _fill_one(
    seed: int, replicate: int, group: Ints, out: Floats
) -> None:  # pragma: no cover - compiled
    for row in range(group.size):
        out[row] = _weight(seed, replicate, group[row])


def replicate_weights(group: Ints, *, seed: int, replicate: int) -> Floats:
    """Poisson(1) weight of each row's group in one replicate; replicate 0 is the sample itself.

    The same weights as those of `resampled_sums`, for figures that are no sums of rows.

    >>> replicate_weights(np.array([3, 3, 5]), seed=1, replicate=0)
    array([1., 1., 1.])
    """
    out = np.empty(group.size)
    _fill_one(seed, replicate, np.ascontiguousarray(group, dtype=np.int64), out)
    return out


@lru_cache(maxsize=4)
def _table(seed: int, groups: int, replicates: int) -> Weights:
    """Weights of groups 0 to ``groups`` - 1 (rows) in all replicates (columns)."""
    out = np.empty((groups, replicates + 1), dtype=np.uint8)
    _filled(seed, 0, np.arange(groups), out)
    return out


def _blocks(seed: int, replicates: int, group: Ints) -> Iterator[tuple[slice, Weights, Ints]]:
    """Weights in blocks of replicates, and the row of the table for each row of the data.

    Few groups: one table for all questions. Very many: only those that occur, in small blocks.
    """
    # a power of two, so that questions about different cases find the same weights again
    groups = 1 << int(group.max(initial=0)).bit_length()
    if groups * (replicates + 1) <= _TABLE_BYTES:
        yield slice(0, replicates + 1), _table(seed, groups, replicates), group
        return
    present, place = np.unique(group, return_inverse=True)
    step = max(1, _BLOCK_BYTES // present.size)
    for first in range(0, replicates + 1, step):
        last = min(first + step, replicates + 1)
        weights = np.empty((present.size, last - first), dtype=np.uint8)
        _filled(seed, first, present, weights)
        yield slice(first, last), weights, place.reshape(-1).astype(np.int64)


@njit(cache=True)
def _sums(
    weights: Weights, group: Ints, cell: Ints, values: Floats, out: Floats
) -> None:  # pragma: no cover - compiled
    # the replicates lie side by side, so that one row is added to all of them at once
    n_rows, n_values = values.shape
    for row in range(n_rows):
        of_group = weights[group[row]]
        for v in range(n_values):
            value = values[row, v]
            if value != 0.0:
                total = out[cell[row], v]
                for replicate in range(of_group.size):
                    total[replicate] += of_group[replicate] * value


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
    out = np.empty((replicates + 1, n_cells, values.shape[1]))
    group = np.ascontiguousarray(group, dtype=np.int64)
    cell = np.ascontiguousarray(cell, dtype=np.int64)
    values = np.ascontiguousarray(values, dtype=np.float64)
    for part, weights, place in _blocks(seed, replicates, group):
        sums = np.zeros((n_cells, values.shape[1], weights.shape[1]))
        _sums(weights, place, cell, values, sums)
        out[part] = np.moveaxis(sums, 2, 0)
    return out


@njit(cache=True)
def _quantiles(
    weights: Weights, group: Ints, ordered: Floats, shares: Floats, out: Floats
) -> None:  # pragma: no cover - compiled
    for replicate in range(weights.shape[1]):
        total = 0
        for row in range(ordered.size):
            total += weights[group[row], replicate]
        seen = 0
        position = 0
        for row in range(ordered.size if total else 0):
            seen += weights[group[row], replicate]
            while position < shares.size and seen >= shares[position] * total:
                out[replicate, position] = ordered[row]
                position += 1
            if position == shares.size:
                break


def resampled_quantiles(
    group: Ints, values: Floats, shares: tuple[float, ...], *, seed: int, replicates: int
) -> Floats:
    """Quantiles of the values in each replicate, shape (replicates + 1, shares).

    The lower weighted quantile: the smallest value that at least that share does not exceed.
    """
    order = np.argsort(values, kind="stable")
    group = np.ascontiguousarray(group[order], dtype=np.int64)
    ordered = np.ascontiguousarray(values[order], dtype=np.float64)
    out = np.full((replicates + 1, len(shares)), np.nan)
    for part, weights, place in _blocks(seed, replicates, group):
        _quantiles(weights, place, ordered, np.array(shares, dtype=np.float64), out[part])
    return out


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
