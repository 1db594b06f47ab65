"""Which ways do cases take from a unit to the next: directly, through another, there and back?

Method: docs/methods/misrouting.md.
"""

from dataclasses import dataclass

import numpy as np

from leitweg.situation.arrays import Flags, Floats, Ints
from leitweg.situation.basis import Basis
from leitweg.situation.constants import HOUR_US
from leitweg.situation.ping_pong import Stretches


@dataclass(frozen=True)
class Ways:
    """Ways from a sender to the next unit, on paths without ping-pong.

    One row per way: the sender ``a``, what it went through (``via``, -1 for a direct way), the
    unit reached, the stays at both ends and the one that follows the sender (``next_stay``), and
    the hours from the end at the sender to the start at the unit reached.
    """

    case: Ints
    a: Ints
    via: Ints
    to: Ints
    topic: Ints
    start_stay: Ints
    next_stay: Ints
    via_stay: Ints
    end_stay: Ints
    hours: Floats
    worked: Flags
    day: Ints


def ways_of(basis: Basis, stretches: Stretches) -> Ways:
    """Collect direct ways a -> n and ways a -> W -> n or a -> W -> a -> n."""
    stays = basis.stays
    inside = stretches.inside(len(stays))
    kept = np.flatnonzero(~inside & basis.in_period[stays.case])
    case, unit = stays.case[kept], stays.unit[kept]
    count = kept.size

    def same(shift: int) -> Flags:
        out = np.zeros(count, dtype=bool)
        if count > shift:
            out[: count - shift] = case[shift:] == case[: count - shift]
        return out

    def ahead(shift: int) -> Ints:
        return np.asarray(np.append(unit[shift:], np.full(min(shift, count), -1)))[:count]

    one, two, three = ahead(1), ahead(2), ahead(3)
    direct = np.flatnonzero(same(1) & (one != unit))
    through = np.flatnonzero(same(2) & (two != unit) & (one != unit) & (two != one))
    back = np.flatnonzero(
        same(3) & (two == unit) & (one != unit) & (three != unit) & (three != one)
    )
    # in a -> W -> a -> n the step a -> n is the end of the detour, not a direct way, and the
    # return W -> a -> n is no way of W's through a
    direct = direct[~np.isin(direct, back + 2)]
    through = through[~np.isin(through, back + 1)]
    starts = np.concatenate([direct, through, back])
    length = np.concatenate(
        [np.full(part.size, n) for part, n in ((direct, 1), (through, 2), (back, 3))]
    )
    end = kept[starts + length]
    begin = kept[starts]
    via_stay = np.where(length > 1, kept[np.minimum(starts + 1, count - 1)], -1)
    # the next stay on the path without ping-pong: what lies in between is no part of the way
    following = kept[np.minimum(starts + 1, count - 1)]
    hours = np.maximum(stays.start_us[end] - stays.enter_us[following], 0) / HOUR_US
    return Ways(
        stays.case[begin],
        stays.unit[begin],
        np.where(length > 1, stays.unit[np.maximum(via_stay, 0)], -1),
        stays.unit[end],
        stays.topic[begin],
        begin,
        following,
        via_stay,
        end,
        hours,
        # without a clock nobody can tell whether there was work
        (length == 1) | stays.worked[np.maximum(via_stay, 0)] | (not basis.log.has_clock),
        stays.day[end] - stays.day.min(initial=0),
    )
