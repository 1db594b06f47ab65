"""The exit for tables by attributes: every cell, margin and total is judged, then all together.

A cell leaves where enough people stand behind it, none of them makes it nearly alone, it is not the
same for all of them, no earlier answer makes it one about few, and neither the totals of this table
nor the ledger of all that left tell of few with it. Method: docs/methods/breakdown.md.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from leitweg.domain.breakdown import (
    CASE_ATTRIBUTES,
    Axis,
    Breakdown,
    Cell,
    CellValue,
    Noise,
    Place,
    ReleasedBreakdown,
)
from leitweg.privacy.breakdown_gate import places_refused
from leitweg.privacy.breakdown_suppression import hidden_places, tells_of_one
from leitweg.privacy.eras import least_people
from leitweg.privacy.gate import Gate
from leitweg.privacy.threshold import BELOW_K, K

HELD_BACK = Cell(None, held_back=BELOW_K)
NOBODY = Cell(0.0, n_people=0)

Decide = Callable[[str, Sequence[Sequence[str]]], Sequence[bool]]
"""Says of sets of people, in this order, whether a sum of a variable about each may leave."""


def release_breakdown(
    breakdown: Breakdown, *, k: int = K, gate: Gate | None = None, decide: Decide | None = None
) -> ReleasedBreakdown:
    """Return what may leave: in profile ``open`` everything, in ``protected`` what many bear.

    Parameters
    ----------
    gate
        What earlier answers about other cases leave of this one.
    decide
        The ledger of released sets; what it refuses is held back with all that would tell of it.
    """
    if breakdown.profile == "open":
        told = {place: _told(cell) for place, cell in breakdown.cells.items()}
        return released_table(breakdown, told, nothing=NOBODY, k=1)
    people = _people(breakdown)
    refused = {
        place
        for place, cell in breakdown.cells.items()
        if people[place] < k or tells_of_one(cell.amount, breakdown.question.of)
    }
    refused |= places_refused(breakdown.contributions, breakdown.cells, gate, k)
    hidden = hidden_places(breakdown, people, refused, k)
    if decide is not None:
        refused |= _refused_by(decide, breakdown, set(breakdown.cells) - hidden)
        # what was not asked of the ledger stays inside, whatever the refusals hide instead
        hidden |= hidden_places(breakdown, people, refused, k)
    told = {
        place: _with_people(_told(cell), people[place], breakdown.question.of)
        for place, cell in breakdown.cells.items()
    }
    return released_table(breakdown, told | dict.fromkeys(hidden, HELD_BACK), nothing=NOBODY, k=k)


def _told(cell: CellValue) -> Cell:
    return Cell(cell.value, cell.low, cell.high, int(cell.person.size))


def _with_people(cell: Cell, n_people: int, of: str) -> Cell:
    value = float(n_people) if of == "people" else cell.value
    return replace(cell, value=value, n_people=n_people)


def _people(breakdown: Breakdown) -> dict[Place, int]:
    """People behind each cell: at least so many, where ids of one person were parted by time."""
    persons = breakdown.contributions.persons
    return {
        place: least_people(persons[i] for i in cell.person.tolist())
        for place, cell in breakdown.cells.items()
    }


def _order(breakdown: Breakdown, place: Place) -> tuple[int, int, Place]:
    wholes = breakdown.contributions.shape
    parted = sum(at != whole for at, whole in zip(place, wholes, strict=True))
    return (parted, -int(breakdown.cells[place].person.size), place)


def _members(breakdown: Breakdown, place: Place) -> list[str]:
    persons = breakdown.contributions.persons
    return [persons[i] for i in breakdown.cells[place].person.tolist()]


def _variable(breakdown: Breakdown, place: Place) -> str:
    """Return what is measured in a cell: work on cases of one topic is another thing than all."""
    contributions = breakdown.contributions
    parts = [breakdown.question.of]
    for axis, at in zip(contributions.axes, place, strict=True):
        if axis.attribute in CASE_ATTRIBUTES and at < len(axis.groups):
            group = axis.groups[at]
            parts.append("\x1f".join((axis.attribute, group.kind, group.label, *group.merged)))
    return "\x1e".join(parts)


def _refused_by(decide: Decide, breakdown: Breakdown, places: Iterable[Place]) -> set[Place]:
    """Ask the ledger: for the total first, then margins, then cells, larger ones first."""
    asked: dict[str, list[Place]] = {}
    for place in sorted(places, key=lambda p: _order(breakdown, p)):
        asked.setdefault(_variable(breakdown, place), []).append(place)
    return {
        place
        for variable, group in asked.items()
        for place, is_allowed in zip(
            group, decide(variable, [_members(breakdown, p) for p in group]), strict=True
        )
        if not is_allowed
    }


def released_table(
    breakdown: Breakdown,
    told: Mapping[Place, Cell],
    *,
    nothing: Cell,
    k: int,
    noise: Noise | None = None,
) -> ReleasedBreakdown:
    """Lay out what may leave of each place as the table that was asked for."""
    question, axes = breakdown.question, breakdown.contributions.axes
    at = {axis.attribute: i for i, axis in enumerate(axes)}
    fixed, is_told = _condition(question.where, axes)

    def cell(*groups: tuple[str, int]) -> Cell:
        place = [len(axis.groups) for axis in axes]
        for attribute, group in (*fixed, *groups):
            place[at[attribute]] = group
        return told.get(tuple(place), nothing) if is_told else HELD_BACK

    first, *rest = question.by
    rows = _ordered(axes[at[first]], lambda group: cell((first, group)))
    second = rest[0] if rest else None
    columns = _ordered(axes[at[second]], lambda group: cell((second, group))) if second else []
    return ReleasedBreakdown(
        profile=breakdown.profile,
        k=k,
        question=question,
        period=breakdown.period,
        rows=tuple(axes[at[first]].groups[row] for row in rows),
        columns=tuple(axes[at[second]].groups[column] for column in columns) if second else (),
        cells=tuple(
            tuple(cell((first, row), (second, column)) for column in columns) for row in rows
        )
        if second
        else (),
        row_totals=tuple(cell((first, row)) for row in rows),
        column_totals=tuple(cell((second, column)) for column in columns) if second else (),
        total=cell(),
        left_out=breakdown.left_out,
        seed=breakdown.seed,
        noise=noise,
    )


def _condition(
    where: Sequence[tuple[str, str]], axes: Sequence[Axis]
) -> tuple[tuple[tuple[str, int], ...], bool]:
    """Return the group of each condition, and whether all of them are told apart at all."""
    found = []
    for attribute, value in where:
        axis = next(axis for axis in axes if axis.attribute == attribute)
        labels = [group.label if group.kind == "value" else None for group in axis.groups]
        if value not in labels:
            # merged with others, so that nothing is told of it alone
            return (), False
        found.append((attribute, labels.index(value)))
    return tuple(found), True


def _ordered(axis: Axis, total: Callable[[int], Cell]) -> list[int]:
    """Order groups by size; what is held back stands behind, by name, special groups last."""

    def key(group: int) -> tuple[bool, bool, float, str]:
        value = total(group).value
        named = axis.groups[group]
        return (named.kind != "value", value is None, -(value or 0.0), named.label)

    return sorted(range(len(axis.groups)), key=key)
