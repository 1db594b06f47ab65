"""Which files stand behind a path: a file, an archive or a folder, told by content."""

import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from leitweg.domain.errors import SourceError
from leitweg.sources.archives import (
    MAGIC_BYTES,
    empty_file,
    gzip_member,
    is_clutter,
    is_gzip,
    is_zip,
    open_plain,
    refuse_unknown_packer,
    zip_members,
)
from leitweg.sources.guarded import stream_error
from leitweg.sources.source_file import SourceFile

__all__ = ["SourceFile", "open_source"]

MAILS = ("cur", "new")
"""The folders of a Maildir that hold mails; what is in ``tmp`` is not yet delivered."""


def open_source(path: Path) -> Iterator[SourceFile]:
    """Yield every file behind a path, unpacked, in an order that is always the same.

    Parameters
    ----------
    path
        A plain file, a gzip file, a zip (its members, sorted by name), or a folder (its files
        and those of its subfolders, sorted by path; archives in it are opened as well; of a
        Maildir the mails). What a file is, its first bytes say, not its name.

    Yields
    ------
    SourceFile
        Not yet read; limits on size, ratio and paths of archives are checked before and during
        reading.

    Raises
    ------
    SourceError
        missing-file, empty-file, empty-folder, no-permission, not-a-file, truncated-file,
        broken-archive, archive-too-large, zip-bomb, too-many-members, archive-path,
        archive-link, encrypted-archive, nested-archive, empty-archive, unsupported-archive.
    """
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as fault:
        raise stream_error(str(path), fault) from fault
    if stat.S_ISDIR(mode):
        yield from _folder_files(path)
    elif stat.S_ISREG(mode):
        yield from _file(path, path.name)
    else:
        raise SourceError(
            f"{path}: it is neither a file nor a folder. Name a file or a folder.",
            code="not-a-file",
            path=str(path),
        )


def _file(path: Path, name: str) -> Iterator[SourceFile]:
    with open_plain(path, name) as stream:
        head = stream.read(MAGIC_BYTES)
    if not head:
        raise empty_file(name)
    refuse_unknown_packer(name, head)
    if is_gzip(head):
        yield gzip_member(path, name)
    elif is_zip(head):
        yield from zip_members(path, name)
    else:
        yield SourceFile(name, path, path.stat().st_size, partial(open_plain, path, name))


def _folder_files(folder: Path) -> Iterator[SourceFile]:
    files = sorted(_files_below(folder, folder.resolve()))
    if not files:
        raise SourceError(
            f"{folder}: there is no file in this folder. Name the folder that holds the export.",
            code="empty-folder",
            path=str(folder),
        )
    for file in files:
        yield from _file(file, file.relative_to(folder).as_posix())


def _files_below(folder: Path, root: Path) -> Iterator[Path]:
    for entry in _entries(folder):
        _refuse_link_outside(entry, root)
        if entry.is_dir() and not entry.is_symlink():
            yield from _files_below(entry, root)
        elif entry.is_file():
            yield entry


def _entries(folder: Path) -> list[Path]:
    try:
        entries = list(folder.iterdir())
    except OSError as fault:
        raise stream_error(str(folder), fault) from fault
    if not _is_maildir(folder):
        return [entry for entry in entries if not is_clutter(entry.name)]
    # its folders are called '.Sent' as well, and beside them lie indexes of the mail server
    return [entry for entry in entries if entry.name in MAILS or _is_maildir(entry)]


def _is_maildir(folder: Path) -> bool:
    return all((folder / name).is_dir() for name in MAILS)


def _refuse_link_outside(entry: Path, root: Path) -> None:
    if entry.is_symlink() and not entry.resolve().is_relative_to(root):
        raise SourceError(
            f"{entry}: it is a link to a file outside the folder. Copy the file itself into it.",
            code="archive-path",
            path=str(entry),
        )
