"""OTRS and Znuny: the history of tickets.

Reads ticket_history joined with the names of queue, owner and state (TicketNumber or TicketID,
HistoryType, CreateTime, CreateBy, Queue, Owner, State; German Ticketnummer, Historientyp, Erstellt,
Erstellt von, Queue, Besitzer, Status). Every row holds owner, queue and state as of then.
"""

from collections.abc import Sequence

from leitweg.sources.clocks import Clock
from leitweg.sources.raw import RawTable
from leitweg.sources.recognised.recognised import Recognised, has_all, mapping_of

SYSTEM = "OTRS/Znuny ticket history"

COLUMNS = {
    "case_id": ("ticket number", "ticketnumber", "tn", "ticket id", "ticketnummer"),
    "at": ("create time", "createtime", "created", "erstellt", "erstellt am", "erstellzeit"),
    "activity": ("history type", "historytype", "historientyp", "historie typ"),
    "unit": ("queue", "queue name", "warteschlange", "queue id"),
    "person": ("owner", "owner name", "besitzer", "owner id", "create by", "createby"),
    "lifecycle": ("state", "state name", "status", "ticket status", "state id"),
    "priority": ("priority", "prioritat"),
    "customer": ("customer id", "customer", "kundennummer", "customer user id", "kunde"),
    "kind": ("type", "ticket type", "typ"),
}
# open: an agent has answered or taken it; both closings are what the customer waited for
STATES = {"*/open": "working", "*/offen": "working"}


def matches(columns: Sequence[str]) -> bool:
    """Say whether these are the columns of an OTRS or Znuny ticket history."""
    wanted = (COLUMNS[name] for name in ("case_id", "at", "activity", "unit", "person"))
    return has_all(columns, *wanted)


def recognise(raw: RawTable, clock: Clock) -> Recognised:
    """Return the mapping of an OTRS or Znuny ticket history."""
    del clock  # times are read with the other columns
    return Recognised(SYSTEM, "events", raw, mapping_of(raw.columns, COLUMNS), states=STATES)
