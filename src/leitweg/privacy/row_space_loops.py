"""The loops of the row space: elimination modulo a prime, and projection in floating point."""

import numpy as np

from leitweg.engine.arrays import Flags, Int32, Int64
from leitweg.engine.compiled import compiled
from leitweg.privacy.row_space_arrays import Float64


@compiled
def residue_of(rows: Int32, pivots: Int64, rank: int, vector: Int64, prime: int) -> Int64:
    """Return what is left of a vector when every pivot column is cleared with its row."""
    n = vector.size
    taken = np.zeros(n, np.int64)
    for row in range(rank):
        factor = vector[pivots[row]] % prime
        if factor == 1:
            # of sets every factor is 1: fewer than 2^32 rows below 2^31 cannot overflow
            for column in range(n):
                taken[column] += rows[row, column]
        elif factor != 0:
            for column in range(n):
                taken[column] += (factor * rows[row, column]) % prime
    left = np.empty(n, np.int64)
    for column in range(n):
        left[column] = (vector[column] - taken[column]) % prime
    return left


@compiled
def has_light_row(
    rows: Int32, rank: int, new: Int64, pivot: int, sizes: Int64, k: int, prime: int
) -> bool:
    """Whether a row that the new one changes, or the new one, is about fewer than k people."""
    n = new.size
    people = 0
    for column in range(n):
        if new[column] != 0:
            people += sizes[column]
    if people < k:
        return True
    for row in range(rank):
        factor = np.int64(rows[row, pivot])
        if factor == 0:
            continue
        people = 0
        for column in range(n):
            if (rows[row, column] - factor * new[column]) % prime != 0:
                people += sizes[column]
                if people >= k:
                    break
        if people < k:
            return True
    return False


@compiled
def eliminate(rows: Int32, rank: int, new: Int64, pivot: int, prime: int) -> None:
    """Clear the pivot column of the new row in all others."""
    columns = np.flatnonzero(new)
    for row in range(rank):
        factor = np.int64(rows[row, pivot])
        if factor != 0:
            for column in columns:
                rows[row, column] = (rows[row, column] - factor * new[column]) % prime


@compiled
def projected(projection: Float64, values: Float64) -> Float64:
    """Return the projection of a vector; where it has zeros nothing is read."""
    total = np.zeros(values.size)
    for row in range(values.size):
        factor = values[row]
        if factor != 0.0:
            for column in range(values.size):
                total[column] += factor * projection[row, column]
    return total


@compiled
def add_direction(projection: Float64, unit: Float64, larger: Float64) -> None:
    """Write the projection with one more direction."""
    for row in range(unit.size):
        for column in range(unit.size):
            larger[row, column] = projection[row, column] + unit[row] * unit[column]


@compiled
def is_near(
    former: Flags, n_former: int, counts: Int64, sizes: Int64, outside: int, k: int
) -> bool:
    """Whether some former set differs from one with these counts per column in 1 to k - 1."""
    for row in range(n_former):
        differing = outside
        for column in range(counts.size):
            inside = counts[column]
            differing += sizes[column] - inside if former[row, column] else inside
            if differing >= k:
                break
        if 0 < differing < k:
            return True
    return False
