"""What the analysis says in codes or in English sentences, told in the reader's language.

A note is ``code`` or ``code: facts`` (``events-without-unit: 0.0340``, ``thin-units: 3 of 12``).
A fixed English sentence stands in the catalogue word by word. Anything else is shown as given.
"""

import re
from functools import cache

from leitweg.language.catalogue import DEFAULT, catalogue, has_text, translate
from leitweg.language.forms import number, share
from leitweg.language.reasons import reason_text

PREFIX = "sentence."
_CODE = re.compile(r"(?P<code>[a-z0-9]+(?:-[a-z0-9]+)*)(?:: (?P<n>[\d.]+)(?: of (?P<of>[\d.]+))?)?")


@cache
def _fixed() -> dict[str, str]:
    return {text: key for key, text in catalogue(DEFAULT).items() if key.startswith(PREFIX)}


def _fact(language: str, text: str | None) -> str:
    if text is None:
        return ""
    return share(language, float(text)) if "." in text else number(language, float(text), 0)


def told_sentence(language: str, sentence: str) -> str:
    """Return a note in the language; one that nobody wrote a text for stays as it is.

    >>> told_sentence("de", "thin-units: 3 of 12")
    '3 von 12 Einheiten haben zu wenige Übergaben für eine Aussage.'
    """
    if key := _fixed().get(sentence):
        return translate(language, key)
    match = _CODE.fullmatch(sentence)
    if match is None:
        return sentence
    key = f"note.{match['code']}"
    if not has_text(key):
        return reason_text(language, sentence)
    facts = {"n": _fact(language, match["n"]), "of": _fact(language, match["of"])}
    return translate(language, key, **facts)
