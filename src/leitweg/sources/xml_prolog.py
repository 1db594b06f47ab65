"""What stands before the first element of an XML file: enough to know it, or to refuse it."""

import codecs
import re
from dataclasses import dataclass

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SKIPPED = (("<?", "?>"), ("<!--", "-->"))
_ELEMENT = re.compile(r"<([^\s/>!?][^\s/>]*)")


@dataclass(frozen=True)
class Prolog:
    """The name of the root element without its prefix (None where there is none in sight).

    ``doctype`` says whether a document type is declared before it; what follows a document type
    is not looked at.
    """

    root: str | None
    doctype: bool


def read_prolog(head: bytes) -> Prolog:
    """Read the prolog from the first bytes of a file.

    >>> read_prolog(b"<?xml version='1.0'?><!-- made by --><xes:log>").root
    'log'
    """
    text = _decoded(head).lstrip("\ufeff \t\r\n")
    while text:
        if text[:9].upper() == "<!DOCTYPE":
            return Prolog(None, doctype=True)
        end = _end_of_skipped(text)
        if end is None:
            break
        text = text[end:].lstrip()
    element = _ELEMENT.match(text)
    return Prolog(element[1].rpartition(":")[2] if element else None, doctype=False)


def _end_of_skipped(text: str) -> int | None:
    for start, stop in _SKIPPED:
        if text.startswith(start):
            end = text.find(stop, len(start))
            return end + len(stop) if end >= 0 else None
    return None


def _decoded(head: bytes) -> str:
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return head.decode(encoding, "replace")
    # names of elements are plain letters in every other encoding that a log comes in
    return head.decode("latin-1")
