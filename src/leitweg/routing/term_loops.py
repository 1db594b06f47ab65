"""The loops that count and weigh the terms of texts."""

import numpy as np
from numpy.typing import NDArray

from leitweg.engine.compiled import compiled

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
Float32 = NDArray[np.float32]


@compiled
def document_counts(offsets: Int64, values: Int32, n_features: int) -> Int32:
    """In how many texts each feature stands; the numbers of a text ascend."""
    counts = np.zeros(n_features, np.int32)
    for i in range(offsets.size - 1):
        for j in range(offsets[i], offsets[i + 1]):
            if j == offsets[i] or values[j] != values[j - 1]:
                counts[values[j]] += 1
    return counts


@compiled
def weigh_one(
    text: Int32, idf: Float32, n_words: int, parts_weight: float, terms: Int32, weights: Float32
) -> int:
    """Fill in the distinct terms of a text and their weights; return how many there are."""
    n, begin = 0, 0
    words, parts = 0.0, 0.0
    while begin < text.size:
        end = begin + 1
        while end < text.size and text[end] == text[begin]:
            end += 1
        weight = (1.0 + np.log(end - begin)) * idf[text[begin]]
        terms[n], weights[n] = text[begin], weight
        if text[begin] < n_words:
            words += weight * weight
        else:
            parts += weight * weight
        n += 1
        begin = end
    # together of length 1: a sum of squares of both blocks
    both = np.sqrt(1.0 + parts_weight * parts_weight)
    by_word = 1.0 / (np.sqrt(words) * both) if words else 0.0
    by_part = parts_weight / (np.sqrt(parts) * both) if parts else 0.0
    for k in range(n):
        weights[k] *= by_word if terms[k] < n_words else by_part
    return n


@compiled
def weigh_texts(
    offsets: Int64,
    values: Int32,
    idf: Float32,
    row: Int32,
    n_words: int,
    parts_weight: float,
    most: int,
) -> tuple[Int64, Int32, Float32]:
    """Return offsets, rows and weights of the strongest terms of every text."""
    n_texts = offsets.size - 1
    longest = 0
    for i in range(n_texts):
        longest = max(longest, offsets[i + 1] - offsets[i])
    terms, weights = np.empty(longest, np.int32), np.empty(longest, np.float32)
    into = np.zeros(n_texts + 1, np.int64)
    rows, found = np.empty(values.size, np.int32), np.empty(values.size, np.float32)
    at = 0
    for i in range(n_texts):
        text = values[offsets[i] : offsets[i + 1]]
        n = weigh_one(text, idf, n_words, parts_weight, terms, weights)
        least = np.partition(weights[:n], n - most)[n - most] if n > most else np.float32(0.0)
        for k in range(n):
            if weights[k] >= least:
                rows[at], found[at] = row[terms[k]], weights[k]
                at += 1
        into[i + 1] = at
    return into, rows[:at].copy(), found[:at].copy()
