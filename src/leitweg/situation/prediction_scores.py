"""How good is a prediction of rare things? Average precision, calibration, log loss.

Method: docs/methods/gap-prediction.md.
"""

import numpy as np

from leitweg.situation.arrays import Flags, Floats


def average_precision(scores: Floats, came: Flags, weights: Floats | None = None) -> float:
    """Area under the precision-recall curve, as the sum of precision times gain in recall.

    Equal scores stand at one point of the curve, so that their order decides nothing; NaN where
    nothing came. ``weights`` count every row so many times (a bootstrap).

    >>> average_precision(np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, False, True, False]))
    0.8333333333333333
    """
    rows = np.ones(scores.size) if weights is None else weights
    order = np.argsort(-scores, kind="stable")
    ends = _ends_of_ties(scores[order])
    seen = np.cumsum(rows[order])[ends]
    hits = np.cumsum((rows * came)[order])[ends]
    if hits.size == 0 or hits[-1] == 0:
        return float("nan")
    gain = np.diff(np.append(0.0, hits)) / hits[-1]
    return float((gain * hits / np.maximum(seen, 1e-300)).sum())


def _ends_of_ties(ordered: Floats) -> Floats:
    return np.append(np.flatnonzero(np.diff(ordered)), ordered.size - 1)


def calibration_error(probabilities: Floats, came: Flags, *, bins: int = 10) -> float:
    """Return the expected calibration error over bins of equal width (Naeini et al. 2015).

    Mean absolute difference of probability and share that came, weighted by the rows of each bin.

    >>> calibration_error(np.array([0.1, 0.1, 0.9, 0.9]), np.array([False, False, True, False]))
    0.25
    """
    bin_of = np.minimum((probabilities * bins).astype(np.int64), bins - 1)
    surplus = np.bincount(bin_of, weights=probabilities - came, minlength=bins)
    return float(np.abs(surplus).sum() / probabilities.size)


def adaptive_calibration_error(probabilities: Floats, came: Flags, *, bins: int = 20) -> float:
    """Return the same over bins of equally many rows (Nixon et al. 2019).

    Sharper where nearly all probabilities are small and share one bin of equal width.

    >>> adaptive_calibration_error(np.array([0.25, 0.5]), np.array([False, True]), bins=2)
    0.375
    """
    order = np.argsort(probabilities, kind="stable")
    surplus = (probabilities - came)[order]
    parts = np.array_split(surplus, min(bins, surplus.size))
    return float(sum(abs(part.sum()) for part in parts) / surplus.size)


def log_loss(probabilities: Floats, came: Flags) -> float:
    """Mean of minus the logarithm of the probability given to what happened.

    >>> round(log_loss(np.array([0.5, 0.5]), np.array([True, False])), 6)
    0.693147
    """
    p = np.clip(probabilities, 1e-12, 1 - 1e-12)
    return float(-np.where(came, np.log(p), np.log1p(-p)).mean())
