"""A table as the file has it: named columns of text (or typed times), nothing interpreted."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.errors import SourceError
from leitweg.domain.imports import Reject

MAX_FIELD_BYTES = 1_000_000
"""No id, name or time is as long; such a field is a quote that was never closed."""

MISSING = ("", "NA", "NaN", "nan", "NULL", "Null", "null")
"""What counts as missing in every file (contract, section 3)."""


@dataclass(frozen=True)
class RawTable:
    """The rows of one file before anything is mapped.

    ``table`` holds text columns, and timestamps where the format types them. ``rows`` gives the
    number of each row in the file: data rows from 1, the header not counted. ``rows_read``
    counts the rejected rows as well.
    """

    name: str
    table: pa.Table
    rows: npt.NDArray[np.int64]
    rows_read: int
    rejects: tuple[Reject, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def columns(self) -> list[str]:
        """Names of the columns as the file writes them."""
        return list(self.table.column_names)

    def column(self, name: str) -> pa.Array:
        """Return one column in one piece."""
        column = self.table.column(name)
        return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column

    def only(self, keep: npt.NDArray[np.bool_]) -> "RawTable":
        """Return the rows that are kept."""
        if keep.all():
            return self
        return replace(self, table=self.table.filter(pa.array(keep)), rows=self.rows[keep])


def cleaned(raw: RawTable, marks: tuple[str, ...]) -> RawTable:
    """Trim every text and turn missing marks into null.

    Parameters
    ----------
    raw
        The table as read.
    marks
        What the user names as missing, beside `MISSING`.
    """
    missing = pa.array((*MISSING, *marks), pa.string())
    columns = [_cleaned(raw.column(name), missing) for name in raw.columns]
    return replace(raw, table=pa.table(columns, names=raw.columns))


def _cleaned(column: pa.Array, missing: pa.Array) -> pa.Array:
    if not pa.types.is_string(column.type):
        return column
    trimmed = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.is_in(trimmed, value_set=missing), pa.scalar(None, pa.string()), trimmed)


def refuse_large_fields(raw: RawTable) -> None:
    """Raise where a field is larger than any field of a log: the row and column are named."""
    for name in raw.columns:
        column = raw.column(name)
        if not pa.types.is_string(column.type) or len(column) == 0:
            continue
        longest = pc.max(pc.binary_length(column)).as_py() or 0
        if longest > MAX_FIELD_BYTES:
            at = pc.index(pc.binary_length(column), longest).as_py()
            raise field_too_large(raw.name, int(raw.rows[at]), name, longest)


def field_too_large(name: str, row: int, column: str, size: int) -> SourceError:
    """Return the error for a field that is too large to be one."""
    return SourceError(
        f"{name}: row {row}, column '{column}' holds {size:,} bytes in one field, more than the "
        f"{MAX_FIELD_BYTES:,} allowed. Close the quotes of that row or leave the column out.",
        code="field-too-large",
        path=name,
        row=row,
        column=column,
        bytes=size,
    )


def unique_names(header: list[str]) -> list[str]:
    """Name every column once: empty names become 'column N', repeats get a number.

    >>> unique_names(["a", "", "a"])
    ['a', 'column 2', 'a (2)']
    """
    names: list[str] = []
    for position, text in enumerate(header, start=1):
        name = " ".join(text.split()) or f"column {position}"
        count = 2
        unique = name
        while unique in names:
            unique = f"{name} ({count})"
            count += 1
        names.append(unique)
    return names
