"""The one door of this room: a path becomes canonical rows and a report on how."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from leitweg.domain.errors import SourceError
from leitweg.domain.imports import ImportOptions, Reading
from leitweg.domain.progress import Progress, silent
from leitweg.sources.absence_tables import read_absences
from leitweg.sources.case_tables import read_cases
from leitweg.sources.clocks import Clock
from leitweg.sources.event_tables import read_events
from leitweg.sources.joined_readings import with_people
from leitweg.sources.kinds import kind_of, mapped_as, mapping_for
from leitweg.sources.mail import read_mail
from leitweg.sources.mail_stream import is_mail
from leitweg.sources.mapping import Mapped
from leitweg.sources.message_tables import read_messages
from leitweg.sources.network_files import is_network, read_network
from leitweg.sources.ocel import is_ocel, read_ocel
from leitweg.sources.opening import open_source
from leitweg.sources.people_tables import read_people, read_units
from leitweg.sources.raw import RawTable, cleaned
from leitweg.sources.recognised.exports import recognise
from leitweg.sources.recognised.recognised import Recognised
from leitweg.sources.row_numbers import with_row_numbers
from leitweg.sources.slack import read_slack
from leitweg.sources.slack_files import slack_files
from leitweg.sources.source_file import SourceFile
from leitweg.sources.staff_tables import read_positions, read_skills
from leitweg.sources.text_tables import read_text_table
from leitweg.sources.tie_tables import read_ties
from leitweg.sources.typed_tables import read_parquet, read_workbook
from leitweg.sources.xes import read_xes

STAFF_KINDS = ("positions", "qualifications", "requirements", "absences", "ties")
TABLE_KINDS = ("events", "cases", "units", "people", "messages", *STAFF_KINDS)
READ_KINDS = ("auto", *TABLE_KINDS, "xes", "ocel", "mbox", "slack", "viva")
KNOWN_KINDS = (
    *READ_KINDS,
    *("feedback", "answers", "ratings"),
)
_CHATS = ("auto", "messages", "slack")
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
# with one of these the user describes the columns alone: no known export overrules it
_OWN_MAPPING = frozenset(
    {"case_id", "at", "order", "path", "person", "unit", "sender", "receiver", "from", "to"}
)


def read(
    path: Path,
    options: ImportOptions,
    *,
    progress: Progress = silent,
    now_us: int | None = None,
) -> list[Reading]:
    """Read a path: a file, an archive, or a folder.

    Parameters
    ----------
    path
        What the user named.
    options
        Everything the user said about it.
    progress
        Told how far the reading is.
    now_us
        The present time (microseconds UTC), by which dates in the future are told; None asks
        the clock of the machine.

    Returns
    -------
    list of Reading
        One per file behind the path, in the order of their names; a chat and all mails are one
        each, last.

    Raises
    ------
    SourceError
        For every file that cannot be read or mapped: what, where, and what to do. Nothing of the
        path is then read.
    """
    check_kind(options.kind)
    now = time.time_ns() // 1000 if now_us is None else now_us
    clock = Clock(now, options.time_zone, options.day_first)
    sources = list(open_source(path))
    chats = slack_files(sources, asked=options.kind == "slack") if options.kind in _CHATS else []
    # a chat and mails are one set each, however many files they lie in
    mails, others = _split(sources, chats, options.kind)
    readings = [_read_file(source, options, clock, progress) for source in others]
    if chats or options.kind == "slack":
        readings.append(read_slack(chats or sources, options, progress, now_us=now))
    if mails:
        readings.append(read_mail(mails, options, progress, now_us=now))
    return readings


def _split(
    sources: Sequence[SourceFile], chats: Sequence[SourceFile], kind: str
) -> tuple[list[SourceFile], list[SourceFile]]:
    """Return the mails and all other files that are not part of a chat."""
    taken = {source.name for source in chats}
    mails: list[SourceFile] = []
    others: list[SourceFile] = []
    for source in sources:
        if source.name not in taken and kind != "slack":
            (mails if _is_mail(source, kind) else others).append(source)
    return mails, others


def _is_mail(source: SourceFile, kind: str) -> bool:
    return kind == "mbox" or (kind in ("auto", "messages") and form_of(source) == "mail")


def check_kind(kind: str) -> None:
    """Raise where a kind of file is not known or not read.

    Raises
    ------
    SourceError
        unknown-kind, kind-not-read.
    """
    if kind not in KNOWN_KINDS:
        raise SourceError(
            f"--kind: '{kind}' is not a kind of file. Use one of {', '.join(READ_KINDS)}.",
            code="unknown-kind",
            kind=kind,
        )
    if kind not in READ_KINDS:
        raise SourceError(
            f"--kind: kind '{kind}' is not read by this version. It reads {', '.join(READ_KINDS)}.",
            code="kind-not-read",
            kind=kind,
        )


def _read_file(
    source: SourceFile, options: ImportOptions, clock: Clock, progress: Progress
) -> Reading:
    if options.kind == "ocel" or (options.kind in ("auto", "events") and is_ocel(source)):
        return read_ocel(source, options, clock, progress)
    if options.kind in ("auto", "ties", "people") and is_network(source):
        return read_network(source, options, clock, progress)
    form = form_of(source)
    if options.kind == "xes" or (form == "xml" and options.kind in ("auto", "events")):
        return read_xes(source, options, progress, now_us=clock.now_us)
    if form == "parquet":
        raw = read_parquet(source)
    elif form == "workbook":
        raw = read_workbook(source, progress)
    else:
        raw = read_text_table(source, progress)
    return read_table(source, cleaned(raw, options.missing), options, clock)


def form_of(source: SourceFile) -> str:
    """Return ``parquet``, ``workbook``, ``xml``, ``mail`` or ``text``, told by the first bytes.

    Raises
    ------
    SourceError
        old-workbook for the format of Excel before 2007.
    """
    head = source.head(4096)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK"):
        return "workbook"
    if head.startswith(_OLD_WORKBOOK):
        raise SourceError(
            f"{source.name}: it is a workbook of the old format (xls). Save it as xlsx or CSV.",
            code="old-workbook",
            path=source.name,
        )
    # the letters of UTF-16 lie between zero bytes
    plain = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if plain.startswith((b"<?xml", b"<log", b"<!DOCTYPE", b"<!--")):
        return "xml"
    return "mail" if is_mail(head) else "text"


def read_table(source: SourceFile, raw: RawTable, options: ImportOptions, clock: Clock) -> Reading:
    """Read the rows of a table: of a known export, or by the names of its columns."""
    raw, mapping = with_row_numbers(raw, options.mapping)
    options = replace(options, mapping=mapping)
    if not _OWN_MAPPING & set(options.mapping):
        known = recognise(raw, options.kind, clock)
        if known is not None:
            return _read_known(source, known, options, clock)
    kind = options.kind
    if kind == "viva":
        raise _not_viva(raw)
    if kind == "auto":
        kind = kind_of(raw, options.mapping)
        options = replace(options, mapping=mapping_for(kind, options.mapping))
    return _read_kind(source, kind, raw, options, clock)


def _read_known(
    source: SourceFile, known: Recognised, options: ImportOptions, clock: Clock
) -> Reading:
    options = replace(
        options,
        mapping=_known_mapping(known, options),
        states={**options.states, **known.states, **options.states},
    )
    clock = replace(clock, time_zone=known.time_zone or clock.time_zone)
    note = f"{known.raw.name}: recognised as {known.system}."
    raw = replace(known.raw, warnings=(note, *known.raw.warnings))
    reading = _read_kind(source, known.kind, raw, options, clock)
    if known.people is None:
        return reading
    mapped = mapped_as(known.people, "people", {"person": "person", "unit": "unit"})
    people = read_people(source, known.people, mapped, options, clock)
    return replace(with_people(reading, people), rows_read=reading.rows_read)


def _not_viva(raw: RawTable) -> SourceError:
    return SourceError(
        f"{raw.name}: this is no person-to-person or group-to-group query of Viva Insights "
        f"({', '.join(raw.columns)}). Export such a query, or import the table with --kind ties.",
        code="not-viva",
        path=raw.name,
        columns=raw.columns,
    )


def _known_mapping(known: Recognised, options: ImportOptions) -> dict[str, str]:
    # another value than the known one is no longer the relation of that name
    other = {"relation"} if "value" in options.mapping else set()
    return {n: c for n, c in known.mapping.items() if n not in other} | options.mapping


def _read_kind(
    source: SourceFile, kind: str, raw: RawTable, options: ImportOptions, clock: Clock
) -> Reading:
    mapped = mapped_as(raw, kind, options.mapping)
    if kind == "events":
        return read_events(source, raw, mapped, options, clock)
    if kind == "cases":
        return read_cases(source, raw, mapped, options, clock)
    if kind == "people":
        return read_people(source, raw, mapped, options, clock)
    if kind == "messages":
        return read_messages(source, raw, mapped, options, clock)
    if kind in STAFF_KINDS:
        return _read_staff(source, kind, raw, mapped, options, clock)
    return read_units(source, raw, mapped)


def _read_staff(
    source: SourceFile,
    kind: str,
    raw: RawTable,
    mapped: Mapped,
    options: ImportOptions,
    clock: Clock,
) -> Reading:
    if kind == "ties":
        return read_ties(source, raw, mapped, options)
    if kind == "positions":
        return read_positions(source, raw, mapped)
    if kind == "absences":
        return read_absences(source, raw, mapped, clock)
    return read_skills(source, kind, raw, mapped)
