"""What may an error of a protected import quote? Columns and the caller's own words, no contents.

Messages go into logs and tickets. The reader of a file quotes the value it stumbled over, and lists
the columns it found; in a table with one column per person those are names.
"""

import re
from collections.abc import Collection, Iterable
from functools import cache

from leitweg.domain.errors import LeitwegError
from leitweg.domain.tables import TABLES
from leitweg.privacy.canonical import canonical, is_address
from leitweg.privacy.concealed import GAP
from leitweg.sources.synonyms import SYNONYMS
from leitweg.sources.words import header_words

_QUOTED = re.compile(r"(?P<before>[\w-]+ )?'(?P<text>.*?)'(?=[\s,.;:)\]]|$)", re.DOTALL)
_OF_THE_FORM = frozenset({"column", "columns", "header", "table", "sheet", "kind", "and"})
_STRUCTURE = frozenset({"not-ocel", "case-object-needed", "unknown-case-object", "archive-path"})
"""Errors that quote types of objects and files of an archive, which say what a file is."""
_TIME = re.compile(r"[\d:./ TZ+-]*\d[:./-]\d[\d:./ TZ+-]*")
"""Words before the name of a part of the file, which is no content of it."""
_LISTS = re.compile(
    r"(The columns are |the file has |fit no kind of table \()(.+?)(\)?\.(?:\s|$)|$)", re.DOTALL
)
_OF_A_STANDARD = re.compile(r"(?:ocel|concept|org|time|lifecycle):[a-z_]+")
"""Names that the standards for event logs give to columns."""
_ADDRESS = re.compile(r"[^\s'\",;<>()]+@[^\s'\",;<>()]+\.\w+")
_PLACES = ("path", "table", "kind", "canonical", "missing", "choices")


def without_contents(error: LeitwegError, typed: Iterable[str]) -> LeitwegError:
    """Return an error that says the same without quoting what stands in the file.

    Parameters
    ----------
    error
        As a reader raised it.
    typed
        What the caller typed: it may be repeated.
    """
    known = {*typed, *(c.name for t in TABLES.values() for c in t.columns), *TABLES}

    def quoted(found: re.Match[str]) -> str:
        before, text = found["before"] or "", found["text"]
        is_part = before.strip() in _OF_THE_FORM and is_plain_header(text)
        is_own = _OF_A_STANDARD.fullmatch(text) or _TIME.fullmatch(text)
        is_told = text in known or is_part or is_own
        return f"{before}'{text if is_told else GAP}'"

    def listed(found: re.Match[str]) -> str:
        return found[1] + ", ".join(_plain_columns(found[2].split(", "))) + found[3]

    def plain(text: str) -> str:
        if text in known:
            return text
        if error.code not in _STRUCTURE:
            text = _QUOTED.sub(quoted, text)
        text = _LISTS.sub(listed, text)
        return _ADDRESS.sub(lambda found: found[0] if found[0] in known else GAP, text)

    fields = {n: v if n in _PLACES else _plain_field(v, known) for n, v in error.fields.items()}
    return type(error)(plain(error.detail), code=error.code, **fields)


def is_plain_header(name: str) -> bool:
    """Say whether a header speaks of a kind of thing, by a word that exports use in headers.

    >>> is_plain_header("Change Date"), is_plain_header("Anna Alt")
    (True, False)
    """
    if _OF_A_STANDARD.fullmatch(name):
        return True
    if is_address(canonical(name, "person")):
        return False
    return not _vocabulary().isdisjoint(header_words(name).split())


def _plain_columns(columns: Collection[str]) -> list[str]:
    plain = [name for name in columns if is_plain_header(name)]
    rest = len(columns) - len(plain)
    return [*plain, GAP] if rest else plain


def _plain_field(value: object, known: Collection[str]) -> object:
    if isinstance(value, str):
        return value if value in known or is_plain_header(value) else GAP
    if isinstance(value, list | tuple):
        return [v for v in value if not isinstance(v, str) or v in known or is_plain_header(v)]
    return value


@cache
def _vocabulary() -> frozenset[str]:
    names = {name for table in SYNONYMS.values() for found in table.values() for name in found}
    return frozenset(word for name in names for word in name.split() if len(word) > 1)
