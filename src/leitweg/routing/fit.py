"""How does the router learn from a history? Count, then ask later cases, then weigh the answers.

The weights of the combiner are fitted on the latest cases, each asked before it was learnt, so
that they see the experts as good as they are on cases they do not know.
Method: docs/methods/routing.md.
"""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from leitweg.domain.errors import QuestionError
from leitweg.domain.progress import Progress, silent
from leitweg.domain.routing import History, Level, Profile
from leitweg.routing.calibration import (
    WANTED_ACCURACY,
    Calibration,
    fit_calibration,
    thresholds_for,
)
from leitweg.routing.contexts import (
    FIRST,
    HANDED,
    UNIT,
    choose_kinds,
    usable_attributes,
    with_circumstances,
)
from leitweg.routing.counts import WIDTH
from leitweg.routing.experts import EXTRAS, Asked, Experts, prior_of
from leitweg.routing.history import rows_of
from leitweg.routing.linear_words import LinearWords
from leitweg.routing.logit import STRENGTHS, Choices, Weights, fit_weights, log_losses
from leitweg.routing.nearest_cases import NearestCases
from leitweg.routing.router import HEADS, Head, Router, top_shares
from leitweg.routing.rows import Rows

LATEST_SHARE, MOST_LATEST = 0.3, 10_000
"""The latest cases, on which the weights are fitted."""
WEIGHED = 48
"""Candidates of a request that the weights are fitted on."""
MOST_FIRST = 4_000
"""Requests that the weights for a known first contact are fitted on."""
CALIBRATED_SHARE = 0.3
"""Of them, the part that calibrates weights fitted on the rest."""

Int64 = NDArray[np.int64]


@dataclass
class _Answers:
    """What was asked about the latest cases in one circumstance, one list entry per request.

    ``used`` are the features of the circumstance; ``prior`` weighs all features. ``right`` is the
    place of the right contact among the candidates, -1 where it is none.
    """

    used: NDArray[np.bool_]
    prior: NDArray[np.float64]
    features: list[NDArray[np.float32]] = field(default_factory=list)
    contacts: list[NDArray[np.int32]] = field(default_factory=list)
    right: list[int] = field(default_factory=list)
    uses: list[int] = field(default_factory=list)

    def add(self, asked: Asked, right: int, uses: int) -> None:
        features, contacts = asked.features, asked.contacts
        if contacts.size > WEIGHED:
            # the unlikely ones hardly count in the likelihood and would cost most of the time
            score = features @ self.prior.astype(np.float32)
            score[contacts == right] = np.inf
            kept = np.argpartition(-score, WEIGHED - 1)[:WEIGHED]
            features, contacts = features[kept], contacts[kept]
        if contacts.size:
            place = np.flatnonzero(contacts == right)
            self.features.append(features[:, self.used])
            self.contacts.append(contacts)
            self.right.append(int(place[0]) if place.size else -1)
            self.uses.append(uses)


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
    now = int(rows.asked_at[train]) if train < rows.n else np.iinfo(np.int64).max
    unit_rows = _unit_rows(rows, level)
    unit_router: Router | None = None
    unit_answers: dict[int, Mapping[str, float]] = {}
    if unit_rows is not None:
        unit_router, unit_answers = _fit_level(
            unit_rows, "unit", None, {}, train, now, seed, profiles, wanted, progress, True
        )
    router, _ = _fit_level(
        rows, level, unit_router, unit_answers, train, now, seed, profiles, wanted, progress, False
    )
    return router


def _unit_rows(rows: Rows, level: Level) -> Rows | None:
    codes = rows.history.unit.codes
    if level == "unit" or np.unique(codes[codes >= 0]).size < 2:
        return None
    unit_rows = Rows(rows.history, "unit", rows.attributes)
    unit_rows.asked_at, unit_rows.known_at = rows.asked_at, rows.known_at
    return unit_rows


