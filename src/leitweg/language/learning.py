"""What a router learnt, and how it held, in words."""

from collections.abc import Sequence

from leitweg.domain.routing import Level
from leitweg.language import forms
from leitweg.language.catalogue import translate

DRIFT = ("top1", "top3", "ece", "log_loss", "someone_new", "unseen_share", "load_gini", "overrides")
PLAIN = ("log_loss", "load_gini")


def learnt_text(
    language: str,
    level: Level,
    *,
    cases: int,
    from_journal: int,
    contacts: int | None,
    seconds: float,
) -> str:
    r"""Return what one level was learnt from.

    >>> learnt_text("en", "unit", cases=1200, from_journal=0, contacts=12, seconds=0.3)
    'Level unit: 12 contacts, learnt from 1,200 cases in 0.30\xa0s'
    """
    told = translate(
        language,
        "learn.level",
        level=translate(language, f"backtest.level.{level}"),
        contacts=translate(language, "learn.few")
        if contacts is None
        else forms.count(language, "contact", contacts),
        n=forms.number(language, cases, 0),
        seconds=forms.number(language, seconds),
    )
    if not from_journal:
        return told
    n = forms.number(language, from_journal, 0)
    return f"{told}; {translate(language, 'learn.from_journal', n=n)}"


def drift_title(language: str, level: Level) -> str:
    """Return the heading of the weeks of a level."""
    return translate(language, "learn.drift", level=translate(language, f"backtest.level.{level}"))


def drift_headings(language: str) -> list[str]:
    """Return the headings of the table of weeks."""
    first = ("week", "routed", "judged")
    return [translate(language, f"learn.column.{name}") for name in (*first, *DRIFT)]


def drift_cells(
    language: str, week: str, counts: Sequence[int], values: Sequence[float | None]
) -> list[str]:
    """Return one week as people read it; ``values`` in the order of ``DRIFT``."""
    told = [
        forms.number(language, value, 2) if name in PLAIN else forms.share(language, value, 1)
        for name, value in zip(DRIFT, values, strict=True)
    ]
    return [week, *(forms.number(language, n, 0) for n in counts), *told]
