"""What speaks for a link between two nodes? The terms of the gravity equation, from counts alone.

Every term is a matrix (nodes, nodes), sender by receiver. Method: docs/methods/gap-prediction.md.
"""

import numpy as np

from leitweg.situation.arrays import Flags, Floats, Ints
from leitweg.situation.contacts import Counts

TERMS = (
    *("sends", "receives", "same_manager", "near", "steps", "other_direction"),
    *("shared_partners", "ways_through_third", "together", "together_with_partner"),
    *("sends_to_same", "receives_from_same"),
)
"""What the model looks at; none of it is about a person but with whom they stand."""
FAR = 12
"""Steps between two nodes that no chain of managers joins, and the most that are counted."""
NEAR = 3
"""Up to so many steps two nodes stand near each other: colleagues and their managers."""


def link_terms(counts: Counts, manager: Ints) -> dict[str, Floats]:
    """Return the terms of every ordered pair.

    Sizes: what the sender sends, what the receiver receives. Distance: same manager, near, steps
    in the hierarchy. Ties around: the other direction, partners shared, ways through a third.
    Interdependence: addressed together, addressed together with a partner. Likeness: sends to the
    same, receives from the same.
    """
    every, recent = np.log1p(counts.all), np.log1p(counts.recent)
    both, together = recent + recent.T, counts.together
    steps = hierarchy_steps(manager)
    lists = together / (together.sum(axis=1, keepdims=True) + 1.0)
    sends, receives = np.log1p(counts.all.sum(axis=1)), np.log1p(counts.all.sum(axis=0))
    same = (manager[:, None] == manager[None, :]) & (manager >= 0)[:, None]
    n = manager.size
    return {
        "sends": np.repeat(sends[:, None], n, axis=1),
        "receives": np.repeat(receives[None, :], n, axis=0),
        "same_manager": same.astype(np.float64),
        "near": (steps <= NEAR).astype(np.float64),
        "steps": steps.astype(np.float64),
        "other_direction": every.T.copy(),
        "shared_partners": np.log1p(both @ both),
        "ways_through_third": np.log1p(recent @ recent),
        "together": np.log1p(together),
        "together_with_partner": np.log(1e-3 + recent @ lists),
        "sends_to_same": _likeness(every),
        "receives_from_same": _likeness(every.T),
    }


def symmetric(terms: dict[str, Floats]) -> dict[str, Floats]:
    """Terms of unordered pairs: the mean of both directions; none for the other direction."""
    return {name: (x + x.T) / 2 for name, x in terms.items() if name != "other_direction"}


def _likeness(rows: Floats) -> Floats:
    """Cosine of every two rows; 0 for an empty one."""
    length = np.linalg.norm(rows, axis=1)
    unit = rows / np.where(length > 0, length, 1.0)[:, None]
    return np.asarray(unit @ unit.T)


def hierarchy_steps(manager: Ints) -> Ints:
    """Count the steps between nodes, up to a common manager and down again; `FAR` if there is none.

    >>> hierarchy_steps(np.array([-1, 0, 0, 1]))
    array([[0, 1, 1, 2],
           [1, 0, 2, 1],
           [1, 2, 0, 3],
           [2, 1, 3, 0]])
    """
    n = manager.size
    steps = np.full((n, n), FAR, dtype=np.int64)
    chain = _chain(manager)
    for up, above in enumerate(chain):
        for down, other in enumerate(chain[: FAR - up]):
            meets: Flags = (above[:, None] == other[None, :]) & (above >= 0)[:, None]
            steps[meets] = np.minimum(steps[meets], up + down)
    return steps


def _chain(manager: Ints) -> list[Ints]:
    """Each node, its manager, the manager's manager, ...; -1 above the top and inside a circle."""
    chain = [np.arange(manager.size)]
    while len(chain) < FAR and (chain[-1] >= 0).any():
        last = chain[-1]
        above = np.where(last >= 0, manager[np.maximum(last, 0)], -1)
        for below in chain:
            above = np.where(above == below, -1, above)
        chain.append(above)
    return chain
