"""ServiceNow: the audit of a table (sys_audit).

Reads sys_audit with its field names (tablename, documentkey, fieldname, oldvalue, newvalue, user,
sys_created_on) and with the labels of a list export (Document key, Field name, Old value, New
value, User, Created; German Dokumentenschlüssel, Feldname, Alter Wert, Neuer Wert, Benutzer,
Erstellt). Values are ids or shown names, as exported.
"""

from collections.abc import Sequence

from leitweg.sources.clocks import Clock
from leitweg.sources.raw import RawTable
from leitweg.sources.recognised.holder_changes import Layout, events_from_changes
from leitweg.sources.recognised.recognised import Recognised, has_all, pick

SYSTEM = "ServiceNow audit"

CASE = ("documentkey", "document key", "dokumentenschlussel", "dokumentschlussel")
AT = ("sys created on", "created", "erstellt", "erstellt am")
FIELD = ("fieldname", "field name", "feldname")
OLD = ("oldvalue", "old value", "alter wert")
NEW = ("newvalue", "new value", "neuer wert")
FIELDS = {
    "assigned to": "person",
    "zugewiesen an": "person",
    "assignment group": "unit",
    "zuweisungsgruppe": "unit",
    "state": "lifecycle",
    "status": "lifecycle",
    "incident state": "lifecycle",
}
# the codes of the state of an incident as delivered
STATES: dict[str, str | None] = {
    "1": "New",
    "2": "In Progress",
    "3": "On Hold",
    "6": "Resolved",
    "7": "Closed",
    "8": "Canceled",
}


def matches(columns: Sequence[str]) -> bool:
    """Say whether these are the columns of a ServiceNow audit."""
    return has_all(columns, CASE, AT, FIELD, OLD, NEW)


def recognise(raw: RawTable, clock: Clock) -> Recognised:
    """Return the events of a ServiceNow audit: each by the assignee and group from then on."""
    columns = raw.columns
    layout = Layout(
        case_id=pick(columns, *CASE) or "",
        at=pick(columns, *AT) or "",
        field=pick(columns, *FIELD) or "",
        old=pick(columns, *OLD) or "",
        new=pick(columns, *NEW) or "",
        fields=FIELDS,
        values={"lifecycle": STATES},
    )
    events, mapping = events_from_changes(raw, layout, clock)
    return Recognised(SYSTEM, "events", events, mapping)
