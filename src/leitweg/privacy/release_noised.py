"""The exit for tables with noise: what one person did cannot be told from any of the values.

Values leave with noise from `privacy/noise.py`; the number of people behind a cell does not leave,
and cells of fewer than 20 people stay inside, for the noise would be larger than what they tell.
Method: docs/methods/differential-privacy.md.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import prod

import numpy as np

from leitweg.domain.breakdown import (
    CASE_ATTRIBUTES,
    Axis,
    Breakdown,
    BreakdownQuestion,
    Cell,
    Contributions,
    Floats,
    Ints,
    Noise,
    Place,
    ReleasedBreakdown,
)
from leitweg.domain.errors import QuestionError
from leitweg.privacy.eras import least_people
from leitweg.privacy.noise import MECHANISM, Drawn, opendp, reach_of_noise, with_noise
from leitweg.privacy.release_breakdown import HELD_BACK, released_table

K_OF_NOISE = 20
PARTS_OF_UNIT = {"working_hours": 60}
"""Sums are integers: hours are counted in minutes."""
NO_TOTALS = Cell(None)


def check_noise(
    question: BreakdownQuestion, epsilon: Decimal | None, most_per_person: float | None
) -> None:
    """Say what is wrong with a question for noise before anything is read or spent.

    Raises
    ------
    QuestionError
        ``noise-of``, ``most-per-person``, ``extra-missing``.
    """
    if epsilon is None:
        return
    if question.of == "cases":
        raise QuestionError(
            "Cases are shared by the people who worked on them, so that noise per person does not "
            "fit them; ask --epsilon of people, events, handovers or working_hours.",
            code="noise-of",
            of=question.of,
        )
    if question.of != "people" and (
        most_per_person is None
        or not np.isfinite(most_per_person)
        or round(most_per_person * PARTS_OF_UNIT.get(question.of, 1)) < 1
    ):
        raise QuestionError(
            "With --epsilon say how much one person may contribute at most, in all cells together: "
            "--most-per-person NUMBER. The noise grows with it, and what is above it is cut; take "
            "it from what a person usually does, not from the data.",
            code="most-per-person",
            of=question.of,
        )
    opendp()


def release_noised(
    breakdown: Breakdown,
    epsilon: Decimal,
    most_per_person: float | None,
    *,
    left_of_budget: Decimal,
    k: int = K_OF_NOISE,
) -> ReleasedBreakdown:
    """Return the cells of a table with noise; totals would cost budget and are left out."""
    contributions, question = breakdown.contributions.asked(), breakdown.question
    places = _places(breakdown)
    unit = PARTS_OF_UNIT.get(question.of, 1)
    persons, amounts = _amounts(contributions, places)
    worked = amounts > 0
    if question.of == "people":
        sums, most = worked.astype(np.int64), _cells_per_person(breakdown)
    else:
        assert most_per_person is not None
        most = round(most_per_person * unit)
        sums = _cut(amounts * unit, most)
    share = Fraction(epsilon) / 2 if question.per_person else Fraction(epsilon)
    drawn = with_noise(sums.sum(axis=0).tolist(), most, share)
    if question.per_person:
        cells_each = _cells_per_person(breakdown)
        people = with_noise(worked.sum(axis=0).tolist(), cells_each, share)
        told = _means(drawn, people, unit, k)
    else:
        told = _sums(drawn, unit)
    enough = [_people(contributions, persons, worked[:, i]) >= k for i in range(len(places))]
    cells = {
        place: cell if leaves else HELD_BACK
        for place, cell, leaves in zip(places, told, enough, strict=True)
    }
    noise = Noise(MECHANISM, str(epsilon), drawn.scale / unit, most / unit, str(left_of_budget))
    return released_table(breakdown, cells, nothing=NO_TOTALS, k=k, noise=noise)


def _places(breakdown: Breakdown) -> list[Place]:
    """Return the innermost cells of the table that is asked for, those of nobody with them."""
    return list(
        product(*(_wanted(axis, breakdown.question) for axis in breakdown.contributions.axes))
    )


def _wanted(axis: Axis, question: BreakdownQuestion) -> list[int]:
    """Return the groups of an axis that are asked for."""
    value = dict(question.where).get(axis.attribute)
    return [
        i
        for i, group in enumerate(axis.groups)
        if value is None or (group.kind == "value" and group.label == value)
    ]


def _cells_per_person(breakdown: Breakdown) -> int:
    """Return in how many cells one person can be: in one, or in one per group of cases."""
    by_case = (axis for axis in breakdown.contributions.axes if axis.attribute in CASE_ATTRIBUTES)
    return max(1, prod(len(_wanted(axis, breakdown.question)) for axis in by_case))


def _amounts(contributions: Contributions, places: Sequence[Place]) -> tuple[Ints, Floats]:
    """Return the people and what each contributed to each cell."""
    persons, who = np.unique(contributions.person, return_inverse=True)
    out = np.zeros((persons.size, len(places)))
    for i, place in enumerate(places):
        rows = np.ones(who.size, dtype=bool)
        for at, codes in zip(place, contributions.places, strict=True):
            rows &= codes == at
        out[:, i] = np.bincount(
            who.reshape(-1)[rows], weights=contributions.value[rows], minlength=persons.size
        )
    return persons, out


def _cut(amounts: Floats, most: int) -> Ints:
    """Cut what people did to whole numbers that add up to at most so much for each of them."""
    whole = amounts.sum(axis=1, keepdims=True)
    scaled = amounts * (most / np.maximum(whole, most))
    # a whole number must not fall to the one below because of its last binary digit
    cut: Ints = np.floor(scaled + 1e-9).astype(np.int64)
    assert int(cut.sum(axis=1).max(initial=0)) <= most
    return cut


def _people(contributions: Contributions, persons: Ints, worked: np.ndarray) -> int:
    return least_people(contributions.persons[i] for i in persons[worked].tolist())


def _sums(drawn: Drawn, unit: int) -> list[Cell]:
    reach = reach_of_noise(drawn.scale)
    return [
        _cell(value / unit, (value - reach) / unit, (value + reach) / unit)
        for value in drawn.values
    ]


def _cell(value: float, low: float, high: float) -> Cell:
    """Return a value with noise; nothing is less than nothing, as everybody knows before."""
    return Cell(max(value, 0.0), max(low, 0.0), max(high, 0.0))


def _means(drawn: Drawn, people: Drawn, unit: int, k: int) -> list[Cell]:
    """Divide sums by numbers of people; each end may be off in both, with 97.5 % for each."""
    off = reach_of_noise(drawn.scale, 0.975)
    off_people = reach_of_noise(people.scale, 0.975)
    found = []
    for total, count in zip(drawn.values, people.values, strict=True):
        # a cell that leaves has k people or more, whatever the noise says
        n, least, most = (max(v, k) for v in (count, count - off_people, count + off_people))
        ends = [(total + sign * off) / d for sign in (-1, 1) for d in (least, most)]
        found.append(_cell(total / n / unit, min(ends) / unit, max(ends) / unit))
    return found
