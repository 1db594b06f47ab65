"""How the evidence of a finding is written: one label and one value per fact."""

import math
from collections.abc import Mapping, Sequence

from leitweg.domain.findings import UNITS_IN_ORDER
from leitweg.language import forms
from leitweg.language.catalogue import has_text, translate

MOST_IN_A_LIST = 6


def evidence_label(language: str, name: str) -> str:
    """Return the name people read; a fact nobody wrote a text for shows its own name."""
    key = f"evidence.{name}"
    return translate(language, key) if has_text(key) else name.replace("_", " ")


def _listed(language: str, name: str, values: Sequence[object]) -> str:
    named = list(values)
    if name not in UNITS_IN_ORDER and len(values) > 1:
        named = [value for value in values if value is not None]
    shown = [str(_code(language, name, value)) for value in named[:MOST_IN_A_LIST]]
    rest = len(values) - len(shown)
    if rest <= 0:
        return ", ".join(shown)
    n = forms.number(language, rest, 0)
    if not shown:
        return translate(language, "evidence.more_units", n=n)
    return f"{', '.join(shown)} {translate(language, 'word.and_more', n=n)}"


def _code(language: str, name: str, value: object) -> object:
    """Return the text of a code (``definitions``), or the value as it is.

    None stands for a unit of too few people to be named; several of them are counted.
    """
    if value is None:
        return translate(language, "evidence.another_unit")
    key = f"evidence.{name}.{value}"
    return translate(language, key) if has_text(key) else value


def _number(language: str, name: str, value: float) -> str:
    if "slope" in name:  # of the logarithm of the wait
        return forms.share(language, math.expm1(value), 1)
    if (
        name == "utilisation"
        or name == "share"
        or name.endswith("_share")
        or name in ("stability", "probability")
    ):
        return forms.share(language, value)
    if name.startswith("spread_between"):  # of the logarithm of the wait
        return forms.number(language, math.exp(value), 2)
    if name in ("hours_without_longest_1_percent", "hours_against_usual") or name.endswith(
        "_hours_per_month"
    ):
        return forms.hours_per_month(language, value)
    if "hours" in name:
        return forms.duration(language, value)
    whole = isinstance(value, int) or float(value).is_integer()
    return forms.number(language, value, 0 if whole else 2)


def evidence_value(language: str, name: str, value: object) -> str:
    """Write one fact by what its name says it is.

    >>> evidence_value("de", "busiest_day", "2025-08-11"), evidence_value("en", "share", 0.6)
    ('11. August 2025', '60%')
    """
    if isinstance(value, bool):
        return translate(language, "word.yes" if value else "word.no")
    if isinstance(value, int | float):
        return _number(language, name, value)
    if isinstance(value, list | tuple):
        return _listed(language, name, value)
    if isinstance(value, Mapping) and set(value) == {"value", "low", "high"}:
        low, middle, high = (
            evidence_value(language, name, value[part]) for part in ("low", "value", "high")
        )
        return f"{middle} ({translate(language, 'form.interval', low=low, high=high)})"
    if isinstance(value, Mapping):
        parts = (f"{key}: {evidence_value(language, str(key), v)}" for key, v in value.items())
        return ", ".join(parts)
    if value is None or value == "":
        return forms.missing(language)
    return forms.date(language, str(value)) if name.endswith(("_date", "_day")) else str(value)


def _says_nothing(value: object) -> bool:
    if isinstance(value, str | list | tuple | Mapping):
        return len(value) == 0
    return value is None or value is False


def evidence_rows(language: str, evidence: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return label and value of every fact; facts that say "no" or nothing are left out."""
    return [
        (evidence_label(language, name), evidence_value(language, name, value))
        for name, value in _with_slope(evidence).items()
        if not _says_nothing(value)
    ]


def _with_slope(evidence: Mapping[str, object]) -> dict[str, object]:
    """Put the ends of a slope into one fact with it."""
    ends = {"low": evidence.get("slope_low"), "high": evidence.get("slope_high")}
    facts = {name: v for name, v in evidence.items() if name not in ("slope_low", "slope_high")}
    if isinstance(facts.get("slope_per_case"), int | float) and None not in ends.values():
        facts["slope_per_case"] = {"value": facts["slope_per_case"], **ends}
    return facts
