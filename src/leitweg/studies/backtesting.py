"""How good would the router have been? Each later case is judged, then learnt, and summed up.

Cases of the workspace -> backtest -> what may leave -> document, picture, page. Method:
docs/methods/routing-answers.md.
"""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from leitweg.charts.backtest import draw_backtest
from leitweg.domain.access import OWNER, Asker
from leitweg.domain.errors import QuestionError
from leitweg.domain.progress import Progress, silent
from leitweg.domain.routing import LEVELS, History, Level
from leitweg.domain.routing_answers import (
    BacktestSums,
    CoveragePoint,
    DriftMonth,
    ReleasedBacktest,
    ReliabilityBin,
)
from leitweg.language.forms import moment
from leitweg.privacy.release_backtest import release_backtest
from leitweg.reports.backtest import backtest_html
from leitweg.routing import backtest as judging
from leitweg.store import Workspace, open_workspace
from leitweg.studies.asking import asking
from leitweg.studies.json_forms import Json
from leitweg.studies.router_history import history_at
from leitweg.studies.writing_out import check_ending, whole_file

LABELS = ("known", "immediate")
PICTURE_ENDING = ".svg"
ENDINGS = (".html", PICTURE_ENDING)
POINTS, BINS = 50, 10
SHARES = (0.05, 0.95)
NOT_SCORED = ("n", "load_inequality")


def backtest(
    workspace: Path,
    *,
    level: Level = "unit",
    train_share: float = 0.8,
    labels: str = "known",
    first_contact_known: bool = False,
    tossed_only: bool = False,
    use_text: bool = True,
    seed: int = 0,
    progress: Progress = silent,
    asker: Asker = OWNER,
) -> ReleasedBacktest:
    """Answer: how good would the router have been on the cases of this workspace?

    Parameters
    ----------
    workspace
        Folder of the workspace.
    level
        ``unit`` or ``person``.
    train_share
        Share of the cases, in order of opening, that is learnt before the first one is judged.
    labels
        ``known``: a judged case is learnt when it was resolved. ``immediate``: at once, which is
        comparable with published figures and optimistic where cases stay open for long.
    first_contact_known
        The contact that people chose first is known.
    tossed_only
        Only cases that were handed on; their first contact counts as tried.
    use_text
        Use the texts of requests, where there are any.
    seed
        Of the learning.
    asker
        Who asks, in which role.

    Returns
    -------
    ReleasedBacktest
        Sums over all judged cases; nothing about single contacts.

    Raises
    ------
    QuestionError
        ``unknown-level``, ``unknown-labels``, ``bad-train-share``, ``nothing-to-learn``,
        ``nothing-to-judge``.
    AccessError
        ``purpose-off``; ``not-allowed``; ``unknown-role``.
    """
    _check(level, labels, train_share)
    place = open_workspace(workspace)
    question: Json = {
        "level": level,
        "train_share": train_share,
        "labels": labels,
        "first_contact_known": first_contact_known,
        "tossed_only": tossed_only,
        "no_text": not use_text,
        "seed": seed,
    }
    with asking(place, "backtest", asker=asker, question=question) as asked:
        history = history_at(place, with_text=use_text)
        found = judging.backtest(
            history,
            level=level,
            train_share=train_share,
            labels=labels,
            first_contact_known=first_contact_known,
            tossed_only=tossed_only,
            use_text=use_text,
            seed=seed,
            progress=progress,
        )
        released = _released(place, found, question, history)
        asked.note(values=len(released.figures), held_back=int(bool(released.notes)))
    return released


def _check(level: str, labels: str, train_share: float) -> None:
    if level not in LEVELS:
        raise QuestionError(
            f"There is no level '{level}'; choose unit or person.",
            code="unknown-level",
            level=level,
        )
    if labels not in LABELS:
        raise QuestionError(
            f"There are no labels '{labels}'; choose known or immediate.",
            code="unknown-labels",
            labels=labels,
        )
    low, high = SHARES
    if not low <= train_share <= high:
        raise QuestionError(
            f"--train-share {train_share}: the share of the cases to learn from lies between {low} "
            f"and {high}.",
            code="bad-train-share",
            share=train_share,
            low=low,
            high=high,
        )


