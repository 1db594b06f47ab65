"""How much work lies where: a table by attributes, before and after the privacy door."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leitweg.domain.situation import Period

Ints = NDArray[np.signedinteger[Any]]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

PERSON_ATTRIBUTES = ("unit", "site", "language", "position", "hours")
CASE_ATTRIBUTES = ("topic", "channel", "priority", "kind")
ATTRIBUTES = (*PERSON_ATTRIBUTES, *CASE_ATTRIBUTES)
MEASURES = ("people", "events", "handovers", "cases", "working_hours")
MOST_ATTRIBUTES = 2
FULL_TIME, PART_TIME = "full-time", "part-time"


@dataclass(frozen=True)
class BreakdownQuestion:
    """What is counted or summed, by which attributes, and for which value of another one."""

    of: str
    by: tuple[str, ...]
    where: tuple[tuple[str, str], ...] = ()
    per_person: bool = False

    @property
    def attributes(self) -> tuple[str, ...]:
        """All attributes of the question: those of the table, then those of the condition."""
        return (*self.by, *(name for name, _ in self.where))


@dataclass(frozen=True)
class Group:
    """One group of an attribute.

    ``kind``: ``value``; ``not-known`` for people or cases without one; ``other`` for values of too
    few people, which ``merged`` names.
    """

    label: str
    kind: str = "value"
    merged: tuple[str, ...] = ()


NOT_KNOWN = Group("", "not-known")


@dataclass(frozen=True)
class Axis:
    """An attribute and its groups, in the order of their names, the special ones last."""

    attribute: str
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Contributions:
    """What each person contributed on each case; never leaves.

    One row per person, case and what was done: the code of its group on each axis (-1 for a group
    that the question does not meet), the person, the case, how much, and whether the case is one
    of those ``counted``; the others are for the ledger, which compares with earlier questions.
    """

    axes: tuple[Axis, ...]
    places: tuple[Ints, ...]
    person: Ints
    case: Ints
    value: Floats
    counted: Flags
    persons: tuple[str, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of groups on each axis; as a place: all of them together."""
        return tuple(len(axis.groups) for axis in self.axes)

    def asked(self) -> "Contributions":
        """Return the counted rows alone."""
        rows = self.counted
        return replace(
            self,
            places=tuple(codes[rows] for codes in self.places),
            person=self.person[rows],
            case=self.case[rows],
            value=self.value[rows],
            counted=rows[rows],
        )


@dataclass(frozen=True)
class CellValue:
    """A cell with all that is known of it; never leaves.

    ``person`` are the distinct people behind it, ``amount`` what each of them contributed.
    """

    value: float
    low: float | None
    high: float | None
    person: Ints
    amount: Floats


Place = tuple[int, ...]
"""A group per axis; the number of its groups stands for all of them together."""


@dataclass(frozen=True)
class Breakdown:
    """A whole table, with every number in it; never leaves.

    ``cells`` by place, margins and the total with them; without a cell nobody contributed.
    """

    profile: str
    question: BreakdownQuestion
    period: Period
    contributions: Contributions
    cells: Mapping[Place, CellValue]
    left_out: int
    seed: int


@dataclass(frozen=True)
class Noise:
    """The noise in values: mechanism, budget spent on the answer, scale, and the budget left.

    ``most_per_person`` is the bound on what one person may contribute in all cells together.
    """

    mechanism: str
    epsilon: str
    scale: float
    most_per_person: float
    left_of_budget: str


@dataclass(frozen=True)
class Cell:
    """One cell, margin or total as it may leave; counts have no interval.

    ``n_people`` is None beside values with noise: an exact number would undo it.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    n_people: int | None = None
    held_back: str | None = None


@dataclass(frozen=True)
class ReleasedBreakdown:
    """What may leave: built at the privacy door alone.

    ``rows`` are the groups of ``by[0]``, ``columns`` those of ``by[1]`` (none in a table of one
    attribute). ``cells`` one tuple per row; ``row_totals``, ``column_totals`` and ``total`` count
    people and cases once, however many cells they are in.
    """

    profile: str
    k: int
    question: BreakdownQuestion
    period: Period
    rows: tuple[Group, ...]
    columns: tuple[Group, ...]
    cells: tuple[tuple[Cell, ...], ...]
    row_totals: tuple[Cell, ...]
    column_totals: tuple[Cell, ...]
    total: Cell
    left_out: int
    seed: int
    noise: Noise | None = None
    notes: tuple[str, ...] = ()

    @property
    def all_cells(self) -> tuple[Cell, ...]:
        """Every value of the table, margins and total with them."""
        inner = (cell for row in self.cells for cell in row)
        return (*inner, *self.row_totals, *self.column_totals, self.total)

    @property
    def adds_up(self) -> bool:
        """Whether cells add up to their margins: nobody, and nothing, is in two of them."""
        question = self.question
        if question.per_person or question.of == "cases" or self.noise is not None:
            return False
        return question.of != "people" or not set(question.attributes) & set(CASE_ATTRIBUTES)

    def rest_of(self, row: int) -> float | None:
        """Return what is held back in a row as one sum; None where nothing is or it is unknown."""
        cells, total = self.cells[row], self.row_totals[row].value
        shown = [cell.value for cell in cells if cell.value is not None]
        if not self.adds_up or total is None or len(shown) == len(cells):
            return None
        return total - sum(shown)
