"""In which form a column writes its times, and what the digits say (no zone, no calendar rule)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_CLOCK = (
    r"(?:[ ,T]+(?P<h>\d{1,2}):(?P<n>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"\s?(?P<p>[AaPp][Mm])?)?\s?(?P<z>Z|z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?$"
)
FORMS = {
    # year first, with dashes, slashes or dots
    "iso": r"^(?P<y>\d{4})[-/.](?P<a>\d{1,2})[-/.](?P<b>\d{1,2})" + _CLOCK,
    # 20240131 or 20240131T1015: as SAP writes days
    "compact": r"^(?P<y>(?:19|20|99)\d{2})(?P<a>[01]\d)(?P<b>[0-3]\d)" + _CLOCK,
    # German: the day always comes first
    "dotted": r"^(?P<b>\d{1,2})\.(?P<a>\d{1,2})\.(?P<y>\d{4}|\d{2})" + _CLOCK,
    # day and month in an order that only the values or the user can tell
    "unordered": r"^(?P<b>\d{1,2})[-/](?P<a>\d{1,2})[-/](?P<y>\d{4}|\d{2})" + _CLOCK,
    "named": r"^(?P<b>\d{1,2})[-/. ]+(?P<m>[A-Za-zä]{3,9})\.?[-/ ]+(?P<y>\d{4}|\d{2})" + _CLOCK,
    "epoch": r"^(?P<e>\d{9,16})(?:[.,]0*)?$",
}
_MONTHS = {
    **{"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9},
    **{"oct": 10, "nov": 11, "dec": 12, "mär": 3, "mrz": 3, "mai": 5, "okt": 10, "dez": 12},
}
MICROS = 1_000_000
DAY_US = 86_400 * MICROS


@dataclass(frozen=True)
class Moments:
    """What the digits of a column say.

    ``local_us`` is the wall clock (or UTC where ``offset_s`` is given), as microseconds since
    1970-01-01; ``zoned`` marks values that name their offset (or are epochs), ``valid`` those
    that could be read at all.
    """

    local_us: Ints
    offset_s: Ints
    zoned: Mask
    valid: Mask


def form_masks(text: pa.Array) -> dict[str, Mask]:
    """Return, for each form that occurs, which values are written in it."""
    masks: dict[str, Mask] = {}
    open_ = np.asarray(pc.is_valid(text))
    for form, pattern in FORMS.items():
        if not open_.any():
            break
        fits = pc.fill_null(pc.match_substring_regex(text, pattern), False)
        mask = np.asarray(fits) & open_
        if mask.any():
            masks[form] = mask
            open_ = open_ & ~mask
    return masks


def day_and_month(text: pa.Array) -> tuple[Ints, Ints]:
    """Return the first and the second number of values in the form ``unordered``."""
    parts = pc.extract_regex(text, FORMS["unordered"])
    return _number(parts, "b"), _number(parts, "a")


def moments(text: pa.Array, form: str, *, day_first: bool = True) -> Moments:
    """Read the digits of values that are all in one form.

    Parameters
    ----------
    text
        The values; none is null.
    form
        A key of `FORMS`.
    day_first
        The order in the form ``unordered``.
    """
    parts = pc.extract_regex(text, FORMS[form])
    if form == "epoch":
        return _epochs(_number(parts, "e"))
    year, first, second = _year(parts), _number(parts, "b"), _month(parts, form)
    day, month = (first, second) if form != "unordered" or day_first else (second, first)
    hour, minute, seconds = _number(parts, "h"), _number(parts, "n"), _number(parts, "s")
    hour, clock_fits = _on_24_hours(hour, parts)
    valid = clock_fits & (minute < 60) & (seconds < 60) & _is_day(year, month, day)
    days = _days_since_1970(year, month, day)
    local = days * DAY_US + (hour * 3600 + minute * 60 + seconds) * MICROS + _fraction(parts)
    offset, zoned = _offset(parts)
    return Moments(local - offset * MICROS, offset, zoned, valid)


def _number(parts: pa.StructArray, group: str) -> Ints:
    text = pc.struct_field(parts, group)
    text = pc.if_else(pc.equal(text, ""), "0", pc.fill_null(text, "0"))
    return np.asarray(text.cast(pa.int64()))


def _year(parts: pa.StructArray) -> Ints:
    year = _number(parts, "y")
    short = year < 100
    full: Ints = np.where(short, np.where(year < 70, 2000 + year, 1900 + year), year)
    return full


def _month(parts: pa.StructArray, form: str) -> Ints:
    if form != "named":
        return _number(parts, "a")
    names = pc.utf8_slice_codeunits(pc.utf8_lower(pc.struct_field(parts, "m")), 0, 3)
    found = pc.index_in(names, value_set=pa.array(list(_MONTHS)))
    months: Ints = np.array([*_MONTHS.values(), 0], dtype=np.int64)
    month: Ints = months[np.asarray(pc.fill_null(found, len(_MONTHS)))]
    return month


def _on_24_hours(hour: Ints, parts: pa.StructArray) -> tuple[Ints, Mask]:
    half = pc.fill_null(pc.utf8_lower(pc.struct_field(parts, "p")), "")
    is_am, is_pm = np.asarray(pc.equal(half, "am")), np.asarray(pc.equal(half, "pm"))
    halved = is_am | is_pm
    fits = np.where(halved, (hour >= 1) & (hour <= 12), hour < 24)
    return np.where(halved, hour % 12 + 12 * is_pm, hour), fits


def _fraction(parts: pa.StructArray) -> Ints:
    digits = pc.fill_null(pc.struct_field(parts, "f"), "")
    if not pc.any(pc.not_equal(digits, "")).as_py():
        return np.zeros(len(digits), dtype=np.int64)
    six = pc.utf8_slice_codeunits(pc.utf8_rpad(digits, 6, "0"), 0, 6)
    return np.asarray(six.cast(pa.int64()))


def _offset(parts: pa.StructArray) -> tuple[Ints, Mask]:
    zone = pc.fill_null(pc.struct_field(parts, "z"), "")
    names = pc.unique(zone)
    codes = np.asarray(pc.index_in(zone, value_set=names))
    seconds = np.array([_offset_seconds(name) for name in names.to_pylist()], dtype=np.int64)
    return seconds[codes], np.array([bool(name) for name in names.to_pylist()])[codes]


def _offset_seconds(zone: str) -> int:
    if not zone.startswith(("+", "-")):
        return 0
    digits = zone[1:].replace(":", "").ljust(4, "0")
    seconds = int(digits[:2]) * 3600 + int(digits[2:]) * 60
    return -seconds if zone.startswith("-") else seconds


def _epochs(number: Ints) -> Moments:
    # 11 digits of seconds end in 5138, 11 of milliseconds in 1973: the size tells the unit
    scale = np.where(number < 10**11, MICROS, np.where(number < 10**14, 1000, 1))
    everywhere = np.ones(len(number), dtype=bool)
    return Moments(number * scale, np.zeros_like(number), everywhere, everywhere)


def _days_since_1970(year: Ints, month: Ints, day: Ints) -> Ints:
    # days from the civil calendar by counting years from March, so that February ends the year
    shifted = year - (month <= 2)
    century = shifted // 400
    year_of = shifted - century * 400
    day_of = (153 * (month + np.where(month > 2, -3, 9)) + 2) // 5 + day - 1
    days: Ints = (
        century * 146_097 + year_of * 365 + year_of // 4 - year_of // 100 + day_of - 719_468
    )
    return days


def _is_day(year: Ints, month: Ints, day: Ints) -> Mask:
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    lengths = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.int64)
    inside = (month >= 1) & (month <= 12)
    length = lengths[np.where(inside, month, 0)] + ((month == 2) & leap)
    fits: Mask = inside & (day >= 1) & (day <= length)
    return fits
