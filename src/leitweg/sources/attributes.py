"""Which columns that nothing took are of use as attributes of a case."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.tables import ATTRIBUTES
from leitweg.sources.raw import RawTable

MAX_LENGTH = 120
"""Longer values are texts, not attributes."""
FREE_DISTINCT = 50
MAX_DISTINCT_SHARE = 0.5
"""A column that is different in almost every case (a number) tells nothing about others."""
_TIME = r"^\d{4}-\d{2}-\d{2}|^\d{1,2}[./]\d{1,2}[./]\d{2,4}"


@dataclass(frozen=True)
class Attributes:
    """Free attributes of cases: one map per case, the columns used, and those left over."""

    values: pa.Array
    used: tuple[str, ...]
    left_over: tuple[str, ...]


def case_attributes(
    raw: RawTable, names: tuple[str, ...], first: npt.NDArray[np.int64]
) -> Attributes:
    """Gather the attributes of every case as they stand at its first event.

    Parameters
    ----------
    raw
        The rows that were kept.
    names
        Columns that may become attributes.
    first
        For each case the place of its first row.
    """
    used, left, columns = [], [], []
    for name in names:
        column = raw.column(name)
        values = column.take(pa.array(first)) if pa.types.is_string(column.type) else None
        if values is not None and _useful(values):
            used.append(name)
            columns.append(values)
        else:
            left.append(name)
    return Attributes(_maps(used, columns, len(first)), tuple(used), tuple(left))


def _useful(values: pa.Array) -> bool:
    present = len(values) - values.null_count
    if present == 0:
        return False
    if pc.max(pc.utf8_length(values)).as_py() > MAX_LENGTH:
        return False
    if pc.match_substring_regex(pc.drop_null(values), _TIME)[0].as_py():
        return False
    distinct = pc.count_distinct(values).as_py()
    return bool(distinct <= max(FREE_DISTINCT, MAX_DISTINCT_SHARE * present))


def _maps(names: list[str], columns: list[pa.Array], count: int) -> pa.Array:
    if not names:
        return pa.nulls(count, ATTRIBUTES)
    width = len(names)
    present = np.stack([np.asarray(column.is_valid()) for column in columns], axis=1)
    # row by row: value of attribute a of case c lies at a * count + c of the joined columns
    places = (np.arange(width) * count)[None, :] + np.arange(count)[:, None]
    items = pa.concat_arrays(columns).take(pa.array(places[present]))
    keys = pa.array(names).take(pa.array(np.nonzero(present)[1]))
    offsets = np.concatenate(([0], np.cumsum(present.sum(axis=1)))).astype(np.int32)
    return pa.MapArray.from_arrays(pa.array(offsets), keys, items).cast(ATTRIBUTES)
