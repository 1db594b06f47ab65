"""Which language does a word name? Its ISO 639 code."""

import unicodedata
from functools import cache

from babel import Locale

_NAMED_IN = ("en", "de", "fr", "es", "it", "nl", "pl", "tr")
_LONGEST = 3


@cache
def _codes() -> dict[str, str]:
    """Return code by name, as eight languages name it."""
    found: dict[str, str] = {}
    for name in _NAMED_IN:
        locale = Locale.parse(name)
        for code, word in locale.languages.items():
            if "_" not in code:
                found.setdefault(_folded(word), code)
    return found


def language_code(text: str) -> str | None:
    """Return the ISO 639 code of a language; None where the text names none.

    >>> [language_code(text) for text in ("Deutsch", "DE", "en-GB", "Französisch", "Klangonisch")]
    ['de', 'de', 'en', 'fr', None]
    """
    word = _folded(text)
    if word in _codes():
        return _codes()[word]
    code = word.replace("_", "-").partition("-")[0]
    return code if len(code) <= _LONGEST and code in Locale.parse("en").languages else None


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
