"""How unlikely is it by chance? Tail probabilities and the Benjamini-Hochberg procedure.

Written out for the machine-code compiler that the analysis needs anyway: importing a statistics
library takes longer than the analysis of an ordinary log. The tests hold these functions against
`scipy.stats` (docs/decisions/0007).
"""

import math

import numpy as np
from numba import njit

from leitweg.situation.arrays import Flags, Floats


@njit(cache=True)
def _normal_tails(z: Floats, out: Floats) -> None:  # pragma: no cover - compiled
    for i in range(z.size):
        out[i] = 0.5 * math.erfc(z[i] / math.sqrt(2.0))


def normal_tail(z: Floats) -> Floats:
    """Probability of a standard normal above z.

    >>> normal_tail(np.array([0.0]))
    array([0.5])
    """
    flat = np.ascontiguousarray(np.atleast_1d(z), dtype=np.float64)
    out = np.empty_like(flat)
    _normal_tails(flat, out)
    return out if np.ndim(z) else out[0]


def rate_tail(k: Floats, n: Floats, usual: Floats, rho: float) -> Floats:
    """Probability of k or more of n at the usual rate, with intra-class correlation rho.

    Beta-binomial with mean ``usual`` and parameters usual (1 - rho) / rho and
    (1 - usual) (1 - rho) / rho.

    >>> rate_tail(np.array([1.0]), np.array([2.0]), np.array([0.5]), 1 / 3).round(6)
    array([0.666667])
    """
    usual = np.clip(usual, 1e-6, 1 - 1e-6)
    scale = (1 - rho) / rho
    tails = [
        _tail(round(x), round(m), p * scale, (1 - p) * scale)
        for x, m, p in zip(k, n, usual, strict=True)
    ]
    return np.array(tails, dtype=np.float64)


@njit(cache=True)
def _tail(k: int, n: int, a: float, b: float) -> float:  # pragma: no cover - compiled
    """Sum of the beta-binomial probabilities of k to n, each from its logarithm."""
    if k <= 0:
        return 1.0
    whole = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + math.lgamma(n + 1.0)
    whole -= math.lgamma(n + a + b)
    total = 0.0
    for x in range(k, n + 1):
        ways = -math.lgamma(x + 1.0) - math.lgamma(n - x + 1.0)
        total += math.exp(whole + ways + math.lgamma(x + a) + math.lgamma(n - x + b))
    return min(total, 1.0)


def passed(p_values: Floats, rate: float) -> Flags:
    """Which tests of one family pass at this false discovery rate (Benjamini & Hochberg 1995).

    >>> passed(np.array([0.01, 0.04, 0.03, 0.5]), 0.05)
    array([ True, False, False, False])
    """
    if p_values.size == 0:
        return np.zeros(0, dtype=bool)
    order = np.argsort(p_values, kind="stable")
    below = np.flatnonzero(
        p_values[order] <= rate * np.arange(1, p_values.size + 1) / p_values.size
    )
    out = np.zeros(p_values.size, dtype=bool)
    if below.size:
        out[order[: below[-1] + 1]] = True
    return out
