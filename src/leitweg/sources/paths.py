"""One row per case with all its holders in one field: one event per holder."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.errors import SourceError
from leitweg.domain.tables import EVENTS
from leitweg.sources.case_rows import table_of
from leitweg.sources.mapping import Mapped
from leitweg.sources.raw import MISSING, RawTable

STEPS_PER_CASE = 1_000
"""The order of an event is that of its case times this, plus its place in the path: so two files
keep the order that one file would have."""


def holder_events(
    raw: RawTable,
    mapped: Mapped,
    separator: str | None,
    order: npt.NDArray[np.int64],
    marks: tuple[str, ...] = (),
) -> pa.Table:
    """Return one event per holder of each path.

    Parameters
    ----------
    raw
        One row per case; the path is never null.
    mapped
        ``path`` and ``case_id``; the holders are units where ``unit`` is mapped to the path.
    separator
        What stands between two holders.
    order
        The order of the cases.
    marks
        What the user names as missing: such a holder is nobody.

    Returns
    -------
    pyarrow.Table
        Canonical events without a time: a path tells who, not when. A holder that is missing
        inside a path leaves an event without a holder.

    Raises
    ------
    SourceError
        missing-separator, path-too-long.
    """
    if not separator:
        raise SourceError(
            f"{raw.name}: the path column '{mapped.columns['path']}' needs --path-separator, "
            "what stands between two holders.",
            code="missing-separator",
            path=raw.name,
            column=mapped.columns["path"],
        )
    written = raw.column(mapped.columns["path"]).cast(pa.string())
    paths = pc.split_pattern(written, separator)
    case_of = np.asarray(pc.list_parent_indices(paths))
    lengths = np.asarray(pc.list_value_length(paths))
    _refuse_long(raw, mapped.columns["path"], lengths)
    starts = np.cumsum(lengths) - lengths
    place = np.arange(len(case_of)) - starts[case_of]
    holders = _holders(pc.list_flatten(paths), marks)
    as_unit = mapped.get("unit") == mapped.columns["path"]
    columns = {
        "case_id": raw.column(mapped.columns["case_id"]).take(pa.array(case_of)),
        "unit" if as_unit else "person": holders,
        "seq": pa.array(order[case_of] * STEPS_PER_CASE + place),
    }
    return table_of(EVENTS, columns, len(case_of))


def _holders(values: pa.Array, marks: tuple[str, ...]) -> pa.Array:
    trimmed = pc.utf8_trim_whitespace(values)
    missing = pc.is_in(trimmed, value_set=pa.array((*MISSING, *marks), pa.string()))
    return pc.if_else(missing, pa.scalar(None, pa.string()), trimmed)


def _refuse_long(raw: RawTable, name: str, lengths: npt.NDArray[np.int32]) -> None:
    if len(lengths) == 0 or lengths.max() < STEPS_PER_CASE:
        return
    row = int(raw.rows[int(lengths.argmax())])
    raise SourceError(
        f"{raw.name}: row {row}, column '{name}' holds a path of {int(lengths.max())} holders, "
        f"more than the {STEPS_PER_CASE} allowed. Check --path-separator.",
        code="path-too-long",
        path=raw.name,
        row=row,
        column=name,
    )
