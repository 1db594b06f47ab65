"""What was known of each case when it arrived? Coded columns, in the order of an event log."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.routing import Coded, Ragged
from leitweg.domain.tables import CASES
from leitweg.engine.arrays import NOBODY, Int32, Int64
from leitweg.engine.duck import connect, show_tables

NAMED = ("kind", "topic", "priority", "channel", "customer")
"""Columns of the cases that tell something of a request as it arrives."""
_BATCH_ROWS = 1 << 12

Featurise = Callable[[Sequence[str | None]], Ragged]


@dataclass(frozen=True)
class RequestRows:
    """What was known of requests when they arrived, one row per case.

    Attributes
    ----------
    attributes
        Column by name: those of `NAMED` that any case fills, then the free attributes in order of
        their names. Labels stand in the order in which the cases name them first. A free attribute
        that bears one of those names is left out: two columns cannot share it.
    text
        Hashed features of the texts; None where no case has text, or nobody asked for it.
    """

    attributes: Mapping[str, Coded]
    text: Ragged | None


def load_requests(
    files: Mapping[str, Sequence[Path]],
    case_ids: pa.Array,
    *,
    featurise: Featurise | None = None,
    with_text: bool = True,
) -> RequestRows:
    """Load what was known of cases at their first event.

    Parameters
    ----------
    files
        Canonical table (``cases``) to its Parquet files in the order of the imports.
    case_ids
        The cases wanted, in the order wanted (`EventLog.case_ids`); each once.
    featurise
        Turns texts into hashed features, for cases that keep a text and no features of it. Without
        it such texts are not read.
    with_text
        Read texts and features at all.

    Returns
    -------
    RequestRows
        One row per case id, also for those that no table of cases knows.
    """
    with connect() as connection:
        show_tables(connection, (CASES,), files)
        wanted = pa.table({"case_id": case_ids, "place": np.arange(len(case_ids))})
        connection.register("wanted", wanted)
        # the table in the hash is the one of ids, never that of texts
        connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
        rows = _rows(connection, len(case_ids), (*NAMED, "attributes"))
        text = _text(connection, len(case_ids), featurise) if with_text else None
    named = {name: coded(rows[name]) for name in NAMED}
    known = {name: column for name, column in named.items() if column.labels}
    free = _free_attributes(rows["attributes"].combine_chunks())
    attributes = known | {name: free[name] for name in sorted(free) if name not in known}
    return RequestRows(attributes, text)


def coded(column: pa.ChunkedArray) -> Coded:
    """Return a column of texts as codes; labels in the order of their first appearance."""
    encoded = column.combine_chunks().dictionary_encode()
    codes = encoded.indices.fill_null(NOBODY).to_numpy(zero_copy_only=False)
    return Coded(codes.astype(np.int32), tuple(encoded.dictionary.to_pylist()))


def _rows(connection: duckdb.DuckDBPyConnection, n: int, columns: Sequence[str]) -> pa.Table:
    """Return what the tables say of the wanted cases, in the order wanted."""
    found = connection.sql(_stored(columns)).to_arrow_table()
    if pc.count_distinct(found["place"]).as_py() < len(found):
        found = connection.sql(_merged(columns)).to_arrow_table()
    row = np.full(n, -1, np.int64)
    row[found["place"].to_numpy()] = np.arange(len(found))
    return found.select(columns).take(pa.array(row, mask=row < 0))


def _stored(columns: Sequence[str]) -> str:
    """One row per row of a wanted case: its place among the wanted, and what it says."""
    said = ", ".join(f"c.{name}" for name in columns)
    return f"SELECT w.place, {said} FROM cases AS c JOIN wanted AS w ON w.case_id = c.case_id"


def _merged(columns: Sequence[str]) -> str:
    """One row per wanted case: per column the first value that is not null."""
    first = ", ".join(
        f"any_value(c.{name} ORDER BY c.file_index, c.file_row) AS {name}" for name in columns
    )
    return f"""
        SELECT w.place, {first}
        FROM wanted AS w
        JOIN cases AS c ON c.case_id = w.case_id
        GROUP BY w.place
        """


def _free_attributes(maps: pa.MapArray) -> dict[str, Coded]:
    """Return one column per key of a column of maps."""
    keys, items = maps.keys, maps.items
    lengths = np.diff(np.asarray(maps.offsets))
    row = np.repeat(np.arange(len(maps)), lengths)
    begin = maps.offsets[0].as_py() if len(maps) else 0
    encoded = keys.slice(begin, len(row)).dictionary_encode()
    values = items.slice(begin, len(row)).dictionary_encode()
    name_code = np.asarray(encoded.indices)
    value_code = values.indices.fill_null(NOBODY).to_numpy(zero_copy_only=False).astype(np.int32)
    found = {}
    for code, name in enumerate(encoded.dictionary.to_pylist()):
        chosen = name_code == code
        found[name] = _column(len(maps), row[chosen], value_code[chosen], values.dictionary)
    return {name: column for name, column in found.items() if column.labels}


def _column(n_rows: int, row: Int32, value: Int32, labels: pa.Array) -> Coded:
    used, place = np.unique(value[value >= 0], return_index=True)
    order = np.argsort(place)
    new_code = np.full(len(labels) + 1, NOBODY, np.int32)
    new_code[used[order]] = np.arange(used.size, dtype=np.int32)
    codes = np.full(n_rows, NOBODY, np.int32)
    codes[row] = new_code[value]
    return Coded(codes, tuple(labels.take(pa.array(used[order])).to_pylist()))


def _text(
    connection: duckdb.DuckDBPyConnection, n: int, featurise: Featurise | None
) -> Ragged | None:
    source = _stored(("text_features",))
    lengths = connection.sql(_lengths(source)).to_arrow_table()
    if pc.count_distinct(lengths["place"]).as_py() < len(lengths):
        source = _merged(("text_features",))
        lengths = connection.sql(_lengths(source)).to_arrow_table()
    if len(lengths):
        return _filled(connection, source, _offsets(n, lengths))
    if featurise is None:
        return None
    texts = _rows(connection, n, ("text",))["text"]
    return None if texts.null_count == n else featurise(texts.to_pylist())


def _lengths(source: str) -> str:
    """One row per row with features: its place among the wanted, and how many they are."""
    return f"""
        SELECT place, len(text_features) AS n
        FROM ({source})
        WHERE text_features IS NOT NULL
        """


def _offsets(n: int, lengths: pa.Table) -> Int64:
    counts = np.zeros(n, np.int64)
    counts[lengths["place"].to_numpy()] = lengths["n"].to_numpy()
    return np.concatenate(([0], np.cumsum(counts)))


def _filled(connection: duckdb.DuckDBPyConnection, source: str, offsets: Int64) -> Ragged:
    """Read features batch by batch to where they belong: as a whole they are large."""
    values = np.empty(offsets[-1], np.int32)
    query = f"SELECT place, text_features FROM ({source}) WHERE text_features IS NOT NULL"
    for batch in connection.sql(query).to_arrow_reader(_BATCH_ROWS):
        lists = batch.column("text_features")
        lengths = np.asarray(pc.list_value_length(lists)).astype(np.int64)
        begins = offsets[batch.column("place").to_numpy()] - (np.cumsum(lengths) - lengths)
        numbers = np.asarray(pc.list_flatten(lists))
        values[np.repeat(begins, lengths) + np.arange(numbers.size)] = numbers
    return Ragged(offsets, values)
