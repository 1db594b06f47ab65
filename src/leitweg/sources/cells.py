"""What do the cells of a roster or a backlog mean? Lists, languages, counts."""

import re

from leitweg.language.codes import language_code

_ANY = re.compile(r"\s*[,;|\n]\s*")
_STRONG = re.compile(r"\s*[;|\n]\s*")
_COUNT = re.compile(r"(\d+(?:[.,]\d+)?)(?:\s*(?:/|per|pro|je|am|a)\s*(?:day|tag))?", re.IGNORECASE)


def listed(text: str | None) -> tuple[str, ...]:
    """Return the entries of a list divided by commas, semicolons or bars."""
    return tuple(filter(None, _ANY.split(text.strip()))) if text else ()


def listed_names(text: str | None) -> tuple[str, ...]:
    """Return the entries of a list of names, in which a comma divides last from first name."""
    return tuple(filter(None, _STRONG.split(text.strip()))) if text else ()


def permissions_of(text: str | None) -> frozenset[str]:
    """Return permissions in lower case."""
    return frozenset(" ".join(entry.casefold().split()) for entry in listed(text))


def languages_of(text: str | None) -> frozenset[str]:
    """Return languages as ISO 639 codes.

    Raises
    ------
    ValueError
        Where one is not known.

    >>> sorted(languages_of("Deutsch, EN"))
    ['de', 'en']
    """
    codes = [language_code(entry) for entry in listed(text)]
    if None in codes:
        raise ValueError("not a language")
    return frozenset(code for code in codes if code is not None)


def count_of(text: str | None) -> float | None:
    """Return a count; a rate of a day counts as such.

    Raises
    ------
    ValueError
        Where it is no number.

    >>> count_of("5"), count_of("12 pro Tag"), count_of("1,5"), count_of(None)
    (5.0, 12.0, 1.5, None)
    """
    if text is None:
        return None
    found = _COUNT.fullmatch(text.strip())
    if found is None:
        raise ValueError("not a number of cases")
    return float(found[1].replace(",", "."))
