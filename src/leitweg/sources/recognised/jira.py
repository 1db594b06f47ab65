"""Jira: the history of issues.

Reads the data pipeline's ``issue_history`` (issue_id, changelog_id, author_id, author_key,
created_date, field, field_type, from, from_string, to, to_string) and the CSV of history apps
(Issue key, Author, Created, Field, From, To; German Vorgangsschlüssel, Autor, Erstellt, Feld,
Von, Nach).
"""

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from leitweg.sources.clocks import Clock
from leitweg.sources.raw import RawTable
from leitweg.sources.recognised.holder_changes import Layout, events_from_changes
from leitweg.sources.recognised.recognised import Recognised, has_all, pick
from leitweg.sources.words import folded

SYSTEM = "Jira issue history"

CASE = ("issue key", "issue id", "key", "issue", "vorgangsschlussel", "schlussel", "vorgang")
AUTHOR = ("author", "author key", "author id", "autor", "user", "benutzer")
AT = ("created", "created date", "date", "changed", "erstellt", "erstellt am", "datum", "geandert")
FIELD = ("field", "feld")
OLD = ("from string", "from", "old value", "von", "alter wert")
NEW = ("to string", "to", "new value", "nach", "zu", "neuer wert")
FIELDS = {
    "assignee": "person",
    "bearbeiter": "person",
    "zugewiesene person": "person",
    "zustandige person": "person",
    "team": "unit",
    "group": "unit",
    "assigned group": "unit",
    "assignment group": "unit",
    "support group": "unit",
    "gruppe": "unit",
    "status": "lifecycle",
}


def matches(columns: Sequence[str]) -> bool:
    """Say whether these are the columns of a Jira issue history."""
    return has_all(columns, CASE, AUTHOR, AT, FIELD, OLD, NEW)


def recognise(raw: RawTable, clock: Clock) -> Recognised:
    """Return the events of a Jira issue history: each by the assignee and team from then on."""
    columns = raw.columns
    layout = Layout(
        case_id=pick(columns, *CASE) or "",
        at=pick(columns, *AT) or "",
        field=pick(columns, *FIELD) or "",
        old=pick(columns, *OLD) or "",
        new=pick(columns, *NEW) or "",
        fields=FIELDS,
        values={},
    )
    events, mapping = events_from_changes(_with_accounts(raw, layout), layout, clock)
    return Recognised(SYSTEM, "events", events, mapping, states={"*/open": "queued"})


def _with_accounts(raw: RawTable, layout: Layout) -> RawTable:
    """Put the account of a person in place of the display name, which two people may share."""
    changed = raw
    people = pa.array([name for name, target in FIELDS.items() if target == "person"])
    field = raw.column(layout.field).dictionary_encode()
    names = pa.array([folded(name or "") for name in field.dictionary.to_pylist()], pa.string())
    of_person = pc.is_in(names.take(field.indices), value_set=people)
    for shown, account in ((layout.old, "from"), (layout.new, "to")):
        column = pick(raw.columns, account)
        if column and column != shown:
            swap = pc.and_(of_person, pc.is_valid(raw.column(column)))
            values = pc.if_else(swap, raw.column(column), raw.column(shown))
            place = changed.columns.index(shown)
            changed = replace(changed, table=changed.table.set_column(place, shown, values))
    return changed
