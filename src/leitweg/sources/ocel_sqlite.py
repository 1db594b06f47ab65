"""OCEL 2.0 in SQLite: an untrusted database, read from memory, never run."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from leitweg.domain.errors import SourceError
from leitweg.domain.progress import Progress
from leitweg.sources.guarded import CHUNK_BYTES
from leitweg.sources.ocel_collector import OcelCollector
from leitweg.sources.ocel_forms import SQLITE
from leitweg.sources.ocel_json import not_ocel
from leitweg.sources.source_file import SourceFile

MAX_BYTES = 2**30
"""What SQLite opens in memory at most."""
_TABLES = ("event", "object", "event_object", "event_map_type", "object_map_type")
_FIRST_VERSION = {"events", "objects", "relations"}
_OWN = frozenset({"ocel_id", "ocel_time", "ocel_changed_field"})
# the largest row: a value is checked for itself, and a row may have many
_MAX_ROW_BYTES = 64 * 2**20
_ALLOWED = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ)
Row = tuple[object, ...]


def read_sqlite_log(source: SourceFile, collector: OcelCollector, progress: Progress) -> None:
    """Read an OCEL 2.0 database into a collector.

    The database is opened from memory: no file is written, no journal beside it is played back.
    Only tables are read (a view could run for ever), functions, triggers and extensions are off.

    Raises
    ------
    SourceError
        file-too-large, broken-database, open-database, not-ocel, field-too-large; and what the
        stream raises.
    """
    content = _content(source, progress)
    try:
        with closing(sqlite3.connect(":memory:")) as base:
            base.deserialize(content)
            del content
            _read(source.name, _guarded(base), collector)
    except (sqlite3.Error, OverflowError, UnicodeDecodeError) as fault:
        raise _broken(source.name, str(fault)) from None


def _content(source: SourceFile, progress: Progress) -> bytes:
    content = bytearray()
    with source.open() as stream:
        while chunk := stream.read(CHUNK_BYTES):
            content += chunk
            progress(f"reading {source.name}", len(content), source.size)
            if len(content) >= MAX_BYTES:
                raise _too_large(source.name)
    if not content.startswith(SQLITE):
        raise not_ocel(source.name, "it is no SQLite database")
    _refuse_open(source, content)
    # a base in memory has no log beside it, which these two bytes would ask for
    content[18:20] = b"\1\1"
    return bytes(content)


def _too_large(name: str) -> SourceError:
    return SourceError(
        f"{name}: it is larger than {MAX_BYTES >> 20} MiB, the limit for a database. Export the "
        "log in parts, or as OCEL in XML.",
        code="file-too-large",
        path=name,
        limit_bytes=MAX_BYTES,
    )


def _refuse_open(source: SourceFile, content: bytearray) -> None:
    beside = Path(f"{source.path}-wal")
    if content[18:20] != b"\2\2" or not beside.is_file() or not beside.stat().st_size:
        return
    raise SourceError(
        f"{source.name}: another program has the database open and a part of its rows in the file "
        f"{beside.name}. Close that program and import again.",
        code="open-database",
        path=source.name,
    )


def _broken(name: str, fault: str) -> SourceError:
    reason = " ".join(fault.split())[:120].rstrip(".")
    return SourceError(
        f"{name}: the SQLite database is damaged, or holds what no log needs ({reason}). Export "
        "or copy the file again.",
        code="broken-database",
        path=name,
    )


def _guarded(base: sqlite3.Connection) -> sqlite3.Connection:
    base.execute("PRAGMA trusted_schema = OFF")
    base.execute("PRAGMA cell_size_check = ON")
    base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_ROW_BYTES)
    base.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    base.set_authorizer(
        lambda action, *_: sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY
    )
    return base


def _read(name: str, base: sqlite3.Connection, collector: OcelCollector) -> None:
    tables = _tables(base)
    _refuse_others(name, tables)
    _add_objects(base, tables, collector)
    _add_events(base, tables, collector)
    for event, other, qualifier in _columns(
        base, "event_object", "ocel_event_id", "ocel_object_id", "ocel_qualifier"
    ):
        collector.relate(event, other, qualifier)
    if "object_object" in tables:
        for one, other in _columns(base, "object_object", "ocel_source_id", "ocel_target_id"):
            collector.link(one, other)


def _tables(base: sqlite3.Connection) -> set[str]:
    found = base.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    # a virtual table is a program, not rows
    return {name.lower() for name, sql in found if "virtual" not in str(sql).lower().split()[:3]}


def _refuse_others(name: str, tables: set[str]) -> None:
    missing = [table for table in _TABLES if table not in tables]
    if not missing:
        return
    if tables >= _FIRST_VERSION:
        raise not_ocel(name, "the database has the tables of version 1.0, which has no such form")
    raise not_ocel(name, f"the database has no table '{missing[0]}'")


def _quoted(name: str) -> str:
    # SQLite takes a name in double quotes that it does not know for a text
    return "`" + name.replace("`", "``") + "`"


def _columns(base: sqlite3.Connection, table: str, *names: str) -> Iterator[Row]:
    chosen = ", ".join(_quoted(name) for name in names)
    # without an index, rows come in the order in which they were written
    yield from base.execute(f"SELECT {chosen} FROM {_quoted(table)} NOT INDEXED")


def _rows_of_type(
    base: sqlite3.Connection, tables: set[str], prefix: str
) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield every row of the tables that hold the attributes, with the type it is of."""
    for kind, suffix in _columns(base, f"{prefix}_map_type", "ocel_type", "ocel_type_map"):
        table = f"{prefix}_{suffix}"
        if table.lower() not in tables:
            continue
        rows = base.execute(f"SELECT * FROM {_quoted(table)} NOT INDEXED")
        names = [entry[0] for entry in rows.description]
        for row in rows:
            yield str(kind), dict(zip(names, row, strict=True))


def _add_objects(base: sqlite3.Connection, tables: set[str], collector: OcelCollector) -> None:
    types: dict[object, object] = {}
    for ident, kind in _columns(base, "object", "ocel_id", "ocel_type"):
        collector.add_object(ident, kind)
        types[ident] = kind
    for kind, row in _rows_of_type(base, tables, "object"):
        ident, changed = row.get("ocel_id"), row.get("ocel_changed_field")
        if ident is None or types.get(ident) != kind:
            collector.add_faulty_object()
            continue
        for key, value in row.items():
            if key not in _OWN and (key == changed if changed else value is not None):
                collector.add_value(ident, key, value, row.get("ocel_time"))


def _add_events(base: sqlite3.Connection, tables: set[str], collector: OcelCollector) -> None:
    described: dict[tuple[str, object], dict[str, object]] = {}
    for kind, row in _rows_of_type(base, tables, "event"):
        described.setdefault((kind, row.get("ocel_id")), row)
    for ident, named in _columns(base, "event", "ocel_id", "ocel_type"):
        row = described.get((str(named), ident), {})
        values = ((key, value) for key, value in row.items() if key not in _OWN)
        collector.add_event(ident, named, row.get("ocel_time"), values)
