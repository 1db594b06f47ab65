"""The exit: what may leave a workspace. Nothing else builds a released value.

In a protected workspace nothing about fewer than k = 5 distinct contributing people leaves; for a
link that holds on each side. Suppression is the last act: nothing is joined to its result.
Method: docs/methods/privacy.md.
"""

import math
from collections.abc import Mapping
from dataclasses import replace

from leitweg.domain.findings import Finding
from leitweg.domain.situation import (
    Coverage,
    Figure,
    LinkRow,
    LoadRow,
    ReleasedSituation,
    Situation,
    UnitRow,
)

K = 5
BELOW_K = "below-k"
PEOPLE_UNKNOWN = "people-unknown"
PERSON_LEVEL = "person-level"
TOP_SHARE = 0.05  # of the people, as `LoadRow.top_share` says

# evidence that leads to single cases or people stays inside
_INSIDE = frozenset({"case_ids"})


def release_situation(situation: Situation, *, k: int = K) -> ReleasedSituation:
    """Return what may leave: everything in profile ``open``, the k-threshold in ``protected``."""
    protected = situation.profile == "protected"
    figures, units, links = situation.figures, situation.units, situation.links
    findings, notes, coverage = situation.findings, situation.notes, situation.coverage
    loads = situation.loads
    if protected:
        figures = tuple(_figure(f, k) for f in figures)
        units = _held_back_last([_unit(u, k, situation.level) for u in units])
        links = _held_back_links_last([_link(x, k, situation.level) for x in links])
        loads = _held_back_loads_last([_load(x, k, situation.level) for x in loads])
        findings, held = _findings(findings, k)
        notes = (*notes, f"findings-held-back: {held}") if held else notes
        coverage = _coverage(coverage, k)
    return ReleasedSituation(
        profile=situation.profile,
        k=k if protected else 1,
        level=situation.level,
        period=situation.period,
        coverage=coverage,
        figures=figures,
        units=units,
        links=links,
        findings=findings,
        notes=notes,
        seed=situation.seed,
        loads=loads,
    )


def held_back(n_people: int | None, k: int, level: str = "unit") -> str | None:
    """Return the reason why a value stays inside, or None where it may leave.

    >>> held_back(4, 5), held_back(5, 5), held_back(None, 5)
    ('below-k', None, 'people-unknown')
    """
    if level == "person":
        return PERSON_LEVEL
    if n_people is None:
        return PEOPLE_UNKNOWN
    return BELOW_K if n_people < k else None


def finding_leaves(finding: Finding, profile: str, *, k: int = K) -> bool:
    """Whether a finding may leave: enough people on the smaller side of its place."""
    reason = held_back(finding.n_people_smallest_side, k, finding.level)
    return profile == "open" or reason is None


def _figure(figure: Figure, k: int) -> Figure:
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


def _coverage(coverage: Coverage, k: int) -> Coverage:
    return (
        coverage
        if coverage.people is not None and coverage.people >= k
        else replace(
            coverage,
            people=None,
            events_without_person_share=None,
            events_without_unit_share=None,
            # notes with a count in them are about the few
            missing=tuple(code for code in coverage.missing if ":" not in code),
        )
    )


def _unit(row: UnitRow, k: int, level: str) -> UnitRow:
    reason = held_back(row.people, k, level)
    if reason is None:
        return row
    return UnitRow(row.unit, None, None, None, None, None, None, None, None, held_back=reason)


def _link(row: LinkRow, k: int, level: str) -> LinkRow:
    sides = [n for n in (row.n_people_from, row.n_people_to) if n is not None]
    reason = held_back(min(sides) if len(sides) == 2 else None, k, level)
    if reason is None:
        return row
    return LinkRow(
        row.from_unit, row.to_unit, None, None, None, None, None, None, None, held_back=reason
    )


def _load(row: LoadRow, k: int, level: str) -> LoadRow:
    reason = held_back(row.people, k, level)
    if reason is not None:
        nothing = (None,) * 7
        return LoadRow(row.unit, row.position, *nothing, held_back=reason)
    # the busiest 5 % of fewer than 20 k people are fewer than k people
    few = row.people is not None and math.ceil(TOP_SHARE * row.people) < k
    return replace(row, top_share=None) if few else row


def _held_back_loads_last(rows: list[LoadRow]) -> tuple[LoadRow, ...]:
    free = [r for r in rows if r.held_back is None]
    held = [r for r in rows if r.held_back is not None]
    return (*free, *sorted(held, key=lambda r: (r.unit, r.position or "")))


def _held_back_last(rows: list[UnitRow]) -> tuple[UnitRow, ...]:
    """Put them last: the place of a row in the order must not tell what was held back."""
    free = [r for r in rows if r.held_back is None]
    held = sorted((r for r in rows if r.held_back is not None), key=lambda r: r.unit)
    return (*free, *held)


def _held_back_links_last(rows: list[LinkRow]) -> tuple[LinkRow, ...]:
    free = [r for r in rows if r.held_back is None]
    held = [r for r in rows if r.held_back is not None]
    return (*free, *sorted(held, key=lambda r: (r.from_unit, r.to_unit)))


def _findings(findings: tuple[Finding, ...], k: int) -> tuple[tuple[Finding, ...], int]:
    """Return the findings about enough people without case ids, and how many stay inside."""
    free = [
        replace(f, evidence=evidence_that_leaves(f.evidence))
        for f in findings
        if finding_leaves(f, "protected", k=k)
    ]
    return tuple(free), len(findings) - len(free)


def evidence_that_leaves(evidence: Mapping[str, object]) -> dict[str, object]:
    """Evidence without what leads to single cases or people."""
    return {name: value for name, value in evidence.items() if name not in _INSIDE}
