"""How does the router learn from a history? Count, then ask later cases, then weigh the answers.

The weights of the combiner are fitted on the latest cases, each asked before it was learnt, so
that they see the experts as good as they are on cases they do not know, and learning as late as
they do at present (`leitweg.routing.delays`). In a log of the cases that were closed in one month
they would else meet experts that know next to nothing yet, and learn to distrust them.
Method: docs/methods/routing.md.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from leitweg.domain.errors import QuestionError
from leitweg.domain.progress import Progress, silent
from leitweg.domain.routing import History, Level, Profile
from leitweg.routing.calibration import WANTED_ACCURACY
from leitweg.routing.contexts import (
    FIRST,
    HANDED,
    UNIT,
    choose_kinds,
    usable_attributes,
    with_circumstances,
)
from leitweg.routing.experts import Experts
from leitweg.routing.first_lessons import by_known, fit_words, learn_before, learn_profiles
from leitweg.routing.latest import MOST_LATEST, Latest, ask_latest
from leitweg.routing.router import Head, Router, top_shares
from leitweg.routing.rows import NEVER, Rows
from leitweg.routing.weighing import HEADS, answers_by_head, head_of

LATEST_SHARE = 0.3
"""The latest cases, on which the weights are fitted."""
LEAST_KNOWN = 100
"""With fewer cases all of them are counted, and the weights that hold without data are kept."""

Int64 = NDArray[np.int64]
Shares = Mapping[str, float]


@dataclass(frozen=True)
class _Plan:
    """What one level learns from: those of the first ``train`` rows that are known."""

    rows: Rows
    level: Level
    train: int
    seed: int
    profiles: Sequence[Profile]
    wanted: float
    progress: Progress
    is_above: bool = False
    """Persons are learnt with what this level says of their units."""


def fit(
    history: History,
    *,
    level: Level,
    seed: int = 0,
    profiles: Sequence[Profile] = (),
    wanted_accuracy: float = WANTED_ACCURACY,
    progress: Progress = silent,
) -> Router:
    """Learn from closed cases who the right contact is.

    Parameters
    ----------
    history
        Closed cases, open ones are left out.
    level
        ``unit`` or ``person``.
    seed
        Of the classifier of words.
    profiles
        What is said of contacts before they resolved anything (docs/methods/cold-start.md).
    wanted_accuracy
        Share of right ones wanted among the requests that are not left to a human.

    Raises
    ------
    QuestionError
        ``nothing-to-learn``: no closed case names a contact of this level, and no profile does.
    """
    rows = rows_for(history, level)
    return fit_rows(
        rows, level, seed=seed, profiles=profiles, wanted=wanted_accuracy, progress=progress
    )


def rows_for(
    history: History, level: Level, *, immediate: bool = False, train: int | None = None
) -> Rows:
    """Return the cases at one level; attributes are chosen by the first ``train`` ones."""
    rows = Rows(history, level, history.attributes, immediate=immediate)
    until = slice(0, train)
    seen = _first_rows(history, train) if train is not None else history
    rows.attributes = {
        name: history.attributes[name]
        for name in usable_attributes(seen, rows.label, rows.first_codes()[until])
    }
    return rows


def fit_rows(
    rows: Rows,
    level: Level,
    *,
    train: int | None = None,
    seed: int = 0,
    profiles: Sequence[Profile] = (),
    wanted: float = WANTED_ACCURACY,
    progress: Progress = silent,
) -> Router:
    """Learn from the first ``train`` rows, as far as they are known when the next one arrives."""
    train = rows.n if train is None else train
    now = int(rows.asked_at[train]) if train < rows.n else NEVER
    rows = rows.learnt_as_of(now)
    plan = _Plan(rows, level, train, seed, profiles, wanted, progress)
    unit_rows = _unit_rows(rows, level)
    if unit_rows is None:
        return _fit_level(plan, None, {})[0]
    above = replace(plan, rows=unit_rows, level="unit", is_above=True)
    unit_router, shares = _fit_level(above, None, {})
    return _fit_level(plan, unit_router, shares)[0]


def _unit_rows(rows: Rows, level: Level) -> Rows | None:
    """Return the same cases at the level of units, where persons belong to several."""
    codes = rows.history.unit.codes
    if level == "unit" or np.unique(codes[codes >= 0]).size < 2:
        return None
    unit_rows = Rows(rows.history, "unit", rows.attributes)
    unit_rows.asked_at, unit_rows.known_at = rows.asked_at, rows.known_at
    unit_rows.resolved_at = rows.resolved_at
    return unit_rows


def _fit_level(
    plan: _Plan, unit_router: Router | None, unit_shares: Mapping[int, Shares]
) -> tuple[Router, dict[int, Shares]]:
    rows, progress = plan.rows, plan.progress
    known = rows.has_contact() & (np.arange(rows.n) < plan.train) & (rows.known_at < NEVER)
    _check_lessons(known, plan)
    latest = _latest(known, plan.train)
    router = _empty_router(plan, unit_router, np.flatnonzero(known), latest)
    experts = router.experts
    begin = int(rows.asked_at[latest]) if latest < rows.n else NEVER
    before = by_known(rows, np.flatnonzero(known & (rows.known_at < begin)))
    own = _profiles_of(plan)
    learn_before(rows, experts, before)
    learn_profiles(experts, own)
    fit_words(rows, experts, before, own, plan.seed)
    asked = ask_latest(
        *(rows, experts, known, latest, plan.train),
        unit_shares=unit_shares,
        progress=plan.progress,
    )
    progress("weigh", 0, 1)
    _weigh(router, asked, plan.wanted)
    shares = _unit_shares(router, asked) if plan.is_above else {}
    after = by_known(rows, np.flatnonzero(known))
    if latest < plan.train:
        fit_words(rows, experts, after, own, plan.seed)
    router.last_us = int(rows.resolved_at[after].max(initial=0)) if rows.history.has_clock else 0
    router.wrong_on_human_way = _wrong_on_way(rows, after)
    progress("weigh", 1, 1)
    return router, shares


def _check_lessons(known: NDArray[np.bool_], plan: _Plan) -> None:
    if not known.any() and not plan.profiles:
        raise QuestionError(
            f"No closed case names a {plan.level}, so that there is nothing to learn from; ask at "
            "the other level (unit or person), import closed cases, or describe the contacts in a "
            "roster.",
            code="nothing-to-learn",
            level=plan.level,
        )


def _profiles_of(plan: _Plan) -> tuple[Profile, ...]:
    """Return the profiles of contacts of this level: those of persons name their unit."""
    units = set(plan.rows.history.unit.labels) | {p.unit for p in plan.profiles}
    if plan.level == "person":
        return tuple(p for p in plan.profiles if p.contact not in units)
    return tuple(p for p in plan.profiles if p.unit is None)


def _weigh(router: Router, asked: Latest, wanted: float) -> None:
    """Weigh what was answered about the latest cases, in each circumstance."""
    experts = router.experts
    answers = answers_by_head(experts, asked)
    with ThreadPoolExecutor(len(HEADS)) as side_by_side:
        heads = side_by_side.map(lambda head: head_of(experts, answers[head], wanted), HEADS)
        router.heads.update({n: Head(w, c, c) for n, (w, c) in zip(HEADS, heads, strict=True)})


def _latest(known: NDArray[np.bool_], train: int) -> int:
    """Return the first of the latest cases: from it on they are asked before they are learnt."""
    places = np.flatnonzero(known)
    if places.size < LEAST_KNOWN:
        return train
    return int(places[-min(MOST_LATEST, int(LATEST_SHARE * places.size))])


def _empty_router(plan: _Plan, unit_router: Router | None, known: Int64, latest: int) -> Router:
    """Choose the contexts by the cases before the latest ones."""
    rows = plan.rows
    early = known[known < latest]
    until = int(early[-1]) + 1 if early.size else 0
    label = np.full(until, -1, np.int64)
    label[early] = rows.label.codes[early]
    columns = {n: type(c)(c.codes[:until], c.labels) for n, c in rows.attributes.items()}
    kinds = choose_kinds(columns, label, max(len(rows.label.labels), 1))
    circumstances = [FIRST, HANDED, *([UNIT] if unit_router is not None else [])]
    kinds = with_circumstances(kinds, circumstances)
    used = sorted({name for kind in kinds for name in kind.names if not name.startswith("@")})
    return Router(plan.level, Experts(kinds, ()), {}, tuple(used), unit_router=unit_router)


def _unit_shares(router: Router, asked: Latest) -> dict[int, Shares]:
    """Return the probability of each likely unit for the latest cases, asked before learnt."""
    head, found = router.heads["arrival"], asked.found
    shares: dict[int, Shares] = {}
    for a in np.flatnonzero(~asked.is_tried & (found.end > found.begin)):
        rows = slice(found.begin[a], found.end[a])
        scores = head.weights.scores(found.features[rows])
        of_each, _ = head.calibration.probabilities(scores, int(found.uses[a]))
        names, contacts = router.experts.contacts, found.contacts[rows]
        shares[int(asked.case[a])] = top_shares(names, contacts, of_each) or {}
    return shares


def _wrong_on_way(rows: Rows, known: Int64) -> float:
    """Mean number of wrong contacts on the ways of people, where there were any."""
    row, _, _ = rows.handed(known)
    wrong = np.bincount(row, minlength=known.size)
    return float(wrong[wrong > 0].mean()) if (wrong > 0).any() else 1.0


def _first_rows(history: History, n: int) -> History:
    attributes = {name: type(c)(c.codes[:n], c.labels) for name, c in history.attributes.items()}
    return History(
        history.case_ids[:n],
        history.opened[:n],
        history.closed[:n],
        attributes,
        None,
        history.unit,
        history.person,
        history.unit_path,
        history.person_path,
        history.person_unit,
        history.has_clock,
    )
