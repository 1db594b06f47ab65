"""Which contacts do the words of a request point to? A linear classifier that goes on learning.

Multinomial logistic regression on TF-IDF of words and of their parts. The weights lie one row per
term, all contacts side by side, in a matrix of bounded size: scoring a request gathers the rows of
its terms, learning a closed case moves the same rows. Method: docs/methods/routing.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leitweg.domain.routing import Ints, Ragged
from leitweg.routing.linear_loops import fill_scores, fit_epoch, follow_cases, move
from leitweg.routing.term_weights import N_FEATURES, TermWeights, Weighted, term_weights

Floats32 = NDArray[np.float32]
Int32s = NDArray[np.int32]

MOST_BYTES = 64 << 20
"""What the weights may take; many contacts leave fewer rows to the terms."""
EPOCHS = 5
FIRST_STEP = 1.0
"""Of the passes in shuffled order, falling to zero; chosen on training parts alone."""
STEPS = (0.25, 0.5, 1.0, 2.0, 4.0)
"""How far one case may move the weights once it is closed: far where people change."""
TRIED_ON = 5_000
"""The latest cases, on which the steps are tried: on the last quarter of them, that is."""
_LEAST_TRIED = 40
_LEAST_ROWS = 1 << 12
_BLOCK = 16


class LinearWords:
    """Log-probabilities of contacts by the words of a request.

    Contacts are codes from 0 up; a code not seen before grows the model when it is learnt.
    """

    def __init__(self, terms: TermWeights, weights: Floats32, bias: Floats32, step: float) -> None:
        self._terms = terms
        self._n = bias.size
        self._weights, self._bias = weights, bias
        self._step = step

    @property
    def n_labels(self) -> int:
        """Number of contacts."""
        return self._n

    @property
    def step(self) -> float:
        """How far one closed case moves the weights."""
        return self._step

    @classmethod
    def fit(
        cls,
        texts: Ragged,
        labels: Ints,
        n_labels: int,
        *,
        seed: int,
        weights: NDArray[Any] | None = None,
        step: float | None = None,
    ) -> "LinearWords":
        """Learn from closed cases: some passes in shuffled order, then one in their own.

        Parameters
        ----------
        texts
            Hashed features, one row per case, in the order in which the cases came.
        labels
            Code of the right contact of each case; -1: skipped.
        n_labels
            Number of contacts.
        seed
            Of the shuffled orders.
        weights
            How much each case counts; all alike where nothing is given.
        step
            How far one case moves the weights, in the last pass and in `learn`; None: what
            `best_step` finds.
        """
        if step is None:
            step = best_step(texts, labels, n_labels, seed=seed)
        model = cls._blank(term_weights(texts, most_rows=_rows_for(n_labels)), n_labels, step)
        cases = _cases(model._terms.of_many(texts), labels, weights)
        model._shuffled_passes(cases, seed)
        model._pass(cases, cases.known, step)
        return model

    def scores(self, text: Ints) -> Floats32:
        """Return the log-probability of every contact for one text."""
        found, scores = self._terms.of(text), np.empty(self._n, np.float32)
        fill_scores(found.rows, found.values, self._weights, self._bias, self._n, scores)
        return scores

    def scores_many(self, texts: Ragged) -> Floats32:
        """Return the log-probabilities of many texts, one row each."""
        return self.follow(texts, np.full(texts.offsets.size - 1, -1))

    def follow(self, texts: Ragged, labels: Ints) -> Floats32:
        """Score cases in their order, each before it is learnt (-1: not learnt).

        Returns
        -------
        array of shape (cases, contacts)
            Log-probabilities as they were before the case was learnt.
        """
        found = self._terms.of_many(texts)
        self.grow(int(labels.max(initial=-1)) + 1)
        scores = np.empty((found.n_texts, self._n), np.float32)
        given = (found.offsets, found.rows, found.values, labels.astype(np.int32))
        follow_cases(*given, self._weights, self._bias, self._n, self._step, scores)
        return scores

    def learn(self, text: Ints, label: int) -> None:
        """Learn one closed case: one step on the rows of its terms."""
        self.grow(label + 1)
        found, scores = self._terms.of(text), np.empty(self._n, np.float32)
        fill_scores(found.rows, found.values, self._weights, self._bias, self._n, scores)
        move(
            *(found.rows, found.values, self._weights, self._bias),
            *(scores, label, self._n, self._step),
        )

    def grow(self, n_labels: int) -> None:
        """Make room for contacts not known before; they start like any that resolved nothing."""
        if n_labels > self._bias.size:
            more = _room(n_labels + n_labels // 8) - self._bias.size
            self._weights = np.pad(self._weights, ((0, 0), (0, more)))
            self._bias = np.pad(self._bias, (0, more))
        if n_labels > self._n:
            self._bias[self._n : n_labels] = self._bias[: self._n].min(initial=0.0)
            self._n = n_labels

    def state(self) -> dict[str, Any]:
        """Return plain arrays and numbers."""
        return {
            **self._terms.state(),
            "weights": self._weights[:, : self._n].copy(),
            "bias": self._bias[: self._n].copy(),
            "step": self._step,
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "LinearWords":
        """Return the model that `state` described."""
        return cls(
            TermWeights.from_state(state),
            np.array(state["weights"], np.float32, order="C"),
            np.array(state["bias"], np.float32),
            float(state["step"]),
        )

    @classmethod
    def _blank(cls, terms: TermWeights, n_labels: int, step: float) -> "LinearWords":
        room = _room(n_labels)
        matrix, bias = np.zeros((terms.n_rows, room), np.float32), np.zeros(room, np.float32)
        model = cls(terms, matrix, bias, step)
        model._n = n_labels
        return model

    def _with_step(self, step: float) -> "LinearWords":
        copy = LinearWords(self._terms, self._weights.copy(), self._bias.copy(), step)
        copy._n = self._n
        return copy

    def _shuffled_passes(self, cases: "_Cases", seed: int) -> None:
        chance = np.random.default_rng(seed)
        for epoch in range(EPOCHS):
            order = chance.permutation(cases.known)
            self._pass(cases, order, FIRST_STEP * (1 - epoch / EPOCHS))

    def _pass(self, cases: "_Cases", order: NDArray[np.int64], step_size: float) -> None:
        found = cases.texts
        fit_epoch(
            *(found.offsets, found.rows, found.values, cases.labels, cases.weights, order),
            *(self._weights, self._bias, self._n, step_size),
        )


@dataclass(frozen=True)
class _Cases:
    """Weighed texts, their labels and how much they count; ``known``: those to learn from."""

    texts: Weighted
    labels: Int32s
    weights: Floats32
    known: NDArray[np.int64]


def _cases(texts: Weighted, labels: Ints, weights: NDArray[Any] | None) -> _Cases:
    known = np.flatnonzero((labels >= 0) & (np.diff(texts.offsets) > 0))
    counts = np.ones(labels.size) if weights is None else np.asarray(weights, np.float64)
    if known.size:
        counts = counts / max(float(counts[known].mean()), 1e-9)
    return _Cases(texts, labels.astype(np.int32), counts.astype(np.float32), known)


def best_step(texts: Ragged, labels: Ints, n_labels: int, *, seed: int) -> float:
    """Find how far one closed case should move the weights.

    Of the latest cases, three quarters are learnt, and the rest is followed with every step of
    `STEPS`. The one that ranks the right contacts best, by mean reciprocal rank, is taken.
    """
    begin, first = max(0, labels.size - TRIED_ON), labels.size - min(labels.size, TRIED_ON) // 4
    if first - begin < _LEAST_TRIED:
        return 1.0
    before, after = _part(texts, begin, first), _part(texts, first, labels.size)
    terms = term_weights(before, most_rows=_rows_for(n_labels))
    cases = _cases(terms.of_many(before), labels[begin:first], None)
    begun = LinearWords._blank(terms, n_labels, 1.0)
    begun._shuffled_passes(cases, seed)
    ranks = []
    for step in STEPS:
        model = begun._with_step(step)
        model._pass(cases, cases.known, step)
        scores = model.follow(after, labels[first:])
        ranks.append(_mean_reciprocal_rank(scores, labels[first:]))
    return STEPS[int(np.argmax(ranks))]


def _part(texts: Ragged, begin: int, end: int) -> Ragged:
    offsets = texts.offsets[begin : end + 1]
    return Ragged(offsets - offsets[0], texts.values[offsets[0] : offsets[-1]])


def _mean_reciprocal_rank(scores: Floats32, labels: Ints) -> float:
    known = np.flatnonzero(labels >= 0)
    if not known.size:
        return 0.0
    of_right = scores[known, labels[known]]
    return float(np.mean(1 / (1 + (scores[known] > of_right[:, None]).sum(axis=1))))


def _room(n_labels: int) -> int:
    return -(-max(n_labels, 1) // _BLOCK) * _BLOCK


def _rows_for(n_labels: int) -> int:
    return min(N_FEATURES, max(_LEAST_ROWS, MOST_BYTES // (4 * _room(n_labels))))