def _fit_level(
    rows: Rows,
    level: Level,
    unit_router: Router | None,
    unit_answers: Mapping[int, Mapping[str, float]],
    train: int,
    now: int,
    seed: int,
    profiles: Sequence[Profile],
    wanted: float,
    progress: Progress,
    keep_asked: bool,
) -> tuple[Router, dict[int, Mapping[str, float]]]:
    known = rows.has_contact() & (np.arange(rows.n) < train) & (rows.known_at < now)
    if not known.any() and not profiles:
        raise QuestionError(
            f"No closed case names a {level}, so that there is nothing to learn from; import "
            "closed cases, or describe the contacts in a roster.",
            code="nothing-to-learn",
            level=level,
        )
    latest = _latest(known, train)
    router = _empty_router(rows, level, unit_router, np.flatnonzero(known), latest)
    experts = router.experts
    begin = int(rows.asked_at[latest]) if latest < rows.n else np.iinfo(np.int64).max
    before = _by_known(rows, np.flatnonzero(known & (rows.known_at < begin)))
    _learn_before(rows, experts, before, seed)
    prior = prior_of(experts.kinds)
    answers = {head: _Answers(~_hidden(experts, head), prior) for head in HEADS}
    kept_asked: dict[int, tuple[Asked, int]] = {}
    progress("ask-latest", 0, max(train - latest, 1))
    for i, is_asked in _in_time(rows, known, latest, train, before):
        if is_asked:
            asked = _ask(rows, router, i, unit_answers.get(i), answers)
            if keep_asked:
                kept_asked[i] = asked
            if i % 500 == 0:
                progress("ask-latest", i - latest, train - latest)
        else:
            _learn(rows, experts, i)
    progress("weigh", 0, 1)
    with ThreadPoolExecutor(len(HEADS)) as side_by_side:
        heads = side_by_side.map(lambda head: _head(experts, answers[head], wanted), HEADS)
        router.heads.update(zip(HEADS, heads, strict=True))
    after = _by_known(rows, np.flatnonzero(known))
    _fit_words(rows, experts, after, seed)
    router.last_us = int(rows.known_at[after].max(initial=0)) if rows.history.has_clock else 0
    router.wrong_on_human_way = _wrong_on_way(rows, after)
    progress("weigh", 1, 1)
    return router, _unit_shares(router, kept_asked)


def _latest(known: NDArray[np.bool_], train: int) -> int:
    """Return the first of the latest cases: from it on they are asked before they are learnt."""
    n_latest = min(MOST_LATEST, int(LATEST_SHARE * known[:train].sum()))
    places = np.flatnonzero(known)
    return int(places[-n_latest]) if n_latest else train


def _empty_router(
    rows: Rows, level: Level, unit_router: Router | None, known: Int64, latest: int
) -> Router:
    early = known[known < latest] if (known < latest).any() else known
    label = np.full(rows.n, -1, np.int64)
    label[early] = rows.label.codes[early]
    until = int(early[-1]) + 1 if early.size else 0
    columns = {n: type(c)(c.codes[:until], c.labels) for n, c in rows.attributes.items()}
    kinds = choose_kinds(columns, label[:until], max(len(rows.label.labels), 1))
    circumstances = [FIRST, HANDED, *([UNIT] if unit_router is not None else [])]
    kinds = with_circumstances(kinds, circumstances)
    used = sorted({name for kind in kinds for name in kind.names if not name.startswith("@")})
    experts = Experts(kinds, ())
    return Router(level, experts, {}, tuple(used), unit_router=unit_router)


