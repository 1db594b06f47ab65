"""How a XES log becomes canonical events and cases."""

import time
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from leitweg.domain.errors import SourceError
from leitweg.domain.imports import ImportOptions, Reading
from leitweg.domain.progress import Progress
from leitweg.sources.clocks import Clock
from leitweg.sources.event_tables import read_events
from leitweg.sources.mapping import Mapped, map_columns
from leitweg.sources.raw import RawTable, cleaned, unique_names
from leitweg.sources.source_file import SourceFile
from leitweg.sources.xes_columns import ROWS, XesLog
from leitweg.sources.xes_ids import NAME, case_ids
from leitweg.sources.xes_pairs import LIFECYCLE, STARTED, TIME, join_starts
from leitweg.sources.xes_stream import read_xes_log

CASE = "case:"
"""Prefix of the columns that stand for attributes of traces, as exports to CSV write them."""
ORDER = "order in the file"
STANDARD = {
    "case_id": CASE + NAME,
    "activity": NAME,
    "lifecycle": LIFECYCLE,
    "person": "org:resource",
    "unit": "org:group",
    "at": TIME,
    "started": STARTED,
}
"""What the XES standard itself calls the canonical columns; only the user's word goes before."""


def read_xes(
    source: SourceFile, options: ImportOptions, progress: Progress, *, now_us: int | None = None
) -> Reading:
    """Read a XES log into the tables ``events`` and ``cases``.

    Parameters
    ----------
    source
        The file, unpacked.
    options
        ``mapping`` names attributes by their keys, those of traces with the prefix ``case:``
        (``{"unit": "org:role"}``); it goes before the standard's own names, these before
        synonyms.
    progress
        Told the bytes read.
    now_us
        The present time in microseconds UTC (default: the clock of the machine); later events
        are rejected.

    Returns
    -------
    Reading
        Of kind ``xes``; ``seq`` is the order in the file, rows of rejects are numbers of events
        from 1. A start and the complete of the same task are one event (`join_starts`). A log
        without any time is read as one that has an order only.

    Raises
    ------
    SourceError
        not-xes, xml-entities, broken-xml, field-too-large, too-many-columns, no-traces,
        duplicate-case, missing-column, unknown-column, naive-time, mixed-time-zones,
        implausible-dates, no-usable-rows; and what the stream raises.
    """
    log = read_xes_log(source, progress)
    raw = cleaned(_as_rows(log), options.missing)
    present = [name for name in raw.columns if raw.column(name).null_count < len(raw.rows)]
    standard = {name: column for name, column in STANDARD.items() if column in present}
    if "order" in options.mapping:
        standard.pop("at", None)
    mapped = map_columns(raw.name, "events", present, {**standard, **options.mapping})
    if not {"person", "unit"} & set(mapped.columns):
        raise _no_resources(raw.name, present)
    if not {"at", "order"} & set(mapped.columns):
        raw, mapped = _ordered_by_file(raw, mapped)
    moment = time.time_ns() // 1000 if now_us is None else now_us
    clock = Clock(moment, options.time_zone, options.day_first)
    return replace(read_events(source, raw, mapped, options, clock), kind="xes")


def _ordered_by_file(raw: RawTable, mapped: Mapped) -> tuple[RawTable, Mapped]:
    order = pa.array(raw.rows).cast(pa.string())
    warning = (
        f"{raw.name}: no event has a '{TIME}'; the log has an order only, and figures that need a "
        "clock stay empty."
    )
    return (
        replace(
            raw,
            table=raw.table.append_column(ORDER, order),
            warnings=(*raw.warnings, warning),
        ),
        replace(mapped, columns={**mapped.columns, "order": ORDER}),
    )


def _as_rows(log: XesLog) -> RawTable:
    ids, warnings = case_ids(log)
    events, kept = join_starts(log)
    trace_of = pa.array(log.trace_of[kept])
    columns = {n: _whole(events[n]) for n in events.column_names if n != ROWS}
    for name in log.traces.column_names:
        if name not in (ROWS, NAME):
            columns[CASE + name] = _whole(log.traces[name]).take(trace_of)
    columns[CASE + NAME] = ids.take(trace_of)
    rows = kept + 1
    table = pa.table(list(columns.values()), names=unique_names(list(columns)))
    warnings += _emptiness(log)
    return RawTable(log.name, table, rows, log.events.num_rows, warnings=warnings)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks().cast(pa.string())


def _emptiness(log: XesLog) -> tuple[str, ...]:
    empty = _empty_traces(log.trace_of, log.traces.num_rows)
    if not empty:
        return ()
    return (f"{log.name}: {empty:,} traces hold no event and were left out.",)


def _empty_traces(trace_of: npt.NDArray[np.int64], traces: int) -> int:
    return traces - len(np.unique(trace_of))


def _no_resources(name: str, columns: list[str]) -> SourceError:
    listed = ", ".join(columns)
    return SourceError(
        f"{name}: no event says who held the case: there is neither 'org:resource' nor "
        f"'org:group'. The attributes are {listed}. Name one with --map person=ATTRIBUTE or "
        "--map unit=ATTRIBUTE.",
        code="missing-column",
        path=name,
        table="events",
        missing=["person", "unit"],
        columns=columns,
    )
