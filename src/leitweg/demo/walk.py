"""The way of one case: which units hold it, in which order (compiled; no time in here).

A way is the usual path of the topic with insertions (`demo/insertions.py`).
"""

from typing import NamedTuple

import numpy as np

from leitweg.demo.draws import key_of, numbers, uniform
from leitweg.demo.insertions import Insertions, after_receipt, before_receipt
from leitweg.demo.way import (
    ANSWERED,
    ASKED,
    BOUNCED,
    DETOUR,
    START,
    USUAL,
    Floats,
    Ints,
    Way,
    bounce_back,
    push,
)
from leitweg.engine.compiled import compiled

# purposes of draws at a case
TOPIC, ENTRY, HOME, FRONT_RESOLVES, WRONG, WRONG_TOPIC, STRAY, STRAY_AT, STRAY_UNIT = numbers(0, 9)
BOUNCE, BOUNCE_AT, BOUNCE_LOOSE, BOUNCE_UNIT = numbers(9, 13)
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
        n, more = before_receipt(ins, case_key, topic, i, a, b, way, n)
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
