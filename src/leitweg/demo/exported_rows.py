"""The rows of the demo company's exports, as text, before they are written to files.

Events come from a request system: in German with dd.mm.yyyy and local time, in English with ISO
times and their offset. Units come as a list, messages as a message trace of the mail server (UTC,
English headers in any language).
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leitweg.demo.clock import RESOLVING
from leitweg.demo.company import GeneratedLog
from leitweg.demo.demo_company import DOMAIN, LEGAL, TOPIC_NAMES, UNIT_NAMES
from leitweg.demo.mails import REPLY_NAMED, Mails
from leitweg.demo.requests import CHANNEL_NAMES, KIND_NAMES, PRIORITY_NAMES, Requests
from leitweg.demo.staff import Person

EVENT_HEADERS = {
    "de": (
        "Vorgangsnummer Beginn Ende Bearbeiter Abteilung Tätigkeit Status Eröffnet_am Thema "
        "Vorgangsart Kanal Priorität Kundennummer"
    ),
    "en": (
        "Case_ID Start_time End_time Agent Department Activity Status Opened_at Topic "
        "Case_type Channel Priority Customer_ID"
    ),
}
UNIT_HEADERS = {
    "de": "Abteilung Bezeichnung Übergeordnete_Einheit",
    "en": "Department Name Parent_unit",
}
MESSAGE_HEADERS = "Received SenderAddress RecipientAddress Status Size MessageId InReplyTo"
ACTIVITY_NAMES = {
    "de": ("Anliegen aufnehmen", "Anliegen bearbeiten", "Anliegen abschließen"),
    "en": ("Take request", "Work on request", "Finish request"),
}
STATUS_NAMES = {"de": ("in Bearbeitung", "gelöst"), "en": ("In Progress", "Resolved")}


def headers(text: str) -> list[str]:
    """Return the column names of a list; an underscore stands for a space."""
    return [name.replace("_", " ") for name in text.split()]


def event_rows(
    log: GeneratedLog, requests: Requests, staff: Sequence[Person], language: str
) -> pa.Table:
    """Return the event export: one row per piece of work, in the order they ended."""
    order = np.argsort(log.at_us, kind="stable")
    case, unit = log.case[order], log.unit[order]
    first = np.isin(order, log.first_row[:-1])
    last = log.activity[order] == RESOLVING
    columns = (
        _take([f"V-{200_000 + i}" for i in range(len(log.opened_us))], case),
        clock_times(log.started_us[order], language, log.plan.time_zone),
        clock_times(log.at_us[order], language, log.plan.time_zone),
        _take([p.account for p in staff], log.person[order]),
        _take(UNIT_NAMES[language], unit),
        _take(ACTIVITY_NAMES[language], np.select([first, last], [0, 2], 1)),
        _take(STATUS_NAMES[language], last.astype(np.int64)),
        clock_times(log.opened_us[case], language, log.plan.time_zone),
        _take(TOPIC_NAMES[language], log.topic[case]),
        _take(KIND_NAMES[language], requests.kind[case]),
        _take(CHANNEL_NAMES[language], requests.channel[case]),
        _take(PRIORITY_NAMES[language], requests.priority[case]),
        pc.cast(pa.array(requests.customer[case]), pa.string()),
    )
    return pa.table(columns, names=headers(EVENT_HEADERS[language]))


def _take(names: Sequence[str], index: npt.NDArray[Any]) -> pa.Array:
    return pc.take(pa.array(names, pa.string()), pa.array(index))


def clock_times(at_us: npt.NDArray[np.int64], language: str, zone: str) -> pa.Array:
    """Return times as the export writes them: whole seconds, local; in English with the offset."""
    offsets = _offset_us(at_us, ZoneInfo(zone))
    local = pa.array((at_us + offsets) // 1_000_000, pa.timestamp("s"))
    if language == "de":
        return pc.strftime(local, format="%d.%m.%Y %H:%M:%S")
    hours = offsets // 3_600_000_000
    signs = _take(["+00:00", "+01:00", "+02:00"], hours)
    return pc.binary_join_element_wise(pc.strftime(local, format="%Y-%m-%dT%H:%M:%S"), signs, "")


def _offset_us(at_us: npt.NDArray[np.int64], zone: ZoneInfo) -> npt.NDArray[np.int64]:
    """Return the offset from UTC at each time; clocks change on whole hours."""
    hours, place = np.unique(at_us // 3_600_000_000, return_inverse=True)
    utc = dt.UTC
    moments = [dt.datetime.fromtimestamp(int(h) * 3600, utc).astimezone(zone) for h in hours]
    offsets = [(m.utcoffset() or dt.timedelta()) // dt.timedelta(microseconds=1) for m in moments]
    return np.array(offsets, np.int64)[place]


def unit_rows(language: str) -> pa.Table:
    """Return the list of units: all report to the management."""
    names = UNIT_NAMES[language]
    parents = ["" if unit == LEGAL else names[LEGAL] for unit in range(len(names))]
    return pa.table([names, names, parents], names=headers(UNIT_HEADERS[language]))


def message_rows(mails: Mails, seed: int) -> pa.Table:
    """Return the message trace: one row per mail and receiver, in the order they were sent."""
    rng = np.random.default_rng((seed, 41))
    n = len(mails.sender)
    ids = [f"<{rng.integers(1 << 60):015x}.{i}@mail.{DOMAIN}>" for i in range(n)]
    named = (mails.reply_to >= 0) & (rng.random(n) < REPLY_NAMED)
    replies = [ids[r] if ok else "" for r, ok in zip(mails.reply_to, named, strict=True)]
    mail = np.repeat(np.arange(n), [len(r) for r in mails.receivers])
    sent = pa.array(mails.at_us // 1_000_000, pa.timestamp("s"))
    columns = (
        pc.strftime(sent, format="%Y-%m-%dT%H:%M:%SZ").take(pa.array(mail)),
        _take(mails.sender, mail),
        pa.array([r for receivers in mails.receivers for r in receivers]),
        pa.repeat("Delivered", len(mail)),
        pa.array(np.exp(rng.normal(9.9, 1.0, n)).astype(np.int64)[mail]),
        _take(ids, mail),
        _take(replies, mail),
    )
    return pa.table(columns, names=headers(MESSAGE_HEADERS))
