"""Textbook routers over attributes: popularity, shares, Dirichlet back-off, toss graph."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from leitweg.domain.routing import History, Level
from leitweg.routing.calibration import expected_calibration_error

PRIOR_CASES = 2.0
"""Cases that the wider context counts for in the narrower one."""


@dataclass(frozen=True)
class Task:
    """Who resolved each case, who had it first, and the contexts of it, from wide to narrow.

    ``known_at`` is the clock at which the contact of a case is known, ``asked_at`` at which the
    case comes: places in the order of cases where labels are learnt at once.
    """

    label: np.ndarray
    first: np.ndarray
    contexts: list[np.ndarray]
    n_contacts: int
    n_train: int
    asked_at: np.ndarray
    known_at: np.ndarray


def task(
    history: History,
    n_train: int,
    *,
    level: Level,
    names: Sequence[str],
    labels: str = "immediate",
    with_first: bool = False,
) -> Task:
    """Cut a history into a task; the contexts are the attributes, one after the other narrower."""
    holder = history.unit if level == "unit" else history.person
    path = history.unit_path if level == "unit" else history.person_path
    n = history.n_cases
    first = np.full(n, -1, np.int64)
    held = np.flatnonzero(np.diff(path.offsets) > 0)
    first[held] = path.values[path.offsets[held]]
    contexts, key = [np.zeros(n, np.int64)], np.zeros(n, np.int64)
    columns = [history.attributes[name].codes for name in names] + ([first] if with_first else [])
    for column in columns:
        key = np.unique(key * (int(column.max(initial=0)) + 2) + column + 1, return_inverse=True)[1]
        contexts.append(key)
    order = np.arange(n)
    immediate = labels == "immediate"
    return Task(
        label=holder.codes.astype(np.int64),
        first=first,
        contexts=contexts,
        n_contacts=len(holder.labels),
        n_train=n_train,
        asked_at=order if immediate else history.opened,
        known_at=order if immediate else history.closed,
    )


@dataclass
class Found:
    """One entry per judged case: place of the right contact from 0, probability of the first."""

    case: list[int]
    rank: list[int]
    probability: list[float]

    def measures(self) -> dict[str, float | None]:
        """Return n, top-1, top-3 and the calibration error, None without probabilities."""
        rank, p = np.array(self.rank), np.array(self.probability)
        told = bool(np.isfinite(p).all())
        return {
            "n": int(rank.size),
            "top1": float((rank == 0).mean()),
            "top3": float((rank < 3).mean()),
            "ece": float(expected_calibration_error(p, rank == 0)) if told else None,
        }


def judged(scores: np.ndarray, label: int) -> tuple[int, float]:
    """Return the place of the right contact (equals before it count) and the first probability."""
    if label >= scores.size or scores[label] <= 0:
        return 1 << 30, float(scores.max(initial=0.0))
    better = int((scores > scores[label]).sum() + (scores[:label] == scores[label]).sum())
    return better, float(scores.max())


class Counts:
    """Counts of contacts per context, halved after so many further cases."""

    def __init__(self, given: Task, half_life: float | None) -> None:
        self._given, self._half_life, self._weight = given, half_life, 1.0
        self.tables = [
            np.zeros((int(c.max(initial=0)) + 1, given.n_contacts)) for c in given.contexts
        ]

    def learn(self, i: int) -> None:
        if self._given.label[i] < 0:
            return
        for table, context in zip(self.tables, self._given.contexts, strict=True):
            table[context[i], self._given.label[i]] += self._weight
        if self._half_life is not None:
            self._weight *= 2.0 ** (1.0 / self._half_life)

    def back_off(self, i: int) -> np.ndarray:
        """Shares in the narrowest context, smoothed by the wider ones."""
        share = np.zeros(self._given.n_contacts)
        for table, context in zip(self.tables, self._given.contexts, strict=True):
            counts = table[context[i]] / self._weight
            share = (counts + PRIOR_CASES * share) / max(counts.sum() + PRIOR_CASES, 1e-9)
        return share

    def narrowest(self, i: int) -> np.ndarray:
        """Shares in the narrowest context alone; the most popular contacts where it is new."""
        counts = self.tables[-1][self._given.contexts[-1][i]]
        return counts / counts.sum() if counts.sum() else self.popular(i)

    def popular(self, _: int) -> np.ndarray:
        """Shares of all cases."""
        return self.tables[0][0] / max(self.tables[0][0].sum(), 1e-9)


def in_time(given: Task) -> Iterator[tuple[int, bool]]:
    """Go through the cases: (case, False) is learnt, (case, True) is judged."""
    n = given.label.size
    learns = np.argsort(given.known_at, kind="stable")
    at = 0
    for i in range(given.n_train, n):
        # at the start whatever of the training part is known then, later whatever became known
        while at < n and given.known_at[learns[at]] < given.asked_at[i]:
            yield int(learns[at]), False
            at += 1
        yield i, True


def run(
    given: Task,
    rule: str,
    *,
    half_life: float | None = None,
    frozen: bool = False,
    tossed: bool = False,
) -> Found:
    """Judge the later cases by ``popular``, ``narrowest`` or ``back_off``."""
    counts, found = Counts(given, half_life), Found([], [], [])
    for i, is_asked in in_time(given):
        if not is_asked:
            if not frozen or i < given.n_train:
                counts.learn(i)
        elif given.label[i] >= 0 and not (tossed and given.first[i] == given.label[i]):
            scores = getattr(counts, rule)(i)
            if tossed and given.first[i] >= 0:
                scores = scores.copy()
                scores[given.first[i]] = 0.0
            _note(found, i, scores, int(given.label[i]))
    return found


def toss_graph(given: Task, paths: Sequence[np.ndarray]) -> Found:
    """Jeong, Kim & Zimmermann 2009: whoever had a case before points to who resolved it; frozen."""
    graph = np.zeros((given.n_contacts, given.n_contacts), np.int32)
    popular = np.zeros(given.n_contacts)
    found = Found([], [], [])
    for i, is_asked in in_time(given):
        label = int(given.label[i])
        if label < 0:
            continue
        if not is_asked and i < given.n_train:
            popular[label] += 1
            for holder in dict.fromkeys(paths[i].tolist()):
                graph[holder, label] += holder != label
        elif is_asked and given.first[i] != label:
            row = graph[given.first[i]]
            scores = row / max(row.sum(), 1) + popular * 1e-6 / max(popular.sum(), 1)
            scores[given.first[i]] = 0.0
            _note(found, i, scores, label)
    return found


def tossed_counts(given: Task, paths: Sequence[np.ndarray], *, half_life: float | None) -> Found:
    """Back-off times toss graph, both learning on: cases whose first contact was not the right one.

    The product of the two shares, each with a floor, so that neither alone can say no.
    """
    counts, found = Counts(given, half_life), Found([], [], [])
    graph = np.zeros((given.n_contacts, given.n_contacts), np.float32)
    weight = 1.0
    step = 2.0 ** (1.0 / half_life) if half_life else 1.0
    for i, is_asked in in_time(given):
        label, first = int(given.label[i]), int(given.first[i])
        if label < 0:
            continue
        if not is_asked:
            counts.learn(i)
            for holder in dict.fromkeys(paths[i].tolist()):
                graph[holder, label] += weight * (holder != label)
            weight *= step
        elif first != label:
            share = counts.back_off(i)
            row = graph[first] / weight
            scores = share * (row + PRIOR_CASES * share) / (row.sum() + PRIOR_CASES)
            scores[first] = 0.0
            _note(found, i, scores / max(scores.sum(), 1e-12), label)
    return found


def human_first(given: Task) -> float:
    """Return the share of judged cases whose first contact was the right one."""
    later = np.arange(given.n_train, given.label.size)
    later = later[given.label[later] >= 0]
    return float((given.first[later] == given.label[later]).mean())


def _note(found: Found, i: int, scores: np.ndarray, label: int) -> None:
    rank, p = judged(scores, label)
    found.case.append(i)
    found.rank.append(rank)
    found.probability.append(p)
