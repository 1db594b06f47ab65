"""How a list of absences becomes canonical rows: who was away from when until when, never why."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.imports import Reading
from leitweg.domain.tables import ABSENCES
from leitweg.sources.case_rows import table_of
from leitweg.sources.clocks import Clock, Times, read_times
from leitweg.sources.log_reading import texts
from leitweg.sources.mapping import Mapped, require
from leitweg.sources.missing import propose_missing
from leitweg.sources.one_table import one_table
from leitweg.sources.raw import RawTable
from leitweg.sources.rejects import Sieve
from leitweg.sources.repeated_rows import copies_note, distinct_rows
from leitweg.sources.source_file import SourceFile
from leitweg.sources.zones import zone_in_header, zone_named

NO_END_US = 7_258_118_400 * 1_000_000
"""2200-01-01: what a system writes for an absence whose end is open lies beyond."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CLOCK_TIME = r":|\d[Tt]\d|^\d{9,}"


def read_absences(source: SourceFile, raw: RawTable, mapped: Mapped, clock: Clock) -> Reading:
    """Read a list of absences, one row per stretch.

    Parameters
    ----------
    source
        The file.
    raw
        Its rows, cleaned.
    mapped
        Canonical column -> column. The reason of an absence is read from no column.
    clock
        Zone and order of day and month.

    Returns
    -------
    Reading
        Table ``absences``. Where the ends are days without a time of day, the last day is part
        of the absence, so that it ends with that day. An end beyond 2200 is open.

    Raises
    ------
    SourceError
        missing-column, no-usable-rows, and those of `read_times`.
    """
    require(raw.name, "absences", raw.columns, mapped)
    sieve = Sieve(raw)
    sieve.reject_missing(mapped.columns["person"], "the person")
    begins, ends = (_moments(raw, mapped, name, clock, sieve) for name in ("from", "to"))
    to_us, day_notes = _whole_days(raw, mapped.columns["to"], ends, clock)
    before = np.asarray(pc.fill_null(pc.less(to_us, begins.at_us), False))
    sieve.reject(before, mapped.columns["to"], "it ends before it begins")
    rejects = sieve.finished()
    kept, chosen = raw.only(sieve.keep), pa.array(sieve.keep)
    columns = texts(kept, mapped, ("person",))
    columns |= {"from_us": begins.at_us.filter(chosen), "to_us": to_us.filter(chosen)}
    table, _, copies = distinct_rows(table_of(ABSENCES, columns, len(kept.rows)))
    marks = propose_missing({mapped.columns["person"]: columns["person"]})
    notes = (*begins.warnings, *ends.warnings, *day_notes, *copies_note(raw.name, copies))
    return one_table(source, "absences", table, raw, mapped, rejects, notes, missing=marks)


def _moments(raw: RawTable, mapped: Mapped, name: str, clock: Clock, sieve: Sieve) -> Times:
    column = mapped.columns[name]
    written = raw.column(column)
    sieve.reject_missing(column, "the time")
    times = read_times(raw.name, column, written, clock, plausible=False)
    sieve.reject_times(times, column)
    is_open = pc.and_(pc.is_valid(written), pa.array(~times.faulty))
    open_end = pc.if_else(is_open, pa.scalar(NO_END_US), pa.scalar(None, pa.int64()))
    return replace(times, at_us=pc.coalesce(times.at_us, open_end))


def _whole_days(
    raw: RawTable, column: str, ends: Times, clock: Clock
) -> tuple[pa.Array, tuple[str, ...]]:
    """Return the ends, moved to the end of the day where only days are written."""
    written = raw.column(column)
    if pa.types.is_timestamp(written.type):
        naive = pc.cast(written, pa.timestamp("us"), safe=False)
        has_times = pc.any(pc.not_equal(naive, pc.floor_temporal(naive, unit="day"))).as_py()
    else:
        has_times = pc.any(pc.match_substring_regex(written, _CLOCK_TIME)).as_py()
    if has_times:
        return ends.at_us, ()
    zone = zone_named(clock.time_zone or zone_in_header(column) or "UTC")
    encoded = ends.at_us.dictionary_encode()
    moved = pa.array([next_day(us, zone) for us in encoded.dictionary.to_pylist()], pa.int64())
    note = f"{raw.name}: column '{column}' holds days: the last day counts as absent."
    return moved.take(encoded.indices), (note,)


def next_day(at_us: int, zone: ZoneInfo) -> int:
    """Return the same time of the next day on the clock of a zone; an open end stays open."""
    if at_us >= NO_END_US:
        return at_us
    local = (_EPOCH + timedelta(microseconds=at_us)).astimezone(zone)
    # a day of the calendar: 23 or 25 hours where the clock changes
    return int((local + timedelta(days=1) - _EPOCH) / timedelta(microseconds=1))
