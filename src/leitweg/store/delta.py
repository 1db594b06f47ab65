"""How do rows lie on the disk? Each canonical table is one Delta table of Parquet files."""

import shutil
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake import DeltaTable, PostCommitHookProperties, WriterProperties, write_deltalake
from deltalake.exceptions import DeltaError

from leitweg.domain.errors import WorkspaceError
from leitweg.domain.tables import TABLES

COMPACT_ABOVE_FILES = 16
_SORTED_IN_MEMORY_ROWS = 20_000_000
# Layout inside one import: what walks along a case finds its events side by side.
_ORDER = {"events": ("case_id", "at_us", "seq"), "messages": ("at_us", "message")}
_WRITER = WriterProperties(compression="ZSTD", compression_level=3)
# The log stays whole: the version a manifest names must stay readable however old it is.
_HOOK = PostCommitHookProperties(create_checkpoint=True, cleanup_expired_logs=False)
# No minima and maxima in the log: they would keep ids that an erasure has to remove.
_CONFIGURATION = {"delta.dataSkippingNumIndexedCols": "0"}
IMPORTED = pa.field("imported_us", pa.int64())
"""When a row came in, noted by the store beside the declared columns; null in older files."""
NOTED = ("events", "messages", "ties", "absences")
"""Tables whose rows age, each by the later of its own time and its import."""


def files_of(folder: Path, version: int) -> list[Path]:
    """Return the Parquet files of a table at a version, those of the oldest import first.

    Raises
    ------
    WorkspaceError
        ``damaged-table`` where the version or one of its files is gone.
    """
    try:
        actions = DeltaTable(folder, version=version).get_add_actions()
    except DeltaError as error:
        raise _damaged(folder, version, str(error)) from None
    added = pa.table(actions).select(["modification_time", "path"]).to_pylist()
    files = [folder / add["path"] for add in sorted(added, key=lambda add: tuple(add.values()))]
    gone = [file.name for file in files if not file.is_file()]
    if gone:
        raise _damaged(folder, version, f"{len(gone)} files are gone")
    return files


def read_files(name: str, files: list[Path]) -> pa.Table:
    """Read Parquet files as the canonical table of that name, columns as declared today."""
    return _read(files, TABLES[name].schema)


def distinct_texts(files: list[Path], column: str) -> set[str]:
    """Return the distinct texts that one column of Parquet files holds."""
    found: set[str] = set()
    for file in files:
        values = pq.ParquetFile(file).read(columns=[column])[column]
        found |= set(pc.unique(values.drop_null()).to_pylist())
    return found


def read_noted(name: str, files: list[Path]) -> pa.Table:
    """Read Parquet files as `read_files`, with the time of import where the store notes one."""
    return _read(files, _noted_schema(name))


def noted(name: str, rows: pa.Table, now_us: int) -> pa.Table:
    """Note on rows when they came in, where the store does that and they do not say it yet."""
    if name not in NOTED or IMPORTED.name in rows.column_names:
        return _with_columns(rows, _noted_schema(name))
    times = pa.repeat(pa.scalar(now_us, IMPORTED.type), len(rows))
    return rows.append_column(IMPORTED, times)


def _noted_schema(name: str) -> pa.Schema:
    schema = TABLES[name].schema
    return schema.append(IMPORTED) if name in NOTED else schema


def _read(files: list[Path], schema: pa.Schema) -> pa.Table:
    if not files:
        return schema.empty_table()
    return pa.concat_tables([_with_columns(pq.ParquetFile(file).read(), schema) for file in files])


def as_declared(name: str, rows: pa.Table) -> pa.Table:
    """Return rows with exactly the declared columns; one that an older file lacks is null."""
    return _with_columns(rows, TABLES[name].schema)


def _with_columns(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    columns = [
        rows[field.name].cast(field.type)
        if field.name in rows.column_names
        else pa.nulls(len(rows), field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def add_rows(folder: Path, rows: pa.Table) -> int:
    """Append rows and return the new version."""
    return _write(folder, rows, "append")


def replace_rows(folder: Path, rows: pa.Table) -> int:
    """Put rows in the place of all rows and return the new version."""
    return _write(folder, rows, "overwrite")


def _write(folder: Path, rows: pa.Table, mode: Literal["append", "overwrite"]) -> int:
    order = _ORDER.get(folder.name)
    if order:
        rows = rows.sort_by([(column, "ascending") for column in order])
    is_new = not DeltaTable.is_deltatable(str(folder))
    write_deltalake(
        folder,
        rows,
        mode=mode,
        schema_mode=None if is_new else "merge",
        configuration=_CONFIGURATION if is_new else None,
        writer_properties=_WRITER,
        post_commithook_properties=_HOOK,
    )
    return latest_version(folder)


def latest_version(folder: Path) -> int:
    """Return the newest version on the disk, named by a manifest or not."""
    return DeltaTable(folder).version()


def back_to(folder: Path, version: int) -> int:
    """Make the rows of a version the newest again, and return the version that then holds them.

    A writer that was killed leaves versions that no manifest names; appending on top of them
    would bring their rows back.
    """
    try:
        table = DeltaTable(folder)
        if table.version() == version:
            return version
        table.restore(version, post_commithook_properties=_HOOK)
    except DeltaError as error:
        raise _damaged(folder, version, str(error)) from None
    return latest_version(folder)


def compacted(folder: Path, version: int, *, rows: int) -> int:
    """Join small files where there are many, and return the version to name.

    The library's own compaction puts the newest file first. What happened in one case at one time
    stands in the order of the imports, so it serves only tables that are too long to be sorted in
    memory.
    """
    files = files_of(folder, version)
    if len(files) <= COMPACT_ABOVE_FILES:
        return version
    if rows <= _SORTED_IN_MEMORY_ROWS:
        return replace_rows(folder, read_noted(folder.name, files))
    optimizer = DeltaTable(folder).optimize
    optimizer.compact(writer_properties=_WRITER, post_commithook_properties=_HOOK)
    return latest_version(folder)


def sweep(folder: Path, keep: set[Path]) -> None:
    """Delete the Parquet files of a table that are not to be kept.

    The library's own vacuum commits two versions of its own, which no manifest would name.
    """
    for file in folder.glob("*.parquet"):
        if file not in keep:
            file.unlink(missing_ok=True)


def remove_table(folder: Path) -> None:
    """Delete a table with its log."""
    shutil.rmtree(folder)


def _damaged(folder: Path, version: int, reason: str) -> WorkspaceError:
    return WorkspaceError(
        f"Table '{folder.name}' of {folder.parent.parent} cannot be opened at version {version} "
        f"({reason}); open the workspace again, and if that does not help restore a backup.",
        code="damaged-table",
        table=folder.name,
        version=version,
        reason=reason,
    )
