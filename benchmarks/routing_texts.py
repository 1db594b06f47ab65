"""Textbook routers over texts: nearest cases that vote, and linear classifiers on TF-IDF."""

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB
from sklearn.neighbors import NearestCentroid
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

from benchmarks.routing_counts import Found, judged
from leitweg.domain.routing import N_WORDS, Coded, Ragged
from leitweg.routing.nearest_cases import NearestCases

Fitted = Callable[[Any], np.ndarray]
REFITS = 10


def counts_of(texts: Ragged) -> sp.csr_matrix:
    """Count the words and parts of texts, one row each."""
    found = sp.csr_matrix(
        (np.ones(texts.values.size, np.float32), texts.values.copy(), texts.offsets.copy()),
        shape=(texts.offsets.size - 1, 2 * N_WORDS),
    )
    found.sum_duplicates()
    return found


class TfIdf:
    """TF-IDF as scikit-learn has it: of words, or of words and of parts of words beside them."""

    def __init__(self, train: sp.csr_matrix, *, parts: bool) -> None:
        blocks = [slice(0, N_WORDS), slice(N_WORDS, None)] if parts else [slice(0, N_WORDS)]
        self._blocks = [
            (block, TfidfTransformer(sublinear_tf=True).fit(train[:, block])) for block in blocks
        ]

    def of(self, counts: sp.csr_matrix) -> sp.csr_matrix:
        """Weigh counts."""
        return sp.hstack([m.transform(counts[:, b]) for b, m in self._blocks], format="csr")


def columns_of(attributes: dict[str, Coded], weight: float = 1.0) -> sp.csr_matrix:
    """Return attributes as columns of ones, to stand beside the words."""
    blocks = []
    for column in attributes.values():
        rows = np.flatnonzero(column.codes >= 0)
        shape = (column.codes.size, len(column.labels))
        blocks.append(
            sp.csr_matrix((np.full(rows.size, weight), (rows, column.codes[rows])), shape=shape)
        )
    return sp.hstack(blocks, format="csr", dtype=np.float32)


def svm_scores(train: sp.csr_matrix, labels: np.ndarray, n: int) -> Fitted:
    """Fit a linear support vector machine; return what scores rows for all ``n`` contacts."""
    classes = np.unique(labels)
    if classes.size == 1:
        return lambda rows: _spread(np.ones((rows.shape[0], 1)), classes, n)
    model = LinearSVC(C=1.0, random_state=0).fit(train, labels)

    def scored(rows: sp.csr_matrix) -> np.ndarray:
        found = model.decision_function(rows)
        two = np.column_stack([-found, found]) if found.ndim == 1 else found
        return _spread(two, classes, n)

    return scored


def _spread(found: np.ndarray, classes: np.ndarray, n: int) -> np.ndarray:
    scores = np.full((found.shape[0], n), -np.inf)
    scores[:, classes] = found
    return scores


def judged_rows(scores: np.ndarray, labels: np.ndarray, cases: np.ndarray) -> Found:
    """Judge rows of scores, of which only those above -inf are contacts; no probabilities."""
    found = Found([], [], [])
    for row, label, case in zip(scores, labels, cases, strict=True):
        positive = np.exp(row - row.max())
        rank, _ = judged(positive, int(label))
        found.case.append(int(case))
        found.rank.append(rank)
        found.probability.append(float("nan"))
    return found


def svm(
    rows: sp.csr_matrix,
    labels: np.ndarray,
    n_train: int,
    n: int,
    *,
    counts: sp.csr_matrix,
    parts: bool,
    refits: int = 1,
) -> Found:
    """TF-IDF (and the other columns ``rows``) with LinearSVC, fitted anew ``refits`` times."""
    later = np.arange(n_train, labels.size)
    all_scores = []
    for stretch in np.array_split(later, refits):
        until = int(stretch[0])
        weights = TfIdf(counts[:until], parts=parts)
        train = sp.hstack([weights.of(counts[:until]), rows[:until]], format="csr")
        test = sp.hstack([weights.of(counts[stretch]), rows[stretch]], format="csr")
        all_scores.append(svm_scores(train, labels[:until], n)(test))
    return judged_rows(np.vstack(all_scores), labels[later], later)


def nearest(texts: Ragged, labels: np.ndarray, n_train: int, n: int, *, frozen: bool) -> Found:
    """Let the 40 nearest closed cases (BM25) vote with their scores."""
    before = Ragged(texts.offsets[: n_train + 1], texts.values[: texts.offsets[n_train]])
    model = NearestCases.fit(before, labels[:n_train], half_life=np.inf)
    found = Found([], [], [])
    for i in range(n_train, labels.size):
        near = model.nearest(texts.row(i), 40)
        votes = np.bincount(near.labels, near.scores, minlength=n)
        rank, p = judged(votes / max(votes.sum(), 1e-9), int(labels[i]))
        found.case.append(i)
        found.rank.append(rank)
        found.probability.append(p)
        if not frozen:
            model.add(texts.row(i), int(labels[i]), i)
    return found


def small_classifiers() -> dict[str, Callable[[Any, np.ndarray, Any], np.ndarray]]:
    """Return the classifiers of a cold start: (train, labels, test) to scores of classes 0 up."""

    def centroid(train: Any, labels: np.ndarray, test: Any) -> np.ndarray:
        model = NearestCentroid().fit(train, labels)
        return np.asarray(test @ normalize(model.centroids_).T)

    def linear_svm(train: Any, labels: np.ndarray, test: Any) -> np.ndarray:
        return np.asarray(LinearSVC(random_state=0).fit(train, labels).decision_function(test))

    def bayes(train: Any, labels: np.ndarray, test: Any) -> np.ndarray:
        return np.asarray(ComplementNB().fit(train, labels).predict_log_proba(test))

    def logistic(train: Any, labels: np.ndarray, test: Any) -> np.ndarray:
        model = LogisticRegression(C=10.0, max_iter=500).fit(train, labels)
        return np.asarray(model.decision_function(test))

    return {
        "nearest centroid": centroid,
        "LinearSVC": linear_svm,
        "complement naive Bayes": bayes,
        "logistic regression": logistic,
    }
