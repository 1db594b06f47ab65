"""What do the experts say of the latest cases, each asked before it is learnt?

Method: docs/methods/routing.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leitweg.domain.progress import Progress
from leitweg.domain.routing import Coded
from leitweg.routing.contexts import FIRST, HANDED, UNIT
from leitweg.routing.count_loops import NONE
from leitweg.routing.experts import Experts
from leitweg.routing.first_lessons import by_known, contact_codes
from leitweg.routing.latest_loops import Asks, Found, Lessons
from leitweg.routing.rows import Rows

MOST_LATEST = 8_000
"""Cases that are asked before they are learnt."""
WEIGHED = 48
"""Candidates of such a case: more would cost time and change no weight."""
BLOCK = 1_000
"""Texts are read so many cases at a time."""

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
Flags = NDArray[np.bool_]
Shares = Mapping[str, float]


@dataclass(frozen=True)
class Latest:
    """What was asked about the latest cases, in order, and what was found.

    Attributes
    ----------
    case
        Row of the case of each request.
    is_tried
        The request was asked as handed on by its first contact; else as it arrived.
    has_first
        The first contact was known.
    is_known
        The right contact was known when learning began.
    found
        The candidates.
    chosen
        Row of the right contact among the candidates, -1 where it is none.
    """

    case: Int64
    is_tried: Flags
    has_first: Flags
    is_known: Flags
    found: Found
    chosen: Int64


@dataclass(frozen=True)
class _Asked:
    case: Int64
    is_tried: Flags
    first: Int32
    right: Int32
    contexts: Int32


@dataclass(frozen=True)
class _Order:
    """The order of time: 1 asks and 0 learns, and the place among the requests or the lessons."""

    is_ask: Int64
    place: Int64


_Text = tuple[NDArray[np.float32], Int32, NDArray[np.float32]]
"""Scores of contacts by its words; contacts of the nearest cases, and their scores."""
_NO_TEXT: _Text = np.empty(0, np.float32), np.empty(0, np.int32), np.empty(0, np.float32)


def ask_latest(
    rows: Rows,
    experts: Experts,
    known: Flags,
    latest: int,
    train: int,
    unit_shares: Mapping[int, Shares],
    progress: Progress,
) -> Latest:
    """Ask about cases from row ``latest`` on in the order of time, and learn what becomes known.

    Parameters
    ----------
    known
        Cases whose right contact is known when learning begins; of them, those are learnt that
        were not known when the first of the latest cases arrived.
    unit_shares
        Probability of the likely units by case, where the level is the person.
    """
    begin = int(rows.asked_at[latest]) if latest < rows.n else np.iinfo(np.int64).max
    learnt = by_known(rows, np.flatnonzero(known & (rows.known_at >= begin)))
    lessons = _lessons(rows, experts, learnt)
    asked = _asked(rows, experts, known, np.arange(latest, train), unit_shares)
    found = _room(asked.case.size, experts)
    order = _in_time(rows, asked.case, learnt)
    place = np.zeros(3, np.int64)
    for start in range(0, order.is_ask.size, BLOCK):
        block = _Order(*(part[start : start + BLOCK] for part in (order.is_ask, order.place)))
        texts = _read(rows, experts, block, asked, learnt, lessons)
        asks = _asks(experts, asked, block, texts, unit_shares)
        # requests are numbered within their block, what is found over all
        first = int(place[0])
        here = Found(found.contacts, found.features, *(part[first:] for part in found[2:]))
        place[0] = 0
        experts.counts.go_through(
            *(asks, lessons, block.is_ask, place, here), unit_of=experts.unit_codes, most=WEIGHED
        )
        place[0] += first
        progress("ask-latest", min(start + BLOCK, order.place.size), order.place.size)
    experts.n_learnt += learnt.size
    return Latest(
        asked.case,
        asked.is_tried,
        asked.first >= 0,
        known[asked.case],
        found,
        _chosen(found, asked.right),
    )


def _lessons(rows: Rows, experts: Experts, learnt: Int64) -> Lessons:
    contact = contact_codes(rows, experts, learnt)
    contexts, handed, row = experts.contexts_of(rows.columns(learnt), contact, rows.handed(learnt))
    unit = np.full(learnt.size, NONE, np.int32)
    if rows.has_units:
        names = [rows.unit(int(i)) for i in learnt]
        unit[:] = [NONE if name is None else experts.unit_code(name) for name in names]
    at_us = rows.resolved_at[learnt] if rows.history.has_clock else np.zeros(learnt.size, np.int64)
    offsets = np.searchsorted(row, np.arange(learnt.size + 1))
    return Lessons(contexts, contact, unit, at_us, handed, offsets)


def _asked(
    rows: Rows, experts: Experts, known: Flags, cases: Int64, unit_shares: Mapping[int, Shares]
) -> _Asked:
    """Return every request in each circumstance that it was in, with the contexts of each."""
    code = np.array([*(experts.code(name) for name in rows.label.labels), NONE], np.int32)
    first = code[rows.first_codes()[cases]]
    right = np.where(known[cases], code[rows.label.codes[cases]], NONE).astype(np.int32)
    was_handed = known[cases] & (rows.first_codes()[cases] >= 0)
    was_handed &= rows.first_codes()[cases] != rows.label.codes[cases]
    columns = rows.columns(cases)
    columns.pop(UNIT, None)
    if unit_shares:
        columns[UNIT] = _likeliest_units(cases, unit_shares)
    arrived = experts.encoder.of_columns(columns, cases.size, adding=False)
    held = columns.pop(FIRST)
    on = experts.encoder.of_columns({**columns, HANDED: held}, cases.size, adding=False)
    # a case that was handed on is asked twice: as it arrived, and without its first contact
    times = 1 + was_handed
    place = np.repeat(np.arange(cases.size), times)
    again = np.zeros(place.size, dtype=bool)
    again[1:] = place[1:] == place[:-1]
    contexts = np.where(again[:, None], on[place], arrived[place])
    return _Asked(cases[place], again, first[place], right[place], contexts)


def _likeliest_units(cases: Int64, unit_shares: Mapping[int, Shares]) -> Coded:
    codes: dict[str, int] = {}
    found = np.full(cases.size, NONE, np.int32)
    for k, i in enumerate(cases.tolist()):
        shares = unit_shares.get(i)
        if shares:
            unit = max(shares, key=shares.__getitem__)
            found[k] = codes.setdefault(unit, len(codes))
    return Coded(found, tuple(codes))


def _in_time(rows: Rows, asked: Int64, learnt: Int64) -> _Order:
    is_ask = np.concatenate([np.ones(asked.size, np.int64), np.zeros(learnt.size, np.int64)])
    place = np.concatenate([np.arange(asked.size), np.arange(learnt.size)])
    at = np.concatenate([rows.asked_at[asked], rows.known_at[learnt]])
    order = np.lexsort((place, 1 - is_ask, at))
    return _Order(is_ask[order], place[order])


def _read(
    rows: Rows, experts: Experts, order: _Order, asked: _Asked, learnt: Int64, lessons: Lessons
) -> list[_Text]:
    """Return what is said of the text of each request, read before the next one is learnt."""
    if rows.text is None:
        return [_NO_TEXT] * int(order.is_ask.sum())
    found: list[_Text] = []
    last = -1
    for is_ask, k in zip(order.is_ask.tolist(), order.place.tolist(), strict=True):
        if not is_ask:
            i, code = int(learnt[k]), int(lessons.contact[k])
            experts.learn_text(rows.text_of(i), code, rows.history.case_ids[i])
            continue
        case = int(asked.case[k])
        if case == last:
            found.append(found[-1])
            continue
        last = case
        words, similar = experts.read(rows.text_of(case))
        near = _NO_TEXT[1:] if similar is None else (similar.labels, similar.scores)
        found.append((_NO_TEXT[0] if words is None else words, *near))
    return found


def _asks(
    experts: Experts,
    asked: _Asked,
    order: _Order,
    texts: Sequence[_Text],
    unit_shares: Mapping[int, Shares],
) -> Asks:
    which = order.place[order.is_ask == 1]
    units = [experts.likely_units(unit_shares.get(i)) for i in asked.case[which].tolist()]
    is_tried, first = asked.is_tried[which], asked.first[which]
    words, words_at = _ragged([text[0] for text in texts], np.float32)
    similar, similar_at = _ragged([text[1] for text in texts], np.int32)
    scores, _ = _ragged([text[2] for text in texts], np.float32)
    codes, units_at = _ragged([codes for codes, _ in units], np.int32)
    shares, _ = _ragged([shares for _, shares in units], np.float32)
    return Asks(
        asked.contexts[which],
        np.where(is_tried, NONE, first).astype(np.int32),
        np.where(is_tried, first, NONE).astype(np.int32),
        *(words, words_at, similar, scores, similar_at, codes, shares, units_at),
    )


def _ragged(parts: Sequence[NDArray[Any]], kind: type) -> tuple[NDArray[Any], Int64]:
    offsets = np.cumsum([0, *(part.size for part in parts)]).astype(np.int64)
    return np.concatenate([np.empty(0, kind), *parts]), offsets


def _room(n: int, experts: Experts) -> Found:
    """Return room for what is found; what is not written takes no memory."""
    most = n * WEIGHED
    features = np.empty((most, experts.n_features), np.float32)
    begin, end, uses = (np.zeros(n, np.int64) for _ in range(3))
    return Found(np.empty(most, np.int32), features, begin, end, uses)


def _chosen(found: Found, right: Int32) -> Int64:
    sizes = found.end - found.begin
    request = np.repeat(np.arange(right.size), sizes)
    is_right = np.flatnonzero(found.contacts[: request.size] == right[request])
    chosen = np.full(right.size, NONE, np.int64)
    chosen[request[is_right]] = is_right
    chosen[right == NONE] = NONE
    return chosen
