"""Rows in any order: split by case range into a spill file, then summed bucket by bucket."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from leitweg.domain.errors import QuestionError
from leitweg.engine.arrays import Int8, Int32, Int64
from leitweg.engine.large_columns import LargeColumns, Piece, read_batches
from leitweg.engine.large_loops import (
    sort_cases_by_time,
    sort_rows_by_case,
    split_rows,
    unpack_rows,
)
from leitweg.engine.large_sums import Sums, share

ROW_BYTES = 16
BUCKET_ROWS = 1 << 19
# a bucket counts its case numbers in an array of this size at most (32 MB)
MOST_NUMBERS = 1 << 22


@dataclass(frozen=True)
class Split:
    """How case numbers fall into buckets: ``(case - first_case) >> shift``."""

    first_case: int
    shift: int
    n_buckets: int


@dataclass
class Scratch:
    """Arrays that a thread uses again for every bucket."""

    packed: Int64 = field(default_factory=lambda: np.empty((0, 2), np.int64))
    rows: Int64 = field(default_factory=lambda: np.empty((0, 2), np.int64))
    at_us: Int64 = field(default_factory=lambda: np.empty(0, np.int64))
    holder: Int32 = field(default_factory=lambda: np.empty(0, np.int32))
    state: Int8 = field(default_factory=lambda: np.empty(0, np.int8))

    def fit(self, n_rows: int) -> None:
        """Make room for a bucket."""
        if n_rows > self.at_us.size:
            room = n_rows + n_rows // 8
            self.packed, self.rows = np.empty((room, 2), np.int64), np.empty((room, 2), np.int64)
            self.at_us, self.holder = np.empty(room, np.int64), np.empty(room, np.int32)
            self.state = np.empty(room, np.int8)


class Buckets:
    """The spilled rows of a log, readable bucket by bucket."""

    def __init__(self, descriptor: int, split: Split) -> None:
        self.split = split
        self._descriptor = descriptor
        self._segments: dict[int, Int64] = {}

    def write(self, first_row: int, packed: Int64, offsets: Int64) -> None:
        """Spill the split rows of one batch to the place that is theirs."""
        view, place = packed.data.cast("B"), first_row * ROW_BYTES
        while view.nbytes:
            written = os.pwrite(self._descriptor, view, place)
            view, place = view[written:], place + written
        self._segments[first_row] = offsets

    def read(self, bucket: int, scratch: Scratch) -> int:
        """Read the rows of a bucket in the order of the files; return their number."""
        spans = [(row, o[bucket], o[bucket + 1]) for row, o in sorted(self._segments.items())]
        n_rows = int(sum(end - first for _, first, end in spans))
        scratch.fit(n_rows)
        view = scratch.packed.data.cast("B")
        for first_row, first, end in spans:
            n_bytes, place = int(end - first) * ROW_BYTES, int(first_row + first) * ROW_BYTES
            while n_bytes:
                n_read = os.preadv(self._descriptor, [view[:n_bytes]], place)
                view, n_bytes, place = view[n_read:], n_bytes - n_read, place + n_read
        return n_rows

    def sorted_rows(self, bucket: int, scratch: Scratch) -> Int64:
        """Read a bucket, sort it by case and time, unpack it; return the case offsets."""
        n_rows = self.read(bucket, scratch)
        rows = scratch.rows[:n_rows]
        ends = sort_rows_by_case(scratch.packed[:n_rows], 1 << self.split.shift, rows)
        offsets = sort_cases_by_time(rows, ends)
        unpack_rows(rows, scratch.at_us, scratch.holder, scratch.state)
        return offsets


def split_of(first_case: int, last_case: int, n_rows: int) -> Split:
    """Choose buckets of about half a million rows; QuestionError if numbers are too sparse."""
    n_numbers = last_case - first_case + 1
    wanted = max(1, -(-n_rows // BUCKET_ROWS))
    shift = max(0, -(-n_numbers // wanted) - 1).bit_length()
    if 1 << shift > MOST_NUMBERS:
        raise QuestionError(
            f"the case numbers run from {first_case} to {last_case} for {n_rows} rows; "
            "number the cases densely (0, 1, 2, ...).",
            code="sparse-case-numbers",
            first_case=first_case,
            last_case=last_case,
            n_rows=n_rows,
        )
    return Split(first_case, shift, (n_numbers - 1 >> shift) + 1)


def split_into(
    buckets: Buckets, pieces: Sequence[Piece], columns: LargeColumns, *, threads: int
) -> None:
    """Decode all pieces and spill their rows by bucket."""
    split = buckets.split

    def work(mine: Iterator[Piece]) -> None:
        room = np.empty((0, 2), np.int64)
        for piece in mine:
            for batch in read_batches(piece, columns):
                if batch.case.size > room.shape[0]:
                    room = np.empty((batch.case.size, 2), np.int64)
                packed = room[: batch.case.size]
                offsets = split_rows(
                    *(batch.case, batch.at_us, batch.holder, batch.state),
                    *(split.first_case, split.shift, split.n_buckets, packed),
                )
                _require_range(offsets, piece)
                buckets.write(batch.first_row, packed, offsets)

    share(pieces, work, threads=threads)


def sum_buckets(buckets: Buckets, n_holders: int, *, threads: int) -> Sums:
    """Sum up all buckets."""
    whole, parts = Sums(n_holders), [Sums(n_holders) for _ in range(threads)]
    free = list(parts)

    def work(mine: Iterator[int]) -> None:
        sums, scratch = free.pop(), Scratch()
        for bucket in mine:
            offsets = buckets.sorted_rows(bucket, scratch)
            sums.add(bucket, offsets, scratch.at_us, scratch.holder, scratch.state)

    share(range(buckets.split.n_buckets), work, threads=threads)
    for part in parts:
        whole.merge(part)
    return whole


def _require_range(offsets: Int64, piece: Piece) -> None:
    if offsets.size == 0:
        raise QuestionError(
            f"{piece.path.name}: rows hold case numbers outside of the range that the file's own "
            "statistics give; write the file anew.",
            code="wrong-statistics",
            path=str(piece.path),
        )
