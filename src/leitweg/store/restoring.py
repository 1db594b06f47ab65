"""How does a restored workspace take its place? Made ready beside it, then swapped by name.

What was there before is moved aside first and deleted last: a process killed at any moment leaves
the old workspace or the new one, at worst under the name of the folder beside, from where the next
restore puts it back.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from leitweg.domain.errors import WorkspaceError
from leitweg.store.durable import sync
from leitweg.store.keys import FOLDER_VARIABLE, key_folder

_OLD = "old"


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """Yield an empty folder beside a workspace, whose keys are those of the workspace.

    Raises
    ------
    WorkspaceError
        ``workspace-locked`` where another restore is at work.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = folder.with_name(f".{folder.name}.restore")
    lock = FileLock(folder.with_name(f".{folder.name}.restore.lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise WorkspaceError(
            f"{folder} is being restored by another process; try again when it has finished.",
            code="workspace-locked",
            path=str(folder),
        ) from None
    try:
        _put_back(beside, folder)
        shutil.rmtree(beside, ignore_errors=True)
        place = beside / folder.name
        place.mkdir(mode=0o700, parents=True)
        keys = key_folder(folder)
        if FOLDER_VARIABLE not in os.environ:
            key_folder(place).symlink_to(keys.absolute(), target_is_directory=True)
        try:
            yield place
        finally:
            _put_back(beside, folder)
            shutil.rmtree(beside, ignore_errors=True)
    finally:
        lock.release()


def swap(place: Path, folder: Path) -> None:
    """Put a folder made ready by `staging` in the place of a workspace."""
    if folder.exists():
        folder.rename(place.with_name(_OLD))
    place.rename(folder)
    sync([folder.parent])


def _put_back(beside: Path, folder: Path) -> None:
    old = beside / _OLD
    if old.is_dir() and not folder.exists():
        old.rename(folder)
        sync([folder.parent])
