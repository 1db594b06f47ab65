"""What do sums that are known make known besides? Every sum is about cells, every cell has people.

Whoever knows several sums knows all their linear combinations. One of them is dangerous where it is
about fewer than k people: where every cell that it holds with a coefficient belongs to them.
Method: docs/methods/release-ledger.md.
"""

from collections.abc import Sequence
from itertools import combinations
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.signedinteger[Any]]
Flags = NDArray[np.bool_]
Matrix = NDArray[np.int64]
PRIME = 2_147_483_647
MOST_COMBINATIONS = 2_000


def combinations_without(sums: Matrix, cells: Flags) -> Matrix:
    """Return a basis of the combinations of sums that hold none of the given cells.

    Modulo a prime of 31 bits, reduced: a combination over the rationals is one modulo the prime.

    Parameters
    ----------
    sums
        One row per known sum: its coefficient at each cell.
    cells
        The cells that must not be in a combination.

    >>> combinations_without(np.array([[1, 1], [1, 0]]), np.array([True, False])).tolist()
    [[0, 1]]
    """
    order = np.argsort(~cells, kind="stable")
    basis = reduced_rows(sums[:, order])
    free = basis[(basis != 0).argmax(axis=1) >= int(cells.sum())] if basis.size else basis
    out = np.empty_like(free)
    out[:, order] = free
    return out


def reduced_rows(rows: Matrix) -> Matrix:
    """Return the reduced row echelon form modulo a large prime, rows of zeros left out.

    >>> reduced_rows(np.array([[1, 1, 1], [1, 1, 0]])).tolist()
    [[1, 1, 0], [0, 0, 1]]
    """
    left = rows % PRIME
    done = 0
    for column in range(left.shape[1]):
        found = np.flatnonzero(left[done:, column])
        if not found.size:
            continue
        pivot = done + int(found[0])
        left[[done, pivot]] = left[[pivot, done]]
        left[done] = left[done] * pow(int(left[done, column]), -1, PRIME) % PRIME
        others = np.flatnonzero(left[:, column])
        others = others[others != done]
        left[others] = (left[others] - left[others, column][:, None] * left[done]) % PRIME
        done += 1
        if done == left.shape[0]:
            break
    return left[:done]


def tells_of_few(sums: Matrix, people: Sequence[frozenset[int]], k: int) -> bool:
    """Whether a combination of sums is about the cells of 1 to k - 1 people alone.

    Parameters
    ----------
    sums
        One row per known sum: its coefficient at each cell.
    people
        The people of each cell; a cell of nobody adds nothing and hides nobody.
    k
        People that must stand together.

    Notes
    -----
    Exact, as long as the combinations that hold no cell of k people or more are few: a
    combination of smallest support is found by setting all but one of the free cells to zero.
    Where there are too many of them, the answer is yes.
    """
    n = np.array([len(p) for p in people])
    free = combinations_without(sums, n >= k)
    small = np.flatnonzero((n > 0) & (n < k))
    free = reduced_rows(free[:, small]) if free.size and small.size else free[:0]
    if not free.shape[0]:
        return False
    return (
        any(
            len(frozenset[int]().union(*(people[small[c]] for c in np.flatnonzero(row)))) < k
            for row in _of_small_support(free)
        )
        or comb(free.shape[1], free.shape[0] - 1) > MOST_COMBINATIONS
    )


def _of_small_support(basis: Matrix) -> list[Matrix]:
    """Return the combinations whose support holds no other's; the basis alone where too many."""
    d, n = basis.shape
    found = list(basis)
    if d == 1 or comb(n, d - 1) > MOST_COMBINATIONS:
        return found
    for zeros in combinations(range(n), d - 1):
        cells = np.zeros(n, dtype=bool)
        cells[list(zeros)] = True
        rows = combinations_without(basis, cells)
        if rows.shape[0] == 1:
            found.append(rows[0])
    return found
