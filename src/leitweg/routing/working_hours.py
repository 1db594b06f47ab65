"""Does somebody work now, and if not, when next? The hours of a week on the clock of a zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from leitweg.domain.rosters import WorkingHours

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def works_at(hours: WorkingHours, at_us: int) -> bool:
    """Say whether a time (microseconds UTC) lies within the hours."""
    local = _local(hours, at_us)
    minute = local.hour * 60 + local.minute
    return any(begin <= minute < end for begin, end in hours.days[local.weekday()])


def next_opening(hours: WorkingHours, at_us: int) -> int | None:
    """Return when the hours begin next after a time; None where they never do."""
    local = _local(hours, at_us)
    for later in range(8):
        day = local.date() + timedelta(days=later)
        for begin, _ in hours.days[day.weekday()]:
            opening = _at(day, begin, hours.zone)
            if opening > at_us:
                return opening
    return None


def _local(hours: WorkingHours, at_us: int) -> datetime:
    return (_EPOCH + timedelta(microseconds=at_us)).astimezone(ZoneInfo(hours.zone))


def _at(day: date, minutes: int, zone: str) -> int:
    midnight = datetime.combine(day, time(), tzinfo=ZoneInfo(zone))
    # wall-clock arithmetic: 08:00 is 08:00 on a day on which the clock changes too
    return int((midnight + timedelta(minutes=minutes) - _EPOCH) / timedelta(microseconds=1))
