"""Who takes a stay, and from when on (compiled).

Everybody of the unit can do everything there, and colleagues take over from those who are absent;
save what needs a skill that only the first few of the unit have: that lies until one of these is
back.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from leitweg.demo.draws import numbers, uniform
from leitweg.demo.office import later_us
from leitweg.demo.plan import HOUR_US
from leitweg.demo.way import Ints
from leitweg.engine.compiled import compiled

PERSON, BACK = numbers(2, 3)[0], numbers(6, 7)[0]
(NOBODY,) = numbers(-1, 0)
# what lay while somebody was absent is taken up within so much time after the return
BACK_US = 16 * HOUR_US


class Staffing(NamedTuple):
    """The people of the units, by number, and their absences.

    ``holders[unit, topic]``: how many of the first people of the unit have the skill that the
    topic needs there, 0 where everybody has it; ``bit`` is that of the fault. The absences of a
    person stand in order from ``first_absence[person]`` on.
    """

    first_person: Ints
    people: Ints
    holders: Ints
    bit: Ints
    first_absence: Ints
    absent_from: Ints
    absent_to: Ints


class Kept(NamedTuple):
    """How long stays lay in queues of another log of the company; without rows: in none."""

    first_row: Ints
    key: npt.NDArray[np.uint64]
    queued: Ints


@compiled
def drawn_person(stay: np.uint64, first: int, people: int) -> int:
    """Return who of so many people would take a stay."""
    return first + int(uniform(stay, PERSON) * people)


@compiled
def back_us(staffing: Staffing, person: int, t: int) -> int:
    """Return since or from when on a person who may be absent at t is there: t or the return."""
    for i in range(staffing.first_absence[person], staffing.first_absence[person + 1]):
        if staffing.absent_from[i] <= t < staffing.absent_to[i]:
            return int(staffing.absent_to[i])
    return t


@compiled
def taken(
    staffing: Staffing, unit: int, topic: int, stay: np.uint64, ready: int, office_hours: bool
) -> tuple[int, int, int]:
    """Return when a stay that is ready is taken up, by whom, and the bit of a scarce skill."""
    first, holders = staffing.first_person[unit], staffing.holders[unit, topic]
    people = holders if holders > 0 else staffing.people[unit]
    bits = 1 << staffing.bit[unit, topic] if holders > 0 else 0
    drawn = drawn_person(stay, first, people)
    soonest, who = -1, drawn
    for i in range(people):
        person = first + (drawn - first + i) % people
        back = back_us(staffing, person, ready)
        if back == ready:
            return ready, person, bits
        if soonest < 0 or back < soonest:
            soonest, who = back, person
    if holders == 0:
        # everybody is away at once: somebody comes in for it
        return ready, drawn, bits
    return later_us(soonest, int(uniform(stay, BACK) * BACK_US), office_hours), who, bits


@compiled
def kept_wait(kept: Kept, case: int, stay: np.uint64) -> int:
    """Return how long a stay lay in a queue of the other log; 0 where it did not."""
    for row in range(kept.first_row[case], kept.first_row[case + 1]):
        if kept.key[row] == stay:
            return int(kept.queued[row])
    return 0
