"""Planted files for the readers of tables."""

import datetime as dt
from pathlib import Path

import pytest

from leitweg.domain.errors import SourceError
from leitweg.domain.imports import ImportOptions, Reading
from leitweg.sources.reading import read

NOW_US = 1_767_225_600_000_000  # 2026-01-01


def utc(text: str) -> int:
    """Microseconds of an ISO time; one without a zone is in UTC."""
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return int((moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) / dt.timedelta(microseconds=1))


def write(folder: Path, text: str | bytes, name: str = "log.csv", encoding: str = "utf-8") -> Path:
    """Write a file; text has no leading line break."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.lstrip("\n").encode(encoding))
    return path


def read_one(path: Path, **options: object) -> Reading:
    """Read a path that holds one file, at a fixed present time."""
    (reading,) = read(path, ImportOptions(**options), now_us=NOW_US)
    return reading


def rows(reading: Reading, table: str, *columns: str) -> list[tuple[object, ...]]:
    """The rows of a table, as tuples of the named columns."""
    picked = reading.tables[table].select(list(columns)).to_pydict()
    return list(zip(*picked.values(), strict=True))


def rejected(reading: Reading) -> list[tuple[int, str, str, str]]:
    return [(r.row, r.column, r.reason, r.text) for r in reading.rejects]


def refused(path: Path, code: str, **options: object) -> str:
    """The sentence with which a file is refused; its code is checked."""
    with pytest.raises(SourceError) as raised:
        read(path, ImportOptions(**options), now_us=NOW_US)
    assert raised.value.code == code
    return raised.value.detail
