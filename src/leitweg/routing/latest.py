"""What do the experts say of the latest cases, each asked before it is learnt?

Method: docs/methods/routing.md.
"""

import heapq
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from leitweg.routing.contexts import FIRST, HANDED
from leitweg.routing.experts import Asked, Experts
from leitweg.routing.router import Router
from leitweg.routing.rows import Rows
from leitweg.routing.weighing import Answers

MOST_LATEST = 8_000
"""Cases that are asked before they are learnt."""
WEIGHED = 48
"""Candidates of such a case: more would cost time and change no weight."""
MOST_FIRST = 4_000
"""Of them, so many are asked with their first contact known."""

Int64 = NDArray[np.int64]


def by_known(rows: Rows, which: Int64) -> Int64:
    """Return cases in the order in which their right contact became known."""
    return which[np.argsort(rows.known_at[which], kind="stable")]


def in_time(
    rows: Rows, known: NDArray[np.bool_], latest: int, train: int, before: Int64
) -> Iterator[tuple[int, bool]]:
    """Go through the latest cases in time: (case, True) asks, (case, False) learns."""
    is_before = np.zeros(rows.n, dtype=bool)
    is_before[before] = True
    learnt = by_known(rows, np.flatnonzero(known & ~is_before))
    asked = np.arange(latest, train)
    asks = ((int(rows.asked_at[i]), 0, int(i)) for i in asked)
    learns = ((int(rows.known_at[i]), 1, int(i)) for i in learnt)
    for _, kind, i in heapq.merge(asks, learns):
        yield i, kind == 0


def ask_case(
    rows: Rows,
    router: Router,
    i: int,
    unit_shares: Mapping[str, float] | None,
    answers: Mapping[str, Answers],
) -> tuple[Asked, int]:
    """Ask about one case in each circumstance that it was in."""
    experts, values, text = router.experts, rows.values(i), rows.text_of(i)
    right = rows.contact(i)
    code = -1 if right is None else experts.code(right)
    every = max(1, MOST_LATEST // MOST_FIRST) if rows.n > MOST_LATEST else 1
    first = rows.first(i)
    holder = -1 if first is None else experts.code(first)
    known = values if first is None else {**values, FIRST: first}
    asked = experts.ask(known, text, first=holder, unit_shares=unit_shares, most=WEIGHED)
    uses = router.uses(asked)
    if right is None:
        return asked, uses
    answers["arrival"].add(asked, code, uses)
    if first is not None and i % every == 0:
        answers["first"].add(asked, code, uses)
    if first is not None and first != right:
        tried = experts.ask({**values, HANDED: first}, text, unit_shares=unit_shares, most=WEIGHED)
        tried = tried.without(np.array([holder], np.int32))
        answers["tried"].add(tried, code, router.uses(tried))
    return asked, uses


def learn_case(rows: Rows, experts: Experts, i: int) -> None:
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
