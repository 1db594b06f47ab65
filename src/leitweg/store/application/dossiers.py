"""Which dossiers were written of this workspace, and what did they describe?"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Row, insert, select

from leitweg.store.application.database import Database
from leitweg.store.application.schema import DOSSIERS


@dataclass(frozen=True)
class WrittenDossier:
    """A dossier: when it was written, the checksum of each part, and facts without names."""

    at_us: int
    fingerprint: str
    parts: Mapping[str, str]
    facts: Mapping[str, object]


def add_dossier(database: Database, dossier: WrittenDossier) -> None:
    """Remember a dossier."""
    row = {
        "at_us": dossier.at_us,
        "fingerprint": dossier.fingerprint,
        "parts": json.dumps(dict(dossier.parts), sort_keys=True),
        "facts": json.dumps(dict(dossier.facts), sort_keys=True),
    }
    with database.writing() as connection:
        connection.execute(insert(DOSSIERS).values(**row))


def last_dossier(database: Database) -> WrittenDossier | None:
    """Return the newest dossier, None where there was none."""
    newest = select(DOSSIERS).order_by(DOSSIERS.c.id.desc()).limit(1)
    with database.reading() as connection:
        row = connection.execute(newest).first()
    return _dossier(row) if row else None


def dossier_of(database: Database, fingerprint: str) -> WrittenDossier | None:
    """Return a dossier by its fingerprint, None where this workspace did not write it."""
    named = select(DOSSIERS).where(DOSSIERS.c.fingerprint == fingerprint).limit(1)
    with database.reading() as connection:
        row = connection.execute(named).first()
    return _dossier(row) if row else None


def _dossier(row: Row[tuple[object, ...]]) -> WrittenDossier:
    return WrittenDossier(row.at_us, row.fingerprint, json.loads(row.parts), json.loads(row.facts))
