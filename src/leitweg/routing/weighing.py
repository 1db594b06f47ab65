"""How are the weights and the calibration fitted on the answers about the latest cases?

Method: docs/methods/routing.md.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from leitweg.routing.calibration import Calibration, fit_calibration, thresholds_for
from leitweg.routing.contexts import FIRST, HANDED
from leitweg.routing.counts import WIDTH
from leitweg.routing.experts import EXTRAS, Asked, Experts, prior_of
from leitweg.routing.logit import STRENGTHS, Choices, Weights, fit_weights, log_losses

HEADS = ("arrival", "first", "tried")
"""Nobody has the request yet; somebody has it; somebody had it and handed it on."""
MANY_ANSWERS = 3_000
"""With so many the prior hardly counts: the least pull is taken untried."""
LEAST_ANSWERS = 30
"""Fewer answers say less than the weights that hold without data."""
CALIBRATED_SHARE = 0.3
"""Of the answers, the later part that calibrates weights fitted on the rest."""


@dataclass
class Answers:
    """What was asked about the latest cases in one circumstance, one list entry per request.

    ``used`` are the features of the circumstance; ``prior`` weighs all features. ``right`` is the
    place of the right contact among the candidates, -1 where it is none.
    """

    used: NDArray[np.bool_]
    prior: NDArray[np.float64]
    features: list[NDArray[np.float32]] = field(default_factory=list)
    contacts: list[NDArray[np.int32]] = field(default_factory=list)
    right: list[int] = field(default_factory=list)
    uses: list[int] = field(default_factory=list)

    def add(self, asked: Asked, right: int, uses: int) -> None:
        """Keep one request with its candidates and the code of its right contact."""
        if asked.contacts.size:
            place = np.flatnonzero(asked.contacts == right)
            self.features.append(asked.features[:, self.used])
            self.contacts.append(asked.contacts)
            self.right.append(int(place[0]) if place.size else -1)
            self.uses.append(uses)


def answers_by_head(experts: Experts) -> dict[str, Answers]:
    """Return a place for the answers in each circumstance."""
    prior = prior_of(experts.kinds)
    return {head: Answers(~hidden_features(experts, head), prior) for head in HEADS}


def head_of(experts: Experts, answers: Answers, wanted: float) -> tuple[Weights, Calibration]:
    """Fit the weights on the earlier answers, the calibration on the later, then all weights."""
    prior, used = answers.prior, answers.used
    n = len(answers.right)
    if n < LEAST_ANSWERS:
        return Weights(np.where(used, prior, 0.0)), Calibration()
    split = round((1 - CALIBRATED_SHARE) * n)
    strength, early = _validated(answers, split, prior[used])
    calibration = _calibration(experts, answers, split, early, wanted)
    found = fit_weights(_choices(answers, 0, n), prior[used], strength=strength, begin=early)
    weights = np.zeros(used.size)
    weights[used] = found.per_unit
    return Weights(weights), calibration


def hidden_features(experts: Experts, head: str) -> NDArray[np.bool_]:
    """Return which features a circumstance does not have."""
    kinds = [
        (kind.needs(FIRST) and head != "first") or (kind.needs(HANDED) and head != "tried")
        for kind in experts.kinds
    ]
    extras = np.zeros(experts.n_features - len(kinds) * WIDTH, dtype=bool)
    extras[EXTRAS.index("is_first")] = head != "first"
    return np.concatenate([np.repeat(kinds, WIDTH), extras])


def _validated(answers: Answers, split: int, prior: NDArray[np.float64]) -> tuple[float, Weights]:
    """Fit on the earlier answers with each strength; keep what the later ones like best."""
    early, later = _choices(answers, 0, split), _choices(answers, split, len(answers.right))
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
    found = [i for i in range(start, end) if answers.right[i] >= 0]
    parts = [answers.features[i] for i in found]
    offsets = np.cumsum([0, *(len(part) for part in parts)]).astype(np.int64)
    chosen = offsets[:-1] + np.array([answers.right[i] for i in found], np.int64)
    nothing = np.zeros((0, int(answers.used.sum())), np.float32)
    return Choices(np.concatenate([nothing, *parts]), offsets, chosen)


def _calibration(
    experts: Experts,
    answers: Answers,
    start: int,
    weights: Weights,
    wanted: float,
) -> Calibration:
    features = answers.features[start:]
    if not features:
        return Calibration()
    offsets = np.cumsum([0, *(len(f) for f in features)]).astype(np.int64)
    right = np.array(answers.right[start:], np.int64)
    chosen = np.where(right >= 0, offsets[:-1] + right, -1)
    scores = weights.scores(np.concatenate(features))
    uses = np.array(answers.uses[start:], np.int64)
    temperature, newness = fit_calibration(scores, offsets, chosen, uses, chosen < 0)
    made = Calibration(temperature, newness)
    pieces = np.split(scores, offsets[1:-1])
    top = np.array([int(piece.argmax()) for piece in pieces])
    p = [made.probabilities(s, int(u))[0].max() for s, u in zip(pieces, uses, strict=True)]
    contacts = answers.contacts[start:]
    names = [experts.contacts[c[j]] for c, j in zip(contacts, top, strict=True)]
    overall, own = thresholds_for(np.array(p), top == right, np.array(names), wanted)
    return Calibration(temperature, newness, overall, own)
