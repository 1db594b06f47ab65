"""How delimited text (CSV, TSV, semicolons, pipes) becomes a raw table."""

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from leitweg.domain.errors import SourceError
from leitweg.domain.imports import Reject
from leitweg.domain.progress import Progress
from leitweg.sources.encodings import binary_file, encoding_by_mark, fallback_encoding
from leitweg.sources.headers import layout_of, sample_of
from leitweg.sources.raw import (
    MAX_FIELD_BYTES,
    RawTable,
    field_too_large,
    refuse_large_fields,
    unique_names,
)
from leitweg.sources.source_file import SourceFile

BLOCK_BYTES = 8 << 20


def read_text_table(source: SourceFile, progress: Progress) -> RawTable:
    """Read delimited text with every column as text.

    Parameters
    ----------
    source
        The file. Encoding and delimiter are found from its first bytes; a byte that is not
        UTF-8 later on leads to a second reading as Windows-1252 where that is plausible.
    progress
        Told the bytes read.

    Returns
    -------
    RawTable
        One row per record; records with too few or too many fields are rejects.

    Raises
    ------
    SourceError
        binary-file, wrong-encoding, no-header, no-rows, field-too-large, open-quote,
        malformed-table.
    """
    encoding = encoding_by_mark(source)
    try:
        return _read_encoded(source, encoding, progress)
    except (pa.ArrowInvalid, UnicodeError) as fault:
        if not _is_encoding_fault(fault):
            raise _malformed(source, encoding, fault) from fault
    encoding = fallback_encoding(source)
    try:
        raw = _read_encoded(source, encoding, progress)
    except (pa.ArrowInvalid, UnicodeError) as fault:
        raise _malformed(source, encoding, fault) from fault
    warning = f"{source.name}: it is not UTF-8 and was read as Windows-1252. Check the umlauts."
    return RawTable(raw.name, raw.table, raw.rows, raw.rows_read, raw.rejects, (warning,))


def _is_encoding_fault(fault: Exception) -> bool:
    return isinstance(fault, UnicodeError) or "invalid UTF8" in str(fault)


def _read_encoded(source: SourceFile, encoding: str, progress: Progress) -> RawTable:
    sample = sample_of(source, encoding)
    delimiter, skip, header = layout_of(source.name, sample)
    names = unique_names(header)
    faulty: list[Reject] = []

    def reject(row: pacsv.InvalidRow) -> str:
        reason = f"{row.actual_columns} fields instead of {row.expected_columns}"
        faulty.append(Reject(row.number - 1, "", reason, row.text[:200]))
        return "skip"

    with source.open() as stream:
        watched = _Watched(stream, source, encoding, progress)
        table = pacsv.read_csv(
            pa.PythonFile(watched, mode="r"),
            # in one thread, because only then does a faulty row come with its number
            read_options=pacsv.ReadOptions(
                use_threads=False,
                block_size=BLOCK_BYTES,
                skip_rows=skip,
                column_names=names,
                skip_rows_after_names=1,
                encoding="utf-8" if encoding == "utf-8-sig" else encoding,
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, invalid_row_handler=reject
            ),
            convert_options=pacsv.ConvertOptions(
                column_types={name: pa.string() for name in names}, strings_can_be_null=False
            ),
        )
    raw = _with_row_numbers(source.name, table, faulty)
    last = raw.column(names[-1])[-1].as_py() if len(raw.rows) else ""
    if watched.quotes % 2 and "\n" in last:
        # an open quote before the last field makes a ragged row; in the last it hides all the rest
        raise _open_quote(source.name, int(raw.rows[-1]))
    return raw


def _with_row_numbers(name: str, table: pa.Table, faulty: list[Reject]) -> RawTable:
    rows_read = table.num_rows + len(faulty)
    if rows_read == 0:
        raise _no_rows(name)
    sound = np.ones(rows_read, dtype=bool)
    sound[[reject.row - 1 for reject in faulty]] = False
    rows = np.flatnonzero(sound).astype(np.int64) + 1
    raw = RawTable(name, table.combine_chunks(), rows, rows_read, tuple(faulty))
    refuse_large_fields(raw)
    return raw


def _no_rows(name: str) -> SourceError:
    return SourceError(
        f"{name}: it has a header but no rows. Export it again or leave it out.",
        code="no-rows",
        path=name,
    )


class _Watched(io.RawIOBase):
    """Passes a stream on, tells progress, counts quotes, refuses zero bytes of binary files."""

    def __init__(
        self, stream: BinaryIO, source: SourceFile, encoding: str, progress: Progress
    ) -> None:
        super().__init__()
        self._stream = stream
        self._source = source
        self._wide = encoding.startswith("utf-16")
        self._progress = progress
        self._done = 0
        self.quotes = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        if not self._wide and b"\0" in data:
            raise binary_file(self._source.name)
        self._done += len(data)
        self.quotes += data.count(b'"')
        self._progress(f"reading {self._source.name}", self._done, self._source.size)
        return data


def _malformed(source: SourceFile, encoding: str, fault: Exception) -> SourceError:
    """Say what is wrong, found in a second, slower reading that goes record by record."""
    rows = 0
    for row, name, size in _longest_fields(source, encoding):
        rows = row
        if size > MAX_FIELD_BYTES:
            return field_too_large(source.name, row, name, size)
    if rows == 0:
        header = layout_of(source.name, sample_of(source, encoding))[2]
        hidden = any("\n" in name for name in header)
        return _open_quote(source.name, 0) if hidden else _no_rows(source.name)
    if "straddling" in str(fault):
        return _open_quote(source.name, rows)
    return SourceError(
        f"{source.name}: it cannot be read as a table ({str(fault).splitlines()[0]}). "
        "Export it again as CSV with a header line.",
        code="malformed-table",
        path=source.name,
    )


def _open_quote(name: str, row: int) -> SourceError:
    where = f"row {row}" if row else "the header line"
    return SourceError(
        f"{name}: {where} opens a quote that is never closed. Close it or remove it.",
        code="open-quote",
        path=name,
        row=row,
    )


def _longest_fields(source: SourceFile, encoding: str) -> Iterator[tuple[int, str, int]]:
    """Yield for every record its row, the name of its longest field, and that field's bytes."""
    delimiter, skip, header = layout_of(source.name, sample_of(source, encoding))
    limit = csv.field_size_limit(2**31 - 1)
    try:
        with source.open() as stream:
            text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
            records = (record for record in csv.reader(text, delimiter=delimiter) if record)
            for row, record in enumerate(records, start=-skip):
                size, place = max(
                    (len(field.encode()), place) for place, field in enumerate(record)
                )
                yield row, header[place] if place < len(header) else f"{place + 1}", size
    finally:
        csv.field_size_limit(limit)
