"""What did a backlog cost that was cleared on one day?

Where more than a third of the hours of a slow place end on one day, work was parked and then
picked up at once: not slowness, but an event. Method: docs/methods/slow-links.md.
"""

from dataclasses import dataclass

import numpy as np

from leitweg.domain.findings import Estimate
from leitweg.situation.arrays import Floats, Ints
from leitweg.situation.basis import Basis
from leitweg.situation.bootstrap import estimate, resampled_sums
from leitweg.situation.candidate import busiest_day


@dataclass(frozen=True)
class Backlog:
    """A cleared backlog: its day (ISO), what it cost with cases or days resampled.

    ``saved`` is, per row, the share of the wait that would not have occurred.
    """

    date: str
    by_case: Estimate | None
    by_day: Estimate | None
    saved: Floats


def cleared_backlog(basis: Basis, rows: Ints, hours: Floats) -> Backlog | None:
    """Return the backlog that a place's waits are made of, or None.

    Parameters
    ----------
    rows, hours
        Positions of the stays the place's handovers led to, and how long each waited.

    Returns
    -------
    Backlog or None
        The price is what the waits that ended on the busiest day exceed the place's usual wait
        by: the mean of its other days.
    """
    date, share = busiest_day(basis, rows, hours)
    stays = basis.stays
    on_day = stays.day[rows] == np.datetime64(date or "1970-01-01", "D").astype(np.int64)
    least = basis.constants.min_affected
    days = np.unique(stays.day[rows]).size
    # where work was picked up on few days only, one of them always holds a third
    few = days < least or int((~on_day).sum()) < least
    if few or share <= basis.constants.busiest_day_share:
        return None
    values = np.column_stack([np.ones(rows.size), hours])
    drawn = []
    for group in (stays.case[rows], stays.day[rows] - stays.day.min(initial=0)):
        sums = resampled_sums(
            group,
            on_day.astype(np.int64),
            values,
            2,
            seed=basis.seed,
            replicates=basis.constants.replicates,
        )
        usual = sums[:, 0, 1] / np.maximum(sums[:, 0, 0], 1.0)
        drawn.append(estimate(basis.per_month(1.0) * (sums[:, 1, 1] - sums[:, 1, 0] * usual)))
    usual_wait = float(hours[~on_day].mean())
    beyond = np.clip(1 - usual_wait / np.maximum(hours, 1e-9), 0.0, 1.0)
    return Backlog(date, drawn[0], drawn[1], np.where(on_day, beyond, 0.0))
