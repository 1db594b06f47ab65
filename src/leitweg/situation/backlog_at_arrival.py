"""How many cases lay at a unit when another one arrived, and do the waits follow it?

Method: docs/methods/overload.md.
"""

from dataclasses import dataclass

import numpy as np

from leitweg.situation.arrays import Floats, Ints, groups_of
from leitweg.situation.basis import Basis
from leitweg.situation.constants import DAY_US, HOUR_US

WEEK_US = 7 * DAY_US
MONDAY_US = 4 * DAY_US  # 1970-01-05
BLOCK_US = 4 * HOUR_US


@dataclass(frozen=True)
class Slope:
    """Change of the log wait per further case in the backlog, errors clustered by week."""

    value: float
    error: float


def backlog_at_arrival(basis: Basis) -> Ints:
    """Count, per stay, the cases that lay unstarted at its unit when it came in.

    Every stay counts, also those of open cases; a case does not count itself.
    """
    stays = basis.stays
    out = np.zeros(len(stays), dtype=np.int64)
    start = np.where(stays.worked, stays.work_us, stays.left_us)
    for _, rows in groups_of(stays.unit):
        arrived, begun = np.sort(stays.enter_us[rows]), np.sort(start[rows])
        now = stays.enter_us[rows]
        before = np.searchsorted(arrived, now, side="left")
        gone = np.searchsorted(begun, now, side="right")
        out[rows] = np.maximum(before - gone, 0)
    return out


def week_of(time_us: Ints) -> Ints:
    """Return the number of the week, from Monday to Sunday UTC."""
    return np.asarray((time_us - MONDAY_US) // WEEK_US)


def slope_on_backlog(backlog: Ints, log_wait: Floats, cell: Ints, arrived_us: Ints) -> Slope | None:
    """Regress the log wait on the backlog within cells and within hours of the week.

    Who arrives on Friday evening finds a larger backlog and waits longer, whatever the load: so
    every four hours of the week have an effect of their own, and so has every (sender, topic).

    Returns
    -------
    Slope or None
        None where the backlog does not vary.
    """
    hours = ((arrived_us - MONDAY_US) % WEEK_US) // BLOCK_US
    columns = _within(np.column_stack([backlog.astype(np.float64), log_wait]), cell, hours)
    x, y = columns[:, 0], columns[:, 1]
    freedom = float(x @ x)
    if freedom <= 1e-9:
        return None
    value = float(x @ y) / freedom
    _, week = np.unique(week_of(arrived_us), return_inverse=True)
    score = np.bincount(week.reshape(-1), weights=x * (y - value * x))
    few = score.size / max(score.size - 1, 1)
    return Slope(value, float(np.sqrt(few * (score @ score)) / freedom))


def _within(columns: Floats, *groupings: Ints) -> Floats:
    """Take out the means of both groupings in turn until nothing changes."""
    columns = columns - columns.mean(axis=0)
    indices = [np.unique(g, return_inverse=True)[1].reshape(-1) for g in groupings]
    for _ in range(50):
        largest = 0.0
        for index in indices:
            n = np.bincount(index)
            for j in range(columns.shape[1]):
                mean = np.bincount(index, weights=columns[:, j]) / n
                columns[:, j] -= mean[index]
                largest = max(largest, float(np.abs(mean).max()))
        if largest < 1e-6:
            break
    return columns
