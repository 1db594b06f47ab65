"""What does somebody mean who types a date? ISO 8601, or a day as it is written in German."""

from datetime import datetime

_GERMAN = ("%d.%m.%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S")


def typed_date(text: str) -> datetime:
    """Return a date that was typed; without a zone where none was typed.

    Raises
    ------
    ValueError
        It is none.

    >>> typed_date("2026-11-23"), typed_date("23.11.2026 08:30")
    (datetime.datetime(2026, 11, 23, 0, 0), datetime.datetime(2026, 11, 23, 8, 30))
    """
    for form in _GERMAN:
        try:
            return datetime.strptime(text.strip(), form)
        except ValueError:
            continue
    return datetime.fromisoformat(text)
