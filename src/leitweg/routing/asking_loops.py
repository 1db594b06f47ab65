"""The compiled loops that ask: who may be right, and what speaks for each, from all experts."""

from typing import NamedTuple

import numpy as np

from leitweg.engine.compiled import compiled
from leitweg.routing.count_loops import (
    CONTACT_BITS,
    NONE,
    Fading,
    Float32,
    Float64,
    Int32,
    Int64,
    Table,
    faded,
    find,
)

NEVER = 14.0
"""Stands for the logarithm of an age that is not known: older than a million cases."""
UNKNOWN = -2
N_EXTRAS = 5
FROM_WORDS = 20
LEAST_SHARE = 0.01


class Shape(NamedTuple):
    """How contexts are counted, one value per kind of context; see `Counts`."""

    parent: Int32
    stand_in: Int32
    depth: Int32
    pseudo: Float64
    fading: Fading


class Told(NamedTuple):
    """What is known of a request beside its contexts; empty where it is not known.

    ``words`` are scores of contacts by their codes, ``similar`` the contacts of the nearest cases
    with their ``scores``, ``units`` the likely units with their ``shares``.
    """

    words: Float32
    similar: Int32
    scores: Float32
    units: Int32
    shares: Float32


class Memory(NamedTuple):
    """Room that an asking loop works in, one place per contact; ``stamp`` counts the requests.

    Where ``mark`` is the stamp, ``place`` is that among the candidates, -1 for no candidate.
    """

    mark: Int64
    place: Int32
    votes: Float32
    best: Float32
    stamp: Int64


@compiled
def ask_one(
    t: Table,
    shape: Shape,
    told: Told,
    contexts: Int32,
    first: int,
    gone: Int32,
    also: Int32,
    unit_of: Int32,
    clock: int,
    n_known: int,
    memory: Memory,
    most: int,
    contacts: Int32,
    features: Float32,
) -> int:
    """Write the candidates of a request and their features; return how many there are.

    ``first`` holds it already, those in ``gone`` are no candidates, those in ``also`` are (-1:
    nobody); contexts in which nothing was learnt become -1.
    """
    for k in range(contexts.size):
        if contexts[k] != NONE and t.total[contexts[k]] == 0:
            contexts[k] = NONE
    slots = np.full((contexts.size, most + also.size), UNKNOWN, np.int32)
    m = _candidates(t, shape, told, contexts, first, gone, memory, most, contacts, slots)
    for c in also:
        if memory.mark[c] != memory.stamp[0]:
            m = _take(c, memory, contacts, m)
    _describe(t, shape, contexts, contacts[:m], slots, clock, n_known, features)
    _describe_beside(told, first, contacts[:m], unit_of, memory, features)
    return m


@compiled
def _candidates(
    t: Table,
    shape: Shape,
    told: Told,
    contexts: Int32,
    first: int,
    gone: Int32,
    memory: Memory,
    most: int,
    out: Int32,
    slots: Int32,
) -> int:
    """Collect who holds it, whom words and nearest cases name, then who resolved last.

    ``slots`` gets the entries that were seen on the way, by context and candidate: entries lie far
    apart in memory, and each look costs.
    """
    memory.stamp[0] += 1
    stamp, mark, place = memory.stamp[0], memory.mark, memory.place
    for c in gone:
        if c != NONE:
            mark[c] = stamp
            place[c] = NONE
    m = 0
    if first != NONE and mark[first] != stamp:
        m = _take(first, memory, out, m)
    if told.words.size:
        for c in _likeliest(told.words):
            if m < most and mark[c] != stamp:
                m = _take(c, memory, out, m)
    for c in told.similar:
        if m < most and mark[c] != stamp:
            m = _take(c, memory, out, m)
    # the narrowest context first
    for k in range(contexts.size - 1, -1, -1):
        x = contexts[k]
        if x == NONE:
            continue
        slot, taken = t.first[x], 0
        while slot != NONE and taken < shape.depth[k]:
            c = t.contact[slot]
            if mark[c] != stamp and m < most:
                m = _take(c, memory, out, m)
            if mark[c] == stamp and place[c] != NONE:
                slots[k, place[c]] = slot
            slot = t.after[slot]
            taken += 1
        if slot == NONE:
            # all that there are were seen
            for j in range(slots.shape[1]):
                if slots[k, j] == UNKNOWN:
                    slots[k, j] = NONE
    return m


@compiled
def _take(contact: int, memory: Memory, out: Int32, m: int) -> int:
    memory.mark[contact] = memory.stamp[0]
    memory.place[contact] = m
    out[m] = contact
    return m + 1


@compiled
def _likeliest(scores: Float32) -> Int32:
    """Return the contacts of the largest scores, largest first."""
    n = min(FROM_WORDS, scores.size)
    best = np.empty(n, np.int32)
    held = 0
    for c in range(scores.size):
        if held == n and scores[c] <= scores[best[n - 1]]:
            continue
        at = min(held, n - 1)
        while at > 0 and scores[best[at - 1]] < scores[c]:
            best[at] = best[at - 1]
            at -= 1
        best[at] = c
        held = min(held + 1, n)
    return best


