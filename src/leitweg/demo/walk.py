"""The way of one case: which units hold it, in which order (compiled; no time in here).

A way is the usual path of the topic with insertions. Every stay carries the key of its draws: a
stay of the usual path is keyed by its position on that path, an inserted one by what inserted it.
So an insertion leaves the draws of all other stays as they are.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from leitweg.demo.draws import key_of, numbers, uniform
from leitweg.engine.compiled import compiled

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

MAX_STAYS = 64
# purposes of draws at a case
TOPIC, ENTRY, HOME, FRONT_RESOLVES, WRONG, WRONG_TOPIC, STRAY, STRAY_AT, STRAY_UNIT = numbers(0, 9)
BOUNCE, BOUNCE_AT, BOUNCE_LOOSE, BOUNCE_UNIT = numbers(9, 13)
# purposes of draws at a place where a fault may act
HIT, PART, ROUNDS, PARKED, PARKED_2 = numbers(0, 5)
# kinds of what may be inserted
VIA, BOUNCES, STUCK, HELD = range(4)
# keys of stays: on the usual path from the first on; put in at one place; put in elsewhere
USUAL, INSERTED, DETOUR, ASKED, ANSWERED, BOUNCED = (
    *numbers(100, 101),
    *numbers(10, 11),
    *numbers(201, 205),
)
(START,) = numbers(0, 1)
# what a stay is
WORKED, RETURNED = 0, 1
# labels of a case
LABEL_WRONG_TOPIC, LABEL_STRAY, LABEL_BOUNCE, LABEL_NEEDED = 1, 2, 4, 8
NEEDED_BIT = 62


class Paths(NamedTuple):
    """The layout as arrays; one row per topic, -1 where a topic has fewer units."""

    topic_cum: Floats
    entry: Ints
    entry_cum: Floats
    middle: Ints
    home: Ints
    home_cum: Floats
    first_contact_share: float
    wrong_topic_share: float
    stray_share: float
    bounce_share: float
    n_units: int


class Insertions(NamedTuple):
    """What may happen to a case at a place, one row each; `topic` holds a flag per topic."""

    kind: Ints
    unit: Ints
    from_unit: Ints
    to_unit: Ints
    topic: npt.NDArray[np.bool_]
    share: Floats
    part: Floats
    rounds: Ints
    hours: Floats
    from_us: Ints
    clear_us: Ints
    key: Ints
    bit: Ints


class Way(NamedTuple):
    """Room for the way of one case; `park` is the row of the insertion that parks it, or -1."""

    unit: Ints
    key: npt.NDArray[np.uint64]
    mark: Ints
    park: Ints


@compiled
def empty_way() -> Way:
    """Return room for one way."""
    return Way(
        np.zeros(MAX_STAYS, np.int64),
        np.zeros(MAX_STAYS, np.uint64),
        np.zeros(MAX_STAYS, np.int64),
        np.zeros(MAX_STAYS, np.int64),
    )


@compiled
def pick(cumulated: Floats, u: float) -> int:
    """Return the first position whose cumulated share exceeds u."""
    for i in range(len(cumulated) - 1):
        if u < cumulated[i]:
            return i
    return len(cumulated) - 1


@compiled
def other_unit(u: float, a: int, b: int, n_units: int) -> int:
    """Return a unit that is neither a nor b (a differs from b)."""
    low, high = min(a, b), max(a, b)
    unit = int(u * (n_units - 2))
    if unit >= low:
        unit += 1
    if unit >= high:
        unit += 1
    return unit


@compiled
def usual_path(paths: Paths, case_key: np.uint64, topic: int, way: Way) -> int:
    """Write the usual path of the case and return its length."""
    way.unit[0] = paths.entry[topic, pick(paths.entry_cum[topic], uniform(case_key, ENTRY))]
    if uniform(case_key, FRONT_RESOLVES) < paths.first_contact_share:
        return 1
    n = 1
    for middle in paths.middle[topic]:
        if middle >= 0:
            way.unit[n] = middle
            n += 1
    way.unit[n] = paths.home[topic, pick(paths.home_cum[topic], uniform(case_key, HOME))]
    return n + 1


@compiled
def push(way: Way, n: int, unit: int, key: np.uint64) -> int:
    """Add a stay, unless the unit already holds the case or there is no room left."""
    if n >= MAX_STAYS or (n > 0 and way.unit[n - 1] == unit):
        return n
    way.unit[n], way.key[n], way.mark[n], way.park[n] = unit, key, WORKED, -1
    return n + 1


@compiled
def place_of(ins: Insertions, f: int, case_key: np.uint64, step: int) -> np.uint64:
    """Return the key of what insertion f draws at a step of the usual path."""
    return key_of(key_of(case_key, ins.key[f]), step)


@compiled
def before_receipt(
    ins: Insertions, case_key: np.uint64, topic: int, step: int, a: int, way: Way, n: int
) -> tuple[int, int]:
    """Insert what leads the case elsewhere before it leaves a; return length and fault bits."""
    bits = 0
    for f in range(len(ins.kind)):
        if ins.kind[f] != VIA or ins.from_unit[f] != a or not ins.topic[f, topic]:
            continue
        place = place_of(ins, f, case_key, step)
        if uniform(place, HIT) < ins.share[f]:
            bits |= 1 << ins.bit[f]
            n = push(way, n, ins.unit[f], key_of(place, INSERTED))
            if uniform(place, PART) < ins.part[f]:
                n = push(way, n, a, key_of(place, INSERTED + 1))
    return n, bits


@compiled
def bounce_back(place: np.uint64, a: int, b: int, rounds: int, way: Way, n: int) -> int:
    """Insert a, b so many times; the key of each stay is its number."""
    for r in range(rounds):
        n = push(way, n, a, key_of(place, INSERTED + 2 * r))
        n = push(way, n, b, key_of(place, INSERTED + 1 + 2 * r))
    return n


@compiled
def after_receipt(
    ins: Insertions, case_key: np.uint64, topic: int, step: int, a: int, b: int, way: Way, n: int
) -> tuple[int, int]:
    """Insert what happens once b has the case from a; return length and fault bits."""
    bits = 0
    for f in range(len(ins.kind)):
        bounces = ins.kind[f] == BOUNCES and ins.from_unit[f] == a and ins.to_unit[f] == b
        stuck = ins.kind[f] == STUCK and ins.unit[f] == b
        if not (bounces or stuck) or not ins.topic[f, topic]:
            continue
        place = place_of(ins, f, case_key, step)
        if uniform(place, HIT) >= ins.share[f]:
            continue
        bits |= 1 << ins.bit[f]
        if bounces:
            rounds = 1 + int(uniform(place, ROUNDS) * ins.rounds[f])
            # after a detour the case did not come from a: one more round makes four stays
            rounds += 1 if n >= 2 and way.unit[n - 2] != a else 0
            n = bounce_back(place, a, b, rounds, way, n)
        elif uniform(place, PART) < ins.part[f]:
            way.mark[n - 1] = RETURNED
            n = bounce_back(place, a, b, START + 1, way, n)
        else:
            way.park[n - 1] = f
    return n, bits


@compiled
def way_of(
    paths: Paths, ins: Insertions, case_key: np.uint64, topic: int, usual: Way, way: Way
) -> tuple[int, int, int]:
    """Write the way of a case; return how many stays it has, its fault bits and its labels."""
    length = usual_path(paths, case_key, topic, usual)
    stray_at = bounce_at = bits = labels = 0
    if length > 1 and uniform(case_key, STRAY) < paths.stray_share:
        stray_at = 1 + int(uniform(case_key, STRAY_AT) * (length - 1))
        labels |= LABEL_STRAY
    if length > 1 and uniform(case_key, BOUNCE) < paths.bounce_share:
        bounce_at = 1 + int(uniform(case_key, BOUNCE_AT) * (length - 1))
        labels |= LABEL_BOUNCE
    loose = uniform(case_key, BOUNCE_LOOSE) < 0.5
    n = push(way, START, usual.unit[0], key_of(case_key, USUAL))
    for i in range(1, length):
        a, b = usual.unit[i - 1], usual.unit[i]
        n, more = before_receipt(ins, case_key, topic, i, a, way, n)
        bits |= more
        if stray_at == i:
            x = other_unit(uniform(case_key, STRAY_UNIT), a, b, paths.n_units)
            n = push(way, n, x, key_of(case_key, DETOUR))
        if bounce_at == i and loose:
            # a question to somebody and the answer: a, x, a
            x = other_unit(uniform(case_key, BOUNCE_UNIT), a, b, paths.n_units)
            n = push(way, n, x, key_of(case_key, ASKED))
            n = push(way, n, a, key_of(case_key, ANSWERED))
        n = push(way, n, b, key_of(case_key, USUAL + i))
        n, more = after_receipt(ins, case_key, topic, i, a, b, way, n)
        bits |= more
        if bounce_at == i and not loose:
            n = bounce_back(key_of(case_key, BOUNCED), a, b, START + 1, way, n)
    if bits & (1 << NEEDED_BIT):
        labels |= LABEL_NEEDED
    return n, bits & ~(1 << NEEDED_BIT), labels
