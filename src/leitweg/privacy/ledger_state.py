"""What has the ledger computed from the sets of one variable and period? Their row space.

People whom no set has told apart so far share a column. The state can be kept in a file, so that
the next process need not eliminate again; the file is bound to the sets by their fingerprints.
"""

import hashlib
import hmac
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from leitweg.engine.arrays import Int64
from leitweg.privacy.row_space import RowSpace
from leitweg.privacy.row_space_arrays import with_room

# an elimination each, and a reduction each
_DIRECTIONS, _SETS = 32, 256
_NO_COLUMN = -1
_MAC_BYTES = 32
_HEAD = 6  # numbers before the arrays


class LedgerState:
    """The row space of the sets up to `last_id`, and which column each person is in.

    `fingerprints` are those of the sets it was computed from, in the order of their release.
    """

    def __init__(self, prime: int) -> None:
        self.space = RowSpace(prime=prime)
        self.last_id = 0
        self.fingerprints: list[bytes] = []
        self.known: set[bytes] = set()
        self.kept_rank = self.kept_sets = 0
        self.column_of: Int64 = np.zeros(0, np.int64)

    def is_of(self, fingerprints: Sequence[bytes]) -> bool:
        """Whether these sets begin with those that the state was computed from."""
        return list(fingerprints[: len(self.fingerprints)]) == self.fingerprints

    def ends_with(self, n_sets: int, last_id: int, fingerprint: bytes) -> bool:
        """Whether the last of the sets that the state was computed from is the last one."""
        last = self.fingerprints[-1] if self.fingerprints else b""
        return (len(self.fingerprints), self.last_id, last) == (n_sets, last_id, fingerprint)

    def is_worth_keeping(self) -> bool:
        """Whether the next process would have to compute much again."""
        new_sets = len(self.fingerprints) - self.kept_sets
        return self.space.rank - self.kept_rank >= _DIRECTIONS or new_sets >= _SETS

    def refuses(self, members: Int64, *, k: int) -> bool:
        """Whether a set of people, given by their numbers, must not leave."""
        if members.size < k:
            return True
        columns = self._columns(members)
        inside = columns[columns != _NO_COLUMN]
        counts = np.bincount(inside, minlength=self.space.n_columns)
        outside = members.size - inside.size
        if self.space.is_near(counts, k=k, outside=outside):
            return True
        return self.space.isolates(self._vector(members), k=k)

    def add(self, members: Int64, id_: int, fingerprint: bytes) -> None:
        """Remember a set that leaves."""
        self.space.add(self._vector(members))
        self.last_id = id_
        self.fingerprints.append(fingerprint)
        self.known.add(fingerprint)

    def _columns(self, members: Int64) -> Int64:
        highest = int(members[-1]) + 1
        if highest > self.column_of.size:
            known, self.column_of = self.column_of.size, with_room(self.column_of, highest)
            self.column_of[known:] = _NO_COLUMN
        return self.column_of[members]

    def _vector(self, members: Int64) -> Int64:
        """Return a set as a vector over columns; those it cuts in two become finer."""
        columns = self._columns(members)
        new = members[columns == _NO_COLUMN]
        if new.size:
            self.column_of[new] = self.space.n_columns
            self.space.widen([new.size])
            columns = self.column_of[members]
        counts = np.bincount(columns, minlength=self.space.n_columns)
        cut = np.flatnonzero((counts > 0) & (counts < self.space.sizes))
        if cut.size:
            finer = np.arange(self.space.n_columns)
            finer[cut] = self.space.split(cut, counts[cut])
            self.column_of[members] = finer[columns]
        vector = np.zeros(self.space.n_columns, np.int64)
        vector[self.column_of[members]] = 1
        return vector

    def packed(self, key: bytes) -> list[memoryview]:
        """Return the state as bytes, signed and bound to the fingerprints of its sets."""
        sizes, pivots, rows, projection, former = self.space.parts()
        counts = (self.last_id, self.column_of.size, sizes.size, pivots.size, former.shape[0])
        head = np.array((*counts, self.space.prime), np.int64)
        bits = np.packbits(former, axis=1)
        arrays = (head, self.column_of, sizes, pivots, projection, rows, bits)
        # by parts: they are large
        parts = [memoryview(_chain(self.fingerprints))]
        parts += [np.ascontiguousarray(x).reshape(-1).view(np.uint8).data for x in arrays]
        signed = hmac.new(key, digestmod=hashlib.sha256)
        for part in parts:
            signed.update(part)
        self.kept_rank, self.kept_sets = self.space.rank, len(self.fingerprints)
        return [memoryview(signed.digest()), *parts]

    @classmethod
    def unpacked(
        cls, content: bytes, key: bytes, fingerprints: Sequence[bytes]
    ) -> "LedgerState | None":
        """Return the state; None where the bytes are not signed or not of the first of these."""
        body = memoryview(content)[_MAC_BYTES:]
        if not hmac.compare_digest(hmac.digest(key, body, hashlib.sha256), content[:_MAC_BYTES]):
            return None
        arrays = _Arrays(body, _MAC_BYTES)
        last_id, people, n, rank, n_former, prime = arrays.take(np.int64, _HEAD).tolist()
        if bytes(body[:_MAC_BYTES]) != _chain(fingerprints[:n_former]):
            return None
        state = cls(prime)
        state.last_id, state.kept_rank, state.kept_sets = last_id, rank, n_former
        state.fingerprints = list(fingerprints[:n_former])
        state.known = set(state.fingerprints)
        state.column_of = arrays.take(np.int64, people)
        sizes, pivots = arrays.take(np.int64, n), arrays.take(np.int64, rank)
        projection, rows = arrays.take(np.float64, n, n), arrays.take(np.int32, rank, n)
        bits = arrays.take(np.uint8, n_former, (n + 7) // 8)
        former = np.unpackbits(bits, axis=1, count=n).view(np.bool_)
        state.space = RowSpace.of_parts((sizes, pivots, rows, projection, former), prime=prime)
        return state


class _Arrays:
    """Arrays that follow each other in bytes, copied out so that they can be written."""

    def __init__(self, body: memoryview, at: int) -> None:
        self._body, self._at = body, at

    def take(self, kind: type[np.generic], *shape: int) -> np.ndarray[Any, Any]:
        found = np.frombuffer(self._body, kind, math.prod(shape), self._at).reshape(shape)
        self._at += found.nbytes
        return found.copy()


def _chain(fingerprints: Sequence[bytes]) -> bytes:
    return hashlib.sha256(b"".join(fingerprints)).digest()
