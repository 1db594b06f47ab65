"""The compiled loop of the conditional logit: log loss, gradient and curvature in one pass."""

import numpy as np
import numpy.typing as npt

from leitweg.engine.compiled import compiled

Float32 = npt.NDArray[np.float32]
Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]

LEAST_SHARE = 1e-3
"""Candidates below this share add nothing to the curvature that anyone could see."""


@compiled
def log_loss(features: Float32, offsets: Int64, chosen: Int64, weights: Float64) -> float:
    """Return the sum of the log losses."""
    total = 0.0
    n = weights.size
    for i in range(chosen.size):
        top, mass, right = -1e300, 0.0, 0.0
        for j in range(offsets[i], offsets[i + 1]):
            score = 0.0
            for f in range(n):
                score += features[j, f] * weights[f]
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
    offsets: Int64,
    chosen: Int64,
    weights: Float64,
    gradient: Float64,
    curvature: Float64,
) -> None:
    """Add gradient and curvature of the log loss to ``gradient`` and ``curvature``."""
    n = weights.size
    mean, away, share = np.empty(n), np.empty(n), np.empty(0)
    for i in range(chosen.size):
        a, b = offsets[i], offsets[i + 1]
        if b - a > share.size:
            share = np.empty(2 * (b - a))
        top = -1e300
        for j in range(a, b):
            score = 0.0
            for f in range(n):
                score += features[j, f] * weights[f]
            share[j - a] = score
            top = max(top, score)
        mass = 0.0
        for j in range(b - a):
            share[j] = np.exp(share[j] - top)
            mass += share[j]
        mean[:] = 0.0
        for j in range(a, b):
            share[j - a] /= mass
            for f in range(n):
                mean[f] += share[j - a] * features[j, f]
        for f in range(n):
            gradient[f] += mean[f] - features[chosen[i], f]
        for j in range(a, b):
            p = share[j - a]
            if p < LEAST_SHARE:
                continue
            for f in range(n):
                away[f] = features[j, f] - mean[f]
            for f in range(n):
                weighted = p * away[f]
                for g in range(f + 1):
                    curvature[f, g] += weighted * away[g]
