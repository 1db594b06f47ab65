"""How a table with one row per case becomes cases, each with the event it begins with."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.errors import SourceError
from leitweg.domain.imports import ImportOptions, Reading
from leitweg.domain.tables import EVENTS
from leitweg.sources.attributes import case_attributes
from leitweg.sources.case_rows import CASE_TEXTS, case_rows, table_of
from leitweg.sources.clocks import Clock, Times
from leitweg.sources.log_reading import (
    LogParts,
    log_reading,
    mapped_times,
    request_text,
    texts,
    time_notes,
)
from leitweg.sources.mapping import Mapped, require
from leitweg.sources.numbers import read_order
from leitweg.sources.paths import holder_events
from leitweg.sources.raw import RawTable
from leitweg.sources.rejects import Sieve
from leitweg.sources.source_file import SourceFile

OPENING = "opened"
"""Activity of the one event of a case that has no path."""
_SHOWN_ROWS = 5


def read_cases(
    source: SourceFile, raw: RawTable, mapped: Mapped, options: ImportOptions, clock: Clock
) -> Reading:
    """Read a table with one row per case, with the path of its holders where it is mapped.

    Parameters
    ----------
    source
        The file.
    raw
        Its rows, cleaned.
    mapped
        Canonical column -> column; ``path`` holds all holders of the case, ``order`` the order of
        the cases in a file without times.
    options
        ``path_separator``, and whether the holders are units: then ``unit`` is mapped to the
        column of the path.
    clock
        Zone and order of day and month.

    Returns
    -------
    Reading
        Tables ``cases`` and ``events``. With a path one event per holder, in the order of the
        path and without a time of its own; else one event at the opening, where the case has a
        person or unit. ``people`` with the named machine accounts, if any.

    Raises
    ------
    SourceError
        missing-column, duplicate-ids, missing-separator, no-usable-rows, order-not-a-number, and
        those of `read_times`.
    """
    require(raw.name, "cases", raw.columns, mapped)
    times = mapped_times(raw, mapped, ("opened", "closed"), clock)
    sieve = _sieved(raw, mapped, times)
    rejects = sieve.finished()
    kept, chosen = raw.only(sieve.keep), pa.array(sieve.keep)
    _refuse_duplicates(kept, mapped.columns["case_id"])
    columns = texts(kept, mapped, ("case_id", *CASE_TEXTS)) | request_text(kept, mapped)
    columns |= {f"{name}_us": read.at_us.filter(chosen) for name, read in times.items()}
    every = np.arange(len(kept.rows))
    attributes = case_attributes(kept, mapped.free, every)
    if mapped.get("path"):
        order = _order(kept, mapped)
        events = holder_events(kept, mapped, options.path_separator, order, options.missing)
    else:
        events = _opening_events(kept, mapped, columns)
    parts = LogParts(
        kind="cases",
        raw=kept,
        mapped=mapped,
        events=events,
        cases=case_rows(columns, every, attributes.values),
        attributes=attributes,
        rejects=rejects,
        notes=tuple(time_notes(raw.name, mapped, times, optional=("closed",))),
        states={},
    )
    return log_reading(source, parts, options)


def _sieved(raw: RawTable, mapped: Mapped, times: dict[str, Times]) -> Sieve:
    sieve = Sieve(raw)
    sieve.reject_missing(mapped.columns["case_id"], "the id of the case")
    if order := mapped.get("order"):
        sieve.reject_missing(order, "the order")
    if path := mapped.get("path"):
        sieve.reject_missing(path, "the path")
    if "opened" in times:
        sieve.reject_missing(mapped.columns["opened"], "the time of opening")
        sieve.reject_times(times["opened"], mapped.columns["opened"])
    if "opened" in times and "closed" in times:
        before = pc.less(times["closed"].at_us, times["opened"].at_us)
        mask = np.asarray(pc.fill_null(before, False))
        sieve.reject(mask, mapped.columns["closed"], "it closes before it opens")
    return sieve


def _order(raw: RawTable, mapped: Mapped) -> npt.NDArray[np.int64]:
    order = mapped.get("order")
    return raw.rows - 1 if order is None else read_order(raw.name, order, raw.column(order))


def _opening_events(raw: RawTable, mapped: Mapped, columns: dict[str, pa.Array]) -> pa.Table:
    holders = texts(raw, mapped, ("person", "unit"))
    held = np.zeros(len(raw.rows), dtype=bool)
    for column in holders.values():
        held |= np.asarray(column.is_valid())
    chosen = pa.array(held)
    events = {name: column.filter(chosen) for name, column in holders.items()}
    events["case_id"] = columns["case_id"].filter(chosen)
    if "opened_us" in columns:
        events["at_us"] = columns["opened_us"].filter(chosen)
    count = int(held.sum())
    events["activity"] = pa.array([OPENING]).take(pa.array(np.zeros(count, dtype=np.int64)))
    events["seq"] = pa.array(_order(raw, mapped)[held])
    return table_of(EVENTS, events, count)


def _refuse_duplicates(raw: RawTable, name: str) -> None:
    codes = np.asarray(raw.column(name).dictionary_encode().indices)
    repeated = np.bincount(codes)[codes] > 1
    if not repeated.any():
        return
    places = np.flatnonzero(repeated & (codes == codes[np.flatnonzero(repeated)[0]]))
    rows = ", ".join(str(int(raw.rows[place])) for place in places[:_SHOWN_ROWS])
    example = raw.column(name)[int(places[0])].as_py()
    raise SourceError(
        f"{raw.name}: column '{name}' holds {int(repeated.sum())} rows whose case id occurs more "
        f"than once, such as '{example}' in rows {rows}. If one row is one event, import with "
        "--kind events.",
        code="duplicate-ids",
        path=raw.name,
        column=name,
        rows=[int(raw.rows[place]) for place in places[:_SHOWN_ROWS]],
    )
