"""Which cells of a table would, with earlier answers about other cases, tell of few people?

Answers about two periods can be subtracted: what is left is about the cases in which they differ.
Method: docs/methods/release-ledger.md.
"""

from collections.abc import Iterable

import numpy as np

from leitweg.domain.breakdown import Contributions, Ints, Place
from leitweg.privacy.derivable import tells_of_few
from leitweg.privacy.gate import Gate


def places_refused(
    contributions: Contributions, places: Iterable[Place], gate: Gate | None, k: int
) -> set[Place]:
    """Return the places that must not be told of; none where nothing was told before.

    An earlier answer is taken to have told every cell behind which it had enough people.
    """
    if gate is None or gate.is_first:
        return set()
    if gate.everything:
        # such an answer is not remembered, so that none may be given
        return {*places, contributions.shape}
    cell = gate.cell[contributions.case]
    return {place for place in places if _refused(contributions, place, cell, gate, k)}


def _refused(contributions: Contributions, place: Place, cell: Ints, gate: Gate, k: int) -> bool:
    rows = cell >= 0
    parts = zip(place, contributions.shape, contributions.places, strict=True)
    for at, whole, codes in parts:
        if at != whole:
            rows &= codes == at
    people = _people_of_cells(cell[rows], contributions.person[rows], gate.sums.shape[1])
    behind = [frozenset[int]().union(*(people[c] for c in np.flatnonzero(s))) for s in gate.sums]
    told = np.array([len(b) >= k for b in behind])
    # this question is the last of the answers; one that stays inside anyway adds nothing
    return bool(told[-1] and told.sum() > 1 and tells_of_few(gate.sums[told], people, k))


def _people_of_cells(cell: Ints, person: Ints, n_cells: int) -> list[frozenset[int]]:
    members: list[set[int]] = [set() for _ in range(n_cells)]
    if cell.size:
        for c, p in np.unique(np.stack([cell, person]), axis=1).T.tolist():
            members[c].add(p)
    return [frozenset(m) for m in members]
