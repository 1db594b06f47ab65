"""How good were the answers? The measures of a backtest.

Top-k accuracy, mean reciprocal rank, expected calibration error, coverage at an accuracy, and k3:
the wrong contacts when three suggestions fail and the case goes the way people took.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leitweg.routing.calibration import coverage_at, expected_calibration_error

NOT_LISTED = 1 << 30
SUGGESTED = 3


@dataclass
class Judged:
    """One list entry per judged case.

    ``rank`` counts from 0, `NOT_LISTED` where the right contact was no candidate; ``seen`` says
    whether it had resolved anything before; ``human_wrong`` counts the wrong contacts on the way
    that people took.
    """

    asked_at: list[int] = field(default_factory=list)
    rank: list[int] = field(default_factory=list)
    probability: list[float] = field(default_factory=list)
    of_right: list[float] = field(default_factory=list)
    is_candidate: list[bool] = field(default_factory=list)
    seen: list[bool] = field(default_factory=list)
    human_wrong: list[int] = field(default_factory=list)
    human_first: list[bool] = field(default_factory=list)
    suggested: list[str] = field(default_factory=list)
    latency_ms: list[float] = field(default_factory=list)

    @property
    def n(self) -> int:
        """Number of judged cases."""
        return len(self.rank)


@dataclass(frozen=True)
class Scores:
    """Measures over judged cases; shares are 0-1."""

    n: int
    top1: float
    top3: float
    mrr: float
    ece: float
    k3: float
    human_top1: float
    coverage_at_80: float
    coverage_at_90: float
    candidate_recall: float
    log_loss: float
    load_inequality: float
    unseen_share: float


def scores_of(judged: Judged, rows: NDArray[np.bool_] | None = None) -> Scores:
    """Return the measures, over some rows or all."""
    kept = np.ones(judged.n, dtype=bool) if rows is None else rows
    rank = np.array(judged.rank)[kept]
    p = np.array(judged.probability)[kept]
    seen = np.array(judged.seen, dtype=bool)[kept]
    right = rank == 0
    among = np.array(judged.is_candidate, dtype=bool)[kept]
    n = int(rank.size)
    return Scores(
        n=n,
        top1=_mean(right),
        top3=_mean(rank < SUGGESTED),
        mrr=_mean(np.where(rank < NOT_LISTED, 1.0 / (1.0 + rank), 0.0)),
        ece=expected_calibration_error(p, right),
        k3=_mean(wrong_contacts(rank, np.array(judged.human_wrong)[kept])),
        human_top1=_mean(np.array(judged.human_first)[kept]),
        coverage_at_80=coverage_at(p, right, 0.8),
        coverage_at_90=coverage_at(p, right, 0.9),
        candidate_recall=_mean(among[seen]),
        log_loss=_mean(-np.log(np.maximum(np.array(judged.of_right)[kept], 1e-6))),
        load_inequality=gini(np.array(judged.suggested)[kept]),
        unseen_share=_mean(~seen),
    )


def wrong_contacts(rank: NDArray[np.int64], human_wrong: NDArray[np.int64]) -> NDArray[np.int64]:
    """Wrong contacts per case: those before the right one, or three and then those of people.

    >>> wrong_contacts(np.array([0, 2, 3]), np.array([4, 4, 2]))
    array([0, 2, 5])
    """
    return np.where(rank < SUGGESTED, rank, SUGGESTED + human_wrong)


def gini(contacts: NDArray[np.str_]) -> float:
    """Return how unequally the first suggestions are spread over the contacts suggested.

    >>> gini(np.array(["a", "b", "a", "b"])), gini(np.array(["a", "a", "a", "b"]))
    (0.0, 0.25)
    """
    if contacts.size == 0:
        return 0.0
    load = np.sort(np.unique(contacts, return_counts=True)[1]).astype(float)
    place = np.arange(1, load.size + 1)
    return float(2 * (place * load).sum() / (load.size * load.sum()) - (load.size + 1) / load.size)


def _mean(values: NDArray[Any]) -> float:
    return float(np.mean(values)) if values.size else 0.0
