"""Telephone records: one row per call, as exchanges write them.

Reads the call detail records of Asterisk (calldate or start, src, dst, billsec, disposition),
of Cisco Unified CM (dateTimeOrigination, callingPartyNumber, finalCalledPartyNumber, duration;
the line of types below the header is passed over) and of 3CX (time-start, from-no, to-no, and
the list Call Time, From or Caller ID, To or Destination, Status, Talking), and lists with a
caller, a callee, a start and a duration (German Anrufer, Angerufener, Beginn, Dauer, Richtung).
"""

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from leitweg.sources.clocks import Clock
from leitweg.sources.raw import RawTable
from leitweg.sources.recognised.recognised import Recognised, has_all, mapping_of, pick
from leitweg.sources.words import folded

SYSTEM = "telephone records"

CALLER = (
    *("src", "calling party number", "from no", "caller", "caller id", "calling number"),
    *("caller number", "calling", "anrufer", "anrufende nummer", "rufnummer anrufer"),
    *("a nummer", "a rufnummer", "quellrufnummer", "von nummer", "from"),
)
CALLEE = (
    *("dst", "final called party number", "to no", "callee", "called number", "called"),
    *("called party", "destination", "destination number", "angerufener", "angerufene nummer"),
    *("gerufene nummer", "b nummer", "b rufnummer", "zielrufnummer", "ziel", "zielnummer", "to"),
)
STARTED = (
    *("calldate", "date time origination", "time start", "call time", "start", "start time"),
    *("call start", "begin", "beginn", "startzeit", "anrufbeginn", "anrufzeit", "zeitpunkt"),
    *("datum uhrzeit", "datum zeit", "date time"),
)
DAY, TIME_OF_DAY = ("date", "datum", "anrufdatum"), ("time", "uhrzeit", "zeit")
TALKED = (
    *("billsec", "talking", "talk time", "duration", "call duration", "dauer", "gesprachsdauer"),
    *("sprechzeit", "duration seconds", "dauer sekunden"),
)
STATUS = ("disposition", "status", "call status", "anrufstatus", "ergebnis", "result")
DIRECTION = ("direction", "call direction", "richtung", "anrufrichtung", "call type", "anrufart")
TYPES = {"sender": ("from type",), "receiver": ("to type",)}
IDS = {
    "message": ("uniqueid", "global call id call id", "callid", "call id", "anruf id", "anrufid"),
    "thread": ("linkedid",),
}
_ANSWERED = frozenset(
    {"answered", "beantwortet", "angenommen", "connected", "verbunden", "completed", "ok"}
)
_MISSED = frozenset(
    {
        *("no answer", "busy", "failed", "congestion", "unanswered", "missed", "noanswer"),
        *(
            "nicht angenommen",
            "nicht beantwortet",
            "verpasst",
            "besetzt",
            "abandoned",
            "unbeantwortet",
        ),
    }
)
_DIRECTIONS = {
    **dict.fromkeys(("inbound", "incoming", "in", "eingehend", "kommend", "i"), (True, False)),
    **dict.fromkeys(("outbound", "outgoing", "out", "ausgehend", "gehend", "o"), (False, True)),
    **dict.fromkeys(("internal", "intern", "internal call"), (False, False)),
}  # fmt: skip
_NO_TALK = r"^[0:.,\s]*$"
_NUMBER_IN_BRACKETS = r"^.*[(<:]\s*(?P<number>[+*#\d][\d\s\-/.]*)\s*[)>]?$"
_EXTENSION = r"^[1-9*#]\d{0,4}$"
OUTSIDE = ("sender outside", "receiver outside")


def matches(columns: Sequence[str]) -> bool:
    """Say whether these are the columns of telephone records."""
    if not has_all(columns, CALLER, CALLEE, TALKED):
        return False
    return has_all(columns, STARTED) or has_all(columns, DAY, TIME_OF_DAY)


def recognise(raw: RawTable, clock: Clock) -> Recognised:
    """Return the calls that were answered as messages from the caller to the called one."""
    del clock  # times are read with the other columns
    raw = _answered(_without_types(_with_start(raw)))
    columns = raw.columns
    mapping = {
        "sender": pick(columns, *CALLER) or "",
        "receiver": pick(columns, *CALLEE) or "",
        "at": pick(columns, *STARTED) or "",
        **mapping_of(columns, IDS),
    }
    for side in ("sender", "receiver"):
        raw = _numbers_in_one_form(raw, mapping[side])
    raw = _with_outside(raw, mapping["sender"], mapping["receiver"])
    mapping |= dict(zip(("sender_outside", "receiver_outside"), OUTSIDE, strict=True))
    return Recognised(SYSTEM, "messages", raw, mapping)


