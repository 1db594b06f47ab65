"""Zammad: the history of tickets, and the report of tickets.

Reads the history as the interface gives it (id, o_id, object, type, attribute, value_from,
value_to, id_from, id_to, created_at, created_by_id) and the table that reporting offers for
download (#, Title, State, Priority, Group, Owner, Customer, …, Created At, Closed At; German #,
Titel, Status, Priorität, Gruppe, Besitzer, Kunde, …, Erstellt am, Geschlossen am).
"""

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from leitweg.sources.clocks import Clock
from leitweg.sources.raw import RawTable
from leitweg.sources.recognised.holder_changes import Layout, events_from_changes
from leitweg.sources.recognised.recognised import Recognised, has_all, mapping_of, pick

SYSTEM = "Zammad ticket history"
REPORT = "Zammad ticket report"

CASE = ("o id", "ticket id")
FIELDS = {"owner": "person", "group": "unit", "state": "lifecycle"}
NOBODY: dict[str, str | None] = {"-": None}
OPENING = "created"
# in Zammad an agent has opened the ticket; the queue is called 'new'
STATES = {"*/open": "working", "*/offen": "working"}
REPORT_COLUMNS = {
    "opened": ("created at", "erstellt am", "erstellt"),
    "closed": ("closed at", "close at", "geschlossen am", "geschlossen um"),
    "person": ("owner", "besitzer"),
    "unit": ("group", "gruppe"),
    "customer": ("customer", "kunde"),
    "priority": ("priority", "prioritat"),
    "outcome": ("state", "status"),
    "channel": ("create channel", "kanal", "erstellungskanal"),
}


def matches(columns: Sequence[str]) -> bool:
    """Say whether these are the columns of a Zammad ticket history."""
    return has_all(columns, ("o id",), ("attribute",), ("value to",), ("created at",))


def recognise(raw: RawTable, clock: Clock) -> Recognised:
    """Return the events of a Zammad history: each by the owner and group from then on."""
    raw = _openings_named(_tickets_only(raw))
    layout = Layout(
        case_id=pick(raw.columns, *CASE) or "",
        at=pick(raw.columns, "created at") or "",
        field=pick(raw.columns, "attribute") or "",
        old=pick(raw.columns, "value from") or "",
        new=pick(raw.columns, "value to") or "",
        fields=FIELDS,
        values={"person": NOBODY, "unit": NOBODY},
        opening=OPENING,
    )
    events, mapping = events_from_changes(raw, layout, clock)
    return Recognised(SYSTEM, "events", events, mapping, states=STATES)


def _tickets_only(raw: RawTable) -> RawTable:
    name = pick(raw.columns, "object", "history object")
    if name is None:
        return raw
    is_ticket = pc.fill_null(pc.equal(raw.column(name), "Ticket"), False)
    count = len(raw.rows) - int(pc.sum(is_ticket).as_py() or 0)
    note = f"{raw.name}: {count} rows on articles and other objects were left out."
    kept = raw.only(is_ticket.to_numpy(zero_copy_only=False))
    return replace(kept, warnings=(*raw.warnings, note)) if count else raw


def _openings_named(raw: RawTable) -> RawTable:
    # the row that opens a ticket changes no attribute; its type says what it is
    kind, name = pick(raw.columns, "type", "history type"), pick(raw.columns, "attribute")
    if kind is None or name is None:
        return raw
    attribute = raw.column(name)
    opens = pc.and_(pc.is_null(attribute), pc.equal(raw.column(kind), OPENING))
    named = pc.if_else(pc.fill_null(opens, False), pa.scalar(OPENING), attribute)
    return replace(raw, table=raw.table.set_column(raw.columns.index(name), name, named))


def report_matches(columns: Sequence[str]) -> bool:
    """Say whether these are the columns of a Zammad ticket report."""
    wanted = (REPORT_COLUMNS[name] for name in ("opened", "person", "unit", "customer"))
    return "#" in columns and has_all(columns, *wanted)


def recognise_report(raw: RawTable, clock: Clock) -> Recognised:
    """Return the mapping of a Zammad ticket report: one row per ticket."""
    del clock  # the report names no zone of its own: the user says it
    owner = pick(raw.columns, *REPORT_COLUMNS["person"]) or ""
    values = raw.column(owner)
    nobody = pc.if_else(pc.equal(values, "-"), pa.scalar(None, pa.string()), values)
    raw = replace(raw, table=raw.table.set_column(raw.columns.index(owner), owner, nobody))
    mapping = {"case_id": "#", **mapping_of(raw.columns, REPORT_COLUMNS)}
    return Recognised(REPORT, "cases", raw, mapping)
