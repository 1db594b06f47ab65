"""Who takes which request of a backlog, so that the most reach the right contact in time?"""

from collections.abc import Collection, Sequence
from typing import Protocol

import numpy as np

from leitweg.domain.assignments import (
    ABSTAINED,
    NO_ROOM,
    NOBODY_AVAILABLE,
    NOT_THE_LIKELIEST,
    Assigned,
    Assignment,
    AssignmentFigures,
    Waiting,
)
from leitweg.domain.progress import Progress, silent
from leitweg.domain.rosters import Need, Roster
from leitweg.domain.routing import Floats, Ints, Ranking, Request
from leitweg.routing.availability import among, availability
from leitweg.routing.matching import NOBODY, Room, greedy, likeliest, optimal
from leitweg.routing.workload import CAP, PRICE, room_of

CANDIDATES = 35
"""So many contacts of a request are looked at."""
SHOWN = 3
LEAST_SHARE = 0.1
"""Who is less than a tenth as likely as the best who is available is not worth a handover."""


class Ranker(Protocol):
    """What is asked of a router here."""

    def rank(
        self,
        request: Request,
        *,
        top: int = 3,
        allowed: Collection[str] | None = None,
        explain: bool = True,
    ) -> Ranking:
        """Rank the contacts of a request."""


def assign_backlog(
    waiting: Sequence[Waiting],
    router: Ranker,
    roster: Roster | None = None,
    *,
    price: float = PRICE,
    cap: float = CAP,
    progress: Progress = silent,
) -> Assignment:
    """Assign the requests of a backlog to contacts.

    Parameters
    ----------
    waiting
        The requests; ``need.at_us`` is the time of the assignment.
    router
        Ranks each request once.
    roster
        Who can take requests and how many; None: everybody any number.
    price, cap
        As in `leitweg.routing.workload.priced`.
    progress
        Told how many requests were ranked.

    Returns
    -------
    Assignment
        One row per request in the order given. Requests of which the router abstains stay with a
        human, as do those for whom nobody has room or is available.

    References
    ----------
    Method and limits: docs/methods/workload.md
    """
    able = _Able(roster)
    rankings = []
    for place, one in enumerate(waiting):
        rankings.append(able.ranking(router, one))
        progress("ranking the backlog", place + 1, len(waiting))
    contacts, chances = chances_of(rankings)
    at_us = max((one.need.at_us for one in waiting), default=None)
    room = room_of(roster, contacts, price=price, cap=cap, at_us=at_us)
    ways = {
        "optimal": optimal(chances, room),
        "greedy": greedy(chances, room),
        "likeliest": likeliest(chances),
    }
    rows = tuple(
        _row(one, ranking, contacts[taken] if taken != NOBODY else None)
        for one, ranking, taken in zip(waiting, rankings, ways["optimal"], strict=True)
    )
    pool = np.array([able.is_able(name) for name in contacts], dtype=bool)
    compared = {name: figures_of(chances, taken, room, pool) for name, taken in ways.items()}
    return Assignment(rows, compared, price, cap)


class _Able:
    """Ranks requests among those who can take them; equal needs are looked up once."""

    def __init__(self, roster: Roster | None) -> None:
        self._roster = roster
        self._allowed: dict[Need, frozenset[str]] = {}

    def ranking(self, router: Ranker, one: Waiting) -> Ranking:
        ranking = router.rank(one.request, top=CANDIDATES, explain=False)
        if self._roster is None:
            return ranking
        return among(ranking, self._allowed_for(one.need, self._roster))

    def is_able(self, contact: str) -> bool:
        """Say whether a contact could take any of the requests."""
        if self._roster is None:
            return True
        return any(contact in allowed for allowed in self._allowed.values())

    def _allowed_for(self, need: Need, roster: Roster) -> frozenset[str]:
        if need not in self._allowed:
            names = (*roster.by_contact, *(u for u in roster.units if u not in roster.by_contact))
            self._allowed[need] = frozenset(availability(roster, need, contacts=names).allowed)
        return self._allowed[need]


def chances_of(rankings: Sequence[Ranking]) -> tuple[list[str], Floats]:
    """Return the contacts and, per request, the probability of each.

    It is 0 for who is out of the question, and for all where the router abstains.
    """
    contacts = sorted({c.contact for ranking in rankings for c in ranking.candidates})
    place = {name: i for i, name in enumerate(contacts)}
    chances = np.zeros((len(rankings), len(contacts)))
    for row, ranking in enumerate(rankings):
        if ranking.abstain or not ranking.candidates:
            continue
        least = LEAST_SHARE * ranking.candidates[0].probability
        for candidate in ranking.candidates:
            if candidate.probability >= least:
                chances[row, place[candidate.contact]] = candidate.probability
    return contacts, chances


def _row(one: Waiting, ranking: Ranking, contact: str | None) -> Assigned:
    known = {c.contact: c.probability for c in ranking.candidates}
    first = tuple(known)[:SHOWN]
    if contact is not None:
        why = None if contact == first[0] else NOT_THE_LIKELIEST
        return Assigned(one.case_id, contact, known[contact], True, why, first)
    if not known:
        return Assigned(one.case_id, None, None, False, NOBODY_AVAILABLE)
    why = ABSTAINED if ranking.abstain else NO_ROOM
    return Assigned(one.case_id, None, known[first[0]], True, why, first)


def figures_of(chances: Floats, taken: Ints, room: Room, pool: Floats) -> AssignmentFigures:
    """Return how good an assignment is.

    Parameters
    ----------
    chances
        One row per request, one column per contact.
    taken
        Contact of each request, -1 for nobody.
    room
        Loads and capacities before.
    pool
        Which contacts could take a request: among them loads are compared.
    """
    given = taken != NOBODY
    new = np.bincount(taken[given], minlength=len(room.load)).astype(float)
    load = room.load + new
    limited = np.isfinite(room.capacity)
    return AssignmentFigures(
        assigned=int(given.sum()),
        expected_right=float(chances[np.flatnonzero(given), taken[given]].sum()),
        max_new=int(new.max(initial=0)),
        max_load_share=float((load / room.capacity)[limited].max()) if limited.any() else None,
        gini=gini(load[pool]),
    )


def gini(values: Floats) -> float:
    """Return the Gini coefficient: 0 where all have the same, near 1 where one has all.

    >>> gini(np.array([1.0, 1.0])), gini(np.array([0.0, 0.0, 0.0, 4.0]))
    (0.0, 0.75)
    """
    total = float(values.sum())
    if total <= 0:
        return 0.0
    ordered = np.sort(values)
    ranks = np.arange(1, len(values) + 1)
    return float((2 * ranks - len(values) - 1) @ ordered / (len(values) * total))
