"""What does the router remember? Requests, handovers, choices and closings, one row each.

Rows are added and read in order. Only the life of the data changes them (`rewrite`: erasure,
retention, exchange of the key), and leaves a row of kind ``rewritten`` behind, so that no model
made of the rows before it is used again.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from leitweg.domain.routing import Ints, Request
from leitweg.domain.routing_journal import JournalEntry, Suggested
from leitweg.store.application.database import Database
from leitweg.store.application.schema import ROUTING_JOURNAL

MOST_LOOKED_UP = 500
"""More cases are found by reading all: a statement holds only so many."""
REWRITTEN = "rewritten"
_C = ROUTING_JOURNAL.c
_PATHS = ("unit_path", "person_path")
_SAID = ("propensity", "someone_new", "from_contact", "to_contact", "unit", "person")


@dataclass(frozen=True)
class Read:
    """Entries in order, up to which place in the journal they go, and whether rows changed."""

    entries: tuple[JournalEntry, ...]
    position: int
    was_rewritten: bool = False


@dataclass(frozen=True)
class StoredRow:
    """A row as it is stored, for whoever rewrites it: ``said`` is what its JSON holds."""

    seq: int
    at_us: int
    kind: str
    level: str | None
    case_id: str | None
    key_fingerprint: str | None
    said: Mapping[str, Any] = field(default_factory=dict)
    text: bytes | None = None


def append(
    database: Database,
    entries: Iterable[JournalEntry],
    *,
    key_fingerprint: str | None = None,
) -> int:
    """Add entries in one transaction; they are on the disk when this returns.

    Parameters
    ----------
    entries
        With ids as they are stored.
    key_fingerprint
        Of the key that their ids are made with; None in an open workspace.

    Returns
    -------
    int
        The place of the last one in the journal.
    """
    with database.writing() as connection:
        add(connection, entries, key_fingerprint=key_fingerprint)
        return _position(connection)


def add(
    connection: Connection, entries: Iterable[JournalEntry], *, key_fingerprint: str | None = None
) -> None:
    """Add entries as `append` does, as a part of a transaction that stores more."""
    rows = [{**_row(entry), "key_fingerprint": key_fingerprint} for entry in entries]
    if rows:
        connection.execute(insert(ROUTING_JOURNAL), rows)


def position(database: Database) -> int:
    """Return the place of the newest row; 0 where there never was one."""
    with database.reading() as connection:
        return _position(connection)


def entries_after(
    database: Database,
    after: int = 0,
    *,
    kinds: Collection[str] | None = None,
    key_fingerprint: str | None = None,
) -> Read:
    """Return the entries behind a place in the journal, oldest first, in one consistent state.

    Parameters
    ----------
    after
        The place; 0 for all.
    kinds
        Kinds of entries wanted; None: all.
    key_fingerprint
        Of the key that ids are made with: what was stored under another one is not read.
    """
    with database.reading() as connection:
        end = _position(connection)
        changed = _rewritten(connection, after)
        is_of_key = _C.key_fingerprint.is_not_distinct_from(key_fingerprint)
        wanted = select(ROUTING_JOURNAL).where(_C.seq > after, _C.seq <= end, is_of_key)
        chosen = wanted.where(_C.kind != REWRITTEN).order_by(_C.seq)
        if kinds is not None:
            chosen = chosen.where(_C.kind.in_(sorted(kinds)))
        found = tuple(_entry(row) for row in connection.execute(chosen))
    return Read(found, end, changed)


def was_rewritten(database: Database, after: int) -> bool:
    """Say whether rows changed since a place in the journal, so that what knew it is outdated."""
    with database.reading() as connection:
        return _rewritten(connection, after)


def closed_before(database: Database, case_ids: Collection[str], position: int) -> set[str]:
    """Return which of some cases were closed up to a place in the journal."""
    closed = select(_C.case_id).where(_C.kind == "closed", _C.seq <= position)
    if len(case_ids) <= MOST_LOOKED_UP:
        closed = closed.where(_C.case_id.in_(sorted(case_ids)))
    with database.reading() as connection:
        return set(connection.execute(closed).scalars()) & set(case_ids)


def last_of_case(
    database: Database, case_id: str, *, kinds: Collection[str]
) -> JournalEntry | None:
    """Return the newest entry of a case of one of some kinds; None where there is none."""
    of_case: Select[Any] = select(ROUTING_JOURNAL).where(
        _C.case_id == case_id, _C.kind.in_(sorted(kinds))
    )
    with database.reading() as connection:
        row = connection.execute(of_case.order_by(_C.seq.desc()).limit(1)).first()
    return _entry(row) if row else None


def stored_rows(connection: Connection) -> Iterator[StoredRow]:
    """Return every row as it is stored, oldest first."""
    chosen = select(ROUTING_JOURNAL).where(_C.kind != REWRITTEN).order_by(_C.seq)
    for row in connection.execute(chosen).all():
        yield StoredRow(**{**row._mapping, "said": json.loads(row.said)})


def rewrite(
    connection: Connection, changed: Callable[[StoredRow], StoredRow | None], at_us: int
) -> tuple[int, int]:
    """Let every row be changed or go (None); return how many were changed, and how many went.

    Where anything happens, a row of kind ``rewritten`` is added.
    """
    new = [(row, changed(row)) for row in stored_rows(connection)]
    gone = [row.seq for row, after in new if after is None]
    others = [after for row, after in new if after is not None and after != row]
    for seq in gone:
        connection.execute(delete(ROUTING_JOURNAL).where(_C.seq == seq))
    for row in others:
        values = {
            "case_id": row.case_id,
            "key_fingerprint": row.key_fingerprint,
            "said": _json(row.said),
            "text": row.text,
        }
        connection.execute(update(ROUTING_JOURNAL).where(_C.seq == row.seq).values(**values))
    if gone or others:
        connection.execute(insert(ROUTING_JOURNAL).values(at_us=at_us, kind=REWRITTEN, said="{}"))
    return len(others), len(gone)


def _rewritten(connection: Connection, after: int) -> bool:
    marks = select(_C.seq).where(_C.seq > after, _C.kind == REWRITTEN).limit(1)
    return connection.execute(marks).first() is not None


def _position(connection: Connection) -> int:
    found: int | None = connection.scalar(select(func.max(_C.seq)))
    return found or 0


def _row(entry: JournalEntry) -> dict[str, object]:
    request = entry.request
    said = {name: getattr(entry, name) for name in _SAID}
    said |= {name: list(getattr(entry, name)) for name in _PATHS}
    said |= {
        "suggested": [[one.contact, one.probability] for one in entry.suggested],
        "abstained": entry.abstained,
        "arrived_us": request.at_us,
        "attributes": dict(request.attributes),
        "first_contact": request.first_contact,
        "tried": list(request.tried),
    }
    return {
        "at_us": entry.at_us,
        "kind": entry.kind,
        "level": entry.level,
        "case_id": entry.case_id,
        "said": _json({name: value for name, value in said.items() if value not in (None, [], {})}),
        "text": None if request.text is None else bytes_of(request.text),
    }


def _entry(row: Row[Any]) -> JournalEntry:
    said = json.loads(row.said)
    request = Request(
        said.get("arrived_us"),
        said.get("attributes", {}),
        None if row.text is None else numbers_of(row.text),
        said.get("first_contact"),
        tuple(said.get("tried", ())),
    )
    suggested = (Suggested(contact, share) for contact, share in said.get("suggested", ()))
    told: dict[str, Any] = {name: said.get(name) for name in _SAID}
    told |= {name: tuple(said.get(name, ())) for name in _PATHS}
    return JournalEntry(
        row.at_us,
        row.kind,
        request,
        row.case_id,
        row.level,
        tuple(suggested),
        abstained=said.get("abstained", False),
        seq=row.seq,
        **told,
    )


def _json(said: Mapping[str, Any] | Sequence[Any]) -> str:
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def bytes_of(numbers: Ints) -> bytes:
    """Return hashed features of a text as they are stored."""
    return np.asarray(numbers).astype("<i4").tobytes()


def numbers_of(stored: bytes) -> Ints:
    """Return hashed features of a text from how they are stored."""
    return np.frombuffer(stored, "<i4").astype(np.int32)