def _released(
    place: Workspace, found: judging.Backtest, question: Json, history: History
) -> ReleasedBacktest:
    """Return the sums as they may leave."""
    scores = {n: v for n, v in asdict(found.scores).items() if n not in NOT_SCORED}
    p = np.array(found.judged.probability)
    right = np.array(found.judged.rank) == 0
    sums = BacktestSums(
        profile=place.profile,
        level=found.level,
        labels=found.labels,
        question=question,
        n_train=found.n_train,
        n_test=found.n_test,
        figures=scores,
        baselines=found.baselines,
        latency_ms={"p50": found.latency_ms_p50, "p99": found.latency_ms_p99},
        fit_seconds=found.fit_seconds,
        curve=_curve(p, right),
        bins=_bins(p, right),
        drift=tuple(_month(i, part, history) for i, part in enumerate(found.drift, 1)),
    )
    return release_backtest(sums, resolvers=_resolvers(history))


def _resolvers(history: History) -> list[str]:
    codes = np.unique(history.person.codes)
    return [history.person.labels[code] for code in codes[codes >= 0].tolist()]


def _curve(p: NDArray[np.float64], right: NDArray[np.bool_]) -> tuple[CoveragePoint, ...]:
    """Return how many of the surest are right, from the surest few to all."""
    order = np.argsort(-p, kind="stable")
    hits = np.cumsum(right[order])
    ends = np.unique(np.ceil(np.linspace(0, 1, POINTS + 1)[1:] * p.size).astype(int))
    return tuple(
        CoveragePoint(float(p[order[end - 1]]), end / p.size, float(hits[end - 1] / end))
        for end in ends.tolist()
    )


def _bins(p: NDArray[np.float64], right: NDArray[np.bool_]) -> tuple[ReliabilityBin, ...]:
    """Return ten bins of equal width by the probability told."""
    place = np.minimum((p * BINS).astype(int), BINS - 1)
    return tuple(
        ReliabilityBin(float(p[place == b].mean()), float(right[place == b].mean()), int(n))
        for b, n in enumerate(np.bincount(place, minlength=BINS).tolist())
        if n
    )


def _month(number: int, part: judging.Drift, history: History) -> DriftMonth:
    """Return a month by its first day; of a log without a clock a part by its number."""
    name = moment(part.start).date().isoformat() if history.has_clock else str(number)
    found = part.scores
    return DriftMonth(
        name,
        found.n,
        found.top1,
        found.top3,
        found.log_loss,
        found.ece,
        found.candidate_recall,
        found.unseen_share,
        found.load_inequality,
    )


def backtest_document(released: ReleasedBacktest, language: str = "en") -> Json:
    """Return a backtest as JSON: the keys of the contract, then curve, bins and months."""
    return {
        "profile": released.profile,
        "language": language,
        "level": released.level,
        "labels": released.labels,
        "question": dict(released.question),
        "n_train": released.n_train,
        "n_test": released.n_test,
        **released.figures,
        "latency_ms": dict(released.latency_ms),
        "fit_seconds": released.fit_seconds,
        "baselines": {name: dict(values) for name, values in released.baselines.items()},
        "coverage_curve": [asdict(point) for point in released.curve],
        "reliability": [asdict(b) for b in released.bins],
        "drift": [asdict(month) for month in released.drift],
        **({"held_back": released.notes[0]} if released.notes else {}),
    }


def check_backtest_files(out: Path | None, picture: Path | None) -> None:
    """Refuse names that do not say what to write, before anything is judged.

    Raises
    ------
    QuestionError
        ``unknown-ending``.
    """
    if out is not None:
        check_ending(out, ENDINGS)
    if picture is not None:
        check_ending(picture, (PICTURE_ENDING,))


def write_backtest(
    released: ReleasedBacktest, out: Path, *, language: str = "en", at: datetime | None = None
) -> Path:
    """Write a backtest, whole or not at all; return where.

    A name that ends in ``.svg`` gets the picture, one in ``.html`` the page with it.

    Raises
    ------
    QuestionError
        ``unknown-ending``, ``no-figures-to-draw`` or ``unwritable``.
    """
    check_ending(out, ENDINGS)
    if out.suffix.lower() == PICTURE_ENDING:
        picture = draw_backtest(released, language)
        if picture is None:
            raise QuestionError(
                "No figure of this backtest may be shown, so that there is nothing to draw.",
                code="no-figures-to-draw",
            )
        text = picture.svg
    else:
        text = backtest_html(released, language, at or datetime.now(UTC))
    with whole_file(out) as written:
        written.write_text(text, encoding="utf-8")
    return out
