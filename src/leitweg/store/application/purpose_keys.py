"""Which key was drawn for which purpose? Its fingerprint is noted, so that a lost one is missed."""

from sqlalchemy import Connection, insert, select

from leitweg.store.application.schema import PURPOSE_KEYS


def fingerprint_noted(connection: Connection, purpose: str) -> str | None:
    """Return the fingerprint of the key of a purpose, None where none was drawn yet."""
    wanted = PURPOSE_KEYS.c.purpose == purpose
    return connection.scalar(select(PURPOSE_KEYS.c.fingerprint).where(wanted))


def note_fingerprint(connection: Connection, purpose: str, fingerprint: str) -> None:
    """Note the key of a purpose."""
    connection.execute(insert(PURPOSE_KEYS).values(purpose=purpose, fingerprint=fingerprint))
