"""The exit for figures and coverage: what may leave about all cases together."""

from collections.abc import Mapping
from dataclasses import replace

from leitweg.domain.situation import Coverage, Figure
from leitweg.privacy.threshold import BELOW_K, FEW, held_back

# a mean so near to the end of its scale is, with few people, the value of each of them
NEAR_END = 0.05
# counts of cases that are a part of another one
PART_OF = {
    "open_cases": "cases",
    "ping_pong_unit_cases": "cases",
    "ping_pong_person_cases": "cases",
    "ping_pong_unit_strict_cases": "ping_pong_unit_cases",
    "ping_pong_person_strict_cases": "ping_pong_person_cases",
}


def released_figures(figures: tuple[Figure, ...], k: int) -> tuple[Figure, ...]:
    """Return the figures; those about fewer than k people, or of few cases, without a value."""
    told = {figure.name: figure for figure in figures}
    few = {figure.name for figure in figures if _leaves_few(figure, told, k)}
    # a share times all cases is the count again
    few |= {name.removesuffix("_cases") + "_share" for name in few}
    return tuple(
        _held(figure, BELOW_K) if figure.name in few else _figure(figure, k) for figure in figures
    )


def _figure(figure: Figure, k: int) -> Figure:
    if figure.value is None and figure.why == "no-cases":
        # of no case there is nothing to hold back
        return replace(figure, n_people=None)
    reason = held_back(figure.n_people, k) or (BELOW_K if _tells_of_few(figure, k) else None)
    if reason is None:
        return figure
    return _held(figure, reason)


def _held(figure: Figure, reason: str) -> Figure:
    return replace(
        figure, value=None, low=None, high=None, n_cases=0, n_people=None, held_back=reason
    )


def _leaves_few(figure: Figure, told: Mapping[str, Figure], k: int) -> bool:
    """Whether a count is all but a few of the count that it is part of."""
    whole = told.get(PART_OF.get(figure.name, ""))
    if whole is None or whole.value is None or figure.value is None:
        return False
    return 0 < whole.value - figure.value < k


def _tells_of_few(figure: Figure, k: int) -> bool:
    """Whether a figure is about few cases, or so much the same for all that it is about each.

    "All but three" tells of three as three do. A share at the end of its scale tells of everybody
    where there are few; so does the tail of a distribution.
    """
    if figure.value is None:
        return False
    few = (figure.n_people or 0) < FEW
    if figure.unit_of_measure == "count":
        # a count without an interval is one of cases; with one it is a mean per case
        cases = figure.value if figure.low is None else figure.value * figure.n_cases
        return 0 < cases < k - 0.5
    if figure.unit_of_measure != "share":
        return few and figure.name.endswith("_p90")
    some = figure.value * figure.n_cases
    at_end = min(figure.value, 1 - figure.value) <= NEAR_END
    return 0 < some < k - 0.5 or 0 < figure.n_cases - some < k - 0.5 or (few and at_end)


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
