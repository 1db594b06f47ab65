"""How Parquet files and workbooks, which type their times, become a raw table."""

import datetime as dt
import io
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from leitweg.domain.errors import SourceError
from leitweg.domain.progress import Progress
from leitweg.sources.raw import RawTable, refuse_large_fields, unique_names
from leitweg.sources.source_file import SourceFile

HEADER_ROWS = 20
"""A report may carry a title; the header is looked for in so many rows."""
PROGRESS_ROWS = 20_000


def read_parquet(source: SourceFile) -> RawTable:
    """Read a Parquet file: times stay typed, everything else becomes text.

    Raises
    ------
    SourceError
        malformed-table where the file is damaged, no-rows where it is empty.
    """
    with source.open() as stream:
        content = pa.BufferReader(stream.read())
    try:
        table = pq.read_table(content)
    except (pa.ArrowException, OSError) as fault:
        raise _damaged(source.name, "Parquet file", fault) from fault
    names = unique_names(table.column_names)
    columns, left, notes = [], [], []
    for name, column in zip(names, table.columns, strict=True):
        text = _as_text_or_time(column)
        if text is None:
            notes.append(f"{source.name}: column '{name}' holds nested values and was left out.")
        else:
            columns.append(text)
            left.append(name)
    return _raw(source.name, columns, left, tuple(notes))


def _as_text_or_time(column: pa.ChunkedArray) -> pa.Array | None:
    array = column.combine_chunks()
    kind = array.type
    if pa.types.is_dictionary(kind):
        array = array.dictionary_decode()
        kind = array.type
    if pa.types.is_nested(kind):
        return None
    if pa.types.is_timestamp(kind):
        return array.cast(pa.timestamp("us", "UTC" if kind.tz else None), safe=False)
    if pa.types.is_date(kind):
        return array.cast(pa.timestamp("us"))
    if pa.types.is_floating(kind):
        return _whole_numbers_plain(array)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return None
    return array.cast(pa.string())


def _whole_numbers_plain(array: pa.Array) -> pa.Array:
    # an id column with gaps arrives as floating point: 4711.0 is the id 4711
    array = pc.if_else(pc.is_nan(array), pa.scalar(None, array.type), array)
    finite = pc.drop_null(array)
    if pc.all(pc.equal(pc.floor(finite), finite)).as_py() and _fits(finite):
        return array.cast(pa.int64(), safe=False).cast(pa.string())
    return array.cast(pa.string())


def _fits(array: pa.Array) -> bool:
    return len(array) == 0 or pc.max(pc.abs(array)).as_py() < 2**53


def read_workbook(source: SourceFile, progress: Progress) -> RawTable:
    """Read the first sheet with a header of an xlsx workbook; dates stay typed.

    Raises
    ------
    SourceError
        malformed-table where the workbook is damaged, no-header where no sheet has one,
        no-rows where it holds no row below the header.
    """
    with source.open() as stream:
        content = io.BytesIO(stream.read())
    try:
        with warnings.catch_warnings():
            # openpyxl warns of styles and extensions, which carry no data
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(content, read_only=True, data_only=True)
            name, header, rows, others = _first_table(source.name, book, progress)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as fault:
        raise _damaged(source.name, "workbook", fault) from fault
    notes: tuple[str, ...] = ()
    if others:
        listed = ", ".join(f"'{other}'" for other in others)
        notes = (
            f"{source.name}: sheet '{name}' was read; not read: {listed}. "
            "Save a sheet as a file of its own to import it.",
        )
    columns = [_cells([row[i] for row in rows]) for i in range(len(header))]
    return _raw(source.name, columns, header, notes)


def _first_table(
    name: str, book: Any, progress: Progress
) -> tuple[str, list[str], list[tuple[Any, ...]], list[str]]:
    chosen: tuple[str, list[str], list[tuple[Any, ...]]] | None = None
    others: list[str] = []
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        rows = sheet.iter_rows(values_only=True)
        header = _header(rows)
        if header is None:
            continue
        if chosen is None:
            chosen = (sheet.title, unique_names(header), _rows(name, rows, len(header), progress))
        else:
            others.append(sheet.title)
    if chosen is None:
        raise SourceError(
            f"{name}: no sheet has a header line. The first line has to name the columns.",
            code="no-header",
            path=name,
        )
    return (*chosen, others)


def _header(rows: Iterator[tuple[Any, ...]]) -> list[str] | None:
    for _, row in zip(range(HEADER_ROWS), rows, strict=False):
        texts = [str(cell).strip() if cell is not None else "" for cell in row]
        while texts and not texts[-1]:
            texts.pop()
        if sum(bool(text) for text in texts) >= 2:
            return texts
    return None


def _rows(
    name: str, rows: Iterator[tuple[Any, ...]], width: int, progress: Progress
) -> list[tuple[Any, ...]]:
    kept: list[tuple[Any, ...]] = []
    for row in rows:
        cells = (*row[:width], *([None] * (width - len(row))))
        if any(cell is not None for cell in cells):
            kept.append(cells)
            if len(kept) % PROGRESS_ROWS == 0:
                progress(f"reading {name}", len(kept), 0)
    return kept


def _cells(values: list[Any]) -> pa.Array:
    present = [value for value in values if value is not None and value != ""]
    if present and all(isinstance(value, dt.date) for value in present):
        times = [_moment(value) if isinstance(value, dt.date) else None for value in values]
        return pa.array(times, pa.timestamp("us"))
    return pa.array([_text(value) for value in values], pa.string())


def _moment(value: dt.date) -> dt.datetime:
    if isinstance(value, dt.datetime):
        return value
    return dt.datetime(value.year, value.month, value.day)  # naive on purpose: it has no zone


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.isoformat(" ")
    return str(value)


def _raw(name: str, columns: list[pa.Array], names: list[str], notes: tuple[str, ...]) -> RawTable:
    count = len(columns[0]) if columns else 0
    if count == 0:
        raise SourceError(
            f"{name}: it has no rows. Export it again or leave it out.", code="no-rows", path=name
        )
    raw = RawTable(
        name,
        pa.table(columns, names=names),
        np.arange(1, count + 1, dtype=np.int64),
        count,
        warnings=notes,
    )
    refuse_large_fields(raw)
    return raw


def _damaged(name: str, what: str, fault: Exception) -> SourceError:
    return SourceError(
        f"{name}: the {what} is damaged ({str(fault).splitlines()[0] if str(fault) else 'cut off'}"
        "). Export it again.",
        code="malformed-table",
        path=name,
    )
