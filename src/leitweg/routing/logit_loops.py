"""The compiled loops of the conditional logit: log loss, gradient and curvature.

``used`` are the features that count; weights, gradient and curvature are of these alone.
"""

import numpy as np
import numpy.typing as npt

from leitweg.engine.compiled import compiled

Float32 = npt.NDArray[np.float32]
Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]

LEAST_SHARE = 1e-3
"""Candidates below this share add nothing to the curvature that anyone could see."""
SIDE_BY_SIDE = 4


@compiled
def _score(features: Float32, j: int, used: Int64, weights: Float64) -> float:
    """Return the score of one candidate: four sums that do not wait for each other."""
    a = b = c = d = 0.0
    whole = used.size - used.size % 4
    for f in range(0, whole, 4):
        a += features[j, used[f]] * weights[f]
        b += features[j, used[f + 1]] * weights[f + 1]
        c += features[j, used[f + 2]] * weights[f + 2]
        d += features[j, used[f + 3]] * weights[f + 3]
    for f in range(whole, used.size):
        a += features[j, used[f]] * weights[f]
    return (a + b) + (c + d)


@compiled
def log_loss(
    features: Float32, used: Int64, begin: Int64, end: Int64, chosen: Int64, weights: Float64
) -> float:
    """Return the sum of the log losses."""
    total = 0.0
    for i in range(chosen.size):
        top, mass, right = -1e300, 0.0, 0.0
        for j in range(begin[i], end[i]):
            score = _score(features, j, used, weights)
            if score > top:
                mass = mass * np.exp(top - score) + 1.0
                top = score
            else:
                mass += np.exp(score - top)
            if j == chosen[i]:
                right = score
        total += top + np.log(mass) - right
    return total


@compiled
def slopes(
    features: Float32,
    used: Int64,
    begin: Int64,
    end: Int64,
    chosen: Int64,
    weights: Float64,
    gradient: Float64,
    curvature: Float64,
) -> float:
    """Return the log loss; add its gradient and curvature, of the curvature the lower half."""
    loss = 0.0
    n, held, most = used.size, 0, 0
    for i in range(chosen.size):
        most = max(most, end[i] - begin[i])
    mean, share, own = np.empty(n), np.empty(most), np.empty((most, n))
    # distances from the mean, weighed by the root of the share: their products are the curvature
    away = np.zeros((SIDE_BY_SIDE, n))
    for i in range(chosen.size):
        a, size = begin[i], end[i] - begin[i]
        top = -1e300
        for j in range(size):
            share[j] = _score(features, a + j, used, weights)
            for f in range(n):
                own[j, f] = features[a + j, used[f]]
            top = max(top, share[j])
        mass = 0.0
        right = share[chosen[i] - a]
        for j in range(size):
            share[j] = np.exp(share[j] - top)
            mass += share[j]
        loss += top + np.log(mass) - right
        mean[:] = 0.0
        for j in range(size):
            share[j] /= mass
            for f in range(n):
                mean[f] += share[j] * own[j, f]
        for f in range(n):
            gradient[f] += mean[f] - own[chosen[i] - a, f]
        for j in range(size):
            if share[j] < LEAST_SHARE:
                continue
            root = np.sqrt(share[j])
            for f in range(n):
                away[held, f] = root * (own[j, f] - mean[f])
            held += 1
            if held == SIDE_BY_SIDE:
                _add_products(away, curvature)
                held = 0
    away[held:] = 0.0
    _add_products(away, curvature)
    return loss


@compiled
def _add_products(away: Float64, curvature: Float64) -> None:
    """Add the products of some rows, all at once: each sum is read and written once for them."""
    for f in range(away.shape[1]):
        a, b, c, d = away[0, f], away[1, f], away[2, f], away[3, f]
        for g in range(f + 1):
            curvature[f, g] += a * away[0, g] + b * away[1, g] + c * away[2, g] + d * away[3, g]


@compiled
def variances(features: Float32, used: Int64, begin: Int64, end: Int64) -> Float64:
    """Return the variance of each feature over all candidates of requests."""
    total, squares = np.zeros(used.size), np.zeros(used.size)
    n = 0
    for i in range(begin.size):
        for j in range(begin[i], end[i]):
            n += 1
            for f in range(used.size):
                value = np.float64(features[j, used[f]])
                total[f] += value
                squares[f] += value * value
    return np.maximum(squares / n - (total / n) ** 2, 0.0)
