"""Where does the audit log end? A file outside the workspace knows, so that no end can be cut."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from leitweg.domain.errors import WorkspaceError
from leitweg.store.durable import write_to_disk

LOCK_NAME = ".audit.lock"
TIMEOUT_SECONDS = 60.0


@dataclass(frozen=True)
class Head:
    """The last row of the log: its number (0: there is none yet), hash and time."""

    number: int
    hash: str
    at_us: int


@contextmanager
def only_noting(folder: Path, *, timeout_seconds: float = TIMEOUT_SECONDS) -> Iterator[None]:
    """Let nobody else add to the log of a workspace: its row and the head belong together.

    Raises
    ------
    WorkspaceError
        ``database-locked`` when another process holds it for longer than the timeout.
    """
    if not folder.is_dir():
        # the lock would create the folder
        raise WorkspaceError(
            f"There is no workspace at {folder} any more; it was removed meanwhile.",
            code="workspace-missing",
            path=str(folder),
        )
    path = folder / LOCK_NAME
    try:
        with FileLock(path, timeout=timeout_seconds):
            yield
    except Timeout:
        raise WorkspaceError(
            f"The audit log of {folder} is being written by another process; waited "
            f"{timeout_seconds:g} seconds. Try again when it has finished.",
            code="database-locked",
            path=str(path),
        ) from None


def read_head(path: Path) -> Head | None:
    """Read the head; None where there is no file, or one that is no head."""
    try:
        head = Head(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    is_head = isinstance(head.number, int) and isinstance(head.at_us, int)
    return head if is_head and isinstance(head.hash, str) else None


def write_head(path: Path, head: Head) -> None:
    """Put the head in the place of the one before it, in one step."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.tmp")
    write_to_disk(beside, json.dumps(asdict(head)).encode() + b"\n", mode=0o600)
    # the folder is not forced to the disk: an older head after a power cut is no break
    beside.replace(path)
