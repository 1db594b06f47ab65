"""The loops of a search among closed cases: postings of the older ones, a scan of the newest."""

import numpy as np
from numpy.typing import NDArray

from leitweg.engine.compiled import compiled

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
Float32 = NDArray[np.float32]
Floats = NDArray[np.float64]

# BM25 as usual: how soon repetition stops to tell, and how much length is held against a text
K1 = 1.2
B = 0.75


@compiled
def distinct_words(offsets: Int64, values: Int32, n_words: int) -> tuple[Int64, Int32, Int32]:
    """Return offsets, distinct words and their counts; numbers from ``n_words`` on are left out."""
    into = np.zeros(offsets.size, np.int64)
    words, counts = np.empty(values.size, np.int32), np.empty(values.size, np.int32)
    at = 0
    for i in range(offsets.size - 1):
        for j in range(offsets[i], offsets[i + 1]):
            if values[j] >= n_words:
                continue
            if at > into[i] and words[at - 1] == values[j]:
                counts[at - 1] += 1
            else:
                words[at], counts[at] = values[j], 1
                at += 1
        into[i + 1] = at
    return into, words[:at].copy(), counts[:at].copy()


@compiled
def postings(
    offsets: Int64, words: Int32, counts: Int32, n_words: int
) -> tuple[Int64, Int32, Int32]:
    """Return per word where its postings begin; per posting its case and how often it is there."""
    begins = np.zeros(n_words + 1, np.int64)
    for j in range(offsets[-1]):
        begins[words[j] + 1] += 1
    begins = np.cumsum(begins)
    free = begins[:-1].copy()
    cases, often = np.empty(offsets[-1], np.int32), np.empty(offsets[-1], np.int32)
    for i in range(offsets.size - 1):
        for j in range(offsets[i], offsets[i + 1]):
            at = free[words[j]]
            cases[at], often[at] = i, counts[j]
            free[words[j]] = at + 1
    return begins, cases, often


@compiled
def rarest(words: Int32, document_counts: Int32, n_cases: int, most: int) -> tuple[Int32, Floats]:
    """Return the rarest words of a request that any case has, and their inverse frequencies."""
    found = np.empty(words.size, np.int32)
    n = 0
    for word in words:
        if document_counts[word] > 0:
            found[n] = word
            n += 1
    kept = found[:n]
    # stable, so that equally rare words are taken in one order everywhere
    kept = np.sort(kept[np.argsort(document_counts[kept], kind="mergesort")][:most])
    weights = np.empty(kept.size)
    for k in range(kept.size):
        n_with = document_counts[kept[k]]
        weights[k] = np.log(1.0 + (n_cases - n_with + 0.5) / (n_with + 0.5))
    return kept, weights


@compiled
def gain(idf: float, count: int, length: int, mean_length: float) -> float:
    """Return what a word of the request adds to the score of a case in which it stands."""
    return float(idf * count * (K1 + 1.0) / (count + K1 * (1.0 - B + B * length / mean_length)))


@compiled
def score_posted(
    query: Int32,
    idf: Floats,
    begins: Int64,
    cases: Int32,
    often: Int32,
    lengths: Int32,
    mean_length: float,
    scores: Float32,
) -> None:
    """Add up the scores of the cases that have postings."""
    for k in range(query.size):
        for j in range(begins[query[k]], begins[query[k] + 1]):
            case = cases[j]
            scores[case] += gain(idf[k], often[j], lengths[case], mean_length)


@compiled
def score_scanned(
    query: Int32,
    idf: Floats,
    first: int,
    offsets: Int64,
    words: Int32,
    counts: Int32,
    lengths: Int32,
    mean_length: float,
    scores: Float32,
) -> None:
    """Add up the scores of the cases from ``first`` on, which have no postings yet."""
    for case in range(first, scores.size):
        k = 0
        for j in range(offsets[case], offsets[case + 1]):
            while k < query.size and query[k] < words[j]:
                k += 1
            if k == query.size:
                break
            if query[k] == words[j]:
                scores[case] += gain(idf[k], counts[j], lengths[case], mean_length)


@compiled
def best_cases(scores: Float32, n: int, half_life: float) -> tuple[Int64, Float32]:
    """Return the ``n`` best cases, best first, the newer one of equals; halved by age where asked.

    ``half_life`` is in cases; infinite: age does not count.
    """
    cases, best = np.empty(n, np.int64), np.empty(n, np.float32)
    size = 0
    for case in range(scores.size - 1, -1, -1):
        score = scores[case]
        if score <= 0.0 or (size == n and score <= best[n - 1]):
            continue
        score = np.float32(score * 0.5 ** ((scores.size - 1 - case) / half_life))
        if size == n and score <= best[n - 1]:
            continue
        at = min(size, n - 1)
        while at > 0 and best[at - 1] < score:
            cases[at], best[at] = cases[at - 1], best[at - 1]
            at -= 1
        cases[at], best[at] = case, score
        size = min(size + 1, n)
    return cases[:size].copy(), best[:size].copy()
