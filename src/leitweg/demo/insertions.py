"""What faults insert into the way of a case (compiled).

Draws of an insertion are keyed by the fault and the step of the usual path at which it acts, so
that an insertion that is taken out moves no other draw.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from leitweg.demo.draws import key_of, numbers, uniform
from leitweg.demo.way import (
    INSERTED,
    LOOKED,
    RETURNED,
    START,
    Floats,
    Ints,
    Way,
    bounce_back,
    push,
)
from leitweg.engine.compiled import compiled

# purposes of draws at a place where a fault may act
HIT, PART, ROUNDS, PARKED, PARKED_2 = numbers(0, 5)
# kinds of what may be inserted
VIA, BOUNCES, STUCK, HELD, BETWEEN, AROUND = range(6)


class Insertions(NamedTuple):
    """What may happen to a case at a place, one row each; `topic` holds a flag per topic.

    `units` holds the units between or the block, one row each, -1 where there are fewer.
    """

    kind: Ints
    unit: Ints
    from_unit: Ints
    to_unit: Ints
    units: Ints
    topic: npt.NDArray[np.bool_]
    share: Floats
    part: Floats
    rounds: Ints
    hours: Floats
    from_us: Ints
    clear_us: Ints
    key: Ints
    bit: Ints


@compiled
def place_of(ins: Insertions, f: int, case_key: np.uint64, step: int) -> np.uint64:
    """Return the key of what insertion f draws at a step of the usual path."""
    return key_of(key_of(case_key, ins.key[f]), step)


@compiled
def through(units: Ints, place: np.uint64, way: Way, n: int) -> int:
    """Insert a short look at each of the units, one after the other."""
    for i in range(len(units)):
        before = n
        if units[i] >= 0:
            n = push(way, n, units[i], key_of(place, INSERTED + i))
        if n > before:
            way.mark[before] = LOOKED
    return n


@compiled
def leaves(block: Ints, a: int, b: int) -> bool:
    """Return whether the step from a to b leads out of the block."""
    return bool(np.any(block == a)) and not np.any(block == b)


@compiled
def in_circles(block: Ints, place: np.uint64, a: int, rounds: int, way: Way, n: int) -> int:
    """Insert so many rounds through the block and back to a, all in one direction."""
    size = np.count_nonzero(block >= 0)
    at = np.searchsorted(block[:size], a)
    step = 1 if uniform(place, PART) < 0.5 else size - 1
    for i in range(rounds * size):
        at = (at + step) % size
        before = n
        n = push(way, n, block[at], key_of(place, INSERTED + i))
        if n > before:
            way.mark[before] = LOOKED
    return n


@compiled
def before_receipt(
    ins: Insertions, case_key: np.uint64, topic: int, step: int, a: int, b: int, way: Way, n: int
) -> tuple[int, int]:
    """Insert what leads the case elsewhere before a hands it to b; return length and fault bits."""
    bits = 0
    for f in range(len(ins.kind)):
        via = ins.kind[f] == VIA and ins.from_unit[f] == a
        between = ins.kind[f] == BETWEEN and ins.from_unit[f] == a and ins.to_unit[f] == b
        around = ins.kind[f] == AROUND and leaves(ins.units[f], a, b)
        if not (via or between or around) or not ins.topic[f, topic]:
            continue
        place = place_of(ins, f, case_key, step)
        if uniform(place, HIT) >= ins.share[f]:
            continue
        bits |= 1 << ins.bit[f]
        if between:
            n = through(ins.units[f], place, way, n)
            continue
        if around:
            rounds = 1 + int(uniform(place, ROUNDS) * ins.rounds[f])
            n = in_circles(ins.units[f], place, a, rounds, way, n)
            continue
        n = push(way, n, ins.unit[f], key_of(place, INSERTED))
        if uniform(place, PART) < ins.part[f]:
            n = push(way, n, a, key_of(place, INSERTED + 1))
    return n, bits


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
