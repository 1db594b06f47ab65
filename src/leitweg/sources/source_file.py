"""A file to read, however it is packed."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO


@dataclass(frozen=True)
class SourceFile:
    """One file, unpacked: a plain file, the content of a gzip file, or a member of a zip.

    ``name`` is what messages call it (inside a zip ``archive.zip/member``); its ending is that of
    the unpacked file. ``path`` is the file on disk. ``size`` is the number of unpacked bytes as
    far as it is known beforehand (for progress only), else 0. ``open`` gives a fresh stream;
    every fault while reading it is a `SourceError`. Streams of archives cannot seek.
    """

    name: str
    path: Path
    size: int
    open: Callable[[], BinaryIO]

    def head(self, size: int = 65_536) -> bytes:
        """Return the first bytes, to recognise what kind of file this is."""
        with self.open() as stream:
            return stream.read(size)
