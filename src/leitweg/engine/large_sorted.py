"""Rows sorted by case and time already: summed up while they are decoded, nothing is kept.

The first and the last case of every batch may go on in the neighbouring batch. Their rows are set
aside, put together at the end and summed up as one more part.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from leitweg.engine.arrays import Int8, Int32, Int64
from leitweg.engine.large_columns import Batch, LargeColumns, Piece, read_batches
from leitweg.engine.large_loops import starts_of_cases
from leitweg.engine.large_sums import NotSortedError, Sums, share


@dataclass
class Seams:
    """Rows set aside, by their place in the files, and the ends of every batch.

    ``whole`` keeps case offsets and holders of the first batch of every thread: what is frequent
    occurs there, so that hardly ever a batch is decoded again to name a way.
    """

    whole: dict[int, tuple[Int64, Int32]] = field(default_factory=dict)
    rows: dict[int, Batch] = field(default_factory=dict)
    ends: dict[int, tuple[int, int]] = field(default_factory=dict)

    def set_aside(self, batch: Batch, first: int, end: int) -> None:
        """Keep a copy of some rows of a batch."""
        self.rows[batch.first_row + first] = Batch(
            batch.first_row + first,
            batch.case[first:end].astype(np.int64),
            batch.at_us[first:end].copy(),
            batch.holder[first:end].copy(),
            batch.state[first:end].copy(),
        )

    def check(self) -> None:
        """Raise NotSortedError unless every batch starts where the one before ended or later."""
        last = None
        for _, (first_case, last_case) in sorted(self.ends.items()):
            if last is not None and first_case < last:
                raise NotSortedError
            last = last_case

    def joined(self) -> tuple[Int64, Int64, Int32, Int8]:
        """Return the rows set aside, sorted: case offsets, times, holders, states."""
        kept = [batch for _, batch in sorted(self.rows.items())]
        if not kept:
            nothing = np.empty(0, np.int64)
            return np.zeros(1, np.int64), nothing, nothing.astype("i4"), nothing.astype("i1")
        case = np.concatenate([batch.case for batch in kept])
        at_us = np.concatenate([batch.at_us for batch in kept])
        order = np.lexsort((at_us, case))
        offsets = np.empty(case.size + 1, np.int64)
        n_cases = starts_of_cases(case[order], offsets)
        holder = np.concatenate([batch.holder for batch in kept])[order]
        state = np.concatenate([batch.state for batch in kept])[order]
        return offsets[: n_cases + 1], at_us[order], holder, state


def looks_sorted(pieces: Sequence[Piece]) -> bool:
    """Whether the statistics of the files promise pieces of rising case numbers."""
    last: int | None = None
    for piece in pieces:
        if piece.first_case is None or (last is not None and piece.first_case < last):
            return False
        last = piece.last_case
    return True


def inner_cases(batch: Batch) -> tuple[Int64, int, int]:
    """Return offsets of the cases that are whole in a batch, end of its first, start of its last.

    NotSortedError if the case numbers fall.
    """
    offsets = np.empty(batch.case.size + 1, np.int64)
    n_cases = starts_of_cases(batch.case, offsets)
    if n_cases < 0:
        raise NotSortedError
    if n_cases == 1:
        return offsets[:1], 0, 0
    return offsets[1:n_cases], int(offsets[1]), int(offsets[n_cases - 1])


def sum_sorted(
    pieces: Sequence[Piece], columns: LargeColumns, n_holders: int, *, threads: int
) -> tuple[Sums, Seams]:
    """Sum up a sorted log; NotSortedError if it is not. A part is the first row of a batch."""
    whole, parts, seams = Sums(n_holders), [Sums(n_holders) for _ in range(threads)], Seams()
    free = list(parts)

    def work(mine: Iterator[Piece]) -> None:
        sums = free.pop()
        for piece in mine:
            for batch in read_batches(piece, columns):
                offsets, head, tail = inner_cases(batch)
                if not sums.paths:
                    seams.whole[batch.first_row] = (offsets, batch.holder)
                seams.ends[batch.first_row] = (int(batch.case[0]), int(batch.case[-1]))
                if head:
                    seams.set_aside(batch, 0, head)
                seams.set_aside(batch, tail, batch.case.size)
                sums.add(batch.first_row, offsets, batch.at_us, batch.holder, batch.state)

    share(pieces, work, threads=threads)
    for part in parts:
        whole.merge(part)
    seams.check()
    return whole, seams