def _with_start(raw: RawTable) -> RawTable:
    if pick(raw.columns, *STARTED):
        return raw
    day, time = pick(raw.columns, *DAY) or "", pick(raw.columns, *TIME_OF_DAY) or ""
    days = raw.column(day)
    if pa.types.is_timestamp(days.type):
        days = pc.strftime(days, format="%Y-%m-%d")
    joined = pc.binary_join_element_wise(days, pc.cast(raw.column(time), pa.string()), " ")
    return replace(raw, table=raw.table.append_column("date time", joined))


def _without_types(raw: RawTable) -> RawTable:
    # Cisco writes the types of the columns (INTEGER, VARCHAR(50)) below the header
    started = raw.column(pick(raw.columns, *STARTED) or "")
    if not pa.types.is_string(started.type):
        return raw
    is_type = pc.fill_null(pc.equal(pc.utf8_upper(started), "INTEGER"), False)
    return raw.only(pc.invert(is_type).to_numpy(zero_copy_only=False))


def _answered(raw: RawTable) -> RawTable:
    talked = pc.cast(raw.column(pick(raw.columns, *TALKED) or ""), pa.string())
    silent = pc.fill_null(pc.match_substring_regex(talked, _NO_TALK), True)
    name = pick(raw.columns, *STATUS)
    if name is not None:
        said = pc.cast(raw.column(name), pa.string()).dictionary_encode()
        marks = [_was_answered(mark) for mark in said.dictionary.to_pylist()]
        known = pa.array(marks, pa.bool_()).take(said.indices)
        silent = pc.coalesce(pc.invert(known), silent)
    count = int(pc.sum(silent).as_py() or 0)
    if not count:
        return raw
    note = f"{raw.name}: {count} calls that nobody answered were left out."
    kept = raw.only(pc.invert(silent).to_numpy(zero_copy_only=False))
    return replace(kept, warnings=(*raw.warnings, note))


def _was_answered(mark: str) -> bool | None:
    word = folded(mark)
    return True if word in _ANSWERED else False if word in _MISSED else None


def _numbers_in_one_form(raw: RawTable, name: str) -> RawTable:
    """Keep the number of 'Ann Lee (101)', without the signs that people set between digits."""
    text = pc.cast(raw.column(name), pa.string())
    text = pc.replace_substring_regex(text, r"^(?i:sips?|tel):", "")
    text = pc.replace_substring_regex(text, _NUMBER_IN_BRACKETS, r"\1")
    text = pc.replace_substring_regex(text, r"^(?i:ext)\.?\s*", "")
    is_number = pc.match_substring_regex(text, r"^[+*#\d][\d\s\-/().]*$")
    plain = pc.replace_substring_regex(text, r"[\s\-/().]", "")
    # 0049 and +49 are one prefix
    plain = pc.replace_substring_regex(plain, r"^00", "+")
    place = raw.columns.index(name)
    column = pc.if_else(is_number, plain, text)
    return replace(raw, table=raw.table.set_column(place, name, column))


def _with_outside(raw: RawTable, caller: str, callee: str) -> RawTable:
    """Say which end is outside: by the direction, the type of the end, else by its number."""
    name = pick(raw.columns, *DIRECTION)
    directions = pc.cast(raw.column(name), pa.string()).to_pylist() if name else []
    known = [_DIRECTIONS.get(folded(text or "")) for text in directions]
    table = raw.table
    for end, (side, column) in enumerate((("sender", caller), ("receiver", callee))):
        numbers = raw.column(column)
        flag = pc.invert(pc.match_substring_regex(numbers, _EXTENSION))
        is_address = pc.match_substring(numbers, "@")
        flag = pc.if_else(is_address, pa.scalar(None, pa.bool_()), flag)
        type_ = pick(raw.columns, *TYPES[side])
        if type_ is not None:
            flag = pc.coalesce(_outside_by_type(raw.column(type_)), flag)
        if known:
            said = pa.array([pair[end] if pair else None for pair in known], pa.bool_())
            flag = pc.coalesce(said, flag)
        table = table.append_column(OUTSIDE[end], pc.cast(flag, pa.string()))
    return replace(raw, table=table)


def _outside_by_type(types: pa.Array) -> pa.Array:
    words = pc.utf8_lower(pc.cast(types, pa.string()))
    is_line = pc.match_substring_regex(words, "line|external|trunk")
    is_inside = pc.match_substring_regex(words, "extension|queue|ring|ivr|voicemail")
    return pc.if_else(is_line, True, pc.if_else(is_inside, False, pa.scalar(None, pa.bool_())))
