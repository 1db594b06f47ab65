"""Which encoding a text file has, decided by its bytes and never by its name."""

import codecs
import re

from leitweg.domain.errors import SourceError
from leitweg.sources.source_file import SourceFile

CHUNK_BYTES = 1 << 20

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# control characters that no text file holds, and bytes that Windows-1252 does not define
_NOT_TEXT = bytes(c for c in range(32) if c not in b"\t\n\r\x0b\x0c\x1a\x1b")
_UNDEFINED = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))
# letters and signs that texts in Western European languages really use beyond ASCII
_WESTERN = (
    "äöüÄÖÜßéèêëáàâãåæçíìîïñóòôõøúùûýÿÉÈÊËÁÀÂÃÅÆÇÍÌÎÏÑÓÒÔÕØÚÙÛÝ€§°²³µ´–—‘’“”„‚…«»¿¡©®™ª·•\xa0"
)
_WESTERN_BYTES = _WESTERN.encode("cp1252")
_PLAUSIBLE_SHARE = 0.95
# umlauts and accents stand alone; long runs are another script, such as Cyrillic
_RUN = re.compile(rb"[\x80-\xff]{3,}")


def encoding_by_mark(source: SourceFile) -> str:
    """Return ``utf-8``, ``utf-8-sig`` or ``utf-16`` by the first bytes of a text file.

    Raises
    ------
    SourceError
        binary-file where the first bytes hold what no text holds.
    """
    head = source.head()
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if b"\0" in head:
        return _utf16_without_mark(source.name, head)
    return "utf-8"


def _utf16_without_mark(name: str, head: bytes) -> str:
    # ASCII letters in UTF-16 leave every second byte zero, on one side only
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    raise binary_file(name)


def binary_file(name: str) -> SourceError:
    """Return the error for a file that is not text."""
    return SourceError(
        f"{name}: it holds bytes that no text has (a binary file). Export it as CSV, xlsx, "
        "Parquet, XES or mbox and import that.",
        code="binary-file",
        path=name,
    )


def fallback_encoding(source: SourceFile) -> str:
    """Return ``cp1252`` for a file that is not UTF-8, if that reading is plausible.

    Raises
    ------
    SourceError
        wrong-encoding, naming the first byte that is no UTF-8, where the file is damaged UTF-8
        or of an encoding that is not known here.
    """
    first_bad, multibyte, high, western = _census(source)
    if multibyte > high * 0.1 or high == 0 or western < _PLAUSIBLE_SHARE * high:
        raise SourceError(
            f"{source.name}: byte {first_bad:,} is not UTF-8, and the file does not read as "
            "Windows-1252 either. Export it as UTF-8 and import that.",
            code="wrong-encoding",
            path=source.name,
            byte=first_bad,
        )
    return "cp1252"


def _census(source: SourceFile) -> tuple[int, int, int, int]:
    """Count in one pass: first broken byte, UTF-8 characters, over ASCII, Western ones."""
    first_bad, multibyte, high, western, offset = -1, 0, 0, 0, 0
    with source.open() as stream:
        while chunk := stream.read(CHUNK_BYTES):
            if any(c in chunk for c in _NOT_TEXT):
                raise binary_file(source.name)
            over_ascii = chunk.translate(None, bytes(range(128)))
            high += len(over_ascii)
            western += len(over_ascii) - len(over_ascii.translate(None, _WESTERN_BYTES))
            western -= sum(len(run) for run in _RUN.findall(chunk))
            western -= high * any(c in chunk for c in _UNDEFINED)
            text = chunk.decode("utf-8", errors="surrogateescape")
            multibyte += sum(1 for c in text if c > "\x7f" and not "\udc80" <= c <= "\udcff")
            if first_bad < 0 and (found := _first_fault(text)) >= 0:
                first_bad = offset + found
            offset += len(chunk)
    return max(first_bad, 0), multibyte, high, western


def _first_fault(text: str) -> int:
    """Return the byte at which text decoded with surrogates first was no UTF-8, or -1."""
    fault = next((i for i, c in enumerate(text) if "\udc80" <= c <= "\udcff"), -1)
    return -1 if fault < 0 else len(text[:fault].encode("utf-8"))
