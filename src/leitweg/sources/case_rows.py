"""The case behind each event: its row holds what stands at the first event."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.tables import CASES, Table

Ints = npt.NDArray[np.int64]
CASE_TEXTS = ("kind", "customer", "topic", "priority", "channel", "outcome")


def table_of(table: Table, columns: dict[str, pa.Array], count: int) -> pa.Table:
    """Return an Arrow table with exactly the schema of a canonical table; absent is null."""
    schema = table.schema
    arrays = [columns.get(field.name, pa.nulls(count, field.type)) for field in schema]
    return pa.table([a.cast(f.type) for a, f in zip(arrays, schema, strict=True)], schema=schema)


def first_rows(case_id: pa.Array, at_us: pa.Array | None, seq: Ints) -> Ints:
    """Return for each case the place of its first event by (time, order), cases as they appear.

    Parameters
    ----------
    case_id
        The case of every event; none is null.
    at_us
        When it happened, or None in a log that has an order only.
    seq
        The order.
    """
    codes = np.asarray(case_id.dictionary_encode().indices)
    keys = (seq, codes) if at_us is None else (seq, np.asarray(pc.fill_null(at_us, 0)), codes)
    order = np.lexsort(keys)
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    return order[starts].astype(np.int64)


def case_rows(columns: dict[str, pa.Array], first: Ints, attributes: pa.Array) -> pa.Table:
    """Build the table of cases from columns over events.

    Parameters
    ----------
    columns
        ``case_id`` and whatever else of the cases is known, one value per event.
    first
        The place of the first event of each case (`first_rows`).
    attributes
        One map per case.
    """
    picked = {name: column.take(pa.array(first)) for name, column in columns.items()}
    picked["attributes"] = attributes
    return table_of(CASES, picked, len(first))
