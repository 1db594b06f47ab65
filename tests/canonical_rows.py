"""Canonical rows for tests, written down column by column."""

from datetime import UTC, datetime

import pyarrow as pa

from leitweg.domain.tables import TABLES

FIXED_TIME = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def fixed_clock() -> datetime:
    return FIXED_TIME


def rows_of(name: str, /, **columns: list[object]) -> pa.Table:
    """Return a canonical table; columns that are not given are null."""
    schema = TABLES[name].schema
    count = len(next(iter(columns.values())))
    arrays = [pa.array(columns.get(field.name, [None] * count), field.type) for field in schema]
    return pa.table(arrays, schema=schema)


def events(*rows: tuple[str, int, str, str]) -> pa.Table:
    """Return events from (case, time, person, unit), in the order given."""
    case, at, person, unit = (list(column) for column in zip(*rows, strict=True))
    seq = list(range(len(rows)))
    return rows_of("events", case_id=case, at_us=at, person=person, unit=unit, seq=seq)


def as_set(rows: pa.Table, *columns: str) -> set[tuple[object, ...]]:
    """Return the values of some columns as a set of tuples."""
    return {tuple(row[column] for column in columns) for row in rows.to_pylist()}
