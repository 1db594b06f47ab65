"""The exit for comparisons: what may leave about two sets of cases.

A value leaves only where enough people stand behind it on *each* side; otherwise it stays inside
on both, so that neither can be told from the other. Method: docs/methods/privacy.md.
"""

from collections.abc import Sequence
from dataclasses import replace

from leitweg.domain.comparison import (
    Change,
    Comparison,
    FigureChange,
    FindingChange,
    Mix,
    PlaceChange,
    Side,
    TopicShare,
)
from leitweg.domain.situation import OTHERS, Refused
from leitweg.privacy.evidence import Few, few_behind, finding_that_leaves
from leitweg.privacy.threshold import BELOW_K, held_back

# notes that tell which way a figure changed
OF_FIGURES = frozenset({"more-events-per-case", "fewer-events-per-case"})


def protected_comparison(comparison: Comparison, k: int, refused: Refused) -> Comparison:
    """Return what is about at least k people on each side and does not tell of fewer."""
    first, second = _sides(comparison.first, comparison.second, k)
    level, reason = comparison.level, first.held_back
    findings = tuple(
        _finding(f, k)
        for f in comparison.findings
        if reason is None and _leaves(f, level, k, refused)
    )
    return replace(
        comparison,
        first=first,
        second=second,
        figures=tuple(_figure(f, k, reason) for f in comparison.figures),
        units=_places(comparison.units, level, k, reason, refused),
        links=_links(comparison.links, level, k, reason, refused),
        findings=findings,
        mix=_mix(comparison.mix, k, reason),
        # that a unit of unknown size does no work any more may be about one person
        units_only_first=(),
        units_only_second=(),
        tested=comparison.tested if reason is None else {},
        notes=_notes(comparison, len(comparison.findings) - len(findings), reason),
    )


def _notes(comparison: Comparison, n_held: int, reason: str | None) -> tuple[str, ...]:
    if reason is not None:
        # notes with a count in them, or on a figure, are about the few
        return tuple(n for n in comparison.notes if ":" not in n and n not in OF_FIGURES)
    return (*comparison.notes, *(["findings-held-back"] if n_held else []))


def _reason(first: int | None, second: int | None, k: int, level: str = "unit") -> str | None:
    """Return why a value stays inside: the stricter reason of both sides."""
    return held_back(first, k, level) or held_back(second, k, level)


def _sides(first: Side, second: Side, k: int) -> tuple[Side, Side]:
    reason = _reason(first.people_behind, second.people_behind, k)
    if reason is None and min(first.cases or 0, second.cases or 0) < k:
        reason = BELOW_K
    if reason is None:
        return first, second
    one, two = (
        replace(
            side,
            cases=None,
            events=None,
            people=None,
            units=None,
            events_without_person_share=None,
            events_without_unit_share=None,
            people_in_unit=None,
            held_back=reason,
        )
        for side in (first, second)
    )
    return one, two


def _hidden(reason: str) -> Change:
    return Change(None, None, None, None, "not_tested", held_back=reason)


def _figure(figure: FigureChange, k: int, of_side: str | None) -> FigureChange:
    reason = of_side or _reason(figure.n_people_first, figure.n_people_second, k)
    reason = reason or (BELOW_K if _tells_of_few(figure, k) else None)
    if reason is None:
        return figure
    return FigureChange(figure.name, figure.unit_of_measure, 0, 0, _hidden(reason), _hidden(reason))


def _tells_of_few(figure: FigureChange, k: int) -> bool:
    """Whether one side has few cases, or a share that stands for few of them."""
    sides = (
        (figure.n_cases_first, figure.change.first),
        (figure.n_cases_second, figure.change.second),
    )
    for n_cases, value in sides:
        if n_cases < k:
            return True
        few = value is not None and 0 < value.value * n_cases < k - 0.5
        if few and figure.unit_of_measure == "share":
            return True
    return False


