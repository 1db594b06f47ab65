"""What wall-clock times of one zone are in UTC, summer time included."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt

from leitweg.domain.errors import SourceError

SLOT_US = 15 * 60 * 1_000_000
"""Every zone changes its clock at a quarter of an hour."""
DAY_US = 86_400 * 1_000_000
_EPOCH = datetime(1970, 1, 1)


@dataclass(frozen=True)
class InUtc:
    """Times in UTC and how many wall-clock times did not exist or occurred twice."""

    at_us: npt.NDArray[np.int64]
    skipped: int
    repeated: int


def zone_named(name: str) -> ZoneInfo:
    """Return the zone of an IANA name.

    Raises
    ------
    SourceError
        unknown-time-zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise SourceError(
            f"'{name}' is not a time zone. Give an IANA name to --time-zone, such as "
            "Europe/Berlin or UTC.",
            code="unknown-time-zone",
            zone=name,
        ) from fault


def to_utc(local_us: npt.NDArray[np.int64], zone: ZoneInfo) -> InUtc:
    """Turn wall-clock times into UTC.

    A time that the clock skipped in spring is moved on by the gap; of a time that occurred twice
    in autumn the earlier one is taken. Both are counted.

    Parameters
    ----------
    local_us
        Wall-clock microseconds since 1970-01-01.
    zone
        The zone of the wall clock.
    """
    if len(local_us) == 0:
        return InUtc(local_us, 0, 0)
    # whole days of one offset are settled at once; only days of change go by the quarter hour
    days, day_of = np.unique(local_us // DAY_US, return_inverse=True)
    starts = np.array([_offset(int(day) * DAY_US, zone, 0) for day in days])
    ends = np.array([_offset(int(day + 1) * DAY_US, zone, 0) for day in days])
    offset = starts[day_of]
    later = offset.copy()
    changing = (starts != ends)[day_of]
    if changing.any():
        slots, slot_of = np.unique(local_us[changing] // SLOT_US, return_inverse=True)
        for fold, target in ((0, offset), (1, later)):
            values = np.array([_offset(int(slot) * SLOT_US, zone, fold) for slot in slots])
            target[changing] = values[slot_of]
    at_us = local_us - offset * 1_000_000
    return InUtc(at_us, int((later > offset).sum()), int((later < offset).sum()))


def _offset(local_us: int, zone: ZoneInfo, fold: int) -> int:
    try:
        moment = (_EPOCH + timedelta(microseconds=local_us)).replace(tzinfo=zone, fold=fold)
        offset = moment.utcoffset()
    except OverflowError:  # year 9999: an end date that means never
        return 0
    return int(offset.total_seconds()) if offset else 0


def zone_in_header(name: str) -> str | None:
    """Return ``UTC`` where the header itself says that the times are in UTC.

    >>> zone_in_header("date_time_utc"), zone_in_header("Received")
    ('UTC', None)
    """
    words = "".join(c if c.isalnum() else " " for c in name.lower()).split()
    return "UTC" if "utc" in words or "gmt" in words else None


def summer_time_notes(file: str, name: str, skipped: int, repeated: int) -> tuple[str, ...]:
    """Return the sentences on wall-clock times that the change of the clock touched."""
    notes = []
    if skipped:
        notes.append(
            f"{file}: column '{name}': {skipped} local times do not exist (the clock was put "
            "forward); they were moved on by the gap."
        )
    if repeated:
        notes.append(
            f"{file}: column '{name}': {repeated} local times occurred twice (the clock was put "
            "back); the earlier one was taken."
        )
    return tuple(notes)
