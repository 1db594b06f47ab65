"""What can sums and differences of sets tell? Computed another way than the ledger does it.

Fractions instead of a prime, singular values of all sets at once instead of a growing projection,
and every small group tried instead of searched for.
"""

import itertools
from fractions import Fraction
from functools import cache

import numpy as np


def reduced_exactly(rows):
    """Return the reduced row echelon form in fractions."""
    left = [[Fraction(int(x)) for x in row] for row in rows]
    found = []
    for column in range(len(left[0]) if left else 0):
        at = next((n for n, row in enumerate(left) if row[column]), None)
        if at is None:
            continue
        chosen = left.pop(at)
        pivot = [x / chosen[column] for x in chosen]
        left, found = _cleared(left, pivot, column), [*_cleared(found, pivot, column), pivot]
    return found


def _cleared(rows, pivot, column):
    return [
        [x - row[column] * y for x, y in zip(row, pivot, strict=True)] if row[column] else row
        for row in rows
    ]


def isolated_exactly(rows):
    """Return the people whose own value follows from the sets."""
    reduced = reduced_exactly(rows)
    weights = [[at for at, x in enumerate(row) if x] for row in reduced]
    return [row[0] for row in weights if len(row) == 1]


def group_told(rows, most):
    """Return a group of up to so many people about whom something follows, or None."""
    projection = projection_of(rows)
    for size in range(1, most + 1):
        groups = _groups(projection.shape[0], size)
        within = projection[groups[:, :, None], groups[:, None, :]]
        # a vector on the group lies in the row space where the projection leaves it as it is
        largest = np.linalg.eigvalsh(within)[:, -1]
        if largest.size and largest.max() > 1 - 1e-8:
            return tuple(int(x) for x in groups[largest.argmax()])
    return None


def projection_of(rows):
    """Return the orthogonal projection on the row space."""
    _, values, vectors = np.linalg.svd(np.array(rows, float), full_matrices=False)
    basis = vectors[values > 1e-9 * values.max()]
    return basis.T @ basis


@cache
def _groups(n, size):
    return np.array(list(itertools.combinations(range(n), size)))
