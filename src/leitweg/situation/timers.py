"""Which waits are the tick of a clock (an automatic close, a reminder), not a queue?

Method: docs/methods/from-events-to-waits.md.
"""

import numpy as np

from leitweg.situation.arrays import Flags, Floats, groups_of
from leitweg.situation.basis import Basis
from leitweg.situation.constants import DAY_US


def timer_ticks(basis: Basis) -> Flags:
    """Per stay: whether the wait before it is one that a clock made.

    Per receiving unit: if one value (within 1 %) of at least an hour holds more than a tenth of
    at least 40 waits, those waits are ticks.
    """
    stays, constants = basis.stays, basis.constants
    ticks = np.zeros(len(stays), dtype=bool)
    if _coarse(basis):
        return ticks
    # once for all units: the stays work it out anew each time they are asked
    hours = stays.wait_hours
    rows = np.flatnonzero(stays.handover & (hours >= 1.0))
    for _, members in groups_of(stays.unit[rows]):
        here = rows[members[np.argsort(hours[rows[members]], kind="stable")]]
        if here.size >= constants.min_statement:
            ticks[here[_same_value(hours[here], basis)]] = True
    return ticks


def _same_value(ordered: Floats, basis: Basis) -> Flags:
    """Which of the ordered waits lie within 1 % of the most crowded value, if it is a clock's."""
    upper = np.searchsorted(ordered, ordered * 1.01, side="right")
    crowd = upper - np.arange(ordered.size)
    best = int(crowd.argmax())
    share = crowd[best] / ordered.size
    # a smooth distribution never has a tenth of its mass within one per cent
    if share <= basis.constants.timer_share:
        return np.zeros(ordered.size, dtype=bool)
    inside = np.zeros(ordered.size, dtype=bool)
    inside[best : best + crowd[best]] = True
    return inside


def _coarse(basis: Basis) -> bool:
    """Whether the log tells days only: there equal waits are no clock's work.

    Such a log knows midnight alone, at most one more with summer time, in a few zones.
    """
    of_day = basis.log.at_us % DAY_US
    return of_day.size > 100 and np.unique(of_day).size <= 4
