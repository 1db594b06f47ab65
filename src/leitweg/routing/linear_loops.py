"""The loops of a multinomial logistic regression on sparse texts: one row per term.

The weights of all contacts for one term lie side by side. A text gathers the rows of its terms;
nothing is transposed and nothing but these rows is touched.
"""

import numpy as np
from numpy.typing import NDArray

from leitweg.engine.compiled import compiled

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
Float32 = NDArray[np.float32]

# a contact that is this unlikely is not worth the way through the rows
LEAST_ERROR = np.float32(1e-3)
# the bias has a feature of its own in every text; its step is shorter than that of a rare word
BIAS_STEP = np.float32(0.1)


@compiled
def fill_scores(
    rows: Int32, values: Float32, weights: Float32, bias: Float32, n: int, scores: Float32
) -> None:
    """Fill in the log-probabilities of the first ``n`` contacts for one text."""
    for k in range(n):
        scores[k] = bias[k]
    for j in range(rows.size):
        value, line = values[j], weights[rows[j]]
        for k in range(n):
            scores[k] += value * line[k]
    most = np.float32(-np.inf)
    for k in range(n):
        most = max(most, scores[k])
    total = 0.0
    for k in range(n):
        total += np.exp(scores[k] - most)
    shift = most + np.float32(np.log(total))
    for k in range(n):
        scores[k] -= shift


@compiled
def move(
    rows: Int32,
    values: Float32,
    weights: Float32,
    bias: Float32,
    scores: Float32,
    label: int,
    n: int,
    rate: float,
) -> None:
    """Move the weights towards the right contact; ``scores`` are those before the step."""
    which, error = np.empty(n, np.int32), np.empty(n, np.float32)
    size = 0
    for k in range(n):
        wrong = np.exp(scores[k]) - np.float32(k == label)
        if abs(wrong) > LEAST_ERROR:
            which[size], error[size] = k, wrong * np.float32(rate)
            size += 1
    for j in range(rows.size):
        value, line = values[j], weights[rows[j]]
        for i in range(size):
            line[which[i]] -= value * error[i]
    for i in range(size):
        bias[which[i]] -= BIAS_STEP * error[i]


@compiled
def fit_epoch(
    offsets: Int64,
    rows: Int32,
    values: Float32,
    labels: Int32,
    case_weights: Float32,
    order: Int64,
    weights: Float32,
    bias: Float32,
    n: int,
    rate: float,
) -> None:
    """One pass over the texts in a given order."""
    scores = np.empty(n, np.float32)
    for i in order:
        mine, found = rows[offsets[i] : offsets[i + 1]], values[offsets[i] : offsets[i + 1]]
        fill_scores(mine, found, weights, bias, n, scores)
        move(mine, found, weights, bias, scores, labels[i], n, rate * case_weights[i])


@compiled
def follow_cases(
    offsets: Int64,
    rows: Int32,
    values: Float32,
    labels: Int32,
    weights: Float32,
    bias: Float32,
    n: int,
    rate: float,
    scores: Float32,
) -> None:
    """Score each text, then learn its contact where it is known (not -1), in the order given."""
    for i in range(offsets.size - 1):
        mine, found = rows[offsets[i] : offsets[i + 1]], values[offsets[i] : offsets[i + 1]]
        fill_scores(mine, found, weights, bias, n, scores[i])
        if labels[i] >= 0:
            move(mine, found, weights, bias, scores[i], labels[i], n, rate)
