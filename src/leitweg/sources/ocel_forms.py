"""Is a file an object-centric log, and in which of its forms? Its first bytes say."""

import re

from leitweg.sources.xml_prolog import read_prolog

SQLITE = b"SQLite format 3\0"
_MARKS = b"\xef\xbb\xbf\xff\xfe \t\r\n"
_FIRST_KEY = re.compile(rb'\{\s*"(ocel:[\w-]+|events|objects|eventTypes|objectTypes)"\s*:')
_ANY_KEY = re.compile(rb'"(ocel:(?:events|objects|global-\w+)|eventTypes|objectTypes)"\s*:\s*[\[{]')
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
# the first of these below the root tells the two kinds of logs apart, whose root is 'log' in both
_ELEMENT = re.compile(
    rb"<(?:[\w.-]+:)?(trace|extension|classifier|events?|objects?|event-types|object-types)[\s/>]"
)
_OF_XES = (b"trace", b"extension", b"classifier")


def ocel_form(head: bytes) -> str | None:
    """Return ``sqlite``, ``json`` or ``xml`` where these first bytes begin an OCEL log, else None.

    Every SQLite database is taken for one, so that another is refused for what it lacks.

    >>> ocel_form(b'{"ocel:global-log": {}}'), ocel_form(b"<log><events/></log>")
    ('json', 'xml')
    >>> ocel_form(b"<log><trace/></log>") is None
    True
    """
    if head.startswith(SQLITE):
        return "sqlite"
    plain = _plain(head)
    if plain.startswith(b"{"):
        return "json" if _FIRST_KEY.match(plain) or _ANY_KEY.search(plain) else None
    if read_prolog(head).root != "log":
        return None
    element = _ELEMENT.search(_COMMENT.sub(b"", plain))
    return "xml" if element and element[1] not in _OF_XES else None


def _plain(head: bytes) -> bytes:
    # the letters of UTF-16 lie between zero bytes
    return head.replace(b"\0", b"").lstrip(_MARKS)


def form_by_sign(head: bytes) -> str | None:
    """Return the form that a file can have which the user calls an OCEL log, by its first sign.

    >>> form_by_sign(b"<!DOCTYPE log>"), form_by_sign(b"[1]") is None
    ('xml', True)
    """
    if head.startswith(SQLITE):
        return "sqlite"
    return {b"{": "json", b"<": "xml"}.get(_plain(head)[:1])
