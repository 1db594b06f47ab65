"""What the headers of a mail say: addresses, ids, the time of sending."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"')
_COMMENT = re.compile(r"\([^()]*\)")
_ANGLE = re.compile(r"<\s*([^<>]*?)\s*>")
_ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]@]+@[^\s<>,;:\"()\[\]@]+")
_ID = re.compile(r"<\s*([^<>\s]+)\s*>")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def addresses(values: list[str]) -> list[str]:
    """Return the addresses of a header in lower case, each once, without display names.

    What is no address (a name with a comma, an empty group) is passed over.

    >>> addresses(['Ann Lee <Ann.Lee+x@Acme.example>, "b@x" <b@y.example>', "Doe, Jo <j@x.org>"])
    ['ann.lee+x@acme.example', 'b@y.example', 'j@x.org']
    """
    found: dict[str, None] = {}
    for value in values:
        plain = _COMMENT.sub(" ", _QUOTED.sub(" ", value))
        for part in re.split(r"[,;]", plain):
            inside = _ANGLE.search(part)
            address = _ADDRESS.search(inside[1] if inside else part)
            if address:
                found[address[0].strip(".'").lower()] = None
    return list(found)


def message_ids(values: list[str]) -> list[str]:
    """Return the ids of a header in order, without their brackets.

    >>> message_ids(["<a@x>  <b@x>", "c@x"])
    ['a@x', 'b@x', 'c@x']
    """
    ids: list[str] = []
    for value in values:
        bracketed = _ID.findall(value)
        ids += bracketed or [word for word in value.split()[:1] if "@" in word]
    return ids


def sent_at_us(value: str, zone: ZoneInfo | None) -> int | None:
    """Return the time of a Date header in microseconds UTC, or None where it cannot be told.

    Parameters
    ----------
    value
        The header. ``-0000`` and ``GMT`` are UTC (RFC 5322, 3.3).
    zone
        The zone of times that name none; None leaves them untold.

    >>> sent_at_us("Mon, 1 Jan 2024 10:00:00 +0100", None)
    1704099600000000
    >>> sent_at_us("Mon, 1 Jan 2024 10:00:00", None) is None
    True
    """
    try:
        moment = parsedate_to_datetime(value)
        if moment.tzinfo is None:
            named = UTC if "-0000" in value else zone
            if named is None:
                return None
            moment = moment.replace(tzinfo=named)
        return (moment - _EPOCH) // timedelta(microseconds=1)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
