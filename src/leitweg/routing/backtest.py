"""Would the router have found the right contact? Each later case is judged, then learnt.

Method: docs/methods/routing.md.
"""

import heapq
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from leitweg.domain.errors import QuestionError
from leitweg.domain.progress import Progress, silent
from leitweg.domain.routing import Closed, History, Level, Request
from leitweg.routing.calibration import WANTED_ACCURACY
from leitweg.routing.fit import fit_rows, rows_for
from leitweg.routing.history import some_of
from leitweg.routing.router import Router
from leitweg.routing.rows import Rows
from leitweg.routing.scores import NOT_LISTED, Judged, Scores, scores_of

MONTH_US = 2_629_800_000_000
ALL = 1 << 20


@dataclass(frozen=True)
class Drift:
    """The measures of one stretch of the judged time; ``start`` as in `History.opened`."""

    start: int
    scores: Scores


@dataclass(frozen=True)
class Backtest:
    """What a backtest found.

    ``labels`` says when a judged case was learnt: ``known`` when its right
    contact was known (`History.closed`), ``immediate`` at once.
    """

    level: Level
    labels: str
    n_train: int
    n_test: int
    scores: Scores
    latency_ms_p50: float
    latency_ms_p99: float
    fit_seconds: float
    baselines: dict[str, dict[str, float]]
    drift: tuple[Drift, ...]
    judged: Judged


def backtest(
    history: History,
    *,
    level: Level,
    train_share: float = 0.8,
    labels: str = "known",
    first_contact_known: bool = False,
    tossed_only: bool = False,
    use_text: bool = True,
    wanted_accuracy: float = WANTED_ACCURACY,
    seed: int = 0,
    progress: Progress = silent,
) -> Backtest:
    """Train on the earlier cases; judge each later case, then learn it.

    Parameters
    ----------
    history
        Cases in order of opening; those without a right contact are left out.
    level
        ``unit`` or ``person``.
    train_share
        Share of the cases that train.
    labels
        ``known``: a case is learnt when its right contact was known, which is when it was
        resolved. ``immediate``: as soon as it was judged, which
        is comparable with published figures and optimistic where cases stay open for long.
    first_contact_known
        The contact that had the case first is known.
    tossed_only
        Judge the cases that the first contact handed on; it counts as tried.
    use_text
        Use the text of requests.

    Raises
    ------
    QuestionError
        ``nothing-to-learn``; ``nothing-to-judge``.
    """
    known = _with_contact(history, level, use_text=use_text)
    n_train = int(train_share * known.n_cases)
    rows = rows_for(known, level, immediate=labels == "immediate", train=n_train)
    begin = time.perf_counter()
    router = fit_rows(
        rows, level, train=n_train, seed=seed, wanted=wanted_accuracy, progress=progress
    )
    fitted = time.perf_counter() - begin
    judged = Judged()
    shares = _Popularity(router)
    for done, (i, is_asked) in enumerate(_in_time(rows, n_train)):
        if not is_asked:
            router.close(closed_of(rows, i))
            shares.learn(rows.contact(i) or "")
        elif not tossed_only or rows.first(i) != rows.contact(i):
            request = _request(rows, i, first_contact_known, tossed_only)
            _judge(router, rows, i, request, judged)
            shares.judge(rows.contact(i) or "", request.tried)
        if done % 200 == 0:
            progress("judge", done, 2 * rows.n - n_train)
    if judged.n == 0:
        raise QuestionError(
            "No case is left to judge: the later part of the cases names no right contact (or none "
            "was handed on); choose a smaller --train-share.",
            code="nothing-to-judge",
        )
    latency = np.array(judged.latency_ms)
    return Backtest(
        level=level,
        labels=labels,
        n_train=n_train,
        n_test=judged.n,
        scores=scores_of(judged),
        latency_ms_p50=float(np.quantile(latency, 0.5)),
        latency_ms_p99=float(np.quantile(latency, 0.99)),
        fit_seconds=fitted,
        baselines={"popularity": shares.result()},
        drift=_drift(judged, has_clock=rows.history.has_clock),
        judged=judged,
    )


class _Popularity:
    """The baseline: whoever resolved most cases so far, whatever the request."""

    def __init__(self, router: Router) -> None:
        table = router.experts.counts.table
        slots = np.arange(int(table.size[0]))
        rooted = list(_list_of(table, 0)) if slots.size else []
        self._counts = {
            router.experts.contacts[table.contact[s]]: int(table.plain[s]) for s in rooted
        }
        self._hits1 = self._hits3 = self._n = 0

    def learn(self, contact: str) -> None:
        self._counts[contact] = self._counts.get(contact, 0) + 1

    def judge(self, contact: str, tried: tuple[str, ...]) -> None:
        open_to = ((n, c) for c, n in self._counts.items() if c not in tried)
        best = [c for _, c in heapq.nlargest(3, open_to)]
        self._n += 1
        self._hits1 += best[:1] == [contact]
        self._hits3 += contact in best

    def result(self) -> dict[str, float]:
        n = max(self._n, 1)
        return {"top1": self._hits1 / n, "top3": self._hits3 / n}


