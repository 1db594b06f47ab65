"""How are the experts combined? By a conditional logit over the candidates of each request.

McFadden 1974: the probability of a candidate is the exponential of its weighted features over the
sum of those of all candidates. Method: docs/methods/routing.md.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]
Int64 = NDArray[np.int64]

PRIOR_STRENGTH = 20.0
"""Pull towards the weights that hold without data, in cases."""
STEPS = 12
TOLERANCE = 1e-4


@dataclass(frozen=True)
class Choices:
    """Requests and their candidates.

    Attributes
    ----------
    features
        One row per candidate, the candidates of a request one after another.
    offsets
        Candidates of request ``i`` are rows ``offsets[i]`` to ``offsets[i + 1]``; one at least.
    chosen
        Row of the right contact.
    """

    features: Float32
    offsets: Int64
    chosen: Int64


@dataclass(frozen=True)
class Weights:
    """What a feature adds to the log odds of a candidate, per unit of the feature."""

    per_unit: Float64

    def scores(self, features: Float32) -> Float64:
        """Return the score of each candidate."""
        return np.asarray(features @ self.per_unit, np.float64)


def fit_weights(
    choices: Choices,
    prior: Float64,
    *,
    strength: float = PRIOR_STRENGTH,
    begin: Weights | None = None,
) -> Weights:
    """Fit by Newton's method, with a normal prior.

    Parameters
    ----------
    choices
        What was asked and what was right.
    prior
        Weight per unit of each feature that holds without data.
    strength
        How many cases the prior is worth.
    begin
        Weights near the result, where some are known.
    """
    if choices.chosen.size == 0:
        return Weights(prior)
    middle = choices.features.mean(axis=0)
    features = choices.features - middle
    spread = np.sqrt(np.einsum("ij,ij->j", features, features) / len(features)).astype(np.float64)
    spread[spread < 1e-6] = 1.0
    features /= spread.astype(np.float32)
    start = prior * spread
    first = start if begin is None else begin.per_unit * spread
    weights = _newton(features, choices, start, first, strength)
    return Weights(weights / spread)


def _newton(
    features: Float32, choices: Choices, start: Float64, first: Float64, strength: float
) -> Float64:
    weights, loss = first.copy(), _loss(features, choices, first, start, strength)
    for _ in range(STEPS):
        shares = softmax(np.asarray(features @ weights, np.float64), choices.offsets)
        gradient, curvature = _slopes(features, choices, shares)
        gradient += strength * (weights - start)
        curvature[np.diag_indices_from(curvature)] += strength
        step = np.linalg.solve(curvature, gradient)
        size = 1.0
        while size > 1e-3:
            tried = weights - size * step
            found = _loss(features, choices, tried, start, strength)
            if found < loss:
                break
            size /= 2
        else:
            return weights
        gained, weights, loss = loss - found, tried, found
        if gained < TOLERANCE * choices.chosen.size:
            return weights
    return weights


def _loss(
    features: Float32, choices: Choices, weights: Float64, start: Float64, strength: float
) -> float:
    scores = np.asarray(features @ weights, np.float64)
    total = _log_sum(scores, choices.offsets)
    pull = 0.5 * strength * float(((weights - start) ** 2).sum())
    return float((total - scores[choices.chosen]).sum()) + pull


def _slopes(features: Float32, choices: Choices, shares: Float64) -> tuple[Float64, Float64]:
    light = shares.astype(np.float32)
    gradient = np.asarray(light @ features, np.float64) - features[choices.chosen].sum(
        axis=0, dtype=np.float64
    )
    weighted = features * light[:, None]
    means = np.add.reduceat(weighted, choices.offsets[:-1], axis=0)
    curvature = np.asarray(features.T @ weighted - means.T @ means, np.float64)
    return gradient, curvature


def softmax(scores: Float64, offsets: Int64) -> Float64:
    """Return shares that add up to 1 within each request."""
    return np.asarray(np.exp(scores - np.repeat(_log_sum(scores, offsets), np.diff(offsets))))


def _log_sum(scores: Float64, offsets: Int64) -> Float64:
    top = np.maximum.reduceat(scores, offsets[:-1])
    spread = np.exp(scores - np.repeat(top, np.diff(offsets)))
    return np.asarray(top + np.log(np.add.reduceat(spread, offsets[:-1])))
