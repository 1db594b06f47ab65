"""DuckDB in this process: what it may use, and where it spills."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from leitweg.domain.tables import Table


@contextmanager
def connect(
    *, memory_limit: str = "1GB", threads: int | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a DuckDB in memory whose spill files go when it closes, also after an error.

    Parameters
    ----------
    memory_limit
        What DuckDB may keep in memory before it spills, in its own words (``"1GB"``).
    threads
        Threads to use; None leaves it to DuckDB (all cores).

    Yields
    ------
    duckdb.DuckDBPyConnection
        Nothing is fetched from the network (extensions are neither installed nor loaded on the
        way), times are UTC, no progress bar.
    """
    with tempfile.TemporaryDirectory(prefix="leitweg-spill-") as spill:
        config: dict[str, str | bool | int | float | list[str]] = {
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": memory_limit,
            "temp_directory": spill,
        }
        if threads is not None:
            config["threads"] = threads
        connection = duckdb.connect(":memory:", config=config)
        try:
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute("SET enable_progress_bar = false")
            yield connection
        finally:
            connection.close()


def show_table(connection: duckdb.DuckDBPyConnection, table: Table, files: Sequence[Path]) -> None:
    """Make the files of a canonical table visible under its name.

    Adds ``file_index`` (position in ``files``) and ``file_row`` to the declared columns, which
    are null where no file has them. Without files the table is empty.
    """
    empty = f"empty_{table.name}"
    places = [pa.field("file_index", pa.int64()), pa.field("file_row", pa.int64())]
    nothing = pa.schema([*(f.with_nullable(True) for f in table.schema), *places]).empty_table()
    connection.register(empty, nothing)
    if not files:
        connection.sql(f"SELECT * FROM {empty}").create_view(table.name)
        return
    read = connection.sql(
        """
        SELECT *,
               file_index::BIGINT AS file_index,
               file_row_number AS file_row
        FROM read_parquet($files, union_by_name = true)
        """,
        params={"files": [str(path) for path in files]},
    )
    read.create_view(f"read_{table.name}")
    whole = f"SELECT * FROM {empty} UNION ALL BY NAME SELECT * FROM read_{table.name}"
    connection.sql(whole).create_view(table.name)


def show_tables(
    connection: duckdb.DuckDBPyConnection,
    tables: Sequence[Table],
    files: Mapping[str, Sequence[Path]],
) -> None:
    """Make the files of several canonical tables visible, each under its name."""
    for table in tables:
        show_table(connection, table, files.get(table.name, ()))
