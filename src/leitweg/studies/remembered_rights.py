"""Whose rights does a workspace respect? Those in its database and in the journal beside its keys.

Every import, every retention run, every erasure and every restore applies them.
"""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from leitweg.domain.tables import TABLES
from leitweg.privacy.pseudonyms import canonical, pseudonym
from leitweg.privacy.retention import quarter_pseudonym
from leitweg.privacy.rights import (
    ERASURE,
    OBJECTION,
    Recogniser,
    Respected,
    people_in,
    respected,
)
from leitweg.store import Change, Workspace
from leitweg.store.application.rights import UsedRight, add_rights, used_rights
from leitweg.store.quarter_keys import living_keys
from leitweg.store.rights_journal import add_to_journal, journal, journal_file
from leitweg.studies.journal_life import apply_rights_to_journal

PURPOSE = "rights"
_LISTS = ("machines", "front")

Hashes = Mapping[str, frozenset[bytes]]


def remembered(place: Workspace) -> tuple[UsedRight, ...]:
    """Return every right that was used, each once."""
    kept = [*used_rights(place.database), *journal(journal_file(place.folder, place.id))]
    return tuple(dict.fromkeys(kept))


def hashes_of(rights: Sequence[UsedRight]) -> Hashes:
    """Return the hashes of people by kind of right."""
    return {
        kind: frozenset(right.person_hash for right in rights if right.kind == kind)
        for kind in (ERASURE, OBJECTION)
    }


def recogniser_of(place: Workspace) -> Recogniser:
    """Return what knows people again; KeyFileError where its key is gone."""
    key = place.key() if place.profile == "protected" else None
    return Recogniser(place.purpose_key(PURPOSE), key)


def stored_ids(place: Workspace, accounts: Sequence[str]) -> set[str]:
    """Return the ids under which the accounts of one person are stored, or would be."""
    if place.profile == "protected":
        key = place.key()
        return {pseudonym("person", account, key) for account in accounts}
    forms = {canonical(account) for account in accounts}
    present = people_in({name: place.read(name) for name in TABLES}) | _named(place.settings)
    return {id_ for id_ in present if canonical(id_) in forms} | set(accounts)


def quarter_ids(place: Workspace, stored: Collection[str]) -> set[str]:
    """Return the ids of a person in quarters whose keys still live."""
    return {
        quarter_pseudonym(id_, era, key) for _, era, key in living_keys(place) for id_ in stored
    }


def remember(place: Workspace, kind: str, stored: set[str], detail: str = "") -> None:
    """Remember a right before anything is done about it, so that no crash forgets it."""
    knows = recogniser_of(place)
    known = {right for right in remembered(place) if right.kind == kind}
    hashes = {knows.hash_of(id_) for id_ in stored} - {right.person_hash for right in known}
    at_us = place.now_us()
    new = [UsedRight(kind, hash_, at_us, detail) for hash_ in sorted(hashes)]
    if new:
        add_to_journal(journal_file(place.folder, place.id), new)
        add_rights(place.database, new)


def apply_rights(
    place: Workspace, change: Change, *, stored: frozenset[str] = frozenset()
) -> Respected | None:
    """Apply every remembered right to what a workspace holds; None where there is none.

    Parameters
    ----------
    place
        The workspace.
    change
        The transaction; tables already put in it are not looked at.
    stored
        Ids of a person erased now: also the rows of quarters whose keys still live go.
    """
    hashes = hashes_of(remembered(place))
    if not any(hashes.values()):
        return None
    tables = {name: change.read_noted(name) for name in change.before.tables}
    knows, named = recogniser_of(place), _named(change.settings)
    present = people_in(tables)
    gone = stored | knows.known(present | named, hashes[ERASURE])
    done = respected(
        tables,
        hashes=hashes,
        recogniser=knows,
        also_gone=quarter_ids(place, gone) & present,
        named=named,
    )
    for name, rows in done.tables.items():
        change.put(name, rows)
    _apply_to_settings(change, done)
    entries = apply_rights_to_journal(place, knows, hashes, stored=stored)
    done = dataclasses.replace(
        done,
        rows_gone=done.rows_gone + entries.gone,
        rows_of_others=done.rows_of_others + entries.without_person,
    )
    if done.gone and place.profile == "open":
        # the text of a rejected row can name anybody
        files = [dataclasses.replace(file, rejects=None) for file in change.before.imports]
        change.remember_only(files)
    return done


@dataclass(frozen=True)
class RightsAtImport:
    """Rights that rows of an import have to respect."""

    hashes: Hashes
    recogniser: Recogniser | None
    people: pa.Table

    def apply(self, tables: Mapping[str, pa.Table]) -> tuple[dict[str, pa.Table], int]:
        """Return rows as they may be stored, and how many were left out."""
        if self.recogniser is None:
            return dict(tables), 0
        done = respected(tables, hashes=self.hashes, recogniser=self.recogniser, people=self.people)
        return {**tables, **done.tables}, done.rows_gone

    def left(self, ids: set[str]) -> set[str]:
        """Return ids that settings may name: not those of people who were erased."""
        if self.recogniser is None:
            return ids
        return ids - self.recogniser.known(ids, self.hashes[ERASURE])


def rights_at_import(place: Workspace, change: Change) -> RightsAtImport:
    """Return the rights that an import into a workspace has to respect."""
    hashes = hashes_of(remembered(place))
    knows = recogniser_of(place) if any(hashes.values()) else None
    return RightsAtImport(hashes, knows, change.read("people"))


def _named(settings: Mapping[str, object]) -> set[str]:
    lists = [settings.get(name) for name in _LISTS]
    return {str(entry) for found in lists if isinstance(found, list) for entry in found}


def _apply_to_settings(change: Change, done: Respected) -> None:
    for name in _LISTS:
        found = change.settings.get(name)
        if isinstance(found, list):
            kept = [done.others.get(entry, entry) for entry in found if entry not in done.gone]
            if kept != found:
                change.update_settings(**{name: sorted(kept)})