def _learn_before(rows: Rows, experts: Experts, before: Int64, seed: int) -> None:
    """Learn what was known before the latest cases, all at once."""
    codes = rows.label.codes[before]
    used, first_seen, dense = np.unique(codes, return_index=True, return_inverse=True)
    order = np.argsort(first_seen)
    for code in used[order]:
        experts.code(rows.label.labels[code], adding=True)
    place = np.empty(used.size, np.int32)
    place[order] = np.arange(used.size)
    contact = place[dense] if used.size else np.zeros(0, np.int32)
    at_us = rows.known_at[before] if rows.history.has_clock else np.zeros(before.size, np.int64)
    if before.size:
        experts.learn_many(rows.columns(before), contact, at_us, rows.handed(before))
    for i in before if rows.has_units else ():
        unit = rows.unit(i)
        if unit is not None:
            experts.unit_of[experts.code(rows.contact(i) or "")] = unit
    _fit_words(rows, experts, before, seed)


def _fit_words(rows: Rows, experts: Experts, known: Int64, seed: int) -> None:
    """Fit the classifier of words and the index of cases anew."""
    if rows.text is None:
        return
    texts = rows_of(rows.text, known)
    labels = np.array([experts.code(rows.contact(i) or "") for i in known], np.int32)
    n = len(experts.contacts)
    experts.words = LinearWords.fit(texts, labels, n, seed=seed)
    experts.cases = NearestCases.fit(texts, labels, numbers=np.arange(known.size))
    experts.case_ids = [rows.history.case_ids[i] for i in known]


def _by_known(rows: Rows, which: Int64) -> Int64:
    """Return cases in the order in which their right contact became known."""
    return which[np.argsort(rows.known_at[which], kind="stable")]


def _in_time(
    rows: Rows, known: NDArray[np.bool_], latest: int, train: int, before: Int64
) -> Iterator[tuple[int, bool]]:
    """Go through the latest cases in time: (case, True) asks, (case, False) learns."""
    is_before = np.zeros(rows.n, dtype=bool)
    is_before[before] = True
    learnt = _by_known(rows, np.flatnonzero(known & ~is_before))
    asked = np.arange(latest, train)
    asks = ((int(rows.asked_at[i]), 0, int(i)) for i in asked)
    learns = ((int(rows.known_at[i]), 1, int(i)) for i in learnt)
    for _, kind, i in heapq.merge(asks, learns):
        yield i, kind == 0


