"""What other rooms say in codes or in English sentences, told in the reader's language.

A note is ``code`` or ``code: facts`` (``events-without-unit: 0.0340``, ``thin-units: 3 of 12``,
``network-of-ties: advice``).
A sentence (a warning, the detail of an error) is raised in English by the room that knows the
case; the catalogue holds it as a template, and what stands in its places is carried over. A place
can hold words of ours again (why a row is rejected, which export was recognised): those are parts
with templates of their own. A sentence that fits no template is shown as it was given.
"""

import re
from functools import cache

from leitweg.language.catalogue import DEFAULT, catalogue, has_text, translate
from leitweg.language.forms import number, share
from leitweg.language.reasons import reason_text

PREFIX = "sentence."
PART = "part."
# the other places hold names from the data, which are never translated
PLACES_OF_PARTS = frozenset({"reason", "fault", "found", "outer", "system", "what", "where", "who"})
PLACES_OF_NUMBERS = frozenset({"n", "of", "limit", "size"})
_CODE = re.compile(r"(?P<code>[a-z0-9]+(?:-[a-z0-9]+)*)(?:: (?P<n>[\d.]+)(?: of (?P<of>[\d.]+))?)?")
_NAMED = re.compile(r"(?P<code>[a-z0-9]+(?:-[a-z0-9]+)+): (?P<names>.+)", re.DOTALL)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")
_PLACE = re.compile(r"\\{(\w+)\\}")


@cache
def _templates(prefix: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return every template as a pattern with its key, those with the most own text first."""
    found = []
    for key, text in catalogue(DEFAULT).items():
        if key.startswith(prefix):
            pattern = _PLACE.sub(r"(?P<\1>.*?)", re.escape(text))
            own = len(re.sub(r"\{\w+\}", "", text))
            found.append((own, re.compile(pattern, re.DOTALL), key))
    return tuple((pattern, key) for _, pattern, key in sorted(found, key=lambda entry: -entry[0]))


def _told_by_template(language: str, sentence: str, prefix: str = PREFIX) -> str | None:
    for pattern, key in _templates(prefix):
        if match := pattern.fullmatch(sentence):
            values = {name: _told_place(language, name, v) for name, v in match.groupdict().items()}
            return catalogue(language)[key].format(**values)
    return None


def _told_place(language: str, name: str, value: str) -> str:
    if name == "reasons":
        return _told_reasons(language, value)
    if name in PLACES_OF_NUMBERS and _GROUPED.fullmatch(value):
        return number(language, float(value.replace(",", "")), 0)
    told = _told_by_template(language, value, PART) if name in PLACES_OF_PARTS else None
    return value if told is None else told


def _told_reasons(language: str, value: str) -> str:
    """Tell several reasons: they are joined by commas and hold commas, so each is looked for."""
    for _, key in _templates(PART):
        value = value.replace(catalogue(DEFAULT)[key], catalogue(language)[key])
    return value


def _fact(language: str, text: str | None) -> str:
    if text is None:
        return ""
    return share(language, float(text)) if "." in text else number(language, float(text), 0)


def _told_note(language: str, sentence: str) -> str | None:
    match = _CODE.fullmatch(sentence)
    if match is None:
        return _told_names(language, sentence)
    key = f"note.{match['code']}"
    if not has_text(key):
        return reason_text(language, sentence)
    facts = {"n": _fact(language, match["n"]), "of": _fact(language, match["of"])}
    return translate(language, key, **facts)


def _told_names(language: str, sentence: str) -> str | None:
    """Tell a note whose facts are names from the data."""
    match = _NAMED.fullmatch(sentence)
    if match is None or not has_text(f"note.{match['code']}"):
        return None
    return translate(language, f"note.{match['code']}", names=match["names"])


def told_sentence(language: str, sentence: str) -> str:
    """Return a note or a sentence in the language; one nobody wrote a text for stays as it is.

    >>> told_sentence("de", "thin-units: 3 of 12")
    'Bei 3 von 12 Einheiten reichen die Übergaben nicht für eine Aussage.'
    >>> told_sentence("de", "a.csv: the file is empty. Export it again or leave it out.")
    'a.csv: Die Datei ist leer. Neu exportieren oder weglassen.'
    """
    note = _told_note(language, sentence)
    if note is not None:
        return note
    if language == DEFAULT:
        return sentence
    told = _told_by_template(language, sentence)
    if told is None:
        told = _told_by_template(language, sentence, PART)
    return sentence if told is None else told
