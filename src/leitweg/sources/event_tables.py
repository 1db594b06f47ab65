"""How a table with one row per event becomes the canonical events and their cases."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.imports import ImportOptions, Reading
from leitweg.domain.tables import EVENTS
from leitweg.sources.attributes import case_attributes
from leitweg.sources.case_rows import CASE_TEXTS, case_rows, first_rows, table_of
from leitweg.sources.clocks import Clock, Times
from leitweg.sources.log_reading import (
    LogParts,
    log_reading,
    mapped_times,
    never_closed_before_opened,
    request_text,
    texts,
    time_notes,
)
from leitweg.sources.mapping import Mapped, require
from leitweg.sources.numbers import read_order
from leitweg.sources.raw import RawTable
from leitweg.sources.rejects import Sieve
from leitweg.sources.source_file import SourceFile
from leitweg.sources.states import state_column

Ints = npt.NDArray[np.int64]
EVENT_TEXTS = ("case_id", "person", "unit", "activity", "lifecycle")
OPTIONAL_TIMES = ("started", "opened", "closed")


def read_events(
    source: SourceFile, raw: RawTable, mapped: Mapped, options: ImportOptions, clock: Clock
) -> Reading:
    """Read a table with one row per event.

    Parameters
    ----------
    source
        The file.
    raw
        Its rows, cleaned.
    mapped
        Canonical column -> column.
    options
        Patterns of states and machine accounts are used here.
    clock
        Zone and order of day and month.

    Returns
    -------
    Reading
        Tables ``events`` and ``cases``; ``people`` with the named machine accounts, if any.

    Raises
    ------
    SourceError
        missing-column, no-usable-rows, order-not-a-number, and those of `read_times`.
    """
    require(raw.name, "events", raw.columns, mapped)
    times = mapped_times(raw, mapped, ("at", *OPTIONAL_TIMES), clock)
    sieve = _sieved(raw, mapped, times)
    rejects = sieve.finished()
    kept, chosen = raw.only(sieve.keep), pa.array(sieve.keep)
    columns = texts(kept, mapped, EVENT_TEXTS)
    columns |= {f"{name}_us": read.at_us.filter(chosen) for name, read in times.items()}
    seq = _seq(kept, mapped)
    state, states = _states(columns, len(kept.rows), options)
    columns |= {"seq": pa.array(seq), "state": state}
    said = texts(kept, mapped, CASE_TEXTS) | request_text(kept, mapped)
    notes = time_notes(raw.name, mapped, times, optional=OPTIONAL_TIMES)
    columns, wrong_closings = never_closed_before_opened(raw.name, columns)
    first = first_rows(columns["case_id"], columns.get("at_us"), seq)
    attributes = case_attributes(kept, mapped.free, first)
    of_case = {n: c for n, c in columns.items() if n in ("case_id", "opened_us", "closed_us")}
    parts = LogParts(
        kind="events",
        raw=kept,
        mapped=mapped,
        events=table_of(EVENTS, columns, len(kept.rows)),
        cases=case_rows(of_case | said, first, attributes.values),
        attributes=attributes,
        rejects=rejects,
        notes=(*notes, *wrong_closings, *_duplicates(raw.name, columns, mapped)),
        states=states,
    )
    return log_reading(source, parts, options)


def _sieved(raw: RawTable, mapped: Mapped, times: dict[str, Times]) -> Sieve:
    sieve = Sieve(raw)
    sieve.reject_missing(mapped.columns["case_id"], "the id of the case")
    if order := mapped.get("order"):
        sieve.reject_missing(order, "the order")
    if "at" in times:
        sieve.reject_missing(mapped.columns["at"], "the time")
        sieve.reject_times(times["at"], mapped.columns["at"])
    if "started" in times and "at" in times:
        after = pc.greater(times["started"].at_us, times["at"].at_us)
        mask = np.asarray(pc.fill_null(after, False))
        sieve.reject(mask, mapped.columns["started"], "it starts after it ends")
    return sieve


def _seq(raw: RawTable, mapped: Mapped) -> Ints:
    order = mapped.get("order")
    return raw.rows - 1 if order is None else read_order(raw.name, order, raw.column(order))


def _states(
    columns: dict[str, pa.Array], count: int, options: ImportOptions
) -> tuple[pa.Array, dict[str, str]]:
    nothing = pa.nulls(count, pa.string())
    return state_column(
        columns.get("activity", nothing), columns.get("lifecycle", nothing), options.states
    )


def _duplicates(file: str, columns: dict[str, pa.Array], mapped: Mapped) -> tuple[str, ...]:
    compared = [n for n in columns if n != "state" and (n != "seq" or mapped.get("order"))]
    codes = [_codes(columns[name]) for name in compared]
    keys = pa.table(codes, names=compared)
    distinct = keys.group_by(compared, use_threads=False).aggregate([]).num_rows
    repeats = keys.num_rows - distinct
    if not repeats:
        return ()
    return (
        f"{file}: {repeats} rows repeat another row exactly; they were kept. "
        "Remove them from the export if they are copies.",
    )


def _codes(column: pa.Array) -> pa.Array:
    return column.dictionary_encode().indices if pa.types.is_string(column.type) else column
