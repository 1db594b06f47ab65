"""A file that one request passes along (a roster, a backlog): its rows, and all their faults."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from leitweg.domain.errors import SourceError
from leitweg.domain.progress import silent
from leitweg.sources.clocks import Clock, Times, read_times
from leitweg.sources.json_reading import read_json
from leitweg.sources.opening import open_source
from leitweg.sources.raw import RawTable, cleaned, refuse_large_fields, unique_names
from leitweg.sources.reading import form_of
from leitweg.sources.source_file import SourceFile
from leitweg.sources.text_tables import read_text_table
from leitweg.sources.typed_tables import read_parquet, read_workbook
from leitweg.sources.words import Synonyms, header_words, without_digraphs

MOST_TOLD = 20
JSON_BEGINS = (b"{", b"[")


@dataclass
class Faults:
    """Collects what is wrong with the rows of a file, to tell all of it at once."""

    name: str
    rejects: list[tuple[int, str, str]] = field(default_factory=list)

    def add(self, row: int, column: str, reason: str) -> None:
        """Note a fault; ``row`` counts data rows from 1."""
        self.rejects.append((row, column, reason))

    def raise_all(self) -> None:
        """Raise where there is any fault.

        Raises
        ------
        SourceError
            faulty-rows; its field ``faults`` lists them all.
        """
        if not self.rejects:
            return
        found = sorted(self.rejects)
        reasons = "; ".join(f"{row}, '{name}': {why}" for row, name, why in found[:MOST_TOLD])
        more = " …" if len(found) > MOST_TOLD else ""
        raise SourceError(
            f"{self.name}: {len(found)} faults (row, column and what is wrong): {reasons}{more}. "
            "Correct the rows and pass the file again.",
            code="faulty-rows",
            path=self.name,
            faults=[{"row": row, "column": name, "reason": why} for row, name, why in found],
        )


@dataclass(frozen=True)
class Records:
    """Rows of text by canonical name; ``free`` are the columns that nothing took."""

    raw: RawTable
    columns: Mapping[str, str]
    free: tuple[str, ...]

    def texts(self, canonical: str) -> list[str | None]:
        """Return a column as text; nothing but None where the file lacks it."""
        if canonical not in self.columns:
            return [None] * len(self.raw.rows)
        return self.texts_of(self.columns[canonical])

    def texts_of(self, column: str) -> list[str | None]:
        """Return a column of the file as text."""
        found: list[str | None] = self.raw.column(column).cast(pa.string()).to_pylist()
        return found

    def times(self, canonical: str, clock: Clock, faults: Faults) -> Times:
        """Return a column of times, its faults noted."""
        if canonical not in self.columns:
            return Times(pa.nulls(len(self.raw.rows), pa.int64()), {})
        column = self.columns[canonical]
        times = read_times(self.raw.name, column, self.raw.column(column), clock, plausible=False)
        for reason, mask in times.faults.items():
            for place in np.flatnonzero(mask):
                faults.add(int(self.raw.rows[place]), column, reason)
        return times


def read_records(
    path: Path, synonyms: Synonyms, required: Sequence[Sequence[str]], missing: tuple[str, ...] = ()
) -> Records:
    """Read the rows of one file, its columns named as a table of synonyms knows them.

    Parameters
    ----------
    path
        CSV, TSV, xlsx, Parquet, or JSON (a list of objects, or an object that holds one).
    synonyms
        Canonical column -> its names.
    required
        Columns that have to be there, each with its alternatives.
    missing
        Further marks for "nothing here".

    Raises
    ------
    SourceError
        missing-columns-of-file, several-files, not-records, faulty-rows (rows with more or fewer
        fields than the header), and those of opening a file.
    """
    sources = list(open_source(path))
    if len(sources) > 1:
        raise SourceError(
            f"{path}: {len(sources)} files lie here. Name the one file that is meant.",
            code="several-files",
            path=str(path),
        )
    raw = cleaned(_raw(sources[0]), missing)
    ragged = Faults(raw.name)
    for reject in raw.rejects:
        ragged.add(reject.row, reject.column, reject.reason)
    ragged.raise_all()
    columns = _named(raw.columns, synonyms)
    lacking = [" or ".join(names) for names in required if not set(names) & set(columns)]
    if lacking:
        raise _lacking(raw, lacking)
    free = tuple(name for name in raw.columns if name not in columns.values())
    return Records(raw, columns, free)


def _raw(source: SourceFile) -> RawTable:
    form = form_of(source)
    if form == "parquet":
        return read_parquet(source)
    if form == "workbook":
        return read_workbook(source, silent)
    if source.head(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(JSON_BEGINS):
        return _json_rows(source)
    return read_text_table(source, silent)


def _json_rows(source: SourceFile) -> RawTable:
    with source.open() as stream:
        found = read_json(source.name, stream.read())
    if isinstance(found, dict):
        lists = [value for value in found.values() if isinstance(value, list)]
        found = lists[0] if len(lists) == 1 else None
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found) or not found:
        raise SourceError(
            f"{source.name}: it is no list of objects, one for each row. Write it as such a list.",
            code="not-records",
            path=source.name,
        )
    keys = list(dict.fromkeys(key for row in found for key in row))
    arrays = [pa.array([_plain(row.get(key)) for row in found], pa.string()) for key in keys]
    rows = np.arange(1, len(found) + 1, dtype=np.int64)
    table = pa.table(arrays, names=unique_names(keys))
    raw = RawTable(source.name, table, rows, len(found))
    refuse_large_fields(raw)
    return raw


def _plain(value: Any) -> str | None:
    if isinstance(value, list):
        return "; ".join(text for text in map(_plain, value) if text)
    if isinstance(value, dict):
        return "; ".join(f"{key} {_plain(entry)}" for key, entry in value.items())
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)


def _named(columns: Sequence[str], synonyms: Synonyms) -> dict[str, str]:
    """Return canonical -> column of the file; the best name wins, each column is taken once."""
    words = {name: _words(name) for name in columns}
    taken: dict[str, str] = {}
    for canonical, names in synonyms.items():
        ranked = [
            (min(names.index(word) for word in found if word in names), column)
            for column, found in words.items()
            if column not in taken.values() and set(found) & set(names)
        ]
        if ranked:
            taken[canonical] = min(ranked, key=lambda entry: entry[0])[1]
    return taken


def _words(column: str) -> tuple[str, ...]:
    plain = header_words(column)
    return (plain, without_digraphs(plain))


def _lacking(raw: RawTable, lacking: Sequence[str]) -> SourceError:
    missing = ", ".join(lacking)
    return SourceError(
        f"{raw.name}: columns missing: {missing}; the file has {', '.join(raw.columns)}. Name the "
        "columns as the template does.",
        code="missing-columns-of-file",
        path=raw.name,
        missing=missing,
        columns=raw.columns,
    )
