"""Through whose hands do the cases of a unit go? What the privacy door asks of every unit.

Method: docs/methods/privacy.md.
"""

from collections.abc import Mapping

import numpy as np

from leitweg.domain.situation import Bearers
from leitweg.situation.arrays import groups_of
from leitweg.situation.basis import Basis
from leitweg.situation.bearers import bearers_of


def flow_of_units(basis: Basis) -> Mapping[str, Bearers]:
    """Return the cases that pass each unit, and how many of them single people make.

    A stay of a case in a unit counts one; people who are named in it share it equally.
    """
    walk, log = basis.walk, basis.log
    cases = basis.in_period if log.has_clock else basis.counted
    stay = np.repeat(np.arange(walk.stay_case.size), walk.last_event - walk.first_event + 1)
    first = np.repeat(walk.first_event, walk.last_event - walk.first_event + 1)
    place = np.flatnonzero(np.append(True, stay[1:] != stay[:-1])[: stay.size])
    event = first + np.arange(stay.size) - np.repeat(place, np.diff(np.append(place, stay.size)))
    known = (log.person[event] >= 0) & cases[walk.stay_case[stay]]
    n_people = max(len(log.persons), 1)
    pairs = np.unique(stay[known] * n_people + log.person[event[known]])
    stays, person = np.divmod(pairs, n_people)
    share = 1.0 / np.bincount(stays, minlength=walk.stay_case.size)[stays]
    return {
        basis.holders[unit]: bearers_of(basis, person[rows], share[rows])
        for (unit,), rows in groups_of(walk.stay_holder[stays])
    }
