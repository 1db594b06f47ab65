"""What becomes of a row of the router's journal when its people go, or its key is exchanged?

Each function returns what changes one row: another row, the same one, or None where it goes.
Method: docs/methods/routing-memory.md.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from leitweg.domain.routing import N_WORDS
from leitweg.privacy.new_key import Exchange
from leitweg.privacy.own_data import Row
from leitweg.privacy.pseudonyms import PREFIXES
from leitweg.privacy.retention import Limits
from leitweg.privacy.text_features import renumbered
from leitweg.store.application.routing_journal import StoredRow, bytes_of, numbers_of

Changed = Callable[[StoredRow], StoredRow | None]
_PERSON = re.compile(rf"{PREFIXES['person']}[0-9a-f]{{32}}(?!\w)")
_OF_PERSONS = ("person", "person_path")
_CONTACTS = ("from_contact", "to_contact", "first_contact", "tried")


def contacts_in(row: StoredRow, level: str) -> set[str]:
    """Return the stored ids of contacts of a level that a row names."""
    told: list[Any] = [row.said.get(level), *row.said.get(f"{level}_path", ())]
    if row.level == level:
        told += [entry for name in _CONTACTS for entry in _texts(row.said.get(name))]
        told += [contact for contact, _ in row.said.get("suggested", ())]
    return {contact for contact in told if contact is not None}


def people_in(row: StoredRow) -> set[str]:
    """Return the stored ids of people that a row names: as contacts, or in a label."""
    labels = {id_ for text in _texts(row.said) for id_ in _PERSON.findall(text)}
    return contacts_in(row, "person") | labels


def without(gone: Collection[str]) -> Changed:
    """Let every row go that names somebody, wherever in it."""
    names = frozenset(gone)

    def changed(row: StoredRow) -> StoredRow | None:
        is_named = not names.isdisjoint(_texts(row.said)) or not names.isdisjoint(people_in(row))
        return None if is_named else row

    return changed


def as_nobody(objecting: Collection[str]) -> Changed:
    """Leave out of rows who objected: a closing counts on for its unit, what is of persons goes."""

    def changed(row: StoredRow) -> StoredRow | None:
        named = people_in(row) & set(objecting)
        return _without_persons(_without_labels(row, named)) if named else row

    return changed


def aged(limits: Limits) -> Changed:
    """Let go by time: the person after days, the row after months."""

    def changed(row: StoredRow) -> StoredRow | None:
        if row.at_us <= limits.row_until_us:
            return None
        named = people_in(row) if row.at_us <= limits.person_until_us else None
        return _without_persons(_without_labels(row, named)) if named else row

    return changed


def under_new_key(exchange: Exchange, fingerprint: str) -> Changed:
    """Bring rows under another key: their ids, and the numbers of their words."""
    numbers = _numbers_under_new_key(exchange)

    def changed(row: StoredRow) -> StoredRow:
        said = {name: exchange.setting(value) for name, value in row.said.items()}
        # lists of ids that tell an order keep it
        said |= {n: [exchange.id(t) for t in v] for n, v in row.said.items() if _is_path(n)}
        return replace(
            row,
            case_id=None if row.case_id is None else exchange.id(row.case_id),
            key_fingerprint=fingerprint,
            said=said,
            text=None if row.text is None else bytes_of(np.sort(numbers[numbers_of(row.text)])),
        )

    return changed


def own_journal_rows(rows: Collection[StoredRow], stored: Collection[str]) -> list[Row]:
    """Return what the journal holds of a person: when, what happened, as whom, how likely."""
    return [
        {"at_us": row.at_us, "kind": row.kind, **told}
        for row in rows
        for told in _told_of(row, frozenset(stored))
    ]


def _told_of(row: StoredRow, stored: frozenset[str]) -> Iterator[Row]:
    for name in (*_OF_PERSONS, *_CONTACTS):
        is_of_persons = name in _OF_PERSONS or row.level == "person"
        if is_of_persons and not stored.isdisjoint(_texts(row.said.get(name))):
            yield {"role": name, "unit": row.said.get("unit")}
    for contact, probability in row.said.get("suggested", ()):
        if row.level == "person" and contact in stored:
            yield {"role": "suggested", "probability": probability}


def _without_persons(row: StoredRow) -> StoredRow | None:
    said = {name: value for name, value in row.said.items() if name not in _OF_PERSONS}
    # a closing tells no level: it stays where it tells a unit
    if row.level == "person" or (row.level is None and not said.get("unit")):
        return None
    return replace(row, said=said)


def _without_labels(row: StoredRow, people: Collection[str]) -> StoredRow:
    """Leave out the attributes whose values name some people."""
    given = row.said.get("attributes", {})
    kept = {n: v for n, v in given.items() if not set(_PERSON.findall(v)) & set(people)}
    return row if kept == given else replace(row, said={**row.said, "attributes": kept})


def _texts(value: object) -> Iterator[str]:
    """Return every text in plain JSON, names of fields left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for entry in value.values():
            yield from _texts(entry)
    elif isinstance(value, list | tuple):
        for entry in value:
            yield from _texts(entry)


def _is_path(name: str) -> bool:
    return name in ("tried", "unit_path", "person_path")


def _numbers_under_new_key(exchange: Exchange) -> NDArray[np.int32]:
    """Return the number that takes the place of each."""
    every = pa.array(np.arange(2 * N_WORDS, dtype=np.int32))
    alone = pa.ListArray.from_arrays(pa.array(np.arange(2 * N_WORDS + 1, dtype=np.int32)), every)
    found = renumbered(pa.chunked_array([alone]), exchange.old, exchange.new)
    return np.asarray(pc.list_flatten(found.combine_chunks()))
