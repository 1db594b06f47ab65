"""The compiled loops that count: decayed counts of who resolved what, per context.

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


class Fading(NamedTuple):
    """Decay rates, one per half-life: per case of the company, and per case of the context.

    ``once`` is what one case of the context leaves of one.
    """

    by_case: Float64
    by_use: Float64
    once: Float64


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
def faded(rate: float, age: int) -> float:
    """Return what is left of one after ``age`` cases."""
    if rate == 0.0 or age == 0:
        return 1.0
    return float(np.exp(-rate * age))


@compiled
def learn(
    t: Table,
    contexts: Int32,
    contact: int,
    case: int,
    at_us: int,
    fading: Fading,
    weight: float,
) -> None:
    """Add one resolved case to its contexts (-1: not known).

    ``case`` is the clock of the company.
    """
    by_case, by_use = fading.by_case, fading.by_use
    for k in range(contexts.size):
        x = contexts[k]
        if x == NONE:
            continue
        slot = _entry(t, x, contact, case)
        t.total_use[x] += 1
        for h in range(by_case.size):
            t.by_case[slot, h] *= faded(by_case[h], case - t.case[slot])
            t.by_case[slot, h] += weight
            t.total_by_case[x, h] *= faded(by_case[h], case - t.total_case[x])
            t.total_by_case[x, h] += weight
        for h in range(by_use.size):
            t.by_use[slot, h] *= faded(by_use[h], t.total_use[x] - t.use[slot])
            t.by_use[slot, h] += weight
            t.total_by_use[x, h] *= fading.once[h]
            t.total_by_use[x, h] += weight
        t.plain[slot] += 1
        t.total[x] += 1
        t.case[slot] = case
        t.use[slot] = t.total_use[x]
        t.at_us[slot] = max(t.at_us[slot], at_us)
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
    fading: Fading,
    begin: int,
) -> int:
    """Add many cases in their order, ``contexts`` of shape (cases, contexts), from ``begin`` on.

    Returns
    -------
    int
        The first case that was not added, because there was no room for more entries.
    """
    for i in range(begin, contact.size):
        if t.size[0] + contexts.shape[1] > t.contact.size:
            return i
        learn(t, contexts[i], contact[i], case[i], at_us[i], fading, 1.0)
    return contact.size
