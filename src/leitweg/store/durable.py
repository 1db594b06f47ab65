"""How does a file reach the disk? A crash leaves the old one or the new one."""

import os
from collections.abc import Iterable
from pathlib import Path


def write_by_rename(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Replace a file in one step: a reader sees the old content or the new, never a part.

    The content goes to a file beside it and is forced to the disk before the rename; the rename
    itself is forced by syncing the folder.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        write_to_disk(beside, content, mode=mode)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync([path.parent])


def write_to_disk(path: Path, content: bytes, *, mode: int) -> None:
    """Write a new file with exactly this mode and force it to the disk."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "wb") as file:
        if hasattr(os, "fchmod"):
            # the process umask may have taken bits away, an older file may have had more
            os.fchmod(file.fileno(), mode)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync(paths: Iterable[Path]) -> None:
    """Force files and folders to the disk; a power cut must not undo what a manifest names."""
    for path in paths:
        if path.is_dir() and os.name == "nt":
            # Windows cannot open a folder for syncing; its rename is journalled
            continue
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
