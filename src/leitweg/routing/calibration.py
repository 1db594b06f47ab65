"""How sure is the router, and when should it say that it does not know?

The scores are divided by a temperature, and a part of the probability goes to someone who is no
candidate; both are fitted on cases later than those that the weights were fitted on. The threshold
for an accuracy is read off the accuracy-coverage curve, per contact suggested where it has enough
cases. Method: docs/methods/routing.md.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leitweg.routing.logit import softmax

Float64 = NDArray[np.float64]
Int64 = NDArray[np.int64]
Flags = NDArray[np.bool_]

TEMPERATURES = np.exp(np.linspace(np.log(0.5), np.log(3.0), 40))
WANTED_ACCURACY = 0.8
LEAST_CASES = 50
"""A contact needs so many suggestions for a threshold of its own."""
NEVER = 1.01
"""A threshold that no probability reaches."""
BINS = 10
KEPT = 0.998
"""Of what older cases told about the calibration this share is kept with every new one."""
FIRST_CERTAINTY = (50.0, 5.0)
LONGEST_STEP = 0.1


@dataclass(frozen=True)
class Calibration:
    """What turns scores into probabilities.

    ``newness`` weighs `newness_signs`; ``thresholds`` are per contact, ``threshold`` serves the
    others. ``certainty`` is what closed cases have told so far about the temperature and about
    newness: the more, the less one more case moves them.
    """

    temperature: float = 1.0
    newness: Float64 = field(default_factory=lambda: np.array([-3.0, 0.0, 0.0]))
    threshold: float = WANTED_ACCURACY
    thresholds: Mapping[str, float] = field(default_factory=dict)
    certainty: tuple[float, float] = FIRST_CERTAINTY

    def probabilities(self, scores: Float64, uses: int) -> tuple[Float64, float]:
        """Return the probability of each candidate, and that of someone new.

        ``uses`` are the cases learnt in the narrowest context that is known.
        """
        scaled = scores / self.temperature
        shares = np.exp(scaled - scaled.max())
        shares /= shares.sum()
        constant, top, seen = self.newness.tolist()
        new = _share_of(constant + top * float(shares.max()) + seen * math.log1p(uses))
        return shares * (1 - new), new

    def after(self, scores: Float64, uses: int, right: int) -> "Calibration":
        """Return the calibration after one closed case: a step of an online Newton method.

        Parameters
        ----------
        scores, uses
            As they were before the case was learnt.
        right
            Place of the right contact among the candidates, -1 where it was none.
        """
        shares, new = self.probabilities(scores, uses)
        about_shares, about_new = (KEPT * c for c in self.certainty)
        temperature, newness = self.temperature, self.newness.copy()
        if right >= 0:
            own = shares / (1 - new)
            mean = float(own @ scores)
            spread = float(own @ (scores - mean) ** 2) / temperature**2
            about_shares += spread
            step = (float(scores[right]) - mean) / temperature / about_shares
            temperature *= float(np.exp(-np.clip(step, -LONGEST_STEP, LONGEST_STEP)))
        about_new += new * (1 - new)
        step = ((right < 0) - new) / about_new
        newness[0] += np.clip(step, -LONGEST_STEP, LONGEST_STEP)
        return replace(
            self, temperature=temperature, newness=newness, certainty=(about_shares, about_new)
        )

    def threshold_of(self, contact: str) -> float:
        """Return the least probability at which a contact is suggested alone."""
        return self.thresholds.get(contact, self.threshold)


def newness_signs(top: Float64, uses: Int64) -> Float64:
    """Return the signs of someone new: one, the largest share, and how much was seen here."""
    return np.stack([np.ones(top.size), top, np.log1p(uses)], axis=-1)


def fit_calibration(
    scores: Float64, offsets: Int64, chosen: Int64, uses: Int64, n_new: Flags
) -> tuple[float, Float64]:
    """Return temperature and weights of newness.

    Parameters
    ----------
    scores
        One per candidate.
    offsets, chosen
        As in `Choices`; ``chosen`` is -1 where the right contact was no candidate.
    uses
        Per request, the cases learnt in the narrowest context that is known.
    n_new
        Per request: the right contact was no candidate.
    """
    found = chosen >= 0
    losses = [
        -np.log(np.maximum(softmax(scores / t, offsets)[chosen[found]], 1e-12)).sum()
        for t in TEMPERATURES
    ]
    # few cases say little about the temperature: as if ten more had said 1
    losses = [v + 10 * np.log(t) ** 2 for v, t in zip(losses, TEMPERATURES, strict=True)]
    temperature = float(TEMPERATURES[int(np.argmin(losses))])
    top = np.maximum.reduceat(softmax(scores / temperature, offsets), offsets[:-1])
    return temperature, _fit_logistic(newness_signs(top, uses), n_new)


def thresholds_for(
    probability: Float64, is_right: Flags, contact: NDArray[Any], wanted: float
) -> tuple[float, dict[str, float]]:
    """Read thresholds off the accuracy-coverage curve: over all, and per contact suggested.

    Parameters
    ----------
    probability
        Of the first suggestion, per request.
    is_right
        It was the right contact.
    contact
        Name of the first suggestion.
    wanted
        Accuracy wanted among the requests that are not left to a human.
    """
    overall = _threshold(probability, is_right, wanted)
    own = {}
    for name in np.unique(contact):
        rows = np.flatnonzero(contact == name)
        if rows.size >= LEAST_CASES:
            own[str(name)] = _threshold(probability[rows], is_right[rows], wanted)
    return overall, own


def _threshold(probability: Float64, is_right: Flags, wanted: float) -> float:
    """Return the least probability above which the share of right ones is as wanted."""
    if probability.size == 0:
        return wanted
    order = np.argsort(-probability, kind="stable")
    accuracy = np.cumsum(is_right[order]) / np.arange(1, order.size + 1)
    reached = np.flatnonzero(accuracy >= wanted)
    if reached.size == 0 or reached[-1] + 1 < min(10, order.size):
        return NEVER
    # whoever is as likely as wanted is as often right as wanted, by calibration
    return min(float(probability[order[reached[-1]]]), wanted)


def coverage_at(probability: Float64, is_right: Flags, wanted: float) -> float:
    """Return the largest share of requests, surest first, that are right as often as wanted."""
    if probability.size == 0:
        return 0.0
    order = np.argsort(-probability, kind="stable")
    accuracy = np.cumsum(is_right[order]) / np.arange(1, order.size + 1)
    reached = np.flatnonzero(accuracy >= wanted)
    return float((reached[-1] + 1) / order.size) if reached.size else 0.0


def expected_calibration_error(probability: Float64, is_right: Flags, *, bins: int = BINS) -> float:
    """Return the mean distance of probability and share of right ones over equal bins, by cases.

    Naeini, Cooper & Hauskrecht 2015.
    """
    if probability.size == 0:
        return 0.0
    place = np.minimum((probability * bins).astype(int), bins - 1)
    n = np.bincount(place, minlength=bins)
    gap = np.bincount(place, weights=probability - is_right, minlength=bins)
    return float(np.abs(gap[n > 0]).sum() / probability.size)


def _fit_logistic(signs: Float64, is_true: Flags) -> Float64:
    """Fit by Newton's method, pulled towards the overall share (ten cases)."""
    share = (is_true.sum() + 0.5) / (is_true.size + 10.0)
    start = np.zeros(signs.shape[1])
    start[0] = np.log(share / (1 - share))
    weights = start.copy()
    strength = np.array([1e-3, 10.0, 10.0])
    for _ in range(25):
        p = _logistic(signs @ weights)
        gradient = signs.T @ (p - is_true) + strength * (weights - start)
        curvature = (signs * (p * (1 - p))[:, None]).T @ signs + np.diag(strength)
        step = np.linalg.solve(curvature, gradient)
        weights = weights - np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < 1e-6:
            break
    return weights


def _share_of(log_odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-min(max(log_odds, -30.0), 30.0)))


def _logistic(x: Any) -> Any:
    return 1.0 / (1.0 + np.exp(-np.clip(x, -30.0, 30.0)))
