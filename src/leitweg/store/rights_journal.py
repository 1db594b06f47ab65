"""Which rights were used, even if the workspace is lost? A journal beside the keys says it again.

One line of JSON per right, added and never changed, with keyed hashes alone. A backup that is
restored may be older than an erasure; the journal is not in it and knows.
"""

import json
import os
from collections.abc import Iterable
from pathlib import Path

from leitweg.store.application.rights import UsedRight
from leitweg.store.durable import sync
from leitweg.store.keys import key_folder


def journal_file(folder: Path, workspace_id: str) -> Path:
    """Return where the journal of a workspace lies."""
    return key_folder(folder) / f"rights-{workspace_id}.jsonl"


def add_to_journal(path: Path, rights: Iterable[UsedRight]) -> None:
    """Add rights, forced to the disk before anything is done about them."""
    lines = [
        json.dumps(
            {
                "kind": right.kind,
                "person": right.person_hash.hex(),
                "at_us": right.at_us,
                "detail": right.detail,
            }
        )
        for right in rights
    ]
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "ab") as file:
        # a line that a killed process left unfinished must not swallow this one
        file.write(("\n" + "\n".join(lines) + "\n").encode())
        file.flush()
        os.fsync(file.fileno())
    sync([path.parent])


def journal(path: Path) -> tuple[UsedRight, ...]:
    """Return the rights of a journal, oldest first; none where there is no journal."""
    if not path.is_file():
        return ()
    found = (_right(line) for line in path.read_text(encoding="utf-8").splitlines() if line)
    return tuple(right for right in found if right is not None)


def _right(line: str) -> UsedRight | None:
    try:
        said = json.loads(line)
        hash_ = bytes.fromhex(said["person"])
        return UsedRight(str(said["kind"]), hash_, int(said["at_us"]), str(said["detail"]))
    except (ValueError, KeyError, TypeError):
        # half a line of a process that was killed: its erasure had not begun
        return None
