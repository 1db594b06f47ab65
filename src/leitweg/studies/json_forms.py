"""How values are written in every JSON document: times, estimates, reasons, no NaN."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict

from leitweg.domain.findings import Estimate
from leitweg.language.forms import moment

Json = dict[str, object]


def _plain(value: object) -> object:
    """Turn what JSON does not know into what it does: no NaN, no tuples, no paths."""
    item = getattr(value, "item", None)
    if callable(item):  # a number of a numerical library
        value = item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(inner) for inner in value]
    known = value is None or isinstance(value, str | bool | int | float)
    return value if known else str(value)


def json_text(document: object) -> str:
    """Write a document as JSON: UTF-8 as it is, two spaces, never NaN.

    >>> print(json_text({"a": float("nan"), "b": ("ä",)}))
    {
      "a": null,
      "b": [
        "ä"
      ]
    }
    """
    return json.dumps(_plain(document), ensure_ascii=False, indent=2, allow_nan=False)


def iso_time(us: int | None) -> str | None:
    """Write microseconds since the epoch as ISO 8601 in UTC.

    >>> iso_time(1735689600000000)
    '2025-01-01T00:00:00+00:00'
    """
    return None if us is None else moment(us).isoformat()


def reasons_json(why: str | None = None, held_back: str | None = None) -> Json:
    """Return why a value is null, or that the privacy door holds it back; nothing where neither."""
    known = (("why", why), ("held_back", held_back))
    return {name: value for name, value in known if value is not None}


def estimate_json(estimate: Estimate | None) -> Json | None:
    """Return an estimate with its interval, null where there is none."""
    return None if estimate is None else dict(asdict(estimate))
