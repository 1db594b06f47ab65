"""How are files packed into one? As .tar.zst, .tar.gz or .zip, told by the ending of the name."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

import pyarrow as pa

from leitweg.domain.errors import WorkspaceError

ENDINGS = (".tar.zst", ".tar.gz", ".tgz", ".zip")
BROKEN = (tarfile.TarError, zipfile.BadZipFile)
"""Errors of an archive that is none, or is cut off."""

Add = Callable[[str, bytes | Path], None]
Member = tuple[str, int, IO[bytes]]


def check_ending(path: Path) -> None:
    """Refuse a name whose ending tells no kind of archive (``unknown-archive``)."""
    if not path.name.lower().endswith(ENDINGS):
        raise WorkspaceError(
            f"{path.name} tells no kind of archive; end it in .tar.zst, .tar.gz or .zip.",
            code="unknown-archive",
            path=str(path),
        )


class _Adder:
    """Adds one file to an archive."""

    def __init__(self, archive: tarfile.TarFile | zipfile.ZipFile) -> None:
        self._archive = archive

    def __call__(self, name: str, content: bytes | Path) -> None:
        if isinstance(self._archive, zipfile.ZipFile):
            if isinstance(content, bytes):
                self._archive.writestr(name, content)
            else:
                self._archive.write(content, name)
            return
        info = tarfile.TarInfo(name)
        info.mode = 0o600
        if isinstance(content, bytes):
            info.size = len(content)
            self._archive.addfile(info, io.BytesIO(content))
        else:
            info.size = content.stat().st_size
            with content.open("rb") as file:
                self._archive.addfile(info, file)


@contextmanager
def writing_archive(path: Path, name: str) -> Iterator[Add]:
    """Write an archive; what is yielded adds a file by name."""
    if name.lower().endswith(".zip"):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            yield _Adder(packed)
    elif name.lower().endswith(".zst"):
        with (
            pa.CompressedOutputStream(str(path), "zstd") as stream,
            tarfile.open(fileobj=stream, mode="w|") as archive,
        ):
            yield _Adder(archive)
    else:
        with gzip.open(path, "wb") as stream, tarfile.open(fileobj=stream, mode="w|") as archive:
            yield _Adder(archive)


@contextmanager
def members_of(path: Path) -> Iterator[Iterator[Member]]:
    """Read an archive: name, size and content of every plain file, in order."""
    if path.name.lower().endswith(".zip"):
        with zipfile.ZipFile(path) as packed, closing(_of_zip(packed)) as members:
            yield members
    elif path.name.lower().endswith(".zst"):
        with (
            pa.input_stream(str(path), compression="zstd") as stream,
            tarfile.open(fileobj=stream, mode="r|") as archive,
        ):
            yield _of_tar(archive)
    else:
        with gzip.open(path, "rb") as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
            yield _of_tar(archive)


def _of_zip(packed: zipfile.ZipFile) -> Generator[Member, None, None]:
    for info in packed.infolist():
        with packed.open(info) as stream:
            yield info.filename, info.file_size, stream


def _of_tar(archive: tarfile.TarFile) -> Iterator[Member]:
    for info in archive:
        # links and devices are no files of a workspace
        stream = archive.extractfile(info) if info.isreg() else None
        if stream is None:
            raise ValueError(f"{info.name!r} is no plain file")
        yield info.name, info.size, stream
