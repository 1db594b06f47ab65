"""Microsoft 365: the message trace of Exchange Online.

Reads the downloadable reports (enhanced summary: origin_timestamp_utc, sender_address,
recipient_status, message_id, …; extended: date_time_utc, sender_address, recipient_address,
event_id, message_id, …) and the list (Received, Sender Address, Recipient Address, MessageId, …;
German Empfangen, Absenderadresse, Empfängeradresse). Times are in UTC. Subjects are not read.
"""

from collections.abc import Sequence
from dataclasses import replace

import pyarrow.compute as pc

from leitweg.sources.clocks import Clock
from leitweg.sources.raw import RawTable
from leitweg.sources.recognised.recognised import Recognised, has_all, mapping_of, pick

SYSTEM = "Microsoft 365 message trace"

COLUMNS = {
    "at": (
        "origin timestamp utc", "origin timestamp", "date time utc", "date time", "received",
        "received utc", "empfangen", "datum utc", "datum",
    ),
    "sender": ("sender address", "senderaddress", "absenderadresse"),
    "receiver": (
        "recipient status", "recipient address", "recipientaddress", "empfangeradresse",
        "empfangerstatus",
    ),
    "message": ("message id", "messageid", "nachrichten id", "network message id"),
}  # fmt: skip


def matches(columns: Sequence[str]) -> bool:
    """Say whether these are the columns of a message trace."""
    wanted = (COLUMNS[name] for name in ("at", "sender", "receiver"))
    return has_all(columns, *wanted)


def recognise(raw: RawTable, clock: Clock) -> Recognised:
    """Return the mapping of a message trace; of the extended report one row per receipt."""
    del clock  # the service writes all times in UTC
    mapping = mapping_of(raw.columns, COLUMNS)
    return Recognised(SYSTEM, "messages", _receipts(raw), mapping, time_zone="UTC")


def _receipts(raw: RawTable) -> RawTable:
    name = pick(raw.columns, "event id")
    if name is None:
        return raw
    is_receipt = pc.fill_null(pc.equal(pc.utf8_upper(raw.column(name)), "RECEIVE"), False)
    count = len(raw.rows) - int(pc.sum(is_receipt).as_py() or 0)
    if count in (0, len(raw.rows)):
        return raw
    note = f"{raw.name}: {count} rows on further stations of a message were left out."
    kept = raw.only(is_receipt.to_numpy(zero_copy_only=False))
    return replace(kept, warnings=(*raw.warnings, note))
