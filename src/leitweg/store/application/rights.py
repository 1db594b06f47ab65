"""Who used which right? Keyed hashes of people who were erased, objected or were corrected."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import insert, select

from leitweg.store.application.database import Database
from leitweg.store.application.schema import ERASURES


@dataclass(frozen=True)
class UsedRight:
    """One right that was used: ``erasure``, ``objection`` or ``correction``, of whom, when.

    ``person_hash`` is keyed and tells nobody's name; ``detail`` names columns, never a value.
    """

    kind: str
    person_hash: bytes
    at_us: int
    detail: str = ""


def add_rights(database: Database, rights: Iterable[UsedRight]) -> None:
    """Remember rights that were used."""
    rows = [asdict(right) for right in rights]
    if rows:
        with database.writing() as connection:
            connection.execute(insert(ERASURES), rows)


def used_rights(database: Database) -> tuple[UsedRight, ...]:
    """Return the rights that were used, oldest first."""
    with database.reading() as connection:
        rows = connection.execute(select(ERASURES).order_by(ERASURES.c.id)).all()
    return tuple(UsedRight(r.kind, bytes(r.person_hash), r.at_us, r.detail) for r in rows)
