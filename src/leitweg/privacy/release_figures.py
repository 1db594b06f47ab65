"""The exit for figures and coverage: what may leave about all cases together."""

from dataclasses import replace

from leitweg.domain.situation import Coverage, Figure
from leitweg.privacy.threshold import BELOW_K, held_back


def released_figures(figures: tuple[Figure, ...], k: int) -> tuple[Figure, ...]:
    """Return the figures; those about fewer than k people, or of few cases, without a value."""
    return tuple(_figure(figure, k) for figure in figures)


def _figure(figure: Figure, k: int) -> Figure:
    if figure.value is None and figure.why == "no-cases":
        # of no case there is nothing to hold back
        return replace(figure, n_people=None)
    reason = held_back(figure.n_people, k) or (BELOW_K if _tells_of_few(figure, k) else None)
    if reason is None:
        return figure
    return replace(
        figure, value=None, low=None, high=None, n_cases=0, n_people=None, held_back=reason
    )


def _tells_of_few(figure: Figure, k: int) -> bool:
    """Whether a count, or a share as a count, is of so few cases that it is about its people."""
    if figure.value is None:
        return False
    if figure.unit_of_measure == "count" and figure.low is None:
        return 0 < figure.value < k
    return figure.unit_of_measure == "share" and 0 < figure.value * figure.n_cases < k - 0.5


def released_coverage(coverage: Coverage, k: int) -> Coverage:
    """Return the coverage; of fewer than k people without what is about them."""
    if coverage.people is not None and coverage.people >= k:
        return coverage
    return replace(
        coverage,
        people=None,
        events_without_person_share=None,
        events_without_unit_share=None,
        # notes with a count in them are about the few
        missing=tuple(code for code in coverage.missing if ":" not in code),
    )
