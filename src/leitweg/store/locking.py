"""Who may write now? One writer at a time, and who waits in vain learns who holds the lock."""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from leitweg.domain.errors import WorkspaceError

LOCK_NAME = ".write.lock"
HOLDER_NAME = ".write.holder"
TIMEOUT_SECONDS = 60.0


@contextmanager
def only_writer(folder: Path, *, since: str, timeout_seconds: float) -> Iterator[None]:
    """Hold the write lock of a workspace; the system frees it when the process dies.

    Parameters
    ----------
    folder
        The workspace; it must exist.
    since
        Time of the clock, told to those who wait in vain.
    timeout_seconds
        How long to wait for another writer.

    Raises
    ------
    WorkspaceError
        ``workspace-locked`` with who holds it and since when.
    """
    if not folder.is_dir():
        # the lock would create the folder
        raise _missing(folder)
    handles: list[int] = []
    lock = FileLock(folder / LOCK_NAME, timeout=timeout_seconds, on_acquired=handles.append)
    try:
        lock.acquire()
    except Timeout:
        raise _locked(folder, timeout_seconds) from None
    holder = folder / HOLDER_NAME
    try:
        _check_lock_is_of_this_folder(folder, handles[-1])
        me = {"process": os.getpid(), "machine": socket.gethostname(), "since": since}
        holder.write_text(json.dumps(me), encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _check_lock_is_of_this_folder(folder: Path, handle: int) -> None:
    # who waited for a folder that its holder removed got the lock of a file that is gone
    try:
        is_same = os.path.samestat(os.fstat(handle), (folder / LOCK_NAME).stat())
    except FileNotFoundError:
        is_same = False
    if not is_same:
        raise _missing(folder)


def _missing(folder: Path) -> WorkspaceError:
    return WorkspaceError(
        f"There is no workspace at {folder} any more; it was removed meanwhile. Import again.",
        code="workspace-missing",
        path=str(folder),
    )


def _locked(folder: Path, timeout_seconds: float) -> WorkspaceError:
    try:
        holder = json.loads((folder / HOLDER_NAME).read_text(encoding="utf-8"))
        who = f"process {holder['process']} on {holder['machine']} since {holder['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        holder, who = {}, "another process"
    return WorkspaceError(
        f"{folder} is being written by {who}; waited {timeout_seconds:g} seconds. Try again when "
        "it has finished.",
        code="workspace-locked",
        path=str(folder),
        holder=holder,
    )
