"""Which keys may ask over HTTP? Each by the hash of its token; the token itself is told once."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, insert, or_, select, update

from leitweg.store.application.database import Database
from leitweg.store.application.schema import API_KEYS

PREFIX = "lw_"
"""What every token begins with, so that a leaked one is found by a search."""
_RANDOM_BYTES = 32
_LENGTH_OF_BEGINNING = 10


@dataclass(frozen=True)
class ApiKey:
    """One key: for what it is, in which role it asks, and whether it still may.

    ``beginning`` are the first characters of the token, to recognise it; ``last_used_day`` is an
    ISO date, no finer.
    """

    id: int
    name: str
    beginning: str
    role: str
    created_us: int
    revoked_us: int | None = None
    last_used_day: str | None = None

    @property
    def is_revoked(self) -> bool:
        """It may not ask any more."""
        return self.revoked_us is not None


def draw_token() -> str:
    """Draw a token of 256 random bits."""
    return PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)


def hash_of_token(token: str) -> bytes:
    """Return what is stored of a token; its 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode()).digest()


def add_key(database: Database, *, name: str, role: str, token: str, at_us: int) -> ApiKey:
    """Store a key by the hash of its token, and return it."""
    beginning = token[:_LENGTH_OF_BEGINNING]
    row = insert(API_KEYS).values(
        name=name,
        token_hash=hash_of_token(token),
        beginning=beginning,
        role=role,
        created_us=at_us,
    )
    with database.writing() as connection:
        number = connection.execute(row.returning(API_KEYS.c.id)).scalar_one()
    return ApiKey(number, name, beginning, role, at_us)


def api_keys(database: Database) -> tuple[ApiKey, ...]:
    """Return every key, oldest first, revoked ones too."""
    with database.reading() as connection:
        return tuple(_key(r) for r in connection.execute(select(API_KEYS).order_by(API_KEYS.c.id)))


def key_of_token(database: Database, token: str) -> ApiKey | None:
    """Return the key of a token, revoked or not; None where nobody was given this token."""
    # the hash of what was sent is compared, so that the time taken tells nothing of a token
    wanted = select(API_KEYS).where(API_KEYS.c.token_hash == hash_of_token(token))
    with database.reading() as connection:
        row = connection.execute(wanted).first()
    return _key(row) if row else None


def revoke_key(database: Database, key_id: int, at_us: int) -> bool:
    """Revoke a key; False where there is none of this number or it was revoked before."""
    active = and_(API_KEYS.c.id == key_id, API_KEYS.c.revoked_us.is_(None))
    with database.writing() as connection:
        done = connection.execute(update(API_KEYS).where(active).values(revoked_us=at_us))
    return bool(done.rowcount)


def revoke_all_keys(database: Database, at_us: int) -> int:
    """Revoke every key that still may ask; return how many."""
    active = update(API_KEYS).where(API_KEYS.c.revoked_us.is_(None))
    with database.writing() as connection:
        return int(connection.execute(active.values(revoked_us=at_us)).rowcount)


def note_used(database: Database, days: Mapping[int, str]) -> None:
    """Note on which day keys (number -> ISO date) were used last; an earlier day changes nothing.

    Meant to be called now and then for many requests: each call is one transaction.
    """
    if not days:
        return
    with database.writing() as connection:
        for number, day in days.items():
            is_later = or_(API_KEYS.c.last_used_day.is_(None), API_KEYS.c.last_used_day < day)
            wanted = and_(API_KEYS.c.id == number, is_later)
            connection.execute(update(API_KEYS).where(wanted).values(last_used_day=day))


def _key(row: Row[Any]) -> ApiKey:
    return ApiKey(
        row.id,
        row.name,
        row.beginning,
        row.role,
        row.created_us,
        row.revoked_us,
        row.last_used_day,
    )
