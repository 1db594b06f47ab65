"""The compiled loops of the count expert: decayed counts of who resolved what, per context.

A context is one value of one combination of attributes (all cases, product X, product X and
country Y). Its entries stand in a list, the one that resolved last in front: recent contacts are
found without a search, and learning a case touches one entry per context.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from leitweg.engine.compiled import compiled

Int64 = npt.NDArray[np.int64]
Int32 = npt.NDArray[np.int32]
Float32 = npt.NDArray[np.float32]
Float64 = npt.NDArray[np.float64]

NONE = -1
NEVER = 14.0
"""Stands for the logarithm of an age that is not known: older than a million cases."""
CONTACT_BITS = 24


class Table(NamedTuple):
    """State of the count expert.

    ``keys`` and ``slots`` are a hash table from (context, contact) to an entry. Of entries:
    ``contact``, ``by_case`` and ``by_use`` (decayed counts, one column per half-life in cases of
    the company and in cases of the context), ``plain`` (undecayed), ``case`` and ``use`` (clocks
    of the last case), ``at_us``, and the list (``after``, ``before``). Of contexts: ``first``
    entry, totals, clocks. ``size`` holds the number of entries.
    """

    keys: Int64
    slots: Int32
    contact: Int32
    by_case: Float32
    by_use: Float32
    plain: Int32
    case: Int64
    use: Int64
    at_us: Int64
    after: Int32
    before: Int32
    first: Int32
    total_by_case: Float32
    total_by_use: Float32
    total: Int32
    total_case: Int64
    total_use: Int64
    size: Int64


@compiled
def find(keys: Int64, slots: Int32, key: int) -> int:
    """Return the entry of a key, -1 if there is none."""
    mask = keys.size - 1
    i = np.int64((np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(20)) & mask
    while keys[i] != NONE:
        if keys[i] == key:
            return int(slots[i])
        i = (i + 1) & mask
    return NONE


@compiled
def put(keys: Int64, slots: Int32, key: int, slot: int) -> None:
    """Add a key that is not there yet."""
    mask = keys.size - 1
    i = np.int64((np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(20)) & mask
    while keys[i] != NONE:
        i = (i + 1) & mask
    keys[i] = key
    slots[i] = slot


@compiled
def rehash(keys: Int64, slots: Int32, new_keys: Int64, new_slots: Int32) -> None:
    """Bring all keys into a larger hash table."""
    for i in range(keys.size):
        if keys[i] != NONE:
            put(new_keys, new_slots, keys[i], slots[i])


@compiled
def _entry(t: Table, context: int, contact: int, case: int) -> int:
    """Return the entry of a contact in a context, taken out of its list; a new one if need be."""
    key = int(context) * (1 << CONTACT_BITS) + int(contact)
    slot = find(t.keys, t.slots, key)
    if slot == NONE:
        slot = int(t.size[0])
        t.size[0] += 1
        put(t.keys, t.slots, key, slot)
        t.contact[slot] = contact
        t.case[slot] = case
        t.use[slot] = t.total_use[context]
        return slot
    before, after = t.before[slot], t.after[slot]
    if before != NONE:
        t.after[before] = after
    else:
        t.first[context] = after
    if after != NONE:
        t.before[after] = before
    return slot


@compiled
def learn(
    t: Table,
    contexts: Int32,
    contact: int,
    case: int,
    at_us: int,
    by_case: Float64,
    by_use: Float64,
    weight: float,
) -> None:
    """Add one resolved case to its contexts (-1: not known).

    ``by_case`` and ``by_use`` are decay rates per case; ``case`` is the clock of the company.
    """
    for k in range(contexts.size):
        x = contexts[k]
        if x == NONE:
            continue
        slot = _entry(t, x, contact, case)
        t.total_use[x] += 1
        for h in range(by_case.size):
            t.by_case[slot, h] *= np.exp(-by_case[h] * (case - t.case[slot]))
            t.by_case[slot, h] += weight
            t.total_by_case[x, h] *= np.exp(-by_case[h] * (case - t.total_case[x]))
            t.total_by_case[x, h] += weight
        for h in range(by_use.size):
            t.by_use[slot, h] *= np.exp(-by_use[h] * (t.total_use[x] - t.use[slot]))
            t.by_use[slot, h] += weight
            t.total_by_use[x, h] *= np.exp(-by_use[h])
            t.total_by_use[x, h] += weight
        t.plain[slot] += 1
        t.total[x] += 1
        t.case[slot] = case
        t.use[slot] = t.total_use[x]
        t.at_us[slot] = at_us
        t.total_case[x] = case
        t.before[slot] = NONE
        t.after[slot] = t.first[x]
        if t.first[x] != NONE:
            t.before[t.first[x]] = slot
        t.first[x] = slot


@compiled
def learn_many(
    t: Table,
    contexts: Int32,
    contact: Int32,
    case: Int64,
    at_us: Int64,
    by_case: Float64,
    by_use: Float64,
) -> None:
    """Add many cases, ``contexts`` of shape (cases, contexts), in their order."""
    for i in range(contact.size):
        learn(t, contexts[i], contact[i], case[i], at_us[i], by_case, by_use, 1.0)


@compiled
def recent(t: Table, contexts: Int32, depth: Int32, mark: Int64, stamp: int, out: Int32) -> int:
    """Collect the contacts that resolved last in each context, the narrowest context first.

    ``mark`` (one place per contact) and ``stamp`` keep a contact from being taken twice. Contacts
    that ``out`` holds already (as many as ``mark`` equals ``stamp`` for) are the caller's: the
    number of them is in ``out[-1]``.
    """
    m = int(out[-1])
    for k in range(contexts.size - 1, -1, -1):
        x = contexts[k]
        if x == NONE:
            continue
        slot, taken = t.first[x], 0
        while slot != NONE and taken < depth[k]:
            c = t.contact[slot]
            if mark[c] != stamp:
                if m == out.size - 1:
                    return m
                mark[c] = stamp
                out[m] = c
                m += 1
            slot = t.after[slot]
            taken += 1
    return m


@compiled
def _counts(
    t: Table,
    x: int,
    slot: int,
    case: int,
    by_case: Float64,
    by_use: Float64,
    out: Float64,
) -> None:
    """Write the decayed counts of one entry (0 where there is none)."""
    out[:] = 0.0
    if slot == NONE:
        return
    for h in range(by_case.size):
        faded = 1.0
        if by_case[h] > 0.0:
            faded = np.exp(-by_case[h] * (case - t.case[slot]))
        out[h] = t.by_case[slot, h] * faded
    for h in range(by_use.size):
        faded = np.exp(-by_use[h] * (t.total_use[x] - t.use[slot]))
        out[by_case.size + h] = t.by_use[slot, h] * faded


@compiled
def _known(contexts: Int32, stand_in: Int32) -> int:
    """Return the first kind that is known; the one of all cases always is."""
    for k in stand_in:
        if k != NONE and contexts[k] != NONE:
            return int(k)
    return 0


@compiled
def describe(
    t: Table,
    contexts: Int32,
    parent: Int32,
    stand_in: Int32,
    pseudo: Float64,
    contacts: Int32,
    case: int,
    n_known: int,
    by_case: Float64,
    by_use: Float64,
    out: Float32,
) -> None:
    """Write the features of each contact: per context, log shares and log ages.

    A share is the decayed count, smoothed with ``pseudo`` cases of the share in the parent context
    (Dirichlet back-off), one per half-life. A context that is not known is described as the first
    known one of those that stand in for it. The two ages are cases of the company and of the
    context since the contact resolved last.
    """
    n_case, n_use = by_case.size, by_use.size
    n_shares = n_case + n_use
    width = n_shares + 2
    share = np.empty((contexts.size, contacts.size, n_shares))
    total = np.zeros(n_shares)
    for k in range(contexts.size):
        x, at = contexts[k], k * width
        if x == NONE:
            other = _known(contexts, stand_in[k])
            out[:, at : at + width] = out[:, other * width : (other + 1) * width]
            share[k] = share[other]
            continue
        for h in range(n_case):
            faded = np.exp(-by_case[h] * (case - t.total_case[x]))
            total[h] = t.total_by_case[x, h] * faded
        for h in range(n_use):
            total[n_case + h] = t.total_by_use[x, h]
        for j in range(contacts.size):
            slot = find(t.keys, t.slots, int(x) * (1 << CONTACT_BITS) + int(contacts[j]))
            _counts(t, x, slot, case, by_case, by_use, share[k, j])
            for h in range(n_shares):
                base = 1.0 / (n_known + 1.0)
                if parent[k] != NONE:
                    base = share[parent[k], j, h]
                smoothed = share[k, j, h] + pseudo[k] * base
                share[k, j, h] = smoothed / (total[h] + pseudo[k])
                out[j, at + h] = np.log(share[k, j, h])
            out[j, at + n_shares] = NEVER
            out[j, at + n_shares + 1] = NEVER
            if slot != NONE:
                out[j, at + n_shares] = np.log(1.0 + max(0, case - t.case[slot]))
                out[j, at + n_shares + 1] = np.log(1.0 + t.total_use[x] - t.use[slot])