def _places(
    rows: Sequence[PlaceChange], level: str, k: int, of_side: str | None, refused: Refused
) -> tuple[PlaceChange, ...]:
    """Put what is held back last, by name: its place in the order must not tell its size."""
    told = [_place(row, level, k, of_side, refused) for row in rows]
    free = [row for row in told if row.held_back is None]
    held = [row for row in told if row.held_back is not None]
    names = sorted(held, key=lambda r: (r.unit or "", r.from_unit or "", r.to_unit or ""))
    return (*free, *names)


def _links(
    rows: Sequence[PlaceChange], level: str, k: int, of_side: str | None, refused: Refused
) -> tuple[PlaceChange, ...]:
    """Say once that there are others: between whom, would be about the few."""
    told = _places(rows, level, k, of_side, refused)
    free = [row for row in told if row.held_back is None]
    held = next((row for row in told if row.held_back is not None), None)
    if held is None:
        return told
    return (*free, replace(held, from_unit=OTHERS, to_unit=OTHERS))


def _place(
    row: PlaceChange, level: str, k: int, of_side: str | None, refused: Refused
) -> PlaceChange:
    reason = of_side or _reason(row.n_people_first, row.n_people_second, k, level)
    if reason is None and min(row.receipts_first or 0, row.receipts_second or 0) < k:
        reason = BELOW_K
    if row.unit in refused.units or (row.from_unit, row.to_unit) in refused.links:
        reason = reason or BELOW_K
    if reason is None:
        return row
    none = _hidden(reason)
    return PlaceChange(
        row.unit, row.from_unit, row.to_unit, None, None, none, none, held_back=reason
    )


def _leaves(row: FindingChange, level: str, k: int, refused: Refused) -> bool:
    shown = row.shown
    if {shown.unit, shown.from_unit, shown.to_unit} & refused.units:
        return False
    if (shown.from_unit, shown.to_unit) in refused.links:
        return False
    sides = (row.n_people_first, row.n_people_second)
    found = [f.n_people_smallest_side for f in (row.first, row.second) if f is not None]
    return all(held_back(n, k, level) is None for n in (*sides, *found))


def _finding(row: FindingChange, k: int) -> FindingChange:
    # what is about few on one side stays inside on both
    few = Few(frozenset(), frozenset())
    for side in (row.first, row.second):
        few |= few_behind(side, k) if side is not None else few
    return replace(
        row,
        first=row.first and finding_that_leaves(row.first, few),
        second=row.second and finding_that_leaves(row.second, few),
    )


def _mix(mix: Mix, k: int, of_side: str | None) -> Mix:
    if of_side is not None:
        return Mix(None, False, None, why=mix.why, held_back=of_side)
    rows = _topics(mix.topics, k)
    free = [row for row in rows if row.held_back is None]
    held = sorted((row for row in rows if row.held_back), key=lambda row: row.topic)
    return replace(mix, topics=(*free, *held))


def _topics(topics: Sequence[TopicShare], k: int) -> list[TopicShare]:
    """Hold back further topics, the smallest first, where the sum of cases tells those hidden.

    The topics of a side add up to its cases.
    """
    rows = [_topic(row, k) for row in topics]
    whole = {row.topic: row for row in topics}
    while _sum_tells([whole[row.topic] for row in rows if row.held_back], k):
        free = [row for row in rows if row.held_back is None]
        if not free:
            break
        least = min(free, key=lambda row: (row.cases_first or 0) + (row.cases_second or 0))
        at = rows.index(least)
        rows[at] = TopicShare(least.topic, None, None, held_back=BELOW_K)
    return rows


def _sum_tells(hidden: Sequence[TopicShare], k: int) -> bool:
    """Whether the cases of the hidden topics, known as what is left of a side, are about few."""
    if not hidden:
        return False
    first = sum(row.cases_first or 0 for row in hidden)
    second = sum(row.cases_second or 0 for row in hidden)
    return len(hidden) == 1 or 0 < first < k or 0 < second < k


def _topic(row: TopicShare, k: int) -> TopicShare:
    reason = _reason(row.n_people_first, row.n_people_second, k)
    counts = (row.cases_first or 0, row.cases_second or 0)
    if reason is None and any(0 < n < k for n in counts):
        reason = BELOW_K
    return row if reason is None else TopicShare(row.topic, None, None, held_back=reason)
