"""Columns of a large Parquet log, batch after batch, as arrays."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from leitweg.domain.errors import SourceError
from leitweg.engine.arrays import Int8, Int32, Int64

BATCH_ROWS = 1 << 20


@dataclass(frozen=True)
class LargeColumns:
    """Names of the columns of a large log; ``state`` may be absent."""

    case: str = "case_id"
    at_us: str = "at_us"
    holder: str = "unit"
    state: str | None = "state"

    @property
    def names(self) -> list[str]:
        """The columns to decode."""
        return [n for n in (self.case, self.at_us, self.holder, self.state) if n is not None]


@dataclass(frozen=True)
class Piece:
    """Neighbouring row groups of one file: what one thread reads at a time."""

    path: Path
    row_groups: tuple[int, ...]
    first_row: int
    n_rows: int
    first_case: int | None
    last_case: int | None


@dataclass(frozen=True)
class Batch:
    """Rows of a piece as arrays; ``first_row`` counts over all files."""

    first_row: int
    case: Int64
    at_us: Int64
    holder: Int32
    state: Int8


def pieces_of(paths: Sequence[Path], columns: LargeColumns) -> list[Piece]:
    """Cut files into pieces of about a batch, or of a row group where that is larger."""
    pieces: list[Piece] = []
    first_row = 0
    for path in paths:
        metadata = _metadata(path, columns)
        groups: list[int] = []
        for group in range(metadata.num_row_groups):
            groups.append(group)
            n_rows = sum(metadata.row_group(g).num_rows for g in groups)
            if n_rows * 2 > BATCH_ROWS or group + 1 == metadata.num_row_groups:
                span = _span(metadata, groups, columns.case)
                pieces.append(Piece(path, tuple(groups), first_row, n_rows, *span))
                first_row += n_rows
                groups = []
    return pieces


def read_batches(piece: Piece, columns: LargeColumns) -> Iterator[Batch]:
    """Decode a piece on the calling thread; SourceError if a column cannot be what it must be."""
    first_row = piece.first_row
    with pq.ParquetFile(piece.path, pre_buffer=False) as file:
        for rows in file.iter_batches(
            BATCH_ROWS, row_groups=piece.row_groups, columns=columns.names, use_threads=False
        ):
            yield _batch(rows, first_row, piece.path, columns)
            first_row += rows.num_rows


def case_range(piece: Piece, columns: LargeColumns) -> tuple[int, int]:
    """Return the first and last case of a piece: by its statistics, else by reading them."""
    if piece.first_case is not None and piece.last_case is not None:
        return piece.first_case, piece.last_case
    with pq.ParquetFile(piece.path) as file:
        table = file.read_row_groups(list(piece.row_groups), columns=[columns.case])
    ends = pc.min_max(table[columns.case]).as_py()
    return int(ends["min"]), int(ends["max"])


def _metadata(path: Path, columns: LargeColumns) -> pq.FileMetaData:
    schema = pq.read_schema(path)
    missing = [name for name in columns.names if name not in schema.names]
    if missing:
        raise SourceError(
            f"{path.name}: columns missing: {', '.join(missing)}; name the columns of the file.",
            code="missing-column",
            path=str(path),
            columns=missing,
        )
    return pq.read_metadata(path)


def _span(
    metadata: pq.FileMetaData, groups: Sequence[int], case: str
) -> tuple[int | None, int | None]:
    place = metadata.schema.names.index(case)
    spans = [metadata.row_group(group).column(place).statistics for group in groups]
    if any(span is None or not span.has_min_max for span in spans):
        return None, None
    return min(span.min for span in spans), max(span.max for span in spans)


def _batch(rows: pa.RecordBatch, first_row: int, path: Path, columns: LargeColumns) -> Batch:
    state = (
        np.zeros(rows.num_rows, np.int8)
        if columns.state is None
        else _integers(rows, columns.state, pa.int8(), 0, path)
    )
    case = _integers(rows, columns.case, None, None, path)
    at_us = _integers(rows, columns.at_us, pa.int64(), None, path)
    holder = _integers(rows, columns.holder, pa.int32(), -1, path)
    return Batch(first_row, case, at_us, holder, state)


def _integers(
    rows: pa.RecordBatch, name: str, kind: pa.DataType | None, missing: int | None, path: Path
) -> npt.NDArray[Any]:
    column = rows.column(name)
    if not pa.types.is_signed_integer(column.type):
        raise SourceError(
            f"{path.name}: column '{name}' holds {column.type}, not signed integers; number the "
            "ids and give times in microseconds.",
            code="not-integers",
            path=str(path),
            column=name,
        )
    if column.null_count and missing is None:
        raise SourceError(
            f"{path.name}: column '{name}' has empty values; leave these rows out.",
            code="empty-values",
            path=str(path),
            column=name,
        )
    if column.null_count:
        column = column.fill_null(missing)
    if kind is not None and column.type != kind:
        column = column.cast(kind)
    numbers: npt.NDArray[Any] = column.to_numpy()
    return numbers