def _list_of(table: object, context: int) -> Iterator[int]:
    slot = int(table.first[context])  # type: ignore[attr-defined]
    while slot >= 0:
        yield slot
        slot = int(table.after[slot])  # type: ignore[attr-defined]


def _with_contact(history: History, level: Level, *, use_text: bool) -> History:
    """Leave out cases without a right contact: they can neither train nor be judged."""
    label = history.unit if level == "unit" else history.person
    kept = some_of(history, np.flatnonzero(label.codes >= 0))
    return kept if use_text else replace(kept, text=None)


def _in_time(rows: Rows, n_train: int) -> Iterator[tuple[int, bool]]:
    """Go through the later cases in time: (case, True) is judged, (case, False) learnt."""
    begin = int(rows.asked_at[n_train]) if n_train < rows.n else 0
    is_learnt = (np.arange(rows.n) < n_train) & (rows.known_at < begin)
    later = np.flatnonzero(~is_learnt)
    later = later[np.argsort(rows.known_at[later], kind="stable")]
    asks = ((int(rows.asked_at[i]), 0, int(i)) for i in range(n_train, rows.n))
    learns = ((int(rows.known_at[i]), 1, int(i)) for i in later)
    for _, kind, i in heapq.merge(asks, learns):
        yield i, kind == 0


def _request(rows: Rows, i: int, first_known: bool, tossed: bool) -> Request:
    first = rows.first(i)
    at_us = int(rows.history.opened[i]) if rows.history.has_clock else None
    return Request(
        at_us=at_us,
        attributes=rows.values(i),
        text=rows.text_of(i),
        first_contact=first if first_known and not tossed else None,
        tried=(first,) if tossed and first is not None else (),
    )


def closed_of(rows: Rows, i: int) -> Closed:
    """Return a closed case as a router learns it."""
    request = Request(attributes=rows.values(i), text=rows.text_of(i))
    labels = rows.label.labels
    return Closed(
        request,
        rows.contact(i) or "",
        int(rows.known_at[i]) if rows.history.has_clock else 0,
        path=tuple(labels[c] for c in rows.path.row(i)),
        case_id=rows.history.case_ids[i],
        unit=rows.unit(i),
    )


def _judge(router: Router, rows: Rows, i: int, request: Request, judged: Judged) -> None:
    right = rows.contact(i) or ""
    begin = time.perf_counter()
    ranking = router.rank(request, top=3)
    judged.latency_ms.append(1000 * (time.perf_counter() - begin))
    names = [c.contact for c in ranking.candidates]
    all_names, shares = _all(router, request) if right not in names else (names, None)
    rank = all_names.index(right) if right in all_names else NOT_LISTED
    share = 0.0
    if rank < len(ranking.candidates):
        share = ranking.candidates[rank].probability
    elif rank < NOT_LISTED and shares is not None:
        share = float(shares[rank])
    others = rows.others(i)
    judged.asked_at.append(int(rows.history.opened[i]))
    judged.rank.append(rank)
    judged.probability.append(ranking.candidates[0].probability if names else 0.0)
    judged.of_right.append(share)
    judged.is_candidate.append(rank < NOT_LISTED)
    judged.seen.append(router.experts.code(right) >= 0)
    judged.human_wrong.append(len(others))
    judged.human_first.append(rows.first(i) == right)
    judged.suggested.append(names[0] if names else "")


def _all(router: Router, request: Request) -> tuple[list[str], NDArray[np.float64]]:
    asked, shares, _ = router.ask(request, router.head_of(request))
    order = np.argsort(-shares, kind="stable")
    return [router.experts.contacts[c] for c in asked.contacts[order]], shares[order]


def _drift(judged: Judged, *, has_clock: bool) -> tuple[Drift, ...]:
    """Return the measures per month; a log without a clock is cut into ten parts."""
    at = np.array(judged.asked_at)
    start, end = int(at.min()), int(at.max())
    step = MONTH_US if has_clock else max(1, (end - start) // 10 + 1)
    place = (at - start) // step
    return tuple(
        Drift(start + int(m) * step, scores_of(judged, place == m)) for m in np.unique(place)
    )
