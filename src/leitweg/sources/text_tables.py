"""How delimited text (CSV, TSV, semicolons, pipes) becomes a raw table."""

import codecs
import csv
import io
from collections import Counter
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from leitweg.domain.errors import SourceError
from leitweg.domain.imports import Reject
from leitweg.domain.progress import Progress
from leitweg.sources.encodings import binary_file, encoding_by_mark, fallback_encoding
from leitweg.sources.raw import (
    MAX_FIELD_BYTES,
    RawTable,
    field_too_large,
    refuse_large_fields,
    unique_names,
)
from leitweg.sources.source_file import SourceFile

DELIMITERS = (",", ";", "\t", "|")
BLOCK_BYTES = 8 << 20
SAMPLE_ROWS = 200
SAMPLE_BYTES = 1 << 18


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
        binary-file, wrong-encoding, no-header, no-rows, field-too-large, malformed-table.
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
    sample = _sample(source, encoding)
    delimiter, skip, header = _layout(source.name, sample)
    names = unique_names(header)
    faulty: list[Reject] = []

    def reject(row: pacsv.InvalidRow) -> str:
        reason = f"{row.actual_columns} fields instead of {row.expected_columns}"
        faulty.append(Reject(row.number - 1, "", reason, row.text[:200]))
        return "skip"

    with source.open() as stream:
        table = pacsv.read_csv(
            pa.PythonFile(_Watched(stream, source, encoding, progress), mode="r"),
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
    return _with_row_numbers(source.name, table, faulty)


def _with_row_numbers(name: str, table: pa.Table, faulty: list[Reject]) -> RawTable:
    rows_read = table.num_rows + len(faulty)
    if rows_read == 0:
        raise SourceError(
            f"{name}: it has a header but no rows. Export it again or leave it out.",
            code="no-rows",
            path=name,
        )
    sound = np.ones(rows_read, dtype=bool)
    sound[[reject.row - 1 for reject in faulty]] = False
    rows = np.flatnonzero(sound).astype(np.int64) + 1
    raw = RawTable(name, table.combine_chunks(), rows, rows_read, tuple(faulty))
    refuse_large_fields(raw)
    return raw


def _sample(source: SourceFile, encoding: str) -> str:
    head = source.head(SAMPLE_BYTES)
    # the last character may be cut off, so that only what is complete is decoded
    text = codecs.getincrementaldecoder(encoding)("strict").decode(head)
    return text if len(head) < SAMPLE_BYTES else text.rpartition("\n")[0]


def _layout(name: str, sample: str) -> tuple[str, int, list[str]]:
    """Return delimiter, lines to skip before the header, and the header."""
    first, _, rest = sample.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        # a line that Excel writes for itself
        return first.strip()[4], 1, _records(rest, first.strip()[4])[0]
    delimiter = best_delimiter(sample)
    records = _records(sample, delimiter)
    if not records or not any(field.strip() for field in records[0]):
        raise SourceError(
            f"{name}: it has no header line. The first line has to name the columns.",
            code="no-header",
            path=name,
        )
    return delimiter, 0, records[0]


def best_delimiter(sample: str) -> str:
    r"""Return the delimiter by which most records have as many fields as the header.

    >>> best_delimiter("name;amount\nAnna;1,5\nBernd;2,5\n")
    ';'
    """

    def score(delimiter: str) -> tuple[float, int]:
        widths = [len(record) for record in _records(sample, delimiter)]
        if not widths or widths[0] < 2:
            return 0.0, 0
        return round(Counter(widths)[widths[0]] / len(widths), 1), widths[0]

    return max(DELIMITERS, key=score)


def _records(sample: str, delimiter: str) -> list[list[str]]:
    records: list[list[str]] = []
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        for record in reader:
            if record:
                records.append(record)
            if len(records) >= SAMPLE_ROWS:
                break
    except csv.Error:  # a field beyond the limit of the csv module: what was read is enough
        pass
    return records


class _Watched(io.RawIOBase):
    """Passes a stream on, tells progress, and refuses the zero bytes of binary files."""

    def __init__(
        self, stream: BinaryIO, source: SourceFile, encoding: str, progress: Progress
    ) -> None:
        super().__init__()
        self._stream = stream
        self._source = source
        self._wide = encoding.startswith("utf-16")
        self._progress = progress
        self._done = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        if not self._wide and b"\0" in data:
            raise binary_file(self._source.name)
        self._done += len(data)
        self._progress(f"reading {self._source.name}", self._done, self._source.size)
        return data


def _malformed(source: SourceFile, encoding: str, fault: Exception) -> SourceError:
    """Say which field is too large, found in a second, slower reading; else what is wrong."""
    found = _first_large_field(source, encoding)
    if found:
        return field_too_large(source.name, *found)
    return SourceError(
        f"{source.name}: it cannot be read as a table ({str(fault).splitlines()[0]}). "
        "Export it again as CSV with a header line.",
        code="malformed-table",
        path=source.name,
    )


def _first_large_field(source: SourceFile, encoding: str) -> tuple[int, str, int] | None:
    delimiter, skip, header = _layout(source.name, _sample(source, encoding))
    limit = csv.field_size_limit(2**31 - 1)
    try:
        with source.open() as stream:
            text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
            records = (record for record in csv.reader(text, delimiter=delimiter) if record)
            for row, record in enumerate(records, start=-skip):
                for position, field in enumerate(record):
                    size = len(field.encode())
                    if size > MAX_FIELD_BYTES:
                        name = header[position] if position < len(header) else f"{position + 1}"
                        return row, name, size
    finally:
        csv.field_size_limit(limit)
    return None
