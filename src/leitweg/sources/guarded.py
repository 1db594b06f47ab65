"""A stream whose faults are domain errors: what is read stays under limits and never bursts."""

import errno
import gzip
import io
import zipfile
import zlib
from typing import Any, Protocol

from leitweg.domain.errors import SourceError

MAX_UNPACKED_BYTES = 8 * 2**30
"""What one archive may unpack to, all members together."""
MAX_RATIO = 200
"""Unpacked to packed: text logs reach 30, XML logs 60; beyond 200 nothing is a log."""
RATIO_FREE_BYTES = 100 * 10**6
"""Below this size the ratio is not asked: a small file of blanks does no harm."""

CHUNK_BYTES = 1 << 20


class Unpacking(Protocol):
    """What unpacks: the streams of gzip and zipfile."""

    def read(self, size: int, /) -> bytes:
        """Return at most that many bytes, none at the end."""
        ...

    def close(self) -> None:
        """Close the file below."""
        ...


class GuardedStream(io.RawIOBase):
    """Raw stream that counts what it gives and turns every fault into a `SourceError`.

    Parameters
    ----------
    inner
        The unpacking stream; it is closed with this one.
    name
        What the user knows the file by; it opens every sentence.
    packed_bytes
        Size on disk of what is unpacked, or None where nothing is unpacked: then no limit holds.
    """

    def __init__(self, inner: Unpacking, name: str, packed_bytes: int | None) -> None:
        super().__init__()
        self._inner = inner
        self._name = name
        self._packed_bytes = packed_bytes
        self._given = 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer; SourceError where the file is cut off, damaged or too large."""
        view = memoryview(buffer).cast("B")
        try:
            data = self._inner.read(len(view))
        except (EOFError, OSError, RuntimeError, zlib.error, zipfile.BadZipFile) as fault:
            raise unpack_error(self._name, fault, self._given) from fault
        view[: len(data)] = data
        self._given += len(data)
        if self._packed_bytes is not None:
            check_unpacked(self._name, self._given, self._packed_bytes)
        return len(data)

    def close(self) -> None:
        """Close the stream below as well."""
        if not self.closed:
            self._inner.close()
        super().close()


def guarded(inner: Unpacking, name: str, packed_bytes: int | None) -> io.BufferedReader:
    """Return the stream behind a guard and a buffer of one chunk."""
    return io.BufferedReader(GuardedStream(inner, name, packed_bytes), CHUNK_BYTES)


def check_unpacked(name: str, unpacked: int, packed: int) -> None:
    """Raise where an archive unpacks to more than the limits allow (a zip bomb)."""
    if unpacked > MAX_UNPACKED_BYTES:
        raise SourceError(
            f"{name}: it unpacks to more than {MAX_UNPACKED_BYTES >> 30} GiB, the limit for one "
            "archive. Import it in parts, or unpacked.",
            code="archive-too-large",
            path=name,
            limit_bytes=MAX_UNPACKED_BYTES,
        )
    if unpacked > RATIO_FREE_BYTES and unpacked > MAX_RATIO * max(packed, 1):
        raise SourceError(
            f"{name}: it unpacks to more than {MAX_RATIO} times its size, as a zip bomb does and "
            "no log. If it is a log, unpack it and import it unpacked.",
            code="zip-bomb",
            path=name,
            limit_ratio=MAX_RATIO,
        )


def unpack_error(name: str, fault: Exception, at_byte: int = 0) -> SourceError:
    """Return the domain error for a fault while unpacking.

    A position that cannot be is written in the archive, so the archive is damaged and not the disk.
    """
    if isinstance(fault, OSError) and fault.errno == errno.EINVAL:
        fault = zipfile.BadZipFile("impossible position")
    return stream_error(name, fault, at_byte)


def stream_error(name: str, fault: Exception, at_byte: int = 0) -> SourceError:
    """Return the domain error for a fault while opening or reading a file.

    Codes: truncated-file, broken-archive, encrypted-archive, unsupported-archive, missing-file,
    no-permission, unreadable-file.
    """
    code, what = _code_and_sentence(fault)
    where = f" after {at_byte:,} bytes of content" if at_byte else ""
    return SourceError(f"{name}: {what.format(where=where)}", code=code, path=name, at_byte=at_byte)


def _code_and_sentence(fault: Exception) -> tuple[str, str]:
    again = "Copy or export it again."
    if isinstance(fault, EOFError):
        return "truncated-file", "the compressed file is cut off{where}. " + again
    if isinstance(fault, zlib.error | gzip.BadGzipFile | zipfile.BadZipFile):
        return "broken-archive", "the compressed file is damaged{where}. " + again
    if isinstance(fault, NotImplementedError):
        return "unsupported-archive", (
            "it is packed by a method that is not known here. Pack it as plain zip or gz, "
            "or import it unpacked."
        )
    if isinstance(fault, RuntimeError):
        return "encrypted-archive", "it is encrypted. Unpack it with its password and import that."
    return _system_fault(fault)


def _system_fault(fault: Exception) -> tuple[str, str]:
    if isinstance(fault, FileNotFoundError):
        return "missing-file", "there is no such file. Check the path."
    if isinstance(fault, PermissionError):
        return "no-permission", "no permission to read it. Grant read access or copy the file."
    reason = getattr(fault, "strerror", None) or "the system gave no reason"
    reason = reason.replace("{", "(").replace("}", ")")
    return "unreadable-file", f"it cannot be read{{where}} ({reason}). Check the disk or the share."
