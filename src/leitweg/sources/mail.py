"""How mails become messages, one row per receiver, from their headers alone."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from zoneinfo import ZoneInfo

import pyarrow as pa

from leitweg.domain.errors import SourceError
from leitweg.domain.imports import ImportOptions, Reading, Reject
from leitweg.domain.progress import Progress
from leitweg.domain.tables import MESSAGES
from leitweg.sources.accounts import outside, own_domain
from leitweg.sources.case_rows import table_of
from leitweg.sources.clocks import EARLIEST_US, TOLERANCE_US
from leitweg.sources.machines import machine_people, machine_warning, propose_machines
from leitweg.sources.mail_headers import addresses, message_ids, sent_at_us
from leitweg.sources.mail_stream import Headers, mail_headers
from leitweg.sources.mail_threads import Threads
from leitweg.sources.source_file import SourceFile
from leitweg.sources.zones import zone_named

KINDS = ("to", "cc", "bcc")
MAPPING = {
    "message": "Message-ID",
    "thread": "References",
    "at": "Date",
    "sender": "From",
    "receiver": "To, Cc, Bcc",
    "reply_to": "In-Reply-To",
}


@dataclass
class _Mail:
    """One mail: who sent it when to whom, and what it answers (oldest ancestor first)."""

    message: str
    at_us: int
    sender: str
    receivers: dict[str, str]
    ancestors: list[str]
    reply_to: str | None
    automatic: bool


@dataclass
class _Mails:
    """The mails of an import so far, each once, and what was not taken."""

    taken: dict[str, _Mail] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    read: int = 0
    copies: int = 0
    unnamed: int = 0

    def add(self, mail: _Mail) -> None:
        known = self.taken.get(mail.message)
        if known is None:
            self.taken[mail.message] = mail
            return
        # the copy of the sender may name receivers (bcc) that the copy of a receiver does not
        self.copies += 1
        known.receivers = {**mail.receivers, **known.receivers}


def read_mbox(
    source: SourceFile, options: ImportOptions, progress: Progress, *, now_us: int | None = None
) -> Reading:
    """Read one mbox file or one mail (EML); see `read_mail`."""
    return read_mail([source], options, progress, now_us=now_us)


def read_mail(
    sources: Sequence[SourceFile],
    options: ImportOptions,
    progress: Progress,
    *,
    now_us: int | None = None,
) -> Reading:
    """Read mbox files and mails (EML) as one set into the table ``messages``.

    Parameters
    ----------
    sources
        The files, in a fixed order; threads are joined across them.
    options
        ``time_zone`` holds for dates that name none, ``machines`` and ``front`` as everywhere.
    progress
        Told the bytes read.
    now_us
        The present time in microseconds UTC (default: the clock of the machine); later mails are
        rejected.

    Returns
    -------
    Reading
        Of kind ``mbox``. One row per receiver. The thread is the id of the mail it began with,
        null throughout where no mail answers another. Subjects and bodies are not read. Rows of
        rejects are numbers of mails from 1.

    Raises
    ------
    SourceError
        not-mail, no-usable-rows, field-too-large, unknown-time-zone; and what the streams raise.
    """
    zone = zone_named(options.time_zone) if options.time_zone else None
    moment = time.time_ns() // 1000 if now_us is None else now_us
    mails = _Mails()
    for headers in _all_headers(sources, progress):
        mails.read += 1
        _take(mails, headers, zone, moment)
    name = sources[0].name if len(sources) == 1 else f"{sources[0].path.name} and others"
    if not mails.taken:
        raise _nothing_usable(name, mails)
    return _reading(sources[0], name, mails, options)


def _all_headers(sources: Sequence[SourceFile], progress: Progress) -> Iterator[Headers]:
    for source in sources:
        yield from mail_headers(source, progress)


def _take(mails: _Mails, headers: Headers, zone: ZoneInfo | None, now_us: int) -> None:
    date = " ".join(headers.get("date", [""])[:1])
    at_us = sent_at_us(date, zone)
    senders = addresses(headers.get("from", [])) or addresses(headers.get("sender", []))
    receivers = _receivers(headers)
    fault = _fault(at_us, date, senders, receivers, now_us)
    if fault:
        mails.rejects.append(Reject(mails.read, *fault))
    if fault or at_us is None:
        return
    named = message_ids(headers.get("message-id", []))[:1]
    references = message_ids(headers.get("references", []))
    answered = message_ids(headers.get("in-reply-to", []))
    mails.unnamed += not named
    message = named[0] if named else _made_id(at_us, senders[0], receivers, references)
    reply_to = next((i for i in [*answered[:1], *references[::-1]] if i != message), None)
    ancestors = [i for i in dict.fromkeys([*references, *answered[:1]]) if i != message]
    automatic = headers.get("auto-submitted", [""])[0].lower().startswith("auto-generated")
    mails.add(_Mail(message, at_us, senders[0], receivers, ancestors, reply_to, automatic))


def _receivers(headers: Headers) -> dict[str, str]:
    receivers: dict[str, str] = {}
    for kind in KINDS:
        for address in addresses(headers.get(kind, [])):
            receivers.setdefault(address, kind)
    return receivers


def _fault(
    at_us: int | None, date: str, senders: list[str], receivers: dict[str, str], now_us: int
) -> tuple[str, str, str] | None:
    text = date[:200]
    if not date:
        return "Date", "the time is missing", ""
    if at_us is None:
        return "Date", "not a time with a zone, or a date that does not exist", text
    if at_us < EARLIEST_US:
        return "Date", "a default date (before 1980)", text
    if at_us > now_us + TOLERANCE_US:
        return "Date", "a date in the future", text
    if not senders:
        return "From", "the sender is missing", ""
    if not receivers:
        return "To", "the receiver is missing", ""
    return None


def _made_id(at_us: int, sender: str, receivers: dict[str, str], references: list[str]) -> str:
    text = repr((at_us, sender, sorted(receivers), references))
    return "mail-" + blake2b(text.encode(), digest_size=8).hexdigest()


def _nothing_usable(name: str, mails: _Mails) -> SourceError:
    first = mails.rejects[0] if mails.rejects else Reject(1, "From", "there is no mail")
    return SourceError(
        f"{name}: no mail can be used; mail {first.row}, header '{first.column}': {first.reason}. "
        "Export the mails with their full headers; name the zone of bare times with --time-zone.",
        code="no-usable-rows",
        path=name,
        row=first.row,
        column=first.column,
    )


def _columns(mails: _Mails) -> dict[str, pa.Array]:
    threads = Threads()
    for mail in mails.taken.values():
        threads.add(mail.message, mail.at_us, mail.ancestors)
    answering = any(mail.ancestors for mail in mails.taken.values())
    roots = threads.roots() if answering else {}
    rows = [
        (m.message, roots.get(m.message), m.at_us, m.sender, receiver, kind, m.reply_to)
        for m in mails.taken.values()
        for receiver, kind in m.receivers.items()
    ]
    names = ("message", "thread", "at_us", "sender", "receiver", "kind", "reply_to")
    types = (pa.int64() if name == "at_us" else pa.string() for name in names)
    columns = zip(*rows, strict=True)
    return {n: pa.array(c, t) for n, c, t in zip(names, columns, types, strict=True)}


def _reading(source: SourceFile, name: str, mails: _Mails, options: ImportOptions) -> Reading:
    columns = _columns(mails)
    domain, domain_notes = own_domain(name, columns["sender"])
    columns["sender_outside"] = outside(columns["sender"], domain)
    columns["receiver_outside"] = outside(columns["receiver"], domain)
    accounts = sorted({*columns["sender"].to_pylist(), *columns["receiver"].to_pylist()})
    people, machine_notes = machine_people(options.machines, accounts, name)
    machines = _machines(mails, columns, options)
    tables = {"messages": table_of(MESSAGES, columns, len(columns["receiver"]))}
    return Reading(
        path=source.path,
        kind="mbox",
        tables=tables | ({"people": people} if people is not None else {}),
        rows_read=mails.read,
        rejects=tuple(mails.rejects),
        mapping=dict(MAPPING),
        warnings=(
            *_notes(name, mails, columns),
            *domain_notes,
            *machine_notes,
            *machine_warning(name, machines),
        ),
        machine_proposals=machines,
    )


def _machines(
    mails: _Mails, columns: dict[str, pa.Array], options: ImportOptions
) -> tuple[str, ...]:
    by_name = propose_machines(columns["sender"], columns["at_us"], columns["receiver"])
    # who only ever sends what a machine made is one; a person's absence note is 'auto-replied'
    by_hand = {mail.sender for mail in mails.taken.values() if not mail.automatic}
    only_automatic = {mail.sender for mail in mails.taken.values()} - by_hand
    named = {account.casefold() for account in options.machines}
    return tuple(sorted(a for a in {*by_name, *only_automatic} if a.casefold() not in named))


def _notes(name: str, mails: _Mails, columns: dict[str, pa.Array]) -> tuple[str, ...]:
    notes = []
    if mails.copies:
        notes.append(
            f"{name}: {mails.copies:,} mails are copies of another one; each mail counts once."
        )
    if mails.unnamed:
        notes.append(
            f"{name}: {mails.unnamed:,} mails have no Message-ID; they got ids made from their "
            "headers."
        )
    if columns["thread"].null_count == len(columns["thread"]):
        notes.append(
            f"{name}: no mail names one that it answers (In-Reply-To, References): threads are "
            "unknown, so figures of cases stay empty."
        )
    return tuple(notes)
