"""Would one more released set let somebody be isolated by sums and differences of them all?

The sets are vectors over columns; a column is a person, or people whom no set has told apart so
far. Kept are the reduced row echelon form modulo a prime (exact), the orthogonal projection on
the row space (for leverages) and the sets themselves. Method: docs/methods/release-ledger.md.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from leitweg.engine.arrays import Flags, Int32, Int64
from leitweg.privacy.row_space_arrays import Float64, with_room
from leitweg.privacy.row_space_loops import (
    add_direction,
    eliminate,
    has_light_row,
    is_near,
    projected,
    residue_of,
)
from leitweg.privacy.small_groups import finds_small_group

PRIME = 2**31 - 1
MOST_LEVERAGE = 0.95
# below this share of its length a vector is, for measured values, inside the row space
_NO_DIRECTION = 1e-10
_MUCH = 0.25

PeopleOf = Callable[[Int64], int]


class RowSpace:
    """Everything that sums and differences of the released sets can tell.

    Parameters
    ----------
    prime
        Below 2^31. Where it is secret nobody can build sets whose determinants it divides.

    Examples
    --------
    >>> space = RowSpace()
    >>> space.widen([1] * 12)
    >>> space.add(np.ones(12, np.int64))
    >>> all_but_one = np.array([0] + [1] * 11)
    >>> space.refuses(all_but_one, k=5)
    True
    """

    def __init__(self, *, prime: int = PRIME) -> None:
        self.prime = prime
        self.n_columns = 0
        self.rank = 0
        self.n_former = 0
        self._sizes: Int64 = np.zeros(0, np.int64)
        self._pivots: Int64 = np.zeros(0, np.int64)
        self._rows: Int32 = np.zeros((0, 0), np.int32)
        self._projection: Float64 = np.zeros((0, 0))
        self._former: Flags = np.zeros((0, 0), np.bool_)
        # what was judged last, and the projection with it
        self._last: tuple[Int64, _Step | None] | None = None
        self._ahead: Float64 = np.zeros((0, 0))
        self._is_ahead = False

    @property
    def sizes(self) -> Int64:
        """People per column."""
        return self._sizes[: self.n_columns]

    def widen(self, sizes: Sequence[int]) -> None:
        """Add columns of people who are in no set so far, at the end."""
        first, self.n_columns = self.n_columns, self.n_columns + len(sizes)
        n = self.n_columns
        self._last = None
        self._sizes = with_room(self._sizes, n)
        self._sizes[first:n] = sizes
        self._rows = with_room(self._rows, self._rows.shape[0], n)
        self._projection = with_room(self._projection, n, n)
        self._former = with_room(self._former, self._former.shape[0], n)

    def split(self, columns: Int64, sizes: Int64) -> Int64:
        """Take people out of columns into new ones: the same row space, told in finer columns.

        Returns
        -------
        numpy.ndarray
            The new columns.
        """
        first = self.n_columns
        self.widen([0] * len(columns))
        new = np.arange(first, self.n_columns)
        share = sizes / self._sizes[columns]
        self._sizes[columns] -= sizes
        self._sizes[new] = sizes
        self._rows[:, new] = self._rows[:, columns]
        self._former[:, new] = self._former[:, columns]
        taken, kept = np.sqrt(share), np.sqrt(1 - share)
        self._projection[new] = self._projection[columns] * taken[:, None]
        self._projection[columns] *= kept[:, None]
        self._projection[:, new] = self._projection[:, columns] * taken
        self._projection[:, columns] *= kept
        return new

    def reduced(self, vector: Int64) -> Int64:
        """Return what of a vector the row space does not know, modulo the prime."""
        rows = self._rows[: self.rank, : self.n_columns]
        return residue_of(rows, self._pivots, self.rank, vector.astype(np.int64), self.prime)

    def is_near(self, counts: Int64, *, k: int, outside: int = 0) -> bool:
        """Whether a former set differs in 1 to k - 1 people from one with these counts a column.

        `outside` is how many of its people are in no column.
        """
        former = self._former[:, : self.n_columns]
        return bool(is_near(former, self.n_former, counts, self.sizes, outside, k))

    def isolates(self, vector: Int64, *, k: int, people_of: PeopleOf | None = None) -> bool:
        """Whether with this vector something about fewer than k people could be computed.

        Parameters
        ----------
        vector
            An integer for each column.
        k
            The threshold.
        people_of
            How many people a choice of columns stands for, where that is not the sum of their
            sizes (one person may stand behind several columns). Then the search for groups looks
            at the reduced rows and single columns only.
        """
        step = self._step(vector)
        if step is None:
            return False
        new, pivot, direction = step
        if direction is None:
            return True
        known = np.flatnonzero(self.leverages() + direction**2 / self.sizes >= MOST_LEVERAGE)
        rows = self._rows[: self.rank, : self.n_columns]
        if people_of is not None:
            alone = any(people_of(known[at : at + 1]) < k for at in range(known.size))
            return alone or _few_behind(rows, new, pivot, self.prime, people_of, k)
        if (self.sizes[known] < k).any():
            return True
        if has_light_row(rows, self.rank, new, pivot, self.sizes, k, self.prime):
            return True
        return bool(finds_small_group(self._with(direction), self.sizes, k))

    def refuses(self, vector: Int64, *, k: int, people_of: PeopleOf | None = None) -> bool:
        """Whether a set must not be released: too few, too near to a former one, or isolating."""
        if people_of is None:
            inside = vector * self.sizes
            near = int(inside.sum()) < k or self.is_near(inside, k=k)
        else:
            former = self._former[: self.n_former, : self.n_columns]
            apart = [np.flatnonzero(row != (vector != 0)) for row in former]
            near = people_of(np.flatnonzero(vector)) < k
            near = near or any(x.size and people_of(x) < k for x in apart)
        return near or self.isolates(vector, k=k, people_of=people_of)

    def add(self, vector: Int64) -> None:
        """Remember a set as released."""
        n = self.n_columns
        self._former = with_room(self._former, self.n_former + 1, n)
        self._former[self.n_former, :n] = vector
        self.n_former += 1
        step = self._step(vector)
        if step is None:
            return
        new, pivot, direction = step
        eliminate(self._rows, self.rank, new, pivot, self.prime)
        self._rows = with_room(self._rows, self.rank + 1, n)
        self._pivots = with_room(self._pivots, self.rank + 1)
        self._rows[self.rank, :n] = new
        self._pivots[self.rank] = pivot
        self.rank += 1
        if direction is not None:
            if not self._is_ahead:
                self._with(direction)
            self._projection, self._ahead = self._ahead, self._projection
        self._last = None

    def leverages(self) -> Float64:
        """Return how much of each person the releases determine: 1 is everything."""
        return self._projection.diagonal()[: self.n_columns] / self.sizes

    def _with(self, direction: Float64) -> Float64:
        """Return the projection with one more direction, beside the one that holds."""
        n = self.n_columns
        if self._ahead.shape != self._projection.shape:
            self._ahead = np.zeros_like(self._projection)
        add_direction(self._projection[:n, :n], direction, self._ahead[:n, :n])
        self._is_ahead = True
        return self._ahead[:n, :n]

    def parts(self) -> tuple[Int64, Int64, Int32, Float64, Flags]:
        """Return sizes, pivots, rows, projection and former sets, as `of_parts` takes them."""
        n = self.n_columns
        return (
            self.sizes,
            self._pivots[: self.rank],
            self._rows[: self.rank, :n],
            self._projection[:n, :n],
            self._former[: self.n_former, :n],
        )

    @classmethod
    def of_parts(
        cls,
        parts: tuple[Int64, Int64, Int32, Float64, Flags],
        *,
        prime: int = PRIME,
    ) -> "RowSpace":
        """Return the row space that was taken apart; the arrays become its own."""
        space = cls(prime=prime)
        space._sizes, space._pivots, space._rows, space._projection, space._former = parts
        space.n_columns, space.rank = space._sizes.size, space._pivots.size
        space.n_former = space._former.shape[0]
        return space

    def _direction(self, vector: Int64) -> Float64 | None:
        """Return the unit vector that a vector adds; None where it is too short to have one.

        A column of w people counts by the square root of w, so that lengths are those over people.
        """
        projection = self._projection[: self.n_columns, : self.n_columns]
        values = vector.astype(np.float64) * np.sqrt(self.sizes)
        left = values - projected(projection, values)
        whole = np.linalg.norm(values)
        if np.linalg.norm(left) < _MUCH * whole:
            # little is left, so a second pass takes away what rounding left of the row space
            left -= projected(projection, left)
        length = np.linalg.norm(left)
        return left / length if length > _NO_DIRECTION * whole else None

    def _step(self, vector: Int64) -> "_Step | None":
        """Return what a vector adds to the row space; None where that knows it already."""
        if self._last is not None and np.array_equal(self._last[0], vector):
            # judged just now, and now to be added
            return self._last[1]
        left = self.reduced(vector)
        step, self._is_ahead = None, False
        if left.any():
            # small groups show best in the reduced form when few of their columns are pivots
            pivot = int(np.where(left != 0, self.sizes, -1).argmax())
            new = left * pow(int(left[pivot]), -1, self.prime) % self.prime
            step = _Step(new, pivot, self._direction(vector))
        self._last = (vector.copy(), step)
        return step


class _Step(NamedTuple):
    """The new row, scaled to 1 in its pivot column, and the new direction of the projection."""

    new: Int64
    pivot: int
    direction: Float64 | None


def _few_behind(
    rows: Int32, new: Int64, pivot: int, prime: int, people_of: PeopleOf, k: int
) -> bool:
    if people_of(np.flatnonzero(new)) < k:
        return True
    changed = rows[rows[:, pivot] != 0].astype(np.int64)
    after = (changed - changed[:, pivot : pivot + 1] * new) % prime
    return any(people_of(np.flatnonzero(row)) < k for row in after)
