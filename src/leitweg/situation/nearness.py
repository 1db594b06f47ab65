"""How near do two units stand: in the hierarchy, and by place of work?

Method: docs/methods/expected-links.md.
"""

from collections.abc import Sequence

import numpy as np

from leitweg.engine.unit_places import UnitPlaces
from leitweg.situation.arrays import Floats, Ints
from leitweg.situation.link_terms import hierarchy_steps

TERMS = ("same_parent", "steps", "same_site")
"""What is known of how near two units stand."""


def nearness_terms(units: Sequence[str], places: UnitPlaces) -> dict[str, Floats]:
    """Return what is known of every two units: same unit above, steps, same site.

    Parameters
    ----------
    units
        The units in the order of the rows and columns.

    Returns
    -------
    dict of arrays of shape (units, units)
        ``same_parent`` 1 or 0; ``steps`` up to a common unit above and down again, 12 where no
        chain joins them; ``same_site`` the probability that somebody of the one and somebody of
        the other work at the same site, 0 where that is unknown.
    """
    above = _above(units, places)
    steps = hierarchy_steps(above)[: len(units), : len(units)]
    parent = above[: len(units)]
    same = (parent[:, None] == parent[None, :]) & (parent >= 0)[:, None]
    return {
        "same_parent": same.astype(np.float64),
        "steps": steps.astype(np.float64),
        "same_site": _same_site(units, places),
    }


def _above(units: Sequence[str], places: UnitPlaces) -> Ints:
    """Code of the unit above each unit; units that only lead others stand behind."""
    others = (set(places.above) | set(places.above.values())) - set(units)
    names = [*units, *sorted(others)]
    code = {name: i for i, name in enumerate(names)}
    return np.array([code.get(places.above.get(name, ""), -1) for name in names], dtype=np.int64)


def _same_site(units: Sequence[str], places: UnitPlaces) -> Floats:
    names = sorted({site for sites in places.sites.values() for site in sites})
    people = np.zeros((len(units), len(names)))
    for i, unit in enumerate(units):
        for site, n in places.sites.get(unit, {}).items():
            people[i, names.index(site)] = n
    share = people / np.maximum(people.sum(axis=1, keepdims=True), 1.0)
    return np.asarray(share @ share.T)
