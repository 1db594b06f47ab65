"""How few is too few? Lower tails of over-dispersed counts, and q-values.

Counts are negative binomial around their mean: variance = mean + spread x mean². A spread of zero
is Poisson. The tests hold these functions against `scipy.stats`.
"""

import math

import numpy as np
from numba import njit

from leitweg.situation.arrays import Floats

MOST_SPREAD = 100.0


@njit(cache=True)
def _log_chance(y: float, mean: float, spread: float) -> float:  # pragma: no cover - compiled
    """Logarithm of the probability of exactly y."""
    if spread <= 1e-8:
        return y * math.log(mean) - mean - math.lgamma(y + 1.0)
    size = 1.0 / spread
    return (
        math.lgamma(y + size)
        - math.lgamma(size)
        - math.lgamma(y + 1.0)
        - size * math.log1p(mean * spread)
        + y * (math.log(mean * spread) - math.log1p(mean * spread))
    )


@njit(cache=True)
def _ratio(k: float, mean: float, spread: float) -> float:  # pragma: no cover - compiled
    """Probability of k over the probability of k - 1."""
    return (mean / k) * (1.0 + spread * (k - 1.0)) / (1.0 + spread * mean)


@njit(cache=True)
def _tail(y: float, mean: float, spread: float) -> float:  # pragma: no cover - compiled
    if mean <= 0.0:
        return 1.0
    whole = 0.0
    if y < mean:
        part = math.exp(_log_chance(y, mean, spread))
        k = y
        while k >= 0.0 and part > 1e-18 * whole:
            whole += part
            part = part / _ratio(k, mean, spread) if k > 0.0 else 0.0
            k -= 1.0
        return min(whole, 1.0)
    k = y + 1.0
    part = math.exp(_log_chance(k, mean, spread))
    while part > 1e-18 * (whole + 1e-300):
        whole += part
        k += 1.0
        part *= _ratio(k, mean, spread)
    return max(1.0 - whole, 0.0)


@njit(cache=True)
def _tails(
    y: Floats, mean: Floats, spread: float, out: Floats
) -> None:  # pragma: no cover - compiled
    for i in range(y.size):
        out[i] = _tail(y[i], mean[i], spread)


def lower_tail(counts: Floats, means: Floats, spread: float) -> Floats:
    """Probability of so few or fewer, per count.

    Parameters
    ----------
    counts, means
        Same shape (n,); a mean of zero gives 1.
    spread
        Variance = mean + spread x mean²; 0 is Poisson.

    >>> lower_tail(np.array([0.0]), np.array([1.0]), 0.0).round(6)
    array([0.367879])
    >>> lower_tail(np.array([0.0]), np.array([1.0]), 1.0).round(6)
    array([0.5])
    """
    out = np.empty(counts.size)
    _tails(
        np.ascontiguousarray(counts, dtype=np.float64),
        np.ascontiguousarray(means, dtype=np.float64),
        spread,
        out,
    )
    return out


@njit(cache=True)
def _log_likelihood(y: Floats, mean: Floats, spread: float) -> float:  # pragma: no cover - compiled
    total = 0.0
    for i in range(y.size):
        if mean[i] > 0.0:
            total += _log_chance(y[i], mean[i], spread)
    return total


def spread_of(counts: Floats, means: Floats, n_effects: int) -> float:
    """How far do counts scatter around their means, beyond Poisson?

    The larger of two estimates, since too small a spread finds what is not there: maximum
    likelihood (which sees the zeros), and the spread at which Pearson's statistic equals the
    degrees of freedom (which sees that the means were fitted to the same counts).

    Parameters
    ----------
    counts, means
        Same shape (n,), of the pairs with a mean worth testing.
    n_effects
        Number of fitted effects that fall on these pairs.
    """
    counts = np.ascontiguousarray(counts, dtype=np.float64)
    means = np.ascontiguousarray(means, dtype=np.float64)
    if counts.size == 0:
        return 0.0
    by_likelihood = _most_likely(counts, means)
    freedom = max(counts.size - n_effects, 0.1 * counts.size)
    return max(by_likelihood, _by_pearson(counts, means, freedom))


def _most_likely(counts: Floats, means: Floats) -> float:
    """Golden-section search over the logarithm of the spread."""
    low, high = math.log(1e-6), math.log(MOST_SPREAD)
    golden = (math.sqrt(5.0) - 1.0) / 2.0
    for _ in range(60):
        left, right = high - golden * (high - low), low + golden * (high - low)
        if _log_likelihood(counts, means, math.exp(left)) >= _log_likelihood(
            counts, means, math.exp(right)
        ):
            high = right
        else:
            low = left
    best = math.exp((low + high) / 2)
    poisson = _log_likelihood(counts, means, 0.0)
    return best if _log_likelihood(counts, means, best) > poisson else 0.0


def _by_pearson(counts: Floats, means: Floats, freedom: float) -> float:
    """Bisection: Pearson's statistic falls as the spread grows."""

    def surplus(spread: float) -> float:
        return float(((counts - means) ** 2 / (means + spread * means**2)).sum()) - freedom

    if surplus(0.0) <= 0.0:
        return 0.0
    low, high = 0.0, MOST_SPREAD
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if surplus(middle) > 0 else (low, middle)
    return (low + high) / 2


def q_values(p_values: Floats) -> Floats:
    """Smallest false discovery rate at which each test passes (Benjamini & Hochberg 1995).

    >>> q_values(np.array([0.01, 0.04, 0.03, 0.5])).round(4)
    array([0.04  , 0.0533, 0.0533, 0.5   ])
    """
    n = p_values.size
    order = np.argsort(p_values, kind="stable")
    scaled = p_values[order] * n / np.arange(1, n + 1)
    out = np.empty(n)
    out[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return out
