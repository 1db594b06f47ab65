"""Whom to prefer while some are busier than others? The load as a price."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from leitweg.domain.rosters import Contact, Roster
from leitweg.domain.routing import Candidate, Ranking
from leitweg.routing.matching import Room

PRICE = 0.5
"""A full contact has to be 1.65 times as likely as an idle one to stand before it."""
CAP = 1.0
"""What is full is full: from here on a contact stands behind all who have room."""
LEAST_CAPACITY = 1e-9


def priced(
    ranking: Ranking,
    roster: Roster,
    *,
    price: float = PRICE,
    cap: float = CAP,
    at_us: int | None = None,
) -> Ranking:
    """Order the candidates by ``log p - price * load / capacity``.

    Parameters
    ----------
    ranking
        As the router gives it, with more candidates than are to be shown.
    roster
        With loads and capacities; who has none of them costs nothing.
    price
        What a full contact costs, in log odds: at 0.5 a full contact has to be 1.65 times as
        likely as an idle one to stand before it. 0 switches the price off.
    cap
        Share of the capacity from which on a contact stands behind all who have room.
    at_us
        When; people of a unit who are away then add nothing to what it can hold.

    Returns
    -------
    Ranking
        The same candidates with the same probabilities, in another order; it abstains where the
        first is now less likely than the threshold.

    References
    ----------
    Method and limits: docs/methods/workload.md
    """
    names = [candidate.contact for candidate in ranking.candidates]
    room = room_of(roster, names, price=price, cap=cap, at_us=at_us)
    full, used = room.free() <= 0, room.load / room.capacity

    def rank(place: int) -> tuple[bool, float, int]:
        probability = ranking.candidates[place].probability
        odds = math.log(probability) if probability > 0 else -math.inf
        return bool(full[place]), price * float(used[place]) - odds, place

    order = sorted(range(len(names)), key=rank)
    candidates = tuple(ranking.candidates[place] for place in order)
    return replace(
        ranking, candidates=candidates, abstain=ranking.abstain or _unsure(candidates, ranking)
    )


def _unsure(candidates: tuple[Candidate, ...], ranking: Ranking) -> bool:
    return not candidates or candidates[0].probability < ranking.threshold


def full_contacts(
    roster: Roster, contacts: Sequence[str], *, cap: float = CAP, at_us: int | None = None
) -> frozenset[str]:
    """Return those of the contacts who have no room for another request."""
    free = room_of(roster, contacts, cap=cap, at_us=at_us).free()
    return frozenset(name for name, room in zip(contacts, free, strict=True) if room <= 0)


def room_of(
    roster: Roster | None,
    contacts: Sequence[str],
    *,
    price: float = PRICE,
    cap: float = CAP,
    at_us: int | None = None,
) -> Room:
    """Return what contacts hold and can hold.

    A unit holds what its row says, or else what its people do together. A contact without a
    capacity costs nothing and is never full.
    """
    rows = {} if roster is None else roster.by_contact
    people = {} if roster is None else roster.units
    pairs = [_held(rows.get(name), people.get(name, ()), at_us) for name in contacts]
    load, capacity = (np.array([pair[i] for pair in pairs], dtype=float) for i in (0, 1))
    return Room(load, capacity, price, cap)


def _held(own: Contact | None, people: Sequence[Contact], at_us: int | None) -> tuple[float, float]:
    """Return load and capacity of a contact; the capacity is infinite where none is known."""
    if own is not None and own.capacity is not None:
        return own.load, max(own.capacity, LEAST_CAPACITY)
    here = [person for person in people if at_us is None or _is_here(person, at_us)]
    capacities = [person.capacity for person in here if person.capacity is not None]
    if not here or len(capacities) < len(here):
        return own.load if own is not None else 0.0, math.inf
    load = sum(person.load for person in here)
    return load, max(sum(capacities), LEAST_CAPACITY)


def _is_here(person: Contact, at_us: int) -> bool:
    left = person.valid_to_us is not None and person.valid_to_us <= at_us
    return not left and not any(begin <= at_us < end for begin, end in person.absences)
