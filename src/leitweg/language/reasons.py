"""What stands behind ``why`` and ``held_back``: a code with a text, or a sentence as given."""

from leitweg.language.catalogue import has_text, translate

REASONS = (
    "no-clock",
    "no-started",
    "below-k",
    "no-topic",
    "no-threads",
    "no-people",
    "no-units",
    "no-states",
    "no-lines",
    "not-converged",
    "no-cases",
    "too-few",
    "later-version",
)


def reason_text(language: str, code: str | None) -> str:
    """Return the text of a code; a sentence that is no known code is returned as it is.

    >>> reason_text("de", "no-topic"), reason_text("en", "A sentence of its own.")
    ('die Daten nennen kein Thema', 'A sentence of its own.')
    """
    if not code:
        return ""
    key = f"reason.{code}"
    return translate(language, key) if has_text(key) else code
