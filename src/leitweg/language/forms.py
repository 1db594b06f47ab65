"""How numbers, dates, hours and shares are written in German and English.

A missing value is written as the language's "not available". Digits follow the size: nobody reads
1,234.57 hours, and nobody can use 0 hours where it was 0.4.
"""

import math
from datetime import UTC, datetime
from datetime import date as calendar_date
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent

from leitweg.domain.findings import Estimate
from leitweg.language.catalogue import translate

LOCALES = {"en": Locale.parse("en_GB"), "de": Locale.parse("de_DE")}
HOURS_PER_DAY = 24
DAYS_FROM_HOURS = 72


def missing(language: str) -> str:
    """Return what stands in the place of a value that is not there."""
    return translate(language, "word.not_available")


def _digits(value: float) -> int:
    size = abs(value)
    if size >= 10 or size == 0:
        return 0
    return 1 if size >= 0.95 else 2


def number(language: str, value: float | None, digits: int | None = None) -> str:
    """Write a number; without ``digits`` it keeps about three figures.

    >>> number("de", 1234.5, 1), number("en", 1234.5, 1), number("de", 3.42)
    ('1.234,5', '1,234.5', '3,4')
    """
    if value is None or not math.isfinite(value):
        return missing(language)
    places = _digits(value) if digits is None else digits
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return _decimal(language, value, pattern)


@lru_cache(maxsize=8_192)
def _decimal(language: str, value: float, pattern: str) -> str:
    # remembered: a server writes the same counts thousands of times
    return _with_real_minus(format_decimal(value, format=pattern, locale=LOCALES[language]))


def _with_real_minus(text: str) -> str:
    return text.replace("-", "\u2212")


def count(language: str, noun: str, n: int) -> str:
    """Write a count with its noun.

    >>> count("en", "case", 1), count("de", "case", 1234)
    ('1 case', '1.234 Vorgänge')
    """
    form = "one" if n == 1 else "other"
    return translate(language, f"count.{noun}.{form}", n=number(language, n, 0))


def share(language: str, value: float | None, digits: int | None = None) -> str:
    r"""Write a share of 0-1 as per cent; what is seen is not nothing, and what is not is not all.

    >>> share("de", 0.123), share("en", 0.6), share("en", 0.0002), share("en", 0.9998)
    ('12,3\xa0%', '60%', 'under 0.1%', 'over 99.9%')
    """
    if value is None or not math.isfinite(value):
        return missing(language)
    thousandths = round(value * 1000)
    if digits is None and value > 0 and thousandths == 0:
        return translate(language, "form.under", share=share(language, 0.001))
    if digits is None and value < 1 and thousandths == 1000:
        return translate(language, "form.over", share=share(language, 0.999))
    places = (0 if thousandths % 10 == 0 else 1) if digits is None else digits
    pattern = {"de": "#,##0{}\xa0%", "en": "#,##0{}%"}[language]
    tail = "." + "0" * places if places else ""
    return format_percent(value, format=pattern.format(tail), locale=LOCALES[language])


def hours(language: str, value: float | None) -> str:
    """Write hours as hours.

    >>> hours("de", 3.42), hours("en", 1234.2)
    ('3,4 Std.', '1,234 h')
    """
    if value is None:
        return missing(language)
    return translate(language, "form.hours", n=number(language, value))


def duration(language: str, value: float | None) -> str:
    """Write hours in the measure people use for that length: minutes, hours or days.

    >>> duration("en", 0.2), duration("de", 19.5), duration("de", 240)
    ('12 min', '20 Std.', '10 Tage')
    """
    if value is None or not math.isfinite(value):
        return missing(language)
    if 0 < value < 1:
        minutes = number(language, max(1, round(value * 60)), 0)
        return translate(language, "form.minutes", n=minutes)
    if value < DAYS_FROM_HOURS:
        return hours(language, value)
    return translate(language, "form.days", n=number(language, value / HOURS_PER_DAY))


def hours_per_month(language: str, value: float | None) -> str:
    """Write the one currency.

    >>> hours_per_month("de", 3.42), hours_per_month("en", 1234.2)
    ('3,4 Std./Monat', '1,234 h/month')
    """
    if value is None:
        return missing(language)
    return translate(language, "form.hours_per_month", n=number(language, value))


def interval(language: str, low: float | None, high: float | None) -> str:
    """Write an interval without its unit of measure.

    >>> interval("en", 980.2, 1510.0), interval("de", 1.51, 12.0), interval("de", None, 1)
    ('980 to 1,510', '1,5 bis 12', '')
    """
    if low is None or high is None:
        return ""
    ends = {"low": number(language, low), "high": number(language, high)}
    return translate(language, "form.interval", **ends)


def share_interval(language: str, low: float | None, high: float | None, digits: int = 1) -> str:
    """Write an interval of shares."""
    if low is None or high is None:
        return ""
    ends = {"low": share(language, low, digits), "high": share(language, high, digits)}
    return translate(language, "form.interval", **ends)


def price(language: str, estimate: Estimate | None) -> str:
    """Write a price with its interval.

    >>> price("de", Estimate(1234.2, 980.0, 1510.0))
    '1.234 Std./Monat (980 bis 1.510)'
    """
    if estimate is None:
        return missing(language)
    ends = interval(language, estimate.low, estimate.high)
    return f"{hours_per_month(language, estimate.value)} ({ends})"


def moment(us: int) -> datetime:
    """Return microseconds since the epoch as a time in UTC."""
    seconds, rest = divmod(us, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)


def date(language: str, value: int | str | datetime | None) -> str:
    """Write a date given as microseconds, as ISO text or as a time; other text stays as it is.

    >>> date("de", "2025-03-04"), date("en", 1741046400000000)
    ('4. März 2025', '4 March 2025')
    """
    if value is None:
        return missing(language)
    if isinstance(value, str):
        return _iso_date(language, value)
    at = moment(value) if isinstance(value, int) else value
    return _long_date(language, at.year, at.month, at.day)


@lru_cache(maxsize=8_192)
def _long_date(language: str, *of: int) -> str:
    # remembered like numbers; by the day, for the same times of day return seldom
    return str(format_date(calendar_date(*of), format="long", locale=LOCALES[language]))


def _iso_date(language: str, text: str) -> str:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return _long_date(language, at.year, at.month, at.day)


def first_and_last_day(
    language: str, start_us: int, end_us: int, zone: str | None = None
) -> dict[str, str]:
    """Write the first and the last day of a stretch whose end is exclusive, in a time zone.

    >>> first_and_last_day("en", 1751320800000000, 1751407200000000, "Europe/Berlin")
    {'start': '1 July 2025', 'end': '1 July 2025'}
    """
    local = ZoneInfo(zone) if zone else UTC
    last = max(end_us - 1, start_us)
    return {
        name: date(language, moment(us).astimezone(local))
        for name, us in (("start", start_us), ("end", last))
    }


def date_and_time(language: str, at: datetime) -> str:
    """Write a time to the minute, in UTC.

    >>> date_and_time("de", datetime(2025, 3, 4, 9, 5, tzinfo=UTC))
    '4. März 2025, 09:05 UTC'
    """
    pattern = {"de": "d. MMMM y, HH:mm 'UTC'", "en": "d MMMM y, HH:mm 'UTC'"}[language]
    return str(format_datetime(at, pattern, tzinfo=UTC, locale=LOCALES[language]))
