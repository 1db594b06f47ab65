"""Why somebody cannot take a request now, and who can next, in words."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from leitweg.domain.rosters import Standing
from leitweg.language.catalogue import translate
from leitweg.language.forms import LOCALES

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PATTERNS = {"en": "EEE d MMMM y, HH:mm", "de": "EEE d. MMMM y, HH:mm"}


def standing_text(language: str, standing: Standing, zone: str = "UTC") -> str:
    """Return whether a contact can take a request, and if not why and from when on.

    >>> standing_text("en", Standing("a", False, "absent", 1_796_115_600_000_000), "Europe/Berlin")
    'absent, until Tue 1 December 2026, 10:00'
    """
    if standing.why is None:
        return translate(language, "routing.available")
    told = translate(language, f"routing.why_not.{standing.why}")
    if standing.next_us is None:
        return told
    when = _when(language, standing.next_us, zone)
    return translate(language, "routing.why_not.until", why=told, when=when)


def next_sentence(language: str, standing: Standing | None, zone: str = "UTC") -> str:
    """Return who can take a request next where nobody can now; when is told in a zone.

    >>> next_sentence("de", Standing("Anna", False, "absent", 1_796_115_600_000_000))
    'Als Nächstes ist Anna verfügbar: Di. 1. Dezember 2026, 09:00 (UTC).'
    """
    if standing is None or standing.next_us is None:
        return translate(language, "routing.next.unknown")
    when = _when(language, standing.next_us, zone)
    return translate(language, "routing.next", contact=standing.contact, when=f"{when} ({zone})")


def _when(language: str, at_us: int, zone: str) -> str:
    moment = (_EPOCH + timedelta(microseconds=at_us)).astimezone(ZoneInfo(zone))
    return format_datetime(moment, _PATTERNS[language], locale=LOCALES[language])
