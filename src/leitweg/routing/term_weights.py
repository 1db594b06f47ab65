"""How much does each word of a text tell, and in which row of a model does it stand?

TF-IDF: what stands in few texts tells more (``idf``), the tenth repetition less than the first
(``1 + log``). Words and parts of words are two blocks, each of its own length, so that the many
parts do not drown the words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leitweg.domain.routing import N_WORDS, Ints, Ragged
from leitweg.routing.term_loops import document_counts, weigh_texts

N_FEATURES = 2 * N_WORDS
PARTS_WEIGHT = 0.7
"""Length of the block of parts beside words of length 1; chosen on the training part alone."""
MOST_TERMS = 1_024
"""The strongest terms of a text; the rest of a long text would only take time."""
_SHARED = 8

Floats32 = NDArray[np.float32]
Int32s = NDArray[np.int32]


@dataclass(frozen=True)
class Weighted:
    """Texts as sparse rows: text ``i`` has ``values`` in ``rows`` from ``offsets[i]`` on."""

    offsets: NDArray[np.int64]
    rows: Int32s
    values: Floats32

    @property
    def n_texts(self) -> int:
        """Number of texts."""
        return self.offsets.size - 1


@dataclass(frozen=True)
class TermWeights:
    """Weight and row of every feature.

    Attributes
    ----------
    idf
        Per feature: ``1 + log((1 + texts) / (1 + texts with it))``.
    row
        Per feature: its row in a matrix of ``n_rows``. The most common features have a row of
        their own; the rare ones share the last eighth, unless there is room for all.
    """

    idf: Floats32
    row: Int32s
    n_rows: int

    def of(self, text: Ints) -> Weighted:
        """Weigh one text."""
        return self.of_many(Ragged(np.array([0, text.size], np.int64), text))

    def of_many(self, texts: Ragged) -> Weighted:
        """Weigh many texts; features that share a row add up."""
        values = np.ascontiguousarray(texts.values, np.int32)
        found = weigh_texts(
            *(np.ascontiguousarray(texts.offsets, np.int64), values, self.idf, self.row),
            *(N_WORDS, PARTS_WEIGHT, MOST_TERMS),
        )
        return Weighted(*found)

    def state(self) -> dict[str, Any]:
        """Return plain arrays."""
        return {"idf": self.idf, "row": self.row, "n_rows": self.n_rows}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "TermWeights":
        """Return what `state` described."""
        return cls(state["idf"], state["row"], int(state["n_rows"]))


def term_weights(texts: Ragged, *, most_rows: int) -> TermWeights:
    """Return the weights of the features of some texts, with at most ``most_rows`` rows.

    Parameters
    ----------
    texts
        Hashed features, words below `N_WORDS`, parts of words from there up.
    most_rows
        At least 8.
    """
    offsets = np.ascontiguousarray(texts.offsets, np.int64)
    counts = document_counts(offsets, np.ascontiguousarray(texts.values, np.int32), N_FEATURES)
    n_texts = offsets.size - 1
    idf = (1.0 + np.log((1.0 + n_texts) / (1.0 + counts))).astype(np.float32)
    n_rows = min(N_FEATURES, most_rows)
    return TermWeights(idf, _rows_of(counts, n_rows), n_rows)


def _rows_of(counts: Int32s, n_rows: int) -> Int32s:
    if n_rows == N_FEATURES:
        return np.arange(N_FEATURES, dtype=np.int32)
    n_own = n_rows - n_rows // _SHARED
    row = np.empty(N_FEATURES, np.int32)
    # stable: equally common features keep their order, so that a model is the same everywhere
    common = np.argsort(-counts, kind="stable")
    row[common[:n_own]] = np.arange(n_own)
    rest = common[n_own:]
    row[rest] = n_own + rest % (n_rows - n_own)
    return row
