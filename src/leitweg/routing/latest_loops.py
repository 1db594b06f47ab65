"""The compiled loop over the latest cases: each is asked before it is learnt, in order of time."""

from typing import NamedTuple

import numpy as np

from leitweg.engine.compiled import compiled
from leitweg.routing.asking_loops import Memory, Shape, Told, ask_one
from leitweg.routing.count_loops import NONE, Float32, Int32, Int64, Table, learn


class Asks(NamedTuple):
    """Requests to ask in order, and what is known of each; ``gone`` is no candidate.

    Of columns with several values per request, ``words_at``, ``similar_at``, ``units_at`` are the
    offsets.
    """

    contexts: Int32
    first: Int32
    gone: Int32
    words: Float32
    words_at: Int64
    similar: Int32
    scores: Float32
    similar_at: Int64
    units: Int32
    shares: Float32
    units_at: Int64


class Lessons(NamedTuple):
    """Closed cases to learn in order: ``handed`` are contexts of those who handed them on."""

    contexts: Int32
    contact: Int32
    unit: Int32
    at_us: Int64
    handed: Int32
    handed_at: Int64


class Found(NamedTuple):
    """Candidates of many requests: those of request ``a`` are rows ``begin[a]`` to ``end[a]``."""

    contacts: Int32
    features: Float32
    begin: Int64
    end: Int64
    uses: Int64


@compiled
def go_through(
    t: Table,
    shape: Shape,
    asks: Asks,
    lessons: Lessons,
    is_ask: Int64,
    state: Int64,
    unit_of: Int32,
    memory: Memory,
    most: int,
    found: Found,
) -> None:
    """Ask and learn in the order of ``is_ask`` (1: the next request, 0: the next lesson).

    ``state`` holds, and is left with: clock, contacts known, next request, next lesson, next row.
    """
    clock, n_known, a, b, row = state[0], state[1], state[2], state[3], state[4]
    nobody = np.empty(0, np.int32)
    for asking in is_ask:
        if asking:
            told = Told(
                asks.words[asks.words_at[a] : asks.words_at[a + 1]],
                asks.similar[asks.similar_at[a] : asks.similar_at[a + 1]],
                asks.scores[asks.similar_at[a] : asks.similar_at[a + 1]],
                asks.units[asks.units_at[a] : asks.units_at[a + 1]],
                asks.shares[asks.units_at[a] : asks.units_at[a + 1]],
            )
            # whoever has resolved nothing yet is nobody
            first = asks.first[a] if asks.first[a] < n_known else NONE
            gone = asks.gone[a : a + 1] if asks.gone[a] < n_known else nobody
            m = ask_one(
                t,
                shape,
                told,
                asks.contexts[a],
                first,
                gone,
                nobody,
                unit_of,
                clock,
                n_known,
                memory,
                most,
                found.contacts[row:],
                found.features[row:],
            )
            found.begin[a], found.end[a] = row, row + m
            found.uses[a] = _uses(t, asks.contexts[a])
            row += m
            a += 1
            continue
        c, at_us = lessons.contact[b], lessons.at_us[b]
        learn(t, lessons.contexts[b], c, clock, at_us, shape.fading, 1.0)
        for i in range(lessons.handed_at[b], lessons.handed_at[b + 1]):
            learn(t, lessons.handed[i], c, clock, at_us, shape.fading, 1.0)
        if lessons.unit[b] != NONE:
            unit_of[c] = lessons.unit[b]
        n_known = max(n_known, c + 1)
        clock += 1
        b += 1
    state[0], state[1], state[2], state[3], state[4] = clock, n_known, a, b, row


@compiled
def _uses(t: Table, contexts: Int32) -> int:
    """Return how many cases were learnt in the narrowest context that has any."""
    least = 0
    for x in contexts:
        if x != NONE and t.total[x] > 0 and (least == 0 or t.total[x] < least):
            least = t.total[x]
    return least
