"""How a figure is called, explained and written."""

from collections.abc import Sequence

from leitweg.domain.situation import Figure
from leitweg.language import forms
from leitweg.language.catalogue import has_text, translate
from leitweg.language.reasons import reason_text

_LEVELS = tuple(
    f"ping_pong_{level}_{what}"
    for level in ("unit", "person")
    for what in ("bounces", "cases", "strict_cases", "share", "strict_share")
)
_CAUSES = tuple(
    f"waiting_hours_per_month_{how}{cause}"
    for how in ("", "estimated_")
    for cause in ("batching", "contention", "prioritisation", "unavailability", "extraneous")
)
FIGURES = (
    "cases",
    "open_cases",
    "events",
    "handovers_person",
    "handovers_unit",
    "handovers_unit_per_case",
    *_LEVELS,
    "first_contact_resolution_share",
    "right_first_time_share",
    "first_line_share",
    "time_to_right_contact_hours_median",
    "time_to_right_contact_hours_p90",
    "cycle_time_hours_median",
    "cycle_time_hours_p90",
    "waiting_hours_per_month",
    "waiting_hours_per_month_in_findings",
    "waiting_customer_hours_per_month",
    "waiting_share",
    *_CAUSES,
    "reopened_share",
    "socio_technical_congruence_share",
    "socio_technical_congruence_weighted_share",
)
"""Every figure of the contract and a few more, in the order in which people read them."""


def figure_label(language: str, name: str) -> str:
    """Return the name people read; an unknown figure shows its own name in plain words."""
    key = f"figure.{name}.label"
    return translate(language, key) if has_text(key) else name.replace("_", " ")


def figure_explanation(language: str, name: str) -> str:
    """Return one sentence on what the figure counts, or nothing for an unknown one."""
    key = f"figure.{name}.explanation"
    return translate(language, key) if has_text(key) else ""


def figure_value(language: str, figure: Figure) -> str:
    r"""Write the value in its unit of measure; without a value, the reason stands there.

    >>> figure_value("de", Figure("waiting_share", 0.42, None, None, "share", 10))
    '42\xa0%'
    """
    if figure.value is None:
        reason = reason_text(language, figure.held_back or figure.why)
        return f"{forms.missing(language)} ({reason})" if reason else forms.missing(language)
    if "_share" in figure.name:
        return forms.share(language, figure.value)
    if "hours_per_month" in figure.name:
        return forms.hours_per_month(language, figure.value)
    if "_hours" in figure.name:
        return forms.duration(language, figure.value)
    if figure.name.endswith("_per_case"):
        return forms.number(language, figure.value, 2)
    whole = float(figure.value).is_integer()
    return forms.number(language, figure.value, 0 if whole else None)


def figure_interval(language: str, figure: Figure) -> str:
    """Write the interval, or nothing where a count has none."""
    low, high = figure.low, figure.high
    if low is None or high is None or (low == high == figure.value):
        return ""
    if "_share" in figure.name:
        return forms.share_interval(language, low, high)
    if "_hours" in figure.name and "per_month" not in figure.name:
        ends = {"low": forms.duration(language, low), "high": forms.duration(language, high)}
        return translate(language, "form.interval", **ends)
    if figure.name.endswith("_per_case"):
        ends = {"low": forms.number(language, low, 2), "high": forms.number(language, high, 2)}
        return translate(language, "form.interval", **ends)
    return forms.interval(language, low, high)


def figures_without_value(
    language: str, figures: Sequence[Figure], *, most: int | None = None
) -> list[str]:
    """Return one sentence for each reason, with the figures that it leaves without a value.

    ``most`` limits how many are named; the rest is counted.
    """
    names: dict[str, list[str]] = {}
    for figure in figures:
        reason = figure.held_back or figure.why
        if figure.value is None and reason:
            names.setdefault(reason, []).append(figure_label(language, figure.name))
    return [
        translate(
            language,
            "situation.without_value",
            reason=reason_text(language, reason),
            figures=_listed(language, found, most),
        )
        for reason, found in names.items()
    ]


def _listed(language: str, names: list[str], most: int | None) -> str:
    if most is None or len(names) <= most:
        return "; ".join(names)
    more = translate(language, "word.and_more", n=forms.number(language, len(names) - most, 0))
    return f"{'; '.join(names[:most])} {more}"
