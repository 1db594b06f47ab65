"""The case kernel for logs larger than memory: one pass to split, one bucket at a time to sum.

Rows in any order are packed to 16 bytes, split by case range and spilled to a temporary file;
then each bucket is read, sorted by case and time, and summed up. A log that is sorted by case
already is summed up as it is decoded. Either way memory does not grow with the number of rows,
but for 8 bytes per case: the hash of its path.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from leitweg.engine.arrays import Int32, Int64
from leitweg.engine.large_buckets import Buckets, Scratch, split_into, split_of, sum_buckets
from leitweg.engine.large_columns import LargeColumns, Piece, case_range, pieces_of, read_batches
from leitweg.engine.large_loops import (
    BOUNCE_CASES,
    BOUNCES,
    CASES,
    EVENTS,
    HANDOVERS,
    ONE_HOLDER,
    RIGHT_FIRST,
    STRICT_CASES,
)
from leitweg.engine.large_paths import PathCount, most_frequent_paths
from leitweg.engine.large_sorted import Seams, inner_cases, looks_sorted, sum_sorted
from leitweg.engine.large_sums import NotSortedError, Part, Sums

SEAMS: Part = -1
CANONICAL = LargeColumns()


@dataclass(frozen=True)
class LargeSummary:
    """What the case kernel counts, over all cases of a log that knows no start of work.

    Attributes
    ----------
    layout
        ``"sorted"``: summed up while decoding; ``"any"``: split by case range first.
    handovers, waiting_us
        From holder (row) to holder (column): number, and sum of the waiting in microseconds.
    n_bounces, n_bounce_cases, n_strict_cases
        A-B-A patterns, cases with one, cases with A-B-A-B.
    n_right_first, n_one_holder
        Cases whose right contact is the first holder; cases that only one holder had.
    paths
        The most frequent ways, most frequent first.
    """

    layout: str
    n_events: int
    n_cases: int
    n_handovers: int
    handovers: Int64
    waiting_us: Int64
    n_bounces: int
    n_bounce_cases: int
    n_strict_cases: int
    n_right_first: int
    n_one_holder: int
    paths: tuple[PathCount, ...]


def sum_large_log(
    paths: Sequence[Path],
    *,
    n_holders: int,
    columns: LargeColumns = CANONICAL,
    threads: int = 2,
    n_paths: int = 20,
    spill_directory: Path | None = None,
) -> LargeSummary:
    """Count handovers, waiting, ping-pong, right contacts and ways of a log of any size.

    Parameters
    ----------
    paths
        Parquet files with whole numbers for cases (dense) and holders (0 to ``n_holders`` - 1,
        null or -1: none), times in microseconds, states as in domain/states.py. Events of one
        time keep the order of the files.
    n_holders
        Number of units (or persons); two tables of its square are kept per thread.
    columns
        Names of the columns; ``holder`` may name units or persons.
    threads
        Threads to use, one per core.
    n_paths
        How many of the most frequent ways to name.
    spill_directory
        Where 16 bytes per row are spilled if the log is not sorted; default: the system's place
        for temporary files.

    Raises
    ------
    SourceError
        ``missing-column``, ``not-integers``, ``empty-values``.
    QuestionError
        ``sparse-case-numbers``, ``holder-out-of-range``, ``wrong-statistics``.
    """
    pieces = pieces_of(paths, columns)
    if looks_sorted(pieces):
        try:
            return _sum_sorted(pieces, columns, n_holders, threads, n_paths)
        except NotSortedError:
            # statistics promise an order of row groups, not of the rows in them
            pass
    return _sum_any(pieces, columns, n_holders, threads, n_paths, spill_directory)


def _sum_any(
    pieces: Sequence[Piece],
    columns: LargeColumns,
    n_holders: int,
    threads: int,
    n_paths: int,
    spill_directory: Path | None,
) -> LargeSummary:
    ranges = [case_range(piece, columns) for piece in pieces]
    first, last = min(r[0] for r in ranges), max(r[1] for r in ranges)
    split = split_of(first, last, sum(piece.n_rows for piece in pieces))
    with tempfile.TemporaryFile(dir=spill_directory, prefix="leitweg-spill-") as file:
        buckets = Buckets(file.fileno(), split)
        split_into(buckets, pieces, columns, threads=threads)
        sums = sum_buckets(buckets, n_holders, threads=threads)

        def load(bucket: Part) -> tuple[Int64, Int32]:
            scratch = Scratch()
            return buckets.sorted_rows(bucket, scratch), scratch.holder

        return _summary("any", sums, most_frequent_paths(sums.paths, load, n_paths))


def _sum_sorted(
    pieces: Sequence[Piece],
    columns: LargeColumns,
    n_holders: int,
    threads: int,
    n_paths: int,
) -> LargeSummary:
    sums, seams = sum_sorted(pieces, columns, n_holders, threads=threads)
    sums.add(SEAMS, *seams.joined())

    def load(part: Part) -> tuple[Int64, Int32]:
        return _load_again(part, pieces, columns, seams)

    return _summary("sorted", sums, most_frequent_paths(sums.paths, load, n_paths))


def _load_again(
    part: Part, pieces: Sequence[Piece], columns: LargeColumns, seams: Seams
) -> tuple[Int64, Int32]:
    if part == SEAMS:
        offsets, _, holder, _ = seams.joined()
        return offsets, holder
    if part in seams.whole:
        return seams.whole[part]
    firsts = np.array([piece.first_row for piece in pieces])
    piece = pieces[int(np.searchsorted(firsts, part, side="right")) - 1]
    batch = next(b for b in read_batches(piece, columns) if b.first_row == part)
    return inner_cases(batch)[0], batch.holder


def _summary(layout: str, sums: Sums, paths: tuple[PathCount, ...]) -> LargeSummary:
    counts = sums.counts.tolist()
    return LargeSummary(
        layout=layout,
        n_events=counts[EVENTS],
        n_cases=counts[CASES],
        n_handovers=counts[HANDOVERS],
        handovers=sums.handovers,
        waiting_us=sums.waiting_us,
        n_bounces=counts[BOUNCES],
        n_bounce_cases=counts[BOUNCE_CASES],
        n_strict_cases=counts[STRICT_CASES],
        n_right_first=counts[RIGHT_FIRST],
        n_one_holder=counts[ONE_HOLDER],
        paths=paths,
    )
