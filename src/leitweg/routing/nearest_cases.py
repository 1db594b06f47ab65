"""Which closed cases read most like this request? BM25 over words.

The older cases are found by an inverted index, the newest by a scan; from time to time the newest
move into the index. A request is looked up by its rarest words. Method: docs/methods/routing.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leitweg.domain.routing import N_WORDS, Ints, Ragged
from leitweg.routing.nearest_loops import (
    best_cases,
    distinct_words,
    postings,
    rarest,
    score_posted,
    score_scanned,
)

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]

MOST_CASES = 50_000
"""The newest ones; who resolved what before then tells little of who does today."""
MOST_WORDS = 40
"""The rarest words of a request find its neighbours; the common ones only cost time."""
_LEAST_SCANNED = 512
_SHARE_SCANNED = 50
HALF_LIVES = (np.inf, 8_000.0, 4_000.0, 2_000.0, 1_000.0)
"""In cases: people move on, departments stay."""
TRIED_ON = 1_000
"""The latest cases, on which the half-lives are tried."""


@dataclass(frozen=True)
class Nearest:
    """The nearest closed cases, nearest first: contact, number of the case, BM25 score."""

    labels: Int32s
    numbers: Int64s
    scores: NDArray[np.float32]


@dataclass(frozen=True)
class _Postings:
    begins: Int64s
    cases: Int32s
    often: Int32s
    n_cases: int


class NearestCases:
    """Closed cases that can be searched by the words of a request.

    Parameters
    ----------
    half_life
        After how many further cases a case counts half; infinite: it never fades.
    """

    def __init__(self, *, half_life: float = np.inf) -> None:
        self._half_life = half_life
        self._n = 0
        self._offsets = np.zeros(1, np.int64)
        self._words, self._counts = np.empty(0, np.int32), np.empty(0, np.int32)
        self._lengths, self._labels = np.empty(0, np.int32), np.empty(0, np.int32)
        self._numbers = np.empty(0, np.int64)
        self._document_counts, self._total_length = np.zeros(N_WORDS, np.int32), 0
        self._index()

    @property
    def half_life(self) -> float:
        """After how many cases a case counts half; infinite: it never fades."""
        return self._half_life

    @classmethod
    def fit(
        cls,
        texts: Ragged,
        labels: Ints,
        *,
        numbers: Ints | None = None,
        half_life: float | None = None,
    ) -> "NearestCases":
        """Take in closed cases, oldest first; only the newest `MOST_CASES` are kept.

        Parameters
        ----------
        texts
            Hashed features, one row per case.
        labels
            Code of the right contact of each case; -1: skipped, as are cases without words.
        numbers
            What `nearest` calls the cases; their places in ``texts`` where nothing is given.
        half_life
            In cases, infinite for none; None: what `best_half_life` finds.
        """
        if half_life is None:
            half_life = best_half_life(texts, labels)
        model = cls(half_life=half_life)
        model._take(texts, labels, np.arange(labels.size) if numbers is None else numbers)
        model._index()
        return model

    @property
    def n_cases(self) -> int:
        """Number of cases that can be found."""
        return self._n

    def nearest(self, text: Ints, n: int = 40) -> Nearest:
        """Return at most ``n`` cases that share words with a text."""
        words = self._words_of(Ragged(np.array([0, text.size], np.int64), text))[1]
        query, idf = rarest(words, self._document_counts, self._n, MOST_WORDS)
        scores, posted = np.zeros(self._n, np.float32), self._posted
        mean = max(self._total_length / max(self._n, 1), 1.0)
        score_posted(
            *(query, idf, posted.begins, posted.cases, posted.often),
            *(self._lengths, mean, scores),
        )
        score_scanned(
            *(query, idf, posted.n_cases, self._offsets, self._words, self._counts),
            *(self._lengths, mean, scores),
        )
        rows, found = best_cases(scores, n, self._half_life)
        return Nearest(self._labels[rows], self._numbers[rows], found)

    def add(self, text: Ints, label: int, number: int) -> None:
        """Take in one closed case."""
        one = Ragged(np.array([0, text.size], np.int64), text)
        self._take(one, np.array([label]), np.array([number]))
        waiting = self._n - self._posted.n_cases
        if waiting > max(_LEAST_SCANNED, self._n // _SHARE_SCANNED):
            self._index()

    def state(self) -> dict[str, Any]:
        """Return plain arrays and numbers."""
        end = int(self._offsets[self._n])
        return {
            "offsets": self._offsets[: self._n + 1].copy(),
            "words": self._words[:end].copy(),
            "counts": self._counts[:end].copy(),
            "labels": self._labels[: self._n].copy(),
            "numbers": self._numbers[: self._n].copy(),
            # JSON knows no infinity
            "half_life": self._half_life if np.isfinite(self._half_life) else None,
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "NearestCases":
        """Return the model that `state` described."""
        model = cls(half_life=state["half_life"] or np.inf)
        words, counts = np.array(state["words"], np.int32), np.array(state["counts"], np.int32)
        model._append(
            *(np.array(state["offsets"], np.int64), words, counts),
            *(np.array(state["labels"], np.int32), np.array(state["numbers"], np.int64)),
        )
        model._index()
        return model

    def _words_of(self, texts: Ragged) -> tuple[Int64s, Int32s, Int32s]:
        offsets = np.ascontiguousarray(texts.offsets, np.int64)
        return distinct_words(offsets, np.ascontiguousarray(texts.values, np.int32), N_WORDS)

    def _take(self, texts: Ragged, labels: Ints, numbers: Ints) -> None:
        offsets, words, counts = self._words_of(texts)
        sizes = np.diff(offsets)
        kept = (labels >= 0) & (sizes > 0)
        inside = np.repeat(kept, sizes)
        new = np.concatenate(([0], np.cumsum(sizes[kept])))
        self._append(new, words[inside], counts[inside], labels[kept], numbers[kept])

    def _append(
        self, offsets: Int64s, words: Int32s, counts: Int32s, labels: Ints, numbers: Ints
    ) -> None:
        n, end = self._n, int(self._offsets[self._n])
        lengths = np.add.reduceat(counts, offsets[:-1]) if labels.size else counts[:0]
        self._offsets = _with(self._offsets, n + 1, offsets[1:] + end)
        self._words, self._counts = _with(self._words, end, words), _with(self._counts, end, counts)
        self._lengths = _with(self._lengths, n, lengths)
        self._labels = _with(self._labels, n, labels)
        self._numbers = _with(self._numbers, n, numbers)
        self._n += labels.size
        # a word may stand in several of them: indexing would count it once
        np.add.at(self._document_counts, words, 1)
        self._total_length += int(lengths.sum())

    def _index(self) -> None:
        """Leave out what is too old and make postings of the rest."""
        self._forget(self._n - MOST_CASES)
        end = self._offsets[self._n]
        offsets = self._offsets[: self._n + 1]
        begins, cases, often = postings(offsets, self._words, self._counts, N_WORDS)
        self._posted = _Postings(begins, cases, often, self._n)
        self._document_counts = np.bincount(self._words[:end], minlength=N_WORDS).astype(np.int32)
        self._total_length = int(self._lengths[: self._n].sum())

    def _forget(self, n_oldest: int) -> None:
        if n_oldest <= 0:
            return
        begin = self._offsets[n_oldest]
        self._offsets = self._offsets[n_oldest:] - begin
        self._words, self._counts = self._words[begin:].copy(), self._counts[begin:].copy()
        self._lengths = self._lengths[n_oldest:].copy()
        self._labels, self._numbers = (
            self._labels[n_oldest:].copy(),
            self._numbers[n_oldest:].copy(),
        )
        self._n -= n_oldest


def best_half_life(texts: Ragged, labels: Ints) -> float:
    """Find after how many further cases a case should count half.

    The latest cases, a quarter of them all at most, are followed with every one of `HALF_LIVES`:
    each is looked up, then taken in. The one whose neighbours, voting with their scores, rank the
    right contacts best, by mean reciprocal rank, is taken.
    """
    first = labels.size - min(TRIED_ON, labels.size // 4)
    before = Ragged(texts.offsets[: first + 1], texts.values[: texts.offsets[first]])
    ranks = [0.0] * len(HALF_LIVES)
    for k, half_life in enumerate(HALF_LIVES):
        model = NearestCases.fit(before, labels[:first], half_life=half_life)
        for i in range(first, labels.size):
            ranks[k] += _reciprocal_rank(model.nearest(texts.row(i)), int(labels[i]))
            model.add(texts.row(i), int(labels[i]), i)
    return HALF_LIVES[int(np.argmax(ranks))]


def _reciprocal_rank(found: Nearest, label: int) -> float:
    votes = np.bincount(found.labels, found.scores, minlength=label + 1)
    if label < 0 or votes[label] == 0.0:
        return 0.0
    return 1.0 / (1.0 + float((votes > votes[label]).sum()))


def _with(array: NDArray[Any], size: int, more: NDArray[Any]) -> NDArray[Any]:
    """Write numbers after the first ``size``; where there is no room, into twice as much."""
    if size + more.size > array.size:
        larger = np.empty(max(2 * array.size, size + more.size), array.dtype)
        larger[:size] = array[:size]
        array = larger
    array[size : size + more.size] = more
    return array
