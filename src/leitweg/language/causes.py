"""The five causes of waiting: how they are called, and what the company's figures say of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leitweg.domain.situation import CAUSES, Figure
from leitweg.language import forms
from leitweg.language.catalogue import translate
from leitweg.language.reasons import reason_text

MEASURED = "waiting_hours_per_month_"
ESTIMATED = "waiting_hours_per_month_estimated_"
CAUSE_FIGURES = tuple(f"{stem}{cause}" for stem in (MEASURED, ESTIMATED) for cause in CAUSES)


@dataclass(frozen=True)
class CompanyCauses:
    """The company's waiting by cause, in the order of ``CAUSES``.

    ``estimated`` where the log has no start of work. Without any value ``why`` is the code that
    says why.
    """

    figures: Mapping[str, Figure]
    estimated: bool
    why: str | None

    @property
    def total(self) -> float:
        """Hours of waiting per month over all causes."""
        return sum(f.value or 0.0 for f in self.figures.values())

    def share(self, cause: str) -> float:
        """Return the share of a cause in all waiting; 0 where nothing waits."""
        return (self.figures[cause].value or 0.0) / self.total if self.total else 0.0


def company_causes(figures: Sequence[Figure]) -> CompanyCauses:
    """Return the company's causes: measured, else estimated, else the reason why there are none."""
    known = {f.name: f for f in figures if f.name in CAUSE_FIGURES}
    for stem in (MEASURED, ESTIMATED):
        found = {c: known[stem + c] for c in CAUSES if stem + c in known}
        if any(f.value is not None for f in found.values()):
            shown = {c: f for c, f in found.items() if f.value is not None}
            return CompanyCauses(shown, stem == ESTIMATED, None)
    reasons = [f.held_back or f.why for f in known.values()]
    return CompanyCauses({}, False, next((r for r in reasons if r), None))


def cause_name(language: str, cause: str) -> str:
    """Return the name of a cause.

    >>> cause_name("de", "contention"), cause_name("en", "extraneous")
    ('Noch beschäftigt', 'Unexplained rest')
    """
    return translate(language, f"cause.{cause}.name")


def cause_meaning(language: str, cause: str) -> str:
    """Return one sentence on what the cause means."""
    return translate(language, f"cause.{cause}.meaning")


def cause_answer(language: str, cause: str) -> str:
    """Return one sentence on which kind of measure answers it."""
    return translate(language, f"cause.{cause}.answer")


def share_of_waiting(language: str, share: float) -> str:
    """Write the share of a cause in whole per cent; what is seen is never written as nothing.

    >>> share_of_waiting("en", 0.4), share_of_waiting("en", 0.004), share_of_waiting("en", 0)
    ('40%', 'under 1%', '0%')
    """
    if 0 < share < 0.005:
        return translate(language, "form.under", share=forms.share(language, 0.01))
    return forms.share(language, share, 0)


def largest_cause(language: str, causes: Mapping[str, float]) -> str:
    """Return the largest cause of a place with its share, or that there is none.

    >>> largest_cause("en", {"batching": 1.0, "contention": 3.0})
    'Still busy (75%)'
    """
    total = sum(causes.values())
    if total <= 0:
        return forms.missing(language)
    cause = max(CAUSES, key=lambda c: causes.get(c, 0.0))
    part = forms.share(language, causes.get(cause, 0.0) / total, 0)
    return f"{cause_name(language, cause)} ({part})"


def causes_summary(language: str, causes: CompanyCauses) -> str:
    """Return the sentence on the largest cause, or why nothing can be said."""
    if not causes.figures or not causes.total:
        reason = reason_text(language, causes.why or "no-waits")
        return translate(language, "causes.none", reason=reason)
    largest = max(causes.figures, key=causes.share)
    key = "causes.largest_estimated" if causes.estimated else "causes.largest"
    values = {"cause": cause_name(language, largest), "meaning": cause_meaning(language, largest)}
    return translate(language, key, **values)
