"""The rules of a unit with a queue: when it is open, who is free, who comes next (compiled)."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from leitweg.demo.draws import key_of, numbers, uniform
from leitweg.demo.office import later_us
from leitweg.demo.plan import DAY_US
from leitweg.demo.takers import NOBODY, drawn_person
from leitweg.demo.way import Ints
from leitweg.engine.compiled import compiled

(URGENT,) = numbers(20, 21)  # purpose of a draw at a case


class Queues(NamedTuple):
    """The units with a queue, one entry per unit.

    ``people``: how many of the unit's people are there, 0 where there is no queue; ``bit``: of the
    fault; ``urgent_first``; ``batch``: how many cases must lie before somebody takes them all, 0
    for one by one; ``weekdays``: a flag for each, from Monday on. The unit ``closed_unit`` is
    closed from ``closed_from`` to ``closed_to``. Of all cases ``urgent_share`` are urgent.
    """

    people: Ints
    bit: Ints
    urgent_first: npt.NDArray[np.bool_]
    batch: Ints
    weekdays: npt.NDArray[np.bool_]
    closed_unit: Ints
    closed_from: Ints
    closed_to: Ints
    urgent_share: float


@compiled
def is_urgent(case_key: np.uint64, share: float) -> bool:
    """Return whether a case is urgent."""
    return uniform(case_key, URGENT) < share


@compiled
def urgent_cases(seed_key: np.uint64, n: int, share: float) -> npt.NDArray[np.bool_]:
    """Return which of so many cases are urgent."""
    urgent = np.zeros(n, np.bool_)
    for case in range(n):
        urgent[case] = is_urgent(key_of(seed_key, case), share)
    return urgent


@compiled
def opens_us(queues: Queues, unit: int, t: int, office_hours: bool) -> int:
    """Return when a unit with a queue is open: t or the next time after it."""
    before = t - 1
    while before != t:
        before = t
        t = later_us(t, 0, office_hours)
        if not queues.weekdays[unit, (t // DAY_US + 3) % 7]:
            t = (t // DAY_US + 1) * DAY_US
        for i in range(len(queues.closed_unit)):
            if queues.closed_unit[i] == unit and queues.closed_from[i] <= t < queues.closed_to[i]:
                t = queues.closed_to[i]
    return t


@compiled
def free_person(queues: Queues, first: int, busy: Ints, unit: int, stay: np.uint64) -> int:
    """Return who takes a stay: the person drawn for it or the next one who is free; or nobody."""
    people = queues.people[unit]
    drawn = drawn_person(stay, first, people) - first
    for i in range(people):
        person = first + (drawn + i) % people
        if busy[person] == 0:
            return int(person)
    return NOBODY


@compiled
def line_of(queues: Queues, unit: int, last: bool) -> int:
    """Return the number of the line a case lies in: batches are of one activity."""
    return 2 * unit + int(last and queues.batch[unit] > 0)
