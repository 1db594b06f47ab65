"""How much of a sum do single people make? What the privacy door asks of every sum of hours.

Method: docs/methods/privacy.md.
"""

import numpy as np

from leitweg.domain.situation import Bearers
from leitweg.privacy.eras import n_eras
from leitweg.situation.arrays import Floats, Ints
from leitweg.situation.basis import Basis


def bearers_of(basis: Basis, person: Ints, amount: Floats) -> Bearers:
    """Return the sum, and the two largest parts of it that one person made.

    What machines and unknown people made counts in the sum alone.
    """
    known = person >= 0
    known[known] = ~basis.log.machine[person[known]]
    parts = np.sort(np.bincount(person[known], weights=amount[known], minlength=2))
    # one person may be an id of each era: nobody made more than as many times the largest part
    times = n_eras(basis.log.persons[code] for code in np.unique(person[known]).tolist())
    total = float(amount.sum())
    largest, second = (min(times * float(part), total) for part in (parts[-1], parts[-2]))
    return Bearers(total, largest, second)