@compiled
def _describe(
    t: Table,
    shape: Shape,
    contexts: Int32,
    contacts: Int32,
    slots: Int32,
    case: int,
    n_known: int,
    out: Float32,
) -> None:
    """Write per context the log shares of each contact, and two log ages.

    A share is the decayed count, smoothed with ``pseudo`` cases of the share in the parent context
    (Dirichlet back-off), one per half-life. A context that is not known is described as the first
    known one of those that stand in for it. The two ages are cases of the company and of the
    context since the contact resolved last.
    """
    by_case, by_use = shape.fading.by_case, shape.fading.by_use
    n_case, n_use = by_case.size, by_use.size
    n_shares = n_case + n_use
    width = n_shares + 2
    unseen = 1.0 / (n_known + 1.0)
    share = np.empty((contexts.size, contacts.size, n_shares))
    total, backed, log_backed = np.empty(n_shares), np.empty(n_shares), np.empty(n_shares)
    since, uses = 0, 0
    for k in range(contexts.size):
        x, at, parent = contexts[k], k * width, shape.parent[k]
        if x == NONE:
            other = _known(contexts, shape.stand_in[k])
            out[: contacts.size, at : at + width] = out[
                : contacts.size, other * width : (other + 1) * width
            ]
            share[k] = share[other]
            continue
        pseudo = shape.pseudo[k]
        for h in range(n_case):
            total[h] = t.total_by_case[x, h] * faded(by_case[h], case - t.total_case[x])
        for h in range(n_use):
            total[n_case + h] = t.total_by_use[x, h]
        for h in range(n_shares):
            total[h] += pseudo
            backed[h] = pseudo / total[h]
            log_backed[h] = np.log(backed[h])
        for j in range(contacts.size):
            slot = slots[k, j]
            if slot == UNKNOWN:
                slot = find(t.keys, t.slots, int(x) * (1 << CONTACT_BITS) + int(contacts[j]))
            if slot == NONE and parent != NONE:
                # nothing but the share of the parent
                for h in range(n_shares):
                    share[k, j, h] = share[parent, j, h] * backed[h]
                    out[j, at + h] = out[j, parent * width + h] + log_backed[h]
                out[j, at + n_shares] = NEVER
                out[j, at + n_shares + 1] = NEVER
                continue
            own = share[k, j]
            own[:] = 0.0
            if slot != NONE:
                since = case - t.case[slot]
                for h in range(n_case):
                    own[h] = t.by_case[slot, h] * faded(by_case[h], since)
                uses = t.total_use[x] - t.use[slot]
                for h in range(n_use):
                    own[n_case + h] = t.by_use[slot, h] * faded(by_use[h], uses)
            for h in range(n_shares):
                base = unseen if parent == NONE else share[parent, j, h]
                own[h] = (own[h] + pseudo * base) / total[h]
                out[j, at + h] = np.log(own[h])
            out[j, at + n_shares] = NEVER
            out[j, at + n_shares + 1] = NEVER
            if slot != NONE:
                out[j, at + n_shares] = np.log(1.0 + max(0, since))
                out[j, at + n_shares + 1] = np.log(1.0 + uses)


@compiled
def _known(contexts: Int32, stand_in: Int32) -> int:
    """Return the first kind that is known; the one of all cases always is."""
    for k in stand_in:
        if k != NONE and contexts[k] != NONE:
            return int(k)
    return 0


@compiled
def _describe_beside(
    told: Told, first: int, contacts: Int32, unit_of: Int32, memory: Memory, out: Float32
) -> None:
    """Write what words, nearest cases, the first holder and the likely units say of each contact.

    Of the nearest cases the log share that the contact resolved, weighed by their scores, and its
    best score.
    """
    at = out.shape[1] - N_EXTRAS
    votes, best = memory.votes, memory.best
    all_votes, top = 0.0, 0.0
    for i in range(told.similar.size):
        c, score = told.similar[i], told.scores[i]
        votes[c] += score
        best[c] = max(best[c], score)
        all_votes += score
        top = max(top, score)
    least = np.float32(0.0)
    for score in told.words:
        least = min(least, score)
    for j in range(contacts.size):
        c = contacts[j]
        out[j, at : at + N_EXTRAS] = 0.0
        if told.words.size:
            # whom the classifier has never seen gets the least
            out[j, at] = told.words[c] if c < told.words.size else least
        if told.similar.size:
            out[j, at + 1] = np.log(LEAST_SHARE + votes[c] / max(all_votes, 1e-9))
            out[j, at + 2] = best[c] / max(top, 1e-9)
        out[j, at + 3] = c == first
        if told.units.size:
            share = 0.0
            for u in range(told.units.size):
                if told.units[u] == unit_of[c] and unit_of[c] != NONE:
                    share = told.shares[u]
            out[j, at + 4] = np.log(LEAST_SHARE + share)
    for c in told.similar:
        votes[c] = 0.0
        best[c] = 0.0
