"""Which assignment of requests to contacts brings the most to the right one, for its price?"""

from dataclasses import dataclass
from importlib import import_module

import numpy as np

from leitweg.domain.routing import Floats, Ints

NOBODY = -1
BASE = 2.0
"""More than any gain, so that every cost is positive: the solver takes 0 for "no edge"."""


@dataclass(frozen=True)
class Room:
    """What contacts hold and can hold, one entry per contact.

    ``capacity`` is infinite where none is known: such a contact costs nothing and is never full.
    ``cap`` is the share of the capacity that may be used, ``price`` as in `priced`.
    """

    load: Floats
    capacity: Floats
    price: float
    cap: float

    def free(self) -> Floats:
        """Return how many more requests each contact can take."""
        # a load of 2.9999999 of 3 is no room for a tenth of a request either
        return np.maximum(np.floor(self.cap * self.capacity - self.load + 1e-9), 0.0)

    def worth(self, contact: int, more: Floats | float) -> Floats:
        """Return what a request is worth to a contact that took ``more`` of this backlog."""
        used = (self.load[contact] + np.asarray(more, float)) / self.capacity[contact]
        return np.asarray(np.exp(-self.price * used))


def likeliest(chances: Floats) -> Ints:
    """Give every request to its likeliest contact, whatever the load."""
    if chances.shape[1] == 0:
        return np.full(len(chances), NOBODY)
    return np.where(chances.max(axis=1) > 0, chances.argmax(axis=1), NOBODY)


def greedy(chances: Floats, room: Room) -> Ints:
    """Give one request after the other to the contact that is worth most and has room."""
    taken = np.full(len(chances), NOBODY)
    load, free = room.load.astype(float).copy(), room.free()
    for row, chance in enumerate(chances):
        value = chance * np.exp(-room.price * load / room.capacity) * (free > 0)
        if value.size == 0 or value.max() <= 0:
            continue
        taken[row] = best = int(value.argmax())
        load[best] += 1
        free[best] -= 1
    return taken


def optimal(chances: Floats, room: Room) -> Ints:
    """Assign all requests together, so that what they are worth adds up to the most.

    Parameters
    ----------
    chances
        One row per request, one column per contact: the probability that it is right, 0 where it
        does not come into question.
    room
        Loads, capacities, price and cap.

    Returns
    -------
    numpy.ndarray
        Contact (column) of each request, -1 for nobody. The k-th request that a contact gets is
        worth its probability times ``exp(-price * (load + k - 1) / capacity)``; at a price of 0
        the sum is the expected number of right contacts.

    Notes
    -----
    Each contact is as many slots as it has room (at most as many as requests ask for it); a slot
    takes one request. Contacts without a capacity and "nobody" are one private slot per request,
    so that every request finds a place and the matching is full. It is solved on the edges that
    exist (LAPJVsp: Jonker and Volgenant 1987).
    """
    count = len(chances)
    if count == 0 or chances.shape[1] == 0:
        return np.full(count, NOBODY)
    rows, slots, gains, owner = _slots(chances, room)
    open_best, open_gain = _without_capacity(chances, room)
    width = len(owner)
    # loaded here: only a backlog needs it, and every command would wait for it
    coo_array = import_module("scipy.sparse").coo_array
    match = import_module("scipy.sparse.csgraph").min_weight_full_bipartite_matching
    cost = coo_array(
        (
            BASE - np.concatenate([gains, open_gain]),
            (
                np.concatenate([rows, np.arange(count)]),
                np.concatenate([slots, width + np.arange(count)]),
            ),
        ),
        shape=(count, width + count),
    )
    found, places = match(cost.tocsr())
    taken = np.full(count, NOBODY)
    private = places >= width
    taken[found[private]] = open_best[found[private]]
    taken[found[~private]] = owner[places[~private]]
    return taken


def _slots(chances: Floats, room: Room) -> tuple[Ints, Ints, Floats, Ints]:
    """Return the edges (request, slot, gain) and the contact of every slot."""
    free = room.free()
    rows, slots, gains, owner = [], [], [], []
    width = 0
    for contact in np.flatnonzero(np.isfinite(room.capacity)):
        asking = np.flatnonzero(chances[:, contact] > 0)
        count = int(min(free[contact], len(asking)))
        worth = room.worth(int(contact), np.arange(count, dtype=float))
        rows.append(np.repeat(asking, count))
        slots.append(np.tile(np.arange(width, width + count), len(asking)))
        gains.append(np.outer(chances[asking, contact], worth).ravel())
        owner.append(np.full(count, contact))
        width += count
    if not owner:
        none = np.empty(0, np.int64)
        return none, none, np.empty(0), none
    return tuple(np.concatenate(part) for part in (rows, slots, gains, owner))  # type: ignore[return-value]


def _without_capacity(chances: Floats, room: Room) -> tuple[Ints, Floats]:
    """Return the likeliest contact without a capacity of every request, and its probability."""
    among = np.where(np.isfinite(room.capacity), 0.0, chances)
    best = among.argmax(axis=1)
    gain = among[np.arange(len(among)), best]
    return np.where(gain > 0, best, NOBODY), gain
