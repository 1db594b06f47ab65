"""The canonical tables: one declaration for validation, storage, documentation and templates.

Times are UTC in microseconds since the epoch (``*_us``, 64-bit integers). Ids are text; a
protected workspace holds keyed pseudonyms of them (docs/methods/privacy.md).
"""

from dataclasses import dataclass

import pyarrow as pa

TEXT = pa.string()
TIME = pa.int64()
NUMBER = pa.float64()
COUNT = pa.int64()
FLAG = pa.bool_()
ATTRIBUTES = pa.map_(pa.string(), pa.string())
FEATURES = pa.list_(pa.int32())


@dataclass(frozen=True)
class Column:
    """One column: its name, its Arrow type, and what it means in one clause.

    ``personal`` names the kind of id that the entrance replaces by a pseudonym in a protected
    workspace (``person``, ``customer``, ``case``, ``message``), or is empty.
    """

    name: str
    type: pa.DataType
    meaning: str
    required: bool = False
    personal: str = ""


@dataclass(frozen=True)
class Table:
    """One canonical table."""

    name: str
    row: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    @property
    def schema(self) -> pa.Schema:
        """Arrow schema in the declared order; every column but the required ones is nullable."""
        return pa.schema([pa.field(c.name, c.type, nullable=not c.required) for c in self.columns])

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in the declared order."""
        return tuple(c.name for c in self.columns)

    def column(self, name: str) -> Column:
        """Return the column of that name; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


UNITS = Table(
    "units",
    "one organisational unit",
    (
        Column("unit", TEXT, "id of the unit", required=True),
        Column("name", TEXT, "name to show"),
        Column("parent", TEXT, "id of the unit above"),
        Column("purpose", TEXT, "what the unit is there for, in a sentence"),
    ),
    key=("unit",),
)

PEOPLE = Table(
    "people",
    "one person, machine account or shared mailbox, in one unit for a while",
    (
        Column("person", TEXT, "id or account", required=True, personal="person"),
        Column("kind", TEXT, "person, system or shared"),
        Column("unit", TEXT, "unit the person belongs to"),
        Column("position", TEXT, "position the person holds"),
        Column("manager", TEXT, "person this one reports to", personal="person"),
        Column("site", TEXT, "place of work"),
        Column("language", TEXT, "working language"),
        Column("hours_per_week", NUMBER, "contracted hours a week"),
        Column("valid_from_us", TIME, "from when on the row holds"),
        Column("valid_to_us", TIME, "until when the row holds"),
    ),
    key=("person",),
)

CASES = Table(
    "cases",
    "one request, feedback, complaint, internal problem or project",
    (
        Column("case_id", TEXT, "id of the case", required=True, personal="case"),
        Column("kind", TEXT, "kind of case"),
        Column("customer", TEXT, "customer at its end", personal="customer"),
        Column("topic", TEXT, "what the case is about (value at the first event)"),
        Column("priority", TEXT, "priority"),
        Column("channel", TEXT, "channel it came in by"),
        Column("opened_us", TIME, "when it was opened"),
        Column("closed_us", TIME, "when it was closed"),
        Column("outcome", TEXT, "how it ended"),
        Column("attributes", ATTRIBUTES, "free attributes at the first event"),
        Column("text", TEXT, "subject and body of the request, in the profile open only"),
        Column("text_features", FEATURES, "keyed hashes of its words, in the profile protected"),
    ),
    key=("case_id",),
)

EVENTS = Table(
    "events",
    "something one person did in a case at a time",
    (
        Column("case_id", TEXT, "id of the case", required=True, personal="case"),
        Column("at_us", TIME, "when it happened or ended; null in a log that has an order only"),
        Column("started_us", TIME, "when the work of this event started"),
        Column("person", TEXT, "who did it", personal="person"),
        Column("unit", TEXT, "unit that held the case"),
        Column("activity", TEXT, "what was done"),
        Column("lifecycle", TEXT, "status or lifecycle transition"),
        Column("state", pa.int8(), "state of the case from here on (domain/states.py)"),
        Column("seq", COUNT, "order in the file, or the value of the order column", required=True),
    ),
)

MESSAGES = Table(
    "messages",
    "one mail, chat message or call to one receiver",
    (
        Column("message", TEXT, "id of the message", required=True, personal="message"),
        Column("thread", TEXT, "id of the thread, where one is known", personal="message"),
        Column("at_us", TIME, "when it was sent", required=True),
        Column("sender", TEXT, "account of the sender", required=True, personal="person"),
        Column("receiver", TEXT, "account of one receiver", required=True, personal="person"),
        Column("kind", TEXT, "to, cc or bcc"),
        Column("reply_to", TEXT, "id of the message answered", personal="message"),
        Column("sender_outside", FLAG, "the sender is outside the company"),
        Column("receiver_outside", FLAG, "the receiver is outside the company"),
    ),
)

POSITIONS = Table(
    "positions",
    "one position in a unit, whoever holds it",
    (
        Column("position", TEXT, "id of the position", required=True),
        Column("unit", TEXT, "unit it belongs to"),
        Column("title", TEXT, "title to show"),
        Column("key", FLAG, "named as a key position by a person"),
    ),
    key=("position",),
)

QUALIFICATIONS = Table(
    "qualifications",
    "one skill of one person",
    (
        Column("person", TEXT, "who has it", required=True, personal="person"),
        Column("skill", TEXT, "the skill", required=True),
        Column("level", NUMBER, "level on the company's own scale"),
        Column("source", TEXT, "where it is known from"),
    ),
    key=("person", "skill"),
)

REQUIREMENTS = Table(
    "requirements",
    "one skill that a position needs",
    (
        Column("position", TEXT, "the position", required=True),
        Column("skill", TEXT, "the skill", required=True),
        Column("level", NUMBER, "level needed, on the company's own scale"),
    ),
    key=("position", "skill"),
)

ABSENCES = Table(
    "absences",
    "one stretch in which a person was absent, without its reason",
    (
        Column("person", TEXT, "who was absent", required=True, personal="person"),
        Column("from_us", TIME, "from when on", required=True),
        Column("to_us", TIME, "until when", required=True),
    ),
)

TIES = Table(
    "ties",
    "one relation from one person (or whole unit) to another, as asked or as counted elsewhere",
    (
        Column("survey", TEXT, "survey or file it comes from", required=True),
        Column("wave", TEXT, "wave of the survey"),
        Column("from", TEXT, "who named the other, or sent", required=True, personal="person"),
        Column("to", TEXT, "who was named, or received", required=True, personal="person"),
        Column("relation", TEXT, "what was asked or counted"),
        Column("value", NUMBER, "strength; 1 where only its presence is known", required=True),
        Column("level", TEXT, "unit where the ends are units as a whole; empty for persons"),
        Column("from_unit", TEXT, "the unit it comes from, where the ends are units"),
        Column("to_unit", TEXT, "the unit it goes to, where the ends are units"),
        Column("from_people", COUNT, "people behind the end it comes from, where the source says"),
        Column("to_people", COUNT, "people behind the end it goes to, where the source says"),
    ),
)

TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        *(UNITS, PEOPLE, CASES, EVENTS, MESSAGES),
        *(POSITIONS, QUALIFICATIONS, REQUIREMENTS, ABSENCES, TIES),
    )
}
