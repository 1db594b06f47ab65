"""Which waits are compared: one cell per (from, to, topic), with its mean log wait.

Shared by bottleneck, slow_link and smooth_link. Method: docs/methods/slow-links.md.
"""

from dataclasses import dataclass

import numpy as np

from leitweg.situation.arrays import Flags, Floats, Ints
from leitweg.situation.basis import Basis
from leitweg.situation.bootstrap import resampled_sums

OTHER_TOPICS = -2


@dataclass(frozen=True)
class Levels:
    """Log level of each cell against the company's, per replicate: shape (replicates + 1, cells).

    ``count`` are weighted numbers of handovers, ``hours`` weighted sums of waiting with
    the offset, ``handovers`` the number of all handovers. A cell without a handover in a
    replicate has level 0 and count 0.
    """

    count: Floats
    level: Floats
    hours: Floats
    handovers: Floats

    @property
    def sample(self) -> "Levels":
        """The sample itself, without replicates: shape (1, cells)."""
        return Levels(self.count[:1], self.level[:1], self.hours[:1], self.handovers[:1])


@dataclass(frozen=True)
class Cells:
    """Cells and their handovers.

    ``rows`` are positions of stays (the handovers into them), ``cell`` the cell of each row.
    ``by_case`` and ``by_day`` hold the levels with cases, or days, resampled. ``variance`` is the
    pooled variance of the log waits within cells.
    """

    rows: Ints
    cell: Ints
    from_unit: Ints
    to_unit: Ints
    topic: Ints
    log_wait: Floats
    wait_hours: Floats
    estimates: Flags
    by_case: Levels
    by_day: Levels
    variance: float

    @property
    def counts(self) -> Floats:
        """Number of handovers per cell that estimate."""
        return np.asarray(self.by_case.count[0])

    @property
    def levels(self) -> Floats:
        """Level of each cell in the sample itself."""
        return np.asarray(self.by_case.level[0])

    def __len__(self) -> int:
        return int(self.from_unit.size)


def cells_of(basis: Basis, *, estimates: Flags, left_out: Flags) -> Cells:
    """Build the cells from the handovers of closed cases.

    Parameters
    ----------
    estimates
        Per stay: whether the handover into it may estimate (not inside a ping-pong).
    left_out
        Per stay: stuck in a dead end, or the tick of a clock; neither estimated nor priced.
    """
    stays, constants = basis.stays, basis.constants
    rows = np.flatnonzero(stays.handover & basis.in_period[stays.case] & ~left_out)
    sender = stays.sender[rows]
    receiver, topic = stays.unit[rows], stays.topic[rows]
    topic = _pooled(sender, receiver, topic, estimates[rows], constants.min_pool)
    places, cell = np.unique(
        np.column_stack([sender, receiver, topic]), axis=0, return_inverse=True
    )
    cell = cell.reshape(-1)
    hours = stays.wait_hours[rows]
    log_wait = np.log(hours + constants.wait_offset_hours)
    weight = estimates[rows].astype(np.float64)
    # the model shifts log(wait + offset): what a factor saves is a share of the same sum
    values = np.column_stack(
        [weight, weight * log_wait, hours + constants.wait_offset_hours, np.ones(rows.size)]
    )
    by_case, by_day = (
        resampled_sums(
            group, cell, values, len(places), seed=basis.seed, replicates=constants.replicates
        )
        for group in (stays.case[rows], stays.day[rows] - stays.day.min(initial=0))
    )
    variance = _pooled_variance(cell, log_wait, weight, by_case[0])
    return Cells(
        rows,
        cell,
        places[:, 0],
        places[:, 1],
        places[:, 2],
        log_wait,
        hours,
        estimates[rows],
        levels_of(by_case),
        levels_of(by_day),
        variance,
    )


def _pooled(sender: Ints, receiver: Ints, topic: Ints, estimates: Flags, least: int) -> Ints:
    """Give the topics of a link that are too thin to stand alone one common name."""
    triples, inverse = np.unique(
        np.column_stack([sender, receiver, topic]), axis=0, return_inverse=True
    )
    count = np.bincount(inverse.reshape(-1), weights=estimates, minlength=len(triples))
    return np.where(count[inverse.reshape(-1)] < least, OTHER_TOPICS, topic)


def _pooled_variance(cell: Ints, log_wait: Floats, weight: Floats, sums: Floats) -> float:
    mean = sums[:, 1] / np.maximum(sums[:, 0], 1)
    squares = weight * (log_wait - mean[cell]) ** 2
    freedom = weight.sum() - (sums[:, 0] > 0).sum()
    return float(squares.sum() / freedom) if freedom > 0 else float("nan")


def levels_of(sums: Floats) -> Levels:
    """Mean log wait of each cell less the weighted median over the cells."""
    count = sums[:, :, 0]
    mean = sums[:, :, 1] / np.maximum(count, 1e-12)
    level = np.where(count > 0, mean - weighted_median(mean, count)[:, None], 0.0)
    return Levels(count, level, sums[:, :, 2], sums[:, :, 3])


def weighted_median(values: Floats, weights: Floats) -> Floats:
    """Weighted median along the second axis; zero where there is nothing to take it of."""
    if values.shape[1] == 0:
        return np.zeros(values.shape[0])
    order = np.argsort(values, axis=1, kind="stable")
    ordered = np.take_along_axis(weights, order, axis=1)
    reached = np.cumsum(ordered, axis=1) >= ordered.sum(axis=1, keepdims=True) / 2
    position = reached.argmax(axis=1)
    row = np.arange(values.shape[0])
    return np.asarray(values[row, order[row, position]])


def grouped_level(levels: Levels, members: Ints) -> Floats:
    """Mean level of some cells, weighted by their handovers, per replicate."""
    count = levels.count[:, members]
    total = count.sum(axis=1)
    return np.asarray((count * levels.level[:, members]).sum(axis=1) / np.maximum(total, 1e-12))


def spread_between(values: Floats, sampling_variance: Floats) -> float:
    """Return the standard deviation between ordinary places, sampling noise taken off.

    Places further than 2.5 robust standard deviations (MAD) from the median are no ordinary ones;
    the variance of the others is far more precise than the MAD itself with few places.
    """
    if values.size < 3:
        return 0.0
    distance = np.abs(values - np.median(values))
    ordinary = values[distance <= 2.5 * 1.4826 * np.median(distance)]
    if ordinary.size < 3:
        return 0.0
    return float(np.sqrt(max(np.var(ordinary, ddof=1) - np.median(sampling_variance), 0.0)))
