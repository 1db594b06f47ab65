"""When two names are the same name: case, umlauts, separators and prefixes aside."""

import re
import unicodedata

Synonyms = dict[str, tuple[str, ...]]
"""Canonical column -> the names that exports give to it, best first."""

_SEPARATORS = re.compile(r"[\s_\-./:+()\[\]#*\"']+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_DIGRAPHS = (("ae", "a"), ("oe", "o"), ("ue", "u"))


def folded(text: str) -> str:
    """Return a name in lower case, with umlauts folded and separators as single spaces.

    >>> folded("Wait - Customer"), folded("Gelöst"), folded("assignment_group")
    ('wait customer', 'gelost', 'assignment group')
    """
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return _SEPARATORS.sub(" ", plain).strip()


def header_words(text: str) -> str:
    """Return the name of a column, folded, with words of camel case apart.

    >>> header_words("userPrincipalName"), header_words("IssueKey"), header_words("ReportsToID")
    ('user principal name', 'issue key', 'reports to id')
    """
    return folded(_CAMEL.sub(" ", text))


def without_digraphs(text: str) -> str:
    """Return a folded name with ae, oe, ue as the plain vowels that folded umlauts become.

    >>> without_digraphs("prioritaet")
    'prioritat'
    """
    for digraph, vowel in _DIGRAPHS:
        text = text.replace(digraph, vowel)
    return text


def name_list(text: str) -> tuple[str, ...]:
    """Split a list of names written with bars; each stands as `header_words` folds it.

    >>> name_list("person id|mitarbeiter")
    ('person id', 'mitarbeiter')
    """
    return tuple(name.strip() for name in text.replace("\n", " ").split("|") if name.strip())
