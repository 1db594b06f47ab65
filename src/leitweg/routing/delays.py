"""How long does it take at present until the right contact of a case is known?

A log says of each case how old it is and whether it is resolved: current status data. How long
resolved cases took says less: a log of the cases closed in one month holds old cases that took
long, and yet at its end everything is known. Method: docs/methods/routing.md.
"""

from importlib import import_module

import numpy as np
from numpy.typing import NDArray

Int64 = NDArray[np.int64]
_GOLDEN = (5**0.5 - 1) / 2


def delays(age: Int64, is_known: NDArray[np.bool_]) -> Int64:
    """Return delays of the known cases that are spread as those at present.

    The share of cases known at an age is estimated by isotonic regression (the maximum likelihood
    of current status data: Groeneboom and Wellner 1992); each known case gets a quantile of what
    lies below its own age.

    Parameters
    ----------
    age
        Of each case, in any unit; 0 or less of those that are not to be looked at.
    is_known
        Its right contact is known.

    Returns
    -------
    Int64
        One delay per known case, in their order; at most their ages.
    """
    looked_at = np.flatnonzero(age > 0)
    order = looked_at[np.argsort(age[looked_at], kind="stable")]
    known = np.flatnonzero(is_known)
    if is_known[order].all():
        return np.zeros(known.size, np.int64)
    # loaded here: it takes half a second and 35 MB, and only who learns anew needs it
    isotonic_regression = import_module("scipy.optimize").isotonic_regression
    share = np.asarray(isotonic_regression(is_known[order].astype(np.float64)).x)
    ages = age[order]
    own = share[np.searchsorted(ages, age[known], side="right") - 1]
    spread = np.modf(_GOLDEN * np.arange(1, known.size + 1))[0]
    place = np.searchsorted(share, spread * own, side="left")
    # what is known at the least age looked at was known at once
    late = np.where(place == 0, 0, ages[np.minimum(place, ages.size - 1)])
    return np.asarray(np.minimum(late, age[known]), np.int64)
