"""Which files an archive holds, and whether they may be unpacked."""

import gzip
import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from leitweg.domain.errors import SourceError
from leitweg.sources.guarded import check_unpacked, guarded, stream_error, unpack_error
from leitweg.sources.source_file import SourceFile

MAX_MEMBERS = 10_000

GZIP = b"\x1f\x8b"
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
UNKNOWN_PACKERS = {
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"Rar!\x1a\x07": "RAR",
}
MAGIC_BYTES = 265
"""A tar archive says so at byte 257; every other mark stands at the start."""

# an Office workbook is a zip as well, but one document: the reader of workbooks opens it
_WORKBOOK_MARKS = ("[Content_Types].xml", "mimetype")
_FAULTS = (EOFError, OSError, RuntimeError, zlib.error, zipfile.BadZipFile)


def is_zip(head: bytes) -> bool:
    """Say whether these first bytes begin a zip file (or a workbook, which is one)."""
    return head.startswith(ZIP)


def is_gzip(head: bytes) -> bool:
    """Say whether these first bytes begin a gzip file."""
    return head.startswith(GZIP)


def refuse_unknown_packer(name: str, head: bytes) -> None:
    """Raise `unsupported-archive` for packers that are not read here."""
    found = next((p for mark, p in UNKNOWN_PACKERS.items() if head.startswith(mark)), None)
    if head[257:262] == b"ustar":
        found = "tar"
    if found:
        raise SourceError(
            f"{name}: it is a {found} archive, which is not read here. Unpack it and import the "
            "files or their folder, or pack them as zip.",
            code="unsupported-archive",
            path=name,
            packer=found,
        )


def gzip_member(path: Path, name: str) -> SourceFile:
    """Return the one file in a gzip file; its name is that of the gzip file without ``.gz``."""
    inner = name[:-3] if name.lower().endswith(".gz") else name
    source = SourceFile(inner, path, _unpacked_hint(path), partial(_open_gzip, path, name))
    return _checked_content(source, in_zip=False)


def _unpacked_hint(path: Path) -> int:
    # the last four bytes hold the unpacked size modulo 4 GiB: good enough to show progress
    with path.open("rb") as stream:
        packed = stream.seek(0, io.SEEK_END)
        stream.seek(max(packed - 4, 0))
        size = int.from_bytes(stream.read(4), "little")
    return size if packed <= size <= 1100 * packed else 0


def _open_gzip(path: Path, name: str) -> BinaryIO:
    try:
        raw = gzip.GzipFile(path, "rb")
    except OSError as fault:
        raise stream_error(name, fault) from fault
    return guarded(raw, name, path.stat().st_size)


def zip_members(path: Path, name: str) -> Iterator[SourceFile]:
    """Yield the files of a zip, sorted by name; a workbook is given as the one file it is.

    Raises
    ------
    SourceError
        broken-archive, encrypted-archive, archive-path, too-many-members, archive-too-large,
        zip-bomb, nested-archive, empty-archive, empty-file.
    """
    archive = _open_zip(path, name)
    check_members(archive.infolist(), name, path.stat().st_size)
    if _is_workbook(archive):
        yield SourceFile(name, path, path.stat().st_size, partial(open_plain, path, name))
        return
    members = sorted((m for m in archive.infolist() if _is_content(m)), key=lambda m: m.filename)
    if not members:
        raise SourceError(
            f"{name}: the archive holds no file. Check what was packed.",
            code="empty-archive",
            path=name,
        )
    # every member is looked at before the first is given: all or nothing
    yield from [_zip_member(archive, member, path, name) for member in members]


def _open_zip(path: Path, name: str) -> zipfile.ZipFile:
    # not closed here: the members share it, and it closes itself with the last of them
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile as fault:
        raise SourceError(
            f"{name}: the zip file is cut off or damaged: its table of contents cannot be read. "
            "Copy or export it again.",
            code="broken-archive",
            path=name,
        ) from fault
    except _FAULTS as fault:
        raise unpack_error(name, fault) from fault


def open_plain(path: Path, name: str) -> BinaryIO:
    """Open a file as it is; `SourceError` instead of an `OSError`."""
    try:
        return path.open("rb")
    except OSError as fault:
        raise stream_error(name, fault) from fault