def _ask(
    rows: Rows,
    router: Router,
    i: int,
    unit_shares: Mapping[str, float] | None,
    answers: Mapping[str, _Answers],
) -> tuple[Asked, int]:
    """Ask about one case in each circumstance that it was in."""
    experts, values, text = router.experts, rows.values(i), rows.text_of(i)
    right = rows.contact(i)
    code = -1 if right is None else experts.code(right)
    every = max(1, MOST_LATEST // MOST_FIRST) if rows.n > MOST_LATEST else 1
    first = rows.first(i)
    holder = -1 if first is None else experts.code(first)
    known = values if first is None else {**values, FIRST: first}
    asked = experts.ask(known, text, first=holder, unit_shares=unit_shares)
    uses = router.uses(asked)
    if right is None:
        return asked, uses
    answers["arrival"].add(asked, code, uses)
    if first is not None and i % every == 0:
        answers["first"].add(asked, code, uses)
    if first is not None and first != right:
        tried = experts.ask({**values, HANDED: first}, text, unit_shares=unit_shares)
        tried = tried.without(np.array([holder], np.int32))
        answers["tried"].add(tried, code, router.uses(tried))
    return asked, uses


def _learn(rows: Rows, experts: Experts, i: int) -> None:
    right = rows.contact(i)
    if right is None:
        return
    values, first = rows.values(i), rows.first(i)
    if first is not None:
        values[FIRST] = first
    experts.learn(
        values,
        rows.text_of(i),
        right,
        int(rows.known_at[i]) if rows.history.has_clock else 0,
        handed_by=rows.others(i),
        unit=rows.unit(i),
        case_id=rows.history.case_ids[i],
    )


def _head(experts: Experts, answers: _Answers, wanted: float) -> Head:
    """Fit the weights on the earlier answers, the calibration on the later, then all weights."""
    prior, used = answers.prior, answers.used
    n = len(answers.right)
    if n == 0:
        return Head(Weights(np.where(used, prior, 0.0)), Calibration())
    split = round((1 - CALIBRATED_SHARE) * n)
    strength, early = _validated(answers, split, prior[used])
    calibration = _calibration(experts, answers, split, early, wanted)
    found = fit_weights(_choices(answers, 0, n), prior[used], strength=strength, begin=early)
    weights = np.zeros(used.size)
    weights[used] = found.per_unit
    return Head(Weights(weights), calibration)


def _hidden(experts: Experts, head: str) -> NDArray[np.bool_]:
    """Return which features a circumstance does not have."""
    kinds = [
        (kind.needs(FIRST) and head != "first") or (kind.needs(HANDED) and head != "tried")
        for kind in experts.kinds
    ]
    extras = np.zeros(experts.n_features - len(kinds) * WIDTH, dtype=bool)
    extras[EXTRAS.index("is_first")] = head != "first"
    return np.concatenate([np.repeat(kinds, WIDTH), extras])


def _validated(answers: _Answers, split: int, prior: NDArray[np.float64]) -> tuple[float, Weights]:
    """Fit on the earlier answers with each strength; keep what the later ones like best."""
    early, later = _choices(answers, 0, split), _choices(answers, split, len(answers.right))
    weights: Weights | None = None
    tried = []
    for strength in STRENGTHS:
        weights = fit_weights(early, prior, strength=strength, begin=weights)
        tried.append((log_losses(later, weights), strength, weights))
    _, strength, weights = min(tried, key=lambda one: one[0])
    return strength, weights


def _choices(answers: _Answers, start: int, end: int) -> Choices:
    """Return the requests of a stretch whose right contact was a candidate."""
    found = [i for i in range(start, end) if answers.right[i] >= 0]
    parts = [answers.features[i] for i in found]
    offsets = np.cumsum([0, *(len(part) for part in parts)]).astype(np.int64)
    chosen = offsets[:-1] + np.array([answers.right[i] for i in found], np.int64)
    nothing = np.zeros((0, int(answers.used.sum())), np.float32)
    return Choices(np.concatenate([nothing, *parts]), offsets, chosen)


def _calibration(
    experts: Experts,
    answers: _Answers,
    start: int,
    weights: Weights,
    wanted: float,
) -> Calibration:
    features = answers.features[start:]
    if not features:
        return Calibration()
    offsets = np.cumsum([0, *(len(f) for f in features)]).astype(np.int64)
    right = np.array(answers.right[start:], np.int64)
    chosen = np.where(right >= 0, offsets[:-1] + right, -1)
    scores = weights.scores(np.concatenate(features))
    uses = np.array(answers.uses[start:], np.int64)
    temperature, newness = fit_calibration(scores, offsets, chosen, uses, chosen < 0)
    made = Calibration(temperature, newness)
    pieces = np.split(scores, offsets[1:-1])
    top = np.array([int(piece.argmax()) for piece in pieces])
    p = [made.probabilities(s, int(u))[0].max() for s, u in zip(pieces, uses, strict=True)]
    contacts = answers.contacts[start:]
    names = [experts.contacts[c[j]] for c, j in zip(contacts, top, strict=True)]
    overall, own = thresholds_for(np.array(p), top == right, np.array(names), wanted)
    return Calibration(temperature, newness, overall, own)


def _unit_shares(
    router: Router, asked: Mapping[int, tuple[Asked, int]]
) -> dict[int, Mapping[str, float]]:
    """Return the probability of each likely unit for the latest cases, asked before learnt."""
    head = router.heads["arrival"]
    found = {}
    for i, (one, uses) in asked.items():
        if one.contacts.size:
            shares, _ = head.calibration.probabilities(head.weights.scores(one.features), uses)
            found[i] = top_shares(router.experts.contacts, one, shares) or {}
    return found


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
