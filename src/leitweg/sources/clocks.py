"""When a row happened: a column of times becomes UTC, or the user is asked what it means."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.errors import SourceError
from leitweg.sources.time_forms import DAY_US, FORMS, day_and_month, form_masks, moments
from leitweg.sources.zones import summer_time_notes, to_utc, zone_in_header, zone_named

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

EARLIEST_US = 315_532_800 * 1_000_000
"""1980-01-01: what lies before is a default date of some system, not a date."""
TOLERANCE_US = DAY_US
"""Clocks of two systems differ; a date more than a day ahead is no longer that."""


@dataclass(frozen=True)
class Clock:
    """What the user said about times, and what time it is.

    ``day_first`` and ``time_zone`` are None where the user did not say.
    """

    now_us: int
    time_zone: str | None = None
    day_first: bool | None = None


@dataclass(frozen=True)
class Times:
    """A column of times in UTC.

    ``at_us`` is null where nothing was written or nothing could be read; ``faults`` says why, by
    a mask for each reason (a date that does not exist, a default date, one in the future).
    """

    at_us: pa.Array
    faults: dict[str, Mask]
    warnings: tuple[str, ...] = ()
    skipped: int = 0
    repeated: int = 0

    @property
    def faulty(self) -> Mask:
        """Which rows have a time that could not be taken."""
        mask = np.zeros(len(self.at_us), dtype=bool)
        for reason in self.faults.values():
            mask |= reason
        return mask


@dataclass
class _Parse:
    utc_us: Ints
    known: Mask
    zoned: Mask
    faults: dict[str, Mask] = field(default_factory=dict)


def read_times(
    file: str, name: str, column: pa.Array, clock: Clock, *, plausible: bool = True
) -> Times:
    """Turn a column of times into microseconds UTC.

    Parameters
    ----------
    file, name
        The file and the column, for sentences.
    column
        Text, or timestamps where the format types them. Null is missing, not a fault.
    clock
        Zone and order that the user named; the present time.
    plausible
        Whether dates before 1980 and in the future are faults. An end of validity may well lie
        in the future; it is then taken as it is, and a year beyond 2200 as "no end".

    Returns
    -------
    Times
        In the order of the column.

    Raises
    ------
    SourceError
        naive-time, ambiguous-date, contradicting-dates, mixed-time-zones, not-a-time,
        implausible-dates, unknown-time-zone; each names the column and an example.
    """
    parsed = (
        _typed(column) if pa.types.is_timestamp(column.type) else _text(file, name, column, clock)
    )
    present = np.asarray(pc.is_valid(column))
    if not present.any():
        return Times(pa.nulls(len(column), pa.int64()), {})
    _refuse_mixed_zones(file, name, column, parsed)
    skipped, repeated = _to_utc(file, name, column, parsed, clock)
    unreadable = present & ~parsed.known
    if unreadable.any():
        parsed.faults["not a time, or a date that does not exist"] = unreadable
    _refuse_majority(file, name, column, unreadable, present, "not-a-time")
    if plausible:
        _refuse_implausible(file, name, column, parsed, present, clock)
    else:
        parsed.known &= parsed.utc_us < 7_258_118_400 * 1_000_000  # 2200-01-01: no end
    keep = parsed.known.copy()
    for mask in parsed.faults.values():
        keep &= ~mask
    at_us = pa.array(parsed.utc_us, pa.int64(), mask=~keep)
    warnings = summer_time_notes(file, name, skipped, repeated)
    return Times(at_us, parsed.faults, warnings, skipped, repeated)


def _typed(column: pa.Array) -> _Parse:
    values = pc.fill_null(column.cast(pa.timestamp("us", column.type.tz)).cast(pa.int64()), 0)
    known = np.asarray(pc.is_valid(column))
    zoned = known if column.type.tz else np.zeros(len(column), dtype=bool)
    return _Parse(np.array(values), known, zoned.copy())


def _text(file: str, name: str, column: pa.Array, clock: Clock) -> _Parse:
    fast = _iso_at_once(column)
    if fast is not None:
        return fast
    count = len(column)
    parsed = _Parse(
        np.zeros(count, dtype=np.int64), np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    )
    for form, mask in form_masks(column).items():
        text = column.filter(pa.array(mask))
        day_first = _day_first(file, name, text, clock) if form == "unordered" else True
        read = moments(text, form, day_first=day_first)
        parsed.utc_us[mask] = read.local_us
        parsed.zoned[mask] = read.zoned
        parsed.known[mask] = read.valid
    return parsed


def _iso_at_once(column: pa.Array) -> _Parse | None:
    """Read a column that is ISO 8601 throughout by Arrow's own parser, forty times as fast."""
    first = column.slice(0, 1) if column.null_count == 0 else pc.drop_null(column).slice(0, 1)
    if len(first) == 0 or not pc.match_substring_regex(first, FORMS["iso"])[0].as_py():
        return None
    for zone in ("UTC", None):
        try:
            return _typed(column.cast(pa.timestamp("us", zone)))
        except pa.ArrowInvalid:
            continue
    return None


