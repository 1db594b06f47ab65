"""Where does the ledger keep what it computed? In files that can go at any time.

They hold no more than the ledger itself, numbers instead of people; a file that is not signed
with the key of the ledger, or not of the sets in the database, is as good as none.
"""

import os
from contextlib import suppress
from pathlib import Path

from leitweg.privacy.ledger_state import LedgerState
from leitweg.store.application import Database

FOLDER = "ledger"


def kept_state(
    database: Database, name: str, key: bytes, fingerprints: list[bytes]
) -> LedgerState | None:
    """Return the state that was kept, where it fits the sets of the database."""
    try:
        content = _file(database, name).read_bytes()
    except OSError:
        return None
    return LedgerState.unpacked(content, key, fingerprints)


def keep_state(database: Database, name: str, key: bytes, state: LedgerState) -> None:
    """Keep a state for the next process; where nothing can be written, that one computes it."""
    path = _file(database, name)
    beside = path.with_name(f".{name}.{os.getpid()}.tmp")
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.writelines(state.packed(key))
        beside.replace(path)


def _folder(database: Database) -> Path:
    return database.path.parent / FOLDER


def _file(database: Database, name: str) -> Path:
    return _folder(database) / name
