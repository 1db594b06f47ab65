"""Sentences that the analysis writes in English, told in the reader's language.

The catalogue holds such a sentence as a template; what stands in its places is carried over. A
sentence that fits no template is shown as it was given.
"""

import re
from functools import cache

from leitweg.language.catalogue import DEFAULT, catalogue
from leitweg.language.reasons import reason_text

PREFIX = "sentence."
_PLACE = re.compile(r"\\{(\w+)\\}")


@cache
def _templates() -> tuple[tuple[str, re.Pattern[str]], ...]:
    found = []
    for key, text in catalogue(DEFAULT).items():
        if key.startswith(PREFIX):
            pattern = _PLACE.sub(r"(?P<\1>.+?)", re.escape(text))
            found.append((key, re.compile(pattern, re.DOTALL)))
    return tuple(found)


def told_sentence(language: str, sentence: str) -> str:
    """Return the sentence in the language; a code gives its text, an unknown one stays as it is."""
    if language == DEFAULT:
        return reason_text(language, sentence)
    for key, pattern in _templates():
        if match := pattern.fullmatch(sentence):
            return catalogue(language)[key].format(**match.groupdict())
    return reason_text(language, sentence)
