"""In which language does a caller want to read? The one it accepts most, of those we speak."""

from leitweg.language.catalogue import DEFAULT, LANGUAGES


def accepted_language(header: str | None) -> str:
    """Return the language of an ``Accept-Language`` header; English where none fits.

    >>> accepted_language("fr, de-AT;q=0.8, en;q=0.5"), accepted_language(None)
    ('de', 'en')
    """
    best, best_share = DEFAULT, 0.0
    for part in (header or "").split(","):
        name, *options = part.strip().split(";")
        share = _share(options)
        short = name.strip()[:2].lower()
        if short in LANGUAGES and share > best_share:
            best, best_share = short, share
    return best


def _share(options: list[str]) -> float:
    for option in options:
        name, _, value = option.strip().partition("=")
        if name == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
