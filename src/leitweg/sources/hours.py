"""What hours of a week does a text name? ``Mo-Fr 08:00-17:00; Sa 9-12``, ``24/7``."""

import re
from zoneinfo import ZoneInfo

from leitweg.domain.rosters import WorkingHours
from leitweg.sources.words import folded

DAY = 24 * 60
WEEK_DAYS = 7
_DAYS = (
    ("mo", "mon", "monday", "montag", "montags"),
    ("di", "tu", "tue", "tues", "tuesday", "dienstag", "dienstags"),
    ("mi", "we", "wed", "wednesday", "mittwoch", "mittwochs"),
    ("do", "th", "thu", "thur", "thurs", "thursday", "donnerstag", "donnerstags"),
    ("fr", "fri", "friday", "freitag", "freitags"),
    ("sa", "sat", "saturday", "samstag", "samstags", "sonnabend"),
    ("so", "su", "sun", "sunday", "sonntag", "sonntags"),
)
_PLACE = {name: place for place, names in enumerate(_DAYS) for name in names}
_ALWAYS = frozenset({"24/7", "always", "immer", "rund um die uhr", "around the clock"})
_DAILY = r"daily|every day|täglich|taeglich"
_WORD = r"[^\W\d_]+\.?"
_SEP = r"\s*(?:-|–|—|\bto\b|\bbis\b)\s*"
_DAY_PART = re.compile(
    rf"(?P<days>(?:{_DAILY})|{_WORD}(?:(?:{_SEP}|\s*[,/+&]\s*){_WORD})*)?:?\s*(?P<rest>\d.*)",
    re.IGNORECASE,
)
_TIME = r"(\d{1,2})(?:[:.](\d{2}))?"
_RANGE = re.compile(rf"{_TIME}{_SEP}{_TIME}", re.IGNORECASE)
_ZONE = re.compile(r"\s+(UTC|[A-Z]\w+(?:/[\w+-]+)+)\s*$")
_CLOCK_WORD = re.compile(r"(?<=\d)\s*(?:h|uhr)\b", re.IGNORECASE)
# a comma divides days as well as spans: a part ends only where days follow a time
_SPLIT = re.compile(r"\s*[;|\n]\s*|(?<=\d)\s*,\s*(?=[^\W\d_])")


def read_hours(text: str, zone: str | None) -> WorkingHours:
    """Return the hours of a week.

    Parameters
    ----------
    text
        Parts divided by semicolons, each days and spans; days in German or English. A span that
        ends before it begins goes on into the next day. A zone may stand at the end.
    zone
        The zone where the text names none.

    Raises
    ------
    ValueError
        With what is wrong, in a few words.

    >>> read_hours("Mo-Fr 08:00-17:00; Sa 9-12", "UTC").days[4:]
    (((480, 1020),), ((540, 720),), ())
    """
    text, zone = _with_zone(text, zone)
    days: list[list[tuple[int, int]]] = [[] for _ in range(WEEK_DAYS)]
    if text.strip().casefold() in _ALWAYS:
        return WorkingHours((((0, DAY),),) * WEEK_DAYS, zone)
    for part in filter(None, _SPLIT.split(_CLOCK_WORD.sub("", text).strip())):
        named, spans = _part(part)
        for day in named:
            for begin, end in spans:
                _add(days, day, begin, end)
    return WorkingHours(tuple(_joined(spans) for spans in days), zone)


def _with_zone(text: str, zone: str | None) -> tuple[str, str]:
    found = _ZONE.search(text)
    if found:
        text, zone = text[: found.start()], found[1]
    if zone is None:
        raise ValueError("hours without a time zone")
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as fault:
        raise ValueError("no such time zone") from fault
    return text, zone


def _part(part: str) -> tuple[list[int], list[tuple[int, int]]]:
    found = _DAY_PART.fullmatch(part)
    if found is None:
        raise ValueError("not hours of a week")
    left = _RANGE.sub("", found["rest"])
    if left.strip(" ,/+&") or not _RANGE.search(found["rest"]):
        raise ValueError("not hours of a week")
    spans = [_span(*match.groups()) for match in _RANGE.finditer(found["rest"])]
    return _named_days(found["days"]), spans


def _named_days(text: str | None) -> list[int]:
    if text is None or re.fullmatch(_DAILY, text.strip(), re.IGNORECASE):
        return list(range(WEEK_DAYS))
    found: list[int] = []
    for group in re.split(r"\s*[,/+&]\s*", text):
        ends = [_place(word) for word in re.split(_SEP, group)]
        if len(ends) > 2:
            raise ValueError("not a span of weekdays")
        count = (ends[-1] - ends[0]) % WEEK_DAYS
        found.extend((ends[0] + step) % WEEK_DAYS for step in range(count + 1))
    return found


def _place(word: str) -> int:
    place = _PLACE.get(folded(word))
    if place is None:
        raise ValueError("a word that is no weekday")
    return place


def _span(from_hour: str, from_minute: str, to_hour: str, to_minute: str) -> tuple[int, int]:
    begin = int(from_hour) * 60 + int(from_minute or 0)
    end = int(to_hour) * 60 + int(to_minute or 0)
    if max(int(from_minute or 0), int(to_minute or 0)) > 59 or max(begin, end) > DAY:
        raise ValueError("not a time of day")
    if begin == end:
        raise ValueError("a span that ends where it begins")
    return begin, end


def _add(days: list[list[tuple[int, int]]], day: int, begin: int, end: int) -> None:
    if begin < end:
        days[day].append((begin, end))
        return
    if begin < DAY:
        days[day].append((begin, DAY))
    if end:
        days[(day + 1) % WEEK_DAYS].append((0, end))


def _joined(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return spans in order, those that touch or overlap as one."""
    joined: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return tuple(joined)
