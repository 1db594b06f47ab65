"""Which cells of a breakdown stay inside, so that its totals do not tell of few people?

The rules of `suppression.py` hold on the numbers of people. Two are added, for a person can be in
several cells of a table by an attribute of cases: what is hidden in a line, which is known as one
sum, is about enough people, and none of them makes most of it. Method: docs/methods/breakdown.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

import numpy as np

from leitweg.domain.breakdown import Breakdown, Floats, Place
from leitweg.domain.situation import Bearers
from leitweg.privacy.dominance import dominated
from leitweg.privacy.eras import least_people
from leitweg.privacy.suppression import suppressed
from leitweg.privacy.threshold import FEW

ALIKE = 1e-9


def tells_of_one(amounts: Floats, of: str) -> bool:
    """Whether one person makes most of a sum, or few contribute the same, so that it tells what.

    People are counted one by one: nobody stands out, and all count the same.
    """
    if of == "people" or not amounts.size:
        return False
    second, first = np.sort(np.append(amounts, 0.0))[-2:].tolist()
    is_uniform = amounts.size < FEW and float(amounts.max() - amounts.min()) <= ALIKE * first
    return is_uniform or dominated([Bearers(float(amounts.sum()), first, second)])


def hidden_places(
    breakdown: Breakdown, people: Mapping[Place, int], refused: Iterable[Place], k: int
) -> set[Place]:
    """Return all places that stay inside: those refused, and those that would tell of them."""
    shape = breakdown.contributions.shape
    stays = set(refused)
    everything = set(product(*(range(n + 1) for n in shape)))
    if shape in stays:
        return everything
    margins = [_hidden_margin(breakdown, axis, people, stays, k) for axis in range(len(shape))]
    if any(margin is None for margin in margins):
        return everything
    hidden = {place for margin in margins for place in margin or ()}
    if len(shape) < 2:
        return hidden
    places = list(product(*map(range, shape)))
    stays |= {p for p in places if {(p[0], shape[1]), (shape[0], p[1])} & hidden}
    rows = [[(row, column) for column in range(shape[1])] for row in range(shape[0])]
    lines = [*rows, *zip(*rows, strict=True)]
    inner = _suppressed(breakdown, people, places, lines, stays, k)
    # a margin is told by other tables too: it cannot be hidden in this one alone
    return hidden | (set(places) if inner is None else inner)


def _hidden_margin(
    breakdown: Breakdown, axis: int, people: Mapping[Place, int], stays: set[Place], k: int
) -> set[Place] | None:
    """Return the groups of an axis that stay inside; None where the total would have to."""
    shape = breakdown.contributions.shape
    places = [(*shape[:axis], at, *shape[axis + 1 :]) for at in range(shape[axis])]
    return _suppressed(breakdown, people, places, [places], stays, k)


def _suppressed(
    breakdown: Breakdown,
    people: Mapping[Place, int],
    places: Sequence[Place],
    lines: Sequence[Sequence[Place]],
    stays: set[Place],
    k: int,
) -> set[Place] | None:
    """Hide further cells of a table or margin, until nothing hidden is told by its totals.

    In each line what is hidden is known as one sum: it must be about enough people too, none of
    whom makes most of it. None where a total would have to be hidden.
    """
    shape = (len(places),) if len(lines) == 1 else breakdown.contributions.shape
    counts = np.array([people.get(place, 0) for place in places], np.int64).reshape(shape)
    own = stays & set(places)
    while True:
        refused = np.array([place in own for place in places], dtype=bool).reshape(shape)
        held = suppressed(counts, k=k, refused=refused)
        inside = held[tuple(slice(n) for n in shape)]
        if held.sum() > inside.sum():
            return None
        hidden = {place for place, flag in zip(places, inside.reshape(-1), strict=True) if flag}
        more = {found for line in lines if (found := _also(breakdown, people, line, hidden, k))}
        if not more:
            return hidden
        own |= more


def _also(
    breakdown: Breakdown,
    people: Mapping[Place, int],
    line: Sequence[Place],
    hidden: set[Place],
    k: int,
) -> Place | None:
    """Return what must be hidden too, where the hidden part of a line tells of few, or None.

    The smallest cell that is enough, else the largest.
    """
    inside = [place for place in line if place in hidden and people.get(place)]
    if not inside or not _tells(breakdown, inside, k):
        return None
    shown = [place for place in line if place not in hidden and people.get(place)]
    shown.sort(key=lambda place: (breakdown.cells[place].value, place))
    enough = (place for place in shown if not _tells(breakdown, [*inside, place], k))
    return next(enough, shown[-1] if shown else None)


def _tells(breakdown: Breakdown, places: Sequence[Place], k: int) -> bool:
    """Whether some cells together are about few people, or mainly about one."""
    cells = [breakdown.cells[place] for place in places]
    persons, who = np.unique(np.concatenate([c.person for c in cells]), return_inverse=True)
    weights = np.concatenate([c.amount for c in cells])
    amounts: Floats = np.bincount(who.reshape(-1), weights=weights).astype(float)
    ids = [breakdown.contributions.persons[i] for i in persons.tolist()]
    return least_people(ids) < k or tells_of_one(amounts, breakdown.question.of)
