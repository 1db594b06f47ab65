"""How are the weights and the calibration fitted on the answers about the latest cases?

Method: docs/methods/routing.md.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leitweg.routing.calibration import Calibration, fit_calibration, thresholds_for
from leitweg.routing.contexts import FIRST, HANDED
from leitweg.routing.counts import WIDTH
from leitweg.routing.experts import EXTRAS, Experts, prior_of
from leitweg.routing.latest import Latest
from leitweg.routing.logit import STRENGTHS, Choices, Weights, fit_weights, log_losses

HEADS = ("arrival", "first", "tried")
"""Nobody has the request yet; somebody has it; somebody had it and handed it on."""
MANY_ANSWERS = 3_000
"""With so many the prior hardly counts: the least pull is taken untried."""
MOST_FIRST = 4_000
"""With more requests whose first contact is known, every second of them is enough."""
LEAST_ANSWERS = 30
"""Fewer answers say less than the weights that hold without data."""
CALIBRATED_SHARE = 0.3
"""Of the answers, the later part that calibrates weights fitted on the rest."""


@dataclass(frozen=True)
class Answers:
    """What was asked about the latest cases in one circumstance.

    Attributes
    ----------
    latest
        Everything that was asked.
    asks
        The requests in this circumstance whose right contact is known, and that had candidates.
    used
        Features of the circumstance.
    prior
        Weight of every feature without data.
    """

    latest: Latest
    asks: NDArray[np.int64]
    used: NDArray[np.bool_]
    prior: NDArray[np.float64]


def answers_by_head(experts: Experts, latest: Latest) -> dict[str, Answers]:
    """Return the answers in each circumstance."""
    prior, found = prior_of(experts.kinds), latest.found
    counts = latest.is_known & (found.end > found.begin)
    held = np.flatnonzero(counts & ~latest.is_tried & latest.has_first)
    asks = {
        "arrival": np.flatnonzero(counts & ~latest.is_tried),
        "first": held[:: 1 + (held.size > MOST_FIRST)],
        "tried": np.flatnonzero(counts & latest.is_tried),
    }
    return {h: Answers(latest, asks[h], ~hidden_features(experts, h), prior) for h in HEADS}


def head_of(experts: Experts, answers: Answers, wanted: float) -> tuple[Weights, Calibration]:
    """Fit the weights on the earlier answers, the calibration on the later, then all weights."""
    prior, n = answers.prior, answers.asks.size
    if n < LEAST_ANSWERS:
        return fit_weights(_choices(answers, 0, 0), prior), Calibration()
    split = round((1 - CALIBRATED_SHARE) * n)
    strength, early = _validated(answers, split)
    calibration = _calibration(experts, answers, split, early, wanted)
    found = fit_weights(_choices(answers, 0, n), prior, strength=strength, begin=early)
    return found, calibration


def hidden_features(experts: Experts, head: str) -> NDArray[np.bool_]:
    """Return which features a circumstance does not have."""
    kinds = [
        (kind.needs(FIRST) and head != "first") or (kind.needs(HANDED) and head != "tried")
        for kind in experts.kinds
    ]
    extras = np.zeros(experts.n_features - len(kinds) * WIDTH, dtype=bool)
    extras[EXTRAS.index("is_first")] = head != "first"
    return np.concatenate([np.repeat(kinds, WIDTH), extras])


def _validated(answers: Answers, split: int) -> tuple[float, Weights]:
    """Fit on the earlier answers with each strength; keep what the later ones like best."""
    early, later = _choices(answers, 0, split), _choices(answers, split, answers.asks.size)
    prior = answers.prior
    weights: Weights | None = None
    tried = []
    strengths: tuple[float, ...] = STRENGTHS
    if split >= MANY_ANSWERS:
        strengths = STRENGTHS[-1:]
        weights = fit_weights(_choices(answers, 0, MANY_ANSWERS // 2), prior)
    for strength in strengths:
        weights = fit_weights(early, prior, strength=strength, begin=weights)
        tried.append((log_losses(later, weights), strength, weights))
    _, strength, weights = min(tried, key=lambda one: one[0])
    return strength, weights


def _choices(answers: Answers, start: int, end: int) -> Choices:
    """Return the requests of a stretch whose right contact was a candidate."""
    latest, asks = answers.latest, answers.asks[start:end]
    asks = asks[latest.chosen[asks] >= 0]
    found = latest.found
    used = np.flatnonzero(answers.used)
    return Choices(found.features, used, found.begin[asks], found.end[asks], latest.chosen[asks])


def _calibration(
    experts: Experts,
    answers: Answers,
    start: int,
    weights: Weights,
    wanted: float,
) -> Calibration:
    asks = answers.asks[start:]
    if not asks.size:
        return Calibration()
    found = answers.latest.found
    begin, end, right = found.begin[asks], found.end[asks], answers.latest.chosen[asks]
    pieces = [weights.scores(found.features[a:b]) for a, b in zip(begin, end, strict=True)]
    offsets = np.cumsum([0, *(piece.size for piece in pieces)]).astype(np.int64)
    chosen = np.where(right >= 0, right - begin + offsets[:-1], -1)
    uses = found.uses[asks]
    temperature, newness = fit_calibration(
        np.concatenate(pieces), offsets, chosen, uses, chosen < 0
    )
    made = Calibration(temperature, newness)
    top = np.array([int(piece.argmax()) for piece in pieces])
    p = [made.probabilities(s, int(u))[0].max() for s, u in zip(pieces, uses, strict=True)]
    names = [experts.contacts[c] for c in found.contacts[begin + top]]
    is_right = begin + top == right
    overall, own = thresholds_for(np.array(p), is_right, np.array(names), wanted)
    return Calibration(temperature, newness, overall, own)