def _day_first(file: str, name: str, text: pa.Array, clock: Clock) -> bool:
    if clock.day_first is not None:
        return clock.day_first
    first, second = day_and_month(text)
    day_leads, month_leads = first > 12, second > 12
    if day_leads.any() and month_leads.any():
        raise SourceError(
            f"{file}: column '{name}' contradicts itself: '{_example(text, day_leads)}' has the "
            f"day first, '{_example(text, month_leads)}' the month. Export one form, or say which "
            "holds with --day-first or --month-first; the other rows are then rejected.",
            code="contradicting-dates",
            path=file,
            column=name,
        )
    if not day_leads.any() and not month_leads.any():
        raise SourceError(
            f"{file}: column '{name}' may be day or month first, as in '{text[0].as_py()}'. "
            "Say which with --day-first or --month-first.",
            code="ambiguous-date",
            path=file,
            column=name,
        )
    return bool(day_leads.any())


def _refuse_mixed_zones(file: str, name: str, column: pa.Array, parsed: _Parse) -> None:
    naive = parsed.known & ~parsed.zoned
    if naive.any() and parsed.zoned.any():
        raise SourceError(
            f"{file}: column '{name}' mixes times with a zone ('{_example(column, parsed.zoned)}') "
            f"and without ('{_example(column, naive)}'). Export all times in one form.",
            code="mixed-time-zones",
            path=file,
            column=name,
        )


def _to_utc(
    file: str, name: str, column: pa.Array, parsed: _Parse, clock: Clock
) -> tuple[int, int]:
    naive = parsed.known & ~parsed.zoned
    if not naive.any():
        return 0, 0
    zone = clock.time_zone or zone_in_header(name)
    if zone is None:
        raise SourceError(
            f"{file}: column '{name}' has times without a zone, as in "
            f"'{_example(column, naive)}'. Name the zone with --time-zone, for example "
            "--time-zone Europe/Berlin.",
            code="naive-time",
            path=file,
            column=name,
        )
    shifted = to_utc(parsed.utc_us[naive], zone_named(zone))
    parsed.utc_us[naive] = shifted.at_us
    return shifted.skipped, shifted.repeated


def _refuse_implausible(
    file: str, name: str, column: pa.Array, parsed: _Parse, present: Mask, clock: Clock
) -> None:
    early = parsed.known & (parsed.utc_us < EARLIEST_US)
    late = parsed.known & (parsed.utc_us > clock.now_us + TOLERANCE_US)
    for mask, reason in ((early, "a default date (before 1980)"), (late, "a date in the future")):
        if mask.any():
            parsed.faults[reason] = mask
    _refuse_majority(file, name, column, early | late, present, "implausible-dates")


def _refuse_majority(
    file: str, name: str, column: pa.Array, mask: Mask, present: Mask, code: str
) -> None:
    count, total = int(mask.sum()), int(present.sum())
    if 2 * count <= total:
        return
    fault = {
        "not-a-time": "are no time that can be read",
        "implausible-dates": "lie before 1980 or in the future",
    }[code]
    raise SourceError(
        f"{file}: column '{name}': more than half of the values ({count} of {total}) {fault}, "
        f"such as '{_example(column, mask)}'. Map another column.",
        code=code,
        path=file,
        column=name,
        rows=count,
    )


def _example(column: pa.Array, mask: Mask) -> str:
    value = column[int(np.flatnonzero(mask)[0])].as_py()
    return str(value)[:40]
