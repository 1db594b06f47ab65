"""How unlikely is it by chance? Tail probabilities and the Benjamini-Hochberg procedure.

`scipy.special` instead of `scipy.stats`: importing the latter takes longer than the analysis of an
ordinary log. The tests hold these functions against `scipy.stats`.
"""

import numpy as np
from scipy.special import betaln, gammaln, ndtr

from leitweg.situation.arrays import Flags, Floats


def normal_tail(z: Floats) -> Floats:
    """Probability of a standard normal above z."""
    return np.asarray(ndtr(-np.asarray(z)))


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


def _tail(k: int, n: int, a: float, b: float) -> float:
    if k <= 0:
        return 1.0
    x = np.arange(k, n + 1)
    ways = gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1)
    return float(min(np.exp(ways + betaln(x + a, n - x + b) - betaln(a, b)).sum(), 1.0))


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
