"""How much work lies where? A table with margins, each cell with the people behind it.

Method: docs/methods/breakdown.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from leitweg.domain.breakdown import BreakdownQuestion, CellValue, Contributions, Place
from leitweg.domain.findings import Estimate
from leitweg.situation.arrays import Floats, Ints, groups_of
from leitweg.situation.bootstrap import estimate, resampled_sums
from leitweg.situation.constants import CONSTANTS


@dataclass(frozen=True)
class _Cell:
    place: Place
    rows: Ints


def cells_of(
    contributions: Contributions,
    question: BreakdownQuestion,
    *,
    seed: int = 0,
    replicates: int = CONSTANTS.replicates,
) -> dict[Place, CellValue]:
    """Return every cell, margin and total to which somebody contributed.

    Counts are what they are. Hours of work have a 95 % interval (cases are drawn anew), means per
    person too (people are drawn anew). A person, and a case, counts once in every cell that it is
    in, and once in each margin.
    """
    contributions = contributions.asked()
    cells = list(_cells(contributions))
    drawn = _drawn(contributions, question, cells, seed, replicates)
    return {
        cell.place: _value(contributions, question, cell.rows, told)
        for cell, told in zip(cells, drawn, strict=True)
    }


def _cells(contributions: Contributions) -> Iterator[_Cell]:
    """Rows of each cell: every axis by its groups, and as a whole."""
    wholes = contributions.shape
    for parted in product((True, False), repeat=len(wholes)):
        keys = [
            codes if is_parted else np.full_like(codes, whole)
            for codes, whole, is_parted in zip(contributions.places, wholes, parted, strict=True)
        ]
        for place, rows in groups_of(*keys):
            yield _Cell(place, rows)


def _value(
    contributions: Contributions,
    question: BreakdownQuestion,
    rows: Ints,
    drawn: Estimate | None,
) -> CellValue:
    people, index = np.unique(contributions.person[rows], return_inverse=True)
    amount: Floats = np.bincount(index.reshape(-1), weights=contributions.value[rows]).astype(float)
    if drawn is not None:
        return CellValue(drawn.value, drawn.low, drawn.high, people, amount)
    if question.of == "people":
        return CellValue(float(people.size), None, None, people, np.ones(people.size))
    if question.of == "cases":
        n_cases = float(np.unique(contributions.case[rows]).size)
        return CellValue(n_cases, None, None, people, amount)
    return CellValue(float(amount.sum()), None, None, people, amount)


def _drawn(
    contributions: Contributions,
    question: BreakdownQuestion,
    cells: list[_Cell],
    seed: int,
    replicates: int,
) -> list[Estimate | None]:
    """Return the estimates of the cells; None where the value is a count."""
    if not cells or not (question.per_person or question.of == "working_hours"):
        return [None] * len(cells)
    cell = np.repeat(np.arange(len(cells)), [c.rows.size for c in cells])
    rows = np.concatenate([c.rows for c in cells])
    value = contributions.value[rows]
    if not question.per_person:
        sums = resampled_sums(
            contributions.case[rows],
            cell,
            value[:, None],
            len(cells),
            seed=seed,
            replicates=replicates,
        )[:, :, 0]
        return [estimate(sums[:, i]) for i in range(len(cells))]
    person, cell, amount = _per_person(contributions.person[rows], cell, value)
    columns = np.column_stack([amount, np.ones(amount.size)])
    sums = resampled_sums(person, cell, columns, len(cells), seed=seed, replicates=replicates)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = sums[:, :, 0] / sums[:, :, 1]
    return [estimate(means[:, i]) for i in range(len(cells))]


def _per_person(person: Ints, cell: Ints, value: Floats) -> tuple[Ints, Ints, Floats]:
    """Join the rows of a person in a cell."""
    width = int(person.max(initial=0)) + 1
    keys, index = np.unique(cell * width + person, return_inverse=True)
    amount: Floats = np.bincount(index.reshape(-1), weights=value).astype(float)
    return keys % width, keys // width, amount
