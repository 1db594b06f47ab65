"""The clock on the wall of a company: offsets of its time zone over the years of a log."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import numpy as np

from leitweg.engine.arrays import Int64

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STEP = timedelta(days=1)
# zones are defined by law in these years; before and after, the nearest offset holds
_FIRST, _LAST = datetime(1850, 1, 1, tzinfo=UTC), datetime(2150, 1, 1, tzinfo=UTC)


def zone_offsets(zone: str | None, first_us: int, last_us: int) -> tuple[Int64, Int64]:
    """Stretches of one and the same offset from UTC, from before the first time to the last.

    Parameters
    ----------
    zone
        Name of a time zone; None for UTC.
    first_us, last_us
        The times of the log, microseconds UTC.

    Returns
    -------
    tuple of arrays
        Since when (UTC) and how much to add to UTC, both in microseconds.

    Examples
    --------
    >>> since, offset = zone_offsets("Europe/Berlin", 1_704_067_200_000_000, 1_719_000_000_000_000)
    >>> (offset // 3_600_000_000).tolist()
    [1, 2]
    """
    if zone is None:
        return np.array([first_us], np.int64), np.zeros(1, np.int64)
    clock = ZoneInfo(zone)
    low, high = _moment(first_us).replace(microsecond=0), _moment(last_us)
    since, offsets = [min(first_us, _microseconds(low))], [_offset(low, clock)]
    while low < high:
        after = min(low + _STEP, high)
        if _offset(after, clock) != offsets[-1]:
            since.append(_microseconds(_change(low, after, clock)))
            offsets.append(_offset(after, clock))
        low = after
    in_us = [_in_us(offset) for offset in offsets]
    return np.array(since, np.int64), np.array(in_us, np.int64)


def _change(low: datetime, high: datetime, clock: tzinfo) -> datetime:
    """First second of the new offset between two moments."""
    old = _offset(low, clock)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (middle, high) if _offset(middle, clock) == old else (low, middle)
    return high


def _offset(moment: datetime, clock: tzinfo) -> timedelta:
    return moment.astimezone(clock).utcoffset() or timedelta(0)


def _moment(microseconds: int) -> datetime:
    bounded = min(max(microseconds, _microseconds(_FIRST)), _microseconds(_LAST))
    return _EPOCH + timedelta(microseconds=bounded)


def _microseconds(moment: datetime) -> int:
    return _in_us(moment - _EPOCH)


def _in_us(length: timedelta) -> int:
    return length // timedelta(microseconds=1)
