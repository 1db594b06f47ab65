"""How are the experts combined? By a conditional logit over the candidates of each request.

McFadden 1974: the probability of a candidate is the exponential of its weighted features over the
sum of those of all candidates. Method: docs/methods/routing.md.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leitweg.routing.logit_loops import log_loss, slopes, variances

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]
Int64 = NDArray[np.int64]

STRENGTHS = (200.0, 20.0, 2.0)
"""Pulls towards the weights that hold without data, in cases; validation chooses."""
STEPS = 12
TOLERANCE = 1e-3


@dataclass(frozen=True)
class Choices:
    """Requests and their candidates.

    Attributes
    ----------
    features
        One row per candidate.
    used
        Features that count.
    begin, end
        Candidates of request ``i`` are rows ``begin[i]`` to ``end[i]``; one at least.
    chosen
        Row of the right contact.
    """

    features: Float32
    used: Int64
    begin: Int64
    end: Int64
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
    strength: float = STRENGTHS[-1],
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

    Returns
    -------
    Weights
        Of all features; those that do not count weigh nothing.
    """
    used = choices.used
    if choices.chosen.size == 0:
        return _spread(prior[used], choices, prior.size)
    # the same pull on every feature, whatever its unit
    pull = strength * np.maximum(variances(*_given(choices)[:4]), 1e-6)
    start = prior if begin is None else begin.per_unit
    return _spread(_newton(choices, prior[used], start[used], pull), choices, prior.size)


def _spread(weights: Float64, choices: Choices, size: int) -> Weights:
    per_unit = np.zeros(size)
    per_unit[choices.used] = weights
    return Weights(per_unit)


def _newton(choices: Choices, prior: Float64, begin: Float64, pull: Float64) -> Float64:
    weights = begin
    for _ in range(STEPS):
        gradient, curvature = np.zeros(prior.size), np.zeros((prior.size, prior.size))
        loss = slopes(*_given(choices), weights, gradient, curvature)
        loss += _pulled(weights, prior, pull)
        curvature = np.tril(curvature) + np.tril(curvature, -1).T
        curvature[np.diag_indices_from(curvature)] += pull
        step = np.asarray(
            np.linalg.solve(curvature, gradient + pull * (weights - prior)), np.float64
        )
        tried, found = _shortened(choices, weights, step, loss, prior, pull)
        if loss - found < TOLERANCE * choices.chosen.size:
            return tried
        weights = tried
    return weights


def _shortened(
    choices: Choices,
    weights: Float64,
    step: Float64,
    loss: float,
    prior: Float64,
    pull: Float64,
) -> tuple[Float64, float]:
    """Go the step, or the first half, quarter, ... of it that lessens the loss."""
    for halved in range(8):
        tried = weights - 0.5**halved * step
        found = _loss(choices, tried, prior, pull)
        if found < loss:
            return tried, found
    return weights, loss


def _loss(choices: Choices, weights: Float64, prior: Float64, pull: Float64) -> float:
    return float(log_loss(*_given(choices), weights) + _pulled(weights, prior, pull))


def _pulled(weights: Float64, prior: Float64, pull: Float64) -> float:
    return float(0.5 * (pull * (weights - prior) ** 2).sum())


def log_losses(choices: Choices, weights: Weights) -> float:
    """Return the sum of the log losses of choices."""
    return float(log_loss(*_given(choices), weights.per_unit[choices.used]))


def _given(choices: Choices) -> tuple[Float32, Int64, Int64, Int64, Int64]:
    return choices.features, choices.used, choices.begin, choices.end, choices.chosen


def softmax(scores: Float64, offsets: Int64) -> Float64:
    """Return shares that add up to 1 within each request."""
    return np.asarray(np.exp(scores - np.repeat(_log_sum(scores, offsets), np.diff(offsets))))


def _log_sum(scores: Float64, offsets: Int64) -> Float64:
    top = np.maximum.reduceat(scores, offsets[:-1])
    spread = np.exp(scores - np.repeat(top, np.diff(offsets)))
    return np.asarray(top + np.log(np.add.reduceat(spread, offsets[:-1])))