def check_members(members: list[zipfile.ZipInfo], name: str, packed: int) -> None:
    """Raise where the table of contents of a zip already shows that it must not be unpacked."""
    if len(members) > MAX_MEMBERS:
        raise SourceError(
            f"{name}: it holds {len(members):,} members, more than the {MAX_MEMBERS:,} that one "
            "archive may have. Unpack it and import the folder.",
            code="too-many-members",
            path=name,
            limit=MAX_MEMBERS,
        )
    check_unpacked(name, sum(m.file_size for m in members), packed)
    for member in members:
        _check_member(member, name)


def _check_member(member: zipfile.ZipInfo, name: str) -> None:
    where = f"{name}/{member.filename}"
    if _leaves_archive(member.filename):
        raise SourceError(
            f"{name}: the member '{member.filename}' has a path that leaves the archive. Pack the "
            "files again with paths inside one folder.",
            code="archive-path",
            path=name,
            member=member.filename,
        )
    if stat.S_ISLNK(member.external_attr >> 16):
        raise SourceError(
            f"{name}: the member '{member.filename}' is a link, not a file. Pack the file itself.",
            code="archive-link",
            path=name,
            member=member.filename,
        )
    if member.flag_bits & 0x1:
        raise stream_error(where, RuntimeError("encrypted"))
    check_unpacked(where, member.file_size, member.compress_size)


def _leaves_archive(member: str) -> bool:
    path = member.replace("\\", "/")
    if path.startswith("/") or path[1:2] == ":":
        return True
    depth = 0
    for part in path.split("/"):
        depth += {"..": -1, ".": 0, "": 0}.get(part, 1)
        if depth < 0:
            return True
    return False


def _is_workbook(archive: zipfile.ZipFile) -> bool:
    return any(mark in archive.NameToInfo for mark in _WORKBOOK_MARKS)


def _is_content(member: zipfile.ZipInfo) -> bool:
    parts = member.filename.replace("\\", "/").split("/")
    return not member.is_dir() and not any(is_clutter(part) for part in parts)


def is_clutter(name: str) -> bool:
    """Say whether a file is what a file manager leaves behind, not what a user exported."""
    hidden = name.startswith(".") and name not in {".", ".."}
    return hidden or name in {"__MACOSX", "Thumbs.db", "desktop.ini"}


def _zip_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path, name: str
) -> SourceFile:
    where = f"{name}/{member.filename}"
    source = SourceFile(
        where, path, member.file_size, partial(_open_zip_member, archive, member, where)
    )
    return _checked_content(source, in_zip=True)


def _open_zip_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> BinaryIO:
    try:
        raw = archive.open(member)
    except _FAULTS as fault:
        raise unpack_error(name, fault) from fault
    return guarded(raw, name, member.compress_size)


def _checked_content(source: SourceFile, *, in_zip: bool) -> SourceFile:
    head = source.head(MAGIC_BYTES)
    if not head:
        raise empty_file(source.name)
    refuse_unknown_packer(source.name, head)
    if is_zip(head) and source.name.lower().endswith((".xlsx", ".xlsm", ".ods")):
        return SourceFile(source.name, source.path, source.size, partial(_open_workbook, source))
    if is_zip(head) or is_gzip(head):
        outer = "a zip" if in_zip else "a gzip file"
        raise SourceError(
            f"{source.name}: it is an archive inside {outer}; only one packing is undone. Unpack "
            "the outer one and import what it holds.",
            code="nested-archive",
            path=source.name,
        )
    return source


def _open_workbook(source: SourceFile) -> BinaryIO:
    # a workbook needs random access, and is a zip itself: it is held in memory and checked
    with source.open() as stream:
        content = io.BytesIO(stream.read())
    try:
        members = zipfile.ZipFile(content).infolist()
    except zipfile.BadZipFile as fault:
        raise stream_error(source.name, fault) from fault
    check_members(members, source.name, len(content.getvalue()))
    content.seek(0)
    return content


def empty_file(name: str) -> SourceError:
    """Return the error for a file of no bytes."""
    return SourceError(
        f"{name}: the file is empty. Export it again or leave it out.",
        code="empty-file",
        path=name,
    )
