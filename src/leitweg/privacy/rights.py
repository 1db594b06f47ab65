"""What becomes of the rows of a person who is erased, or who objects?

Erased: the rows go, as if they had never come. Objected: rows count on for their unit, under an id
drawn at random that nothing leads to, and what is about the person alone goes
(docs/methods/retention-and-rights.md).
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.tables import TABLES
from leitweg.privacy.eras import PREFIX
from leitweg.privacy.memberships import Memberships, memberships_of, with_units, with_values
from leitweg.privacy.pseudonyms import PREFIXES, canonical
from leitweg.store.workspace_key import WorkspaceKey

ERASURE, OBJECTION, CORRECTION = "erasure", "objection", "correction"
KINDS = (ERASURE, OBJECTION, CORRECTION)
_HEX = frozenset("0123456789abcdef")
_ABOUT_ONE = ("qualifications", "absences", "ties")

Tables = Mapping[str, pa.Table]


@dataclass(frozen=True)
class Recogniser:
    """Knows people again by a keyed hash, whatever key their stored ids are enciphered with.

    ``key`` is that of the workspace, None in an open one or where it never was exchanged.
    """

    rights_key: bytes = field(repr=False)
    key: WorkspaceKey | None

    def hash_of(self, stored: str) -> bytes:
        """Return the hash of one stored id."""
        digest = _digest_of(stored)
        if digest is not None and self.key is not None:
            (digest,) = self.key.unwrapped([digest])
        told = canonical(stored).encode() if digest is None else digest
        return hmac.digest(self.rights_key, b"leitweg: person\x1f" + told, hashlib.sha256)

    def known(self, stored: Iterable[str], hashes: Collection[bytes]) -> set[str]:
        """Return those of stored ids whose hashes are among some."""
        if not hashes:
            return set()
        return {s for s in stored if not s.startswith(PREFIX) and self.hash_of(s) in hashes}


def _digest_of(stored: str) -> bytes | None:
    mark, digits = stored[:2], stored[2:]
    is_pseudonym = mark == PREFIXES["person"] and len(digits) == 32 and set(digits) <= _HEX
    return bytes.fromhex(digits) if is_pseudonym else None


def drawn_id() -> str:
    """Draw an id of a person that no key leads to."""
    return PREFIXES["person"] + secrets.token_hex(16)


def people_in(tables: Tables) -> set[str]:
    """Return every stored id of a person in canonical tables."""
    found: set[str] = set()
    for name, rows in tables.items():
        for column in TABLES[name].columns:
            if column.personal == "person":
                found |= set(pc.unique(rows[column.name].drop_null()).to_pylist())
    return found


def without_people(tables: Tables, gone: Collection[str]) -> tuple[dict[str, pa.Table], int]:
    """Return the tables that change when people are left out, and how many rows that takes out.

    Rows of the people go from every table, what names them as managers is emptied, and cases of
    which they did everything go as well.
    """
    changed: dict[str, pa.Table] = {}
    count = 0
    wanted = pa.array(sorted(gone), pa.string())
    for name, rows in tables.items():
        kept, touched = _without(name, rows, wanted)
        if kept is not rows:
            changed[name] = kept
            count += touched
    if "events" in changed and "cases" in tables:
        kept = _cases_with_events(tables["cases"], tables["events"], changed["events"])
        if len(kept) < len(tables["cases"]):
            changed["cases"] = kept
            count += len(tables["cases"]) - len(kept)
    return changed, count


def _without(name: str, rows: pa.Table, gone: pa.Array) -> tuple[pa.Table, int]:
    out = np.zeros(len(rows), bool)
    for column in TABLES[name].columns:
        if column.personal == "person" and column.name != "manager":
            out |= np.asarray(pc.is_in(rows[column.name], value_set=gone))
    kept = rows.filter(pa.array(~out)) if out.any() else rows
    if "manager" not in TABLES[name].names:
        return kept, int(out.sum())
    named = np.asarray(pc.is_in(kept["manager"], value_set=gone))
    if named.any():
        kept = with_values(kept, "manager", named, [None] * int(named.sum()))
    return kept, int(out.sum() + named.sum())


def _cases_with_events(cases: pa.Table, before: pa.Table, after: pa.Table) -> pa.Table:
    had = pc.is_in(cases["case_id"], value_set=pc.unique(before["case_id"]))
    has = pc.is_in(cases["case_id"], value_set=pc.unique(after["case_id"]))
    return cases.filter(pc.or_(pc.invert(had), has))


def as_others(
    tables: Tables, others: Mapping[str, str], members: Memberships | None = None
) -> tuple[dict[str, pa.Table], int]:
    """Return the tables that change when people become others, and how many rows that concerns.

    Parameters
    ----------
    tables
        Canonical tables.
    others
        Stored id -> the id drawn for it.
    members
        Where people belong; None: as the tables say themselves.
    """
    changed: dict[str, pa.Table] = {}
    count = 0
    ids = pa.array(sorted(others), pa.string())
    known = members or memberships_of(tables["people"])
    for name, rows in tables.items():
        if name in _ABOUT_ONE:
            kept, touched = _without(name, rows, ids)
        elif name == "people":
            kept, touched = _other_people(rows, others, ids, known)
        else:
            kept, touched = _others(name, rows, others, ids, known)
        if kept is not rows:
            changed[name] = kept
            count += touched
    return changed, count


def _others(
    name: str, rows: pa.Table, others: Mapping[str, str], ids: pa.Array, members: Memberships
) -> tuple[pa.Table, int]:
    touched = np.zeros(len(rows), bool)
    for column in TABLES[name].columns:
        if column.personal != "person":
            continue
        mask = np.asarray(pc.is_in(rows[column.name], value_set=ids))
        if not mask.any():
            continue
        if name == "events":
            rows = with_units(rows, mask, members)
        old = rows[column.name].filter(pa.array(mask)).to_pylist()
        rows = with_values(rows, column.name, mask, [others[id_] for id_ in old])
        touched |= mask
    return rows, int(touched.sum())


def _other_people(
    rows: pa.Table, others: Mapping[str, str], ids: pa.Array, members: Memberships
) -> tuple[pa.Table, int]:
    """Keep of a person the kind and the unit (without any unit: the manager), and when."""
    mask = np.asarray(pc.is_in(rows["person"], value_set=ids))
    kept = ("kind", "valid_from_us", "valid_to_us", "unit" if members.names_units else "manager")
    reduced = [
        {"person": others[row["person"]], **{name: row[name] for name in kept}}
        for row in rows.filter(pa.array(mask)).to_pylist()
    ]
    if reduced:
        new = pa.Table.from_pylist(reduced, schema=rows.schema)
        rows = pa.concat_tables([rows.filter(pa.array(~mask)), new])
    named = np.asarray(pc.is_in(rows["manager"], value_set=ids))
    if named.any():
        old = rows["manager"].filter(pa.array(named)).to_pylist()
        rows = with_values(rows, "manager", named, [others[id_] for id_ in old])
    return rows, int(mask.sum() + named.sum())


@dataclass(frozen=True)
class Respected:
    """Tables that changed, who is gone, who became whom, and how many rows that concerned."""

    tables: Tables
    gone: frozenset[str]
    others: Mapping[str, str]
    rows_gone: int
    rows_of_others: int


def respected(
    tables: Tables,
    *,
    hashes: Mapping[str, Collection[bytes]],
    recogniser: Recogniser,
    also_gone: Collection[str] = (),
    named: Collection[str] = (),
    people: pa.Table | None = None,
    draw: Callable[[], str] = drawn_id,
) -> Respected:
    """Apply remembered rights to rows: erased people are left out, who objected become others.

    Parameters
    ----------
    tables
        Canonical rows as stored.
    hashes
        Hashes of people by kind of right.
    recogniser
        Knows them again.
    also_gone
        Ids of quarters that stand for erased people.
    named
        Ids of people that stand elsewhere, in settings.
    people
        What the workspace knows of people besides, for the units of those who objected.
    draw
        Draws the id of another.
    """
    present = people_in(tables) | set(named)
    gone = recogniser.known(present, hashes.get(ERASURE, ())) | set(also_gone)
    changed, out = without_people(tables, gone) if gone else ({}, 0)
    objecting = recogniser.known(present - gone, hashes.get(OBJECTION, ()))
    others = {id_: draw() for id_ in sorted(objecting)}
    if not others:
        return Respected(changed, frozenset(gone), {}, out, 0)
    now = {**tables, **changed}
    parts = [part for part in (people, now.get("people")) if part is not None]
    members = memberships_of(pa.concat_tables(parts)) if parts else Memberships({}, {}, True)
    replaced, n_others = as_others(now, others, members)
    return Respected({**changed, **replaced}, frozenset(gone), others, out, n_others)
