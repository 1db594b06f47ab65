"""When do rows of the router's journal change or go? With rights, exclusions, time and a new key.

Whatever changes them deletes the models too: they are learnt again from what is left.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from leitweg.privacy.exclusions import Exclusions
from leitweg.privacy.journal_rows import (
    Changed,
    aged,
    as_nobody,
    contacts_in,
    own_journal_rows,
    people_in,
    under_new_key,
    without,
)
from leitweg.privacy.new_key import Exchange
from leitweg.privacy.own_data import Row
from leitweg.privacy.retention import DELETED, Limits
from leitweg.privacy.rights import ERASURE, OBJECTION, Recogniser
from leitweg.store import Workspace
from leitweg.store.application.routing_journal import StoredRow, rewrite, stored_rows
from leitweg.store.models import forget_models
from leitweg.store.writing import KeyExchange

TABLE = "routing_journal"
"""The name under which a certificate and an answer to a person tell of the journal."""
PERSON_REMOVED = "person-removed"
"""What a certificate says of rows that still tell of their unit."""

Hashes = Mapping[str, frozenset[bytes]]


@dataclass(frozen=True)
class Went:
    """How many rows went, and how many lost the person they told of."""

    gone: int
    without_person: int


def apply_rights_to_journal(
    place: Workspace,
    knows: Recogniser,
    hashes: Hashes,
    *,
    stored: Collection[str] = (),
) -> Went:
    """Let go of the journal what people asked for; ``stored`` are ids of a person erased now."""
    people = {id_ for row in rows_of(place) for id_ in people_in(row)}
    gone = knows.known(people, hashes[ERASURE]) | (people & set(stored))
    objecting = knows.known(people - gone, hashes[OBJECTION])
    without_person, went = 0, sum(_rewritten(place, without(gone))) if gone else 0
    if objecting:
        without_person = sum(_rewritten(place, as_nobody(objecting)))
    return Went(went, without_person)


def leave_out_of_journal(place: Workspace, found: Exclusions) -> None:
    """Let every row go that names who is excluded.

    Parameters
    ----------
    found
        What is excluded, as stored ids are told by it.
    """

    def changed(row: StoredRow) -> StoredRow | None:
        is_out = any(map(found.unit, contacts_in(row, "unit")))
        return None if is_out or any(map(found.account, contacts_in(row, "person"))) else row

    _rewritten(place, changed)


def age_journal(place: Workspace, limits: Limits) -> dict[tuple[str, str], int]:
    """Let go of the journal what is due; return the counts of the certificate."""
    return _counted(*_rewritten(place, aged(limits)))


def due_in_journal(place: Workspace, limits: Limits) -> dict[tuple[str, str], int]:
    """Return what `age_journal` would count, and change nothing."""
    after = [(row, aged(limits)(row)) for row in rows_of(place)]
    gone = sum(new is None for _, new in after)
    return _counted(sum(new != row for row, new in after) - gone, gone)


def exchange_key_of_journal(begun: KeyExchange, exchange: Exchange, at_us: int) -> None:
    """Bring every row under the new key, in the transaction of its exchange."""
    rewrite(begun.entries, under_new_key(exchange, begun.fingerprint), at_us)


def complete_exchange(place: Workspace) -> None:
    """Bring rows under the present key that an exchange left behind which was killed at its end.

    The manifest named the new key already, and the old one lies there still. Where the environment
    names the keys nobody can do it any more; such rows are read no more, and go by time.
    """
    before = place.key_before() if place.profile == "protected" else None
    if before is None:
        return
    old, left = before
    under = under_new_key(Exchange(old, place.key()), place.key_fingerprint or "")
    _rewritten(place, lambda row: under(row) if row.key_fingerprint == left else row)


def rows_of(place: Workspace) -> list[StoredRow]:
    """Return every row as it is stored."""
    with place.database.reading() as connection:
        return list(stored_rows(connection))


def own_rows_of_journal(place: Workspace, stored: Collection[str]) -> list[Row]:
    """Return what the journal holds of a person."""
    return own_journal_rows(rows_of(place), stored)


def _rewritten(place: Workspace, changed: Changed) -> tuple[int, int]:
    with place.database.writing() as connection:
        counts = rewrite(connection, changed, place.now_us())
    if any(counts):
        forget_models(place.folder)
    return counts


def _counted(changed: int, gone: int) -> dict[tuple[str, str], int]:
    counts = {(TABLE, PERSON_REMOVED): changed, (TABLE, DELETED): gone}
    return {what: rows for what, rows in counts.items() if rows}
