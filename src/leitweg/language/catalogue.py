"""The sentence behind a key, in German or English.

The texts are gettext files beside this module, one per language, with stable keys as msgid. They
are read as they are, so a source checkout and a wheel work alike without a compile step. The few
lines that read them spare every start of the command line the 0.1 s that a full gettext library
takes to load; a test holds them against such a library.
"""

import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from leitweg.domain.errors import LeitwegError

LANGUAGES = ("en", "de")
DEFAULT = "en"
_ESCAPE = re.compile(r"\\(.)")


class UnknownLanguageError(LeitwegError):
    """A language that the catalogue does not hold."""

    title = "The language is not known"


def _unquote(text: str) -> str:
    inner = text.strip()[1:-1]
    return _ESCAPE.sub(lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), inner)


def read_po(text: str) -> dict[str, str]:
    r"""Read a gettext file: msgid -> msgstr, the header (empty msgid) left out.

    >>> read_po('msgid "a"\nmsgstr "one "\n"two"')
    {'a': 'one two'}
    """
    found: dict[str, str] = {}
    key, part = "", ""
    for line in text.splitlines():
        if line.startswith("msgid "):
            key, part = _unquote(line[6:]), "id"
        elif line.startswith("msgstr "):
            found[key], part = _unquote(line[7:]), "str"
        elif line.startswith('"') and part == "id":
            key += _unquote(line)
        elif line.startswith('"'):
            found[key] += _unquote(line)
    found.pop("", None)
    return found


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return all texts of a language, read once per process.

    Raises
    ------
    UnknownLanguageError
        For a language other than those in ``LANGUAGES``.
    """
    if language not in LANGUAGES:
        raise UnknownLanguageError(
            f"'{language}' is no language of Leitweg. Choose de or en.",
            code="unknown-language",
            language=language,
        )
    return read_po(Path(__file__).with_name(f"{language}.po").read_text(encoding="utf-8"))


def has_text(key: str) -> bool:
    """Say whether the catalogue holds this key (both languages hold the same keys)."""
    return key in catalogue(DEFAULT)


def translate(language: str, key: str, /, **values: object) -> str:
    """Return the text of a key with its values filled in; KeyError for a key nobody wrote.

    >>> translate("de", "count.case.other", n="1.234")
    '1.234 Vorgänge'
    """
    text = catalogue(language)[key]
    return text.format(**values) if values else text


def language_of(environment: Mapping[str, str] | None = None) -> str:
    """Return the language the surroundings ask for: LEITWEG_LANGUAGE, LC_ALL, LC_MESSAGES, LANG.

    >>> language_of({"LANG": "de_AT.UTF-8"}), language_of({"LC_ALL": "C", "LANG": "de_DE"})
    ('de', 'en')
    """
    known = os.environ if environment is None else environment
    for name in ("LEITWEG_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := known.get(name):
            short = value[:2].lower()
            return short if short in LANGUAGES else DEFAULT
    return DEFAULT
