"""Small event logs, written as the store writes them."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from log_rows import Rows, numbered

from leitweg.domain.tables import TABLES
from leitweg.engine.event_log import EventLog, load_event_log


@pytest.fixture
def write_table(tmp_path: Path) -> Callable[[str, Rows], Path]:
    """Write rows of a canonical table to a Parquet file of its own."""

    def write(table: str, rows: Rows) -> Path:
        path = tmp_path / f"{table}-{len(list(tmp_path.iterdir()))}.parquet"
        schema = TABLES[table].schema
        pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), path)
        return path

    return write


@pytest.fixture
def load(write_table) -> Callable[..., EventLog]:
    """Load a log from rows of events, cases and people of one import."""

    def load_rows(events: Rows, cases: Rows = (), people: Rows = ()) -> EventLog:
        files = {"events": [write_table("events", numbered(events))]}
        if cases:
            files["cases"] = [write_table("cases", cases)]
        if people:
            files["people"] = [write_table("people", people)]
        return load_event_log(files)

    return load_rows
