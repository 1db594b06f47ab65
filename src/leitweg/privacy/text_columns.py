"""How is every text in canonical rows exchanged? Once per distinct text, not once per row."""

from collections.abc import Callable, Sequence

import pyarrow as pa

Texts = Sequence[str]
Exchanger = Callable[[Texts], Sequence[str | None]]


def with_texts(rows: pa.Table, exchange: Exchanger, *, columns: Texts | None = None) -> pa.Table:
    """Return rows in which a function gave each distinct text a new one.

    Parameters
    ----------
    rows
        Any Arrow table; texts and maps of texts are looked at.
    exchange
        Gets distinct texts and returns as many; None empties them.
    columns
        Names of the columns to look at; all where it is None.
    """
    for place, field in enumerate(rows.schema):
        if columns is not None and field.name not in columns:
            continue
        if pa.types.is_string(field.type):
            values = exchanged_column(rows.column(place), exchange)
        elif pa.types.is_map(field.type):
            values = _with_items(rows.column(place), exchange)
        else:
            continue
        rows = rows.set_column(place, field, values)
    return rows


def exchanged_column(values: pa.ChunkedArray, exchange: Exchanger) -> pa.ChunkedArray:
    """Return a column of texts after the exchange of each distinct one."""
    encoded = values.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.unify_dictionaries().combine_chunks()
    before = encoded.dictionary.to_pylist()
    after = list(exchange(before))
    if after == before:
        return values
    return pa.chunked_array([pa.array(after, values.type).take(encoded.indices)])


def _with_items(maps: pa.ChunkedArray, exchange: Exchanger) -> pa.ChunkedArray:
    if maps.null_count == len(maps):
        return maps
    chunks = [_map_with_items(chunk, exchange) for chunk in maps.chunks]
    return pa.chunked_array(chunks, maps.type)


def _map_with_items(chunk: pa.MapArray, exchange: Exchanger) -> pa.MapArray:
    items = pa.chunked_array([chunk.items], pa.string())
    found = exchanged_column(items, exchange)
    return pa.MapArray.from_arrays(
        chunk.offsets, chunk.keys, found.combine_chunks(), chunk.type, mask=chunk.is_null()
    )
