"""Which ways lead from one unit to another through units that add nothing?

Method: docs/methods/gaps.md.
"""

from dataclasses import dataclass

import numpy as np

from leitweg.situation.arrays import Flags, Floats, Ints, groups_of
from leitweg.situation.basis import Basis
from leitweg.situation.ping_pong import Stretches
from leitweg.situation.work import work_hours

# a way through more units than this is a journey, not a detour
MOST_BETWEEN = 4


@dataclass(frozen=True)
class Ways:
    """Ways of cases from a unit ``a`` to the next visit of another unit ``to``.

    One row per way, on paths without ping-pong; ``between`` is the number of stays in between.
    ``start`` and ``end`` are positions in ``kept`` (the stays on such paths), ``kept`` positions
    in `Basis.stays`. ``from_entry``: the case began at a; ``to_home``: it ended at ``to``.
    """

    kept: Ints
    start: Ints
    end: Ints
    a: Ints
    to: Ints
    topic: Ints
    between: Ints
    from_entry: Flags
    to_home: Flags


def ways_between(basis: Basis, stretches: Stretches) -> Ways:
    """Collect the ways from every stay to the next visits of up to five units after it.

    A way ends at the first visit of its last unit and begins at the last visit of its first.
    """
    stays = basis.stays
    kept = _without_repeats(basis, stretches)
    case, unit = stays.case[kept], stays.unit[kept]
    parts = []
    for between in range(MOST_BETWEEN + 1):
        step = between + 1
        if kept.size <= step:
            break
        here = np.arange(kept.size - step)
        fits = (case[here + step] == case[here]) & (unit[here + step] != unit[here])
        for inner in range(1, step):
            fits &= (unit[here + inner] != unit[here]) & (unit[here + inner] != unit[here + step])
        start = here[fits]
        parts.append(np.column_stack([start, start + step, np.full(start.size, between)]))
    rows = np.concatenate(parts) if parts else np.zeros((0, 3), dtype=np.int64)
    start, end, n_between = rows[:, 0], rows[:, 1], rows[:, 2]
    first = np.append(True, case[1:] != case[:-1]) if case.size else np.zeros(0, dtype=bool)
    last = np.append(case[1:] != case[:-1], True) if case.size else np.zeros(0, dtype=bool)
    topic = stays.topic[kept]
    return Ways(
        *(kept, start, end, unit[start], unit[end], topic[start]),
        *(n_between, first[start], last[end]),
    )


def _without_repeats(basis: Basis, stretches: Stretches) -> Ints:
    """Stays of closed cases without ping-pong, each unit once in a row."""
    stays = basis.stays
    kept = np.flatnonzero(~stretches.inside(len(stays)) & basis.in_period[stays.case])
    if kept.size == 0:
        return kept
    same = np.append(False, (stays.case[kept][1:] == stays.case[kept][:-1]))
    repeated = np.append(False, stays.unit[kept][1:] == stays.unit[kept][:-1])
    return np.asarray(kept[~(same & repeated)])


@dataclass(frozen=True)
class Additions:
    """What the stays of each (unit, topic) add: mean log work less the company's.

    ``cell`` is the cell of each stay, ``level`` and ``error`` stand per cell; NaN where the log
    does not tell work.
    """

    cell: Ints
    level: Floats
    error: Floats


def additions_of(basis: Basis, stretches: Stretches) -> Additions:
    """Compare the work of the stays in each (unit, topic) with an ordinary stay.

    The reference is the mean over all stays of closed cases, so a unit that only passes on is
    far below it. Work is compared on the log scale, with a minute as the least amount. What is
    done again in ping-pong or a circle is left out.
    """
    stays = basis.stays
    work = np.log(work_hours(basis) + 1 / 60)
    width = int(stays.topic.max(initial=0)) + 2
    keys, cell = np.unique(stays.unit * width + stays.topic + 1, return_inverse=True)
    cell = cell.reshape(-1)
    used = basis.in_period[stays.case] & stays.worked & ~stretches.inside(len(stays))
    n = np.bincount(cell, weights=used, minlength=keys.size)
    ordinary = float(work[used].mean()) if used.any() else np.nan
    spread = float(work[used].std()) if used.any() else np.nan
    total = np.bincount(cell, weights=np.where(used, work, 0.0), minlength=keys.size)
    level = np.divide(total, n, out=np.full(keys.size, np.nan), where=n > 0) - ordinary
    # nobody ever worked there: the case only passed through
    level = np.where((n == 0) & np.isfinite(ordinary), -np.inf, level)
    return Additions(cell, level, spread / np.sqrt(np.maximum(n, 1)))


def adds_nothing(additions: Additions, cells: Ints, margin: float) -> Flags:
    """Whether the work in these cells is clearly below ``margin`` times an ordinary stay's."""
    upper = additions.level[cells] + 1.645 * additions.error[cells]
    return np.asarray(upper < np.log(margin))


def main_units_between(basis: Basis, ways: Ways, rows: Ints) -> list[tuple[int, Ints]]:
    """Units on at least a tenth of these ways: each with its stays (positions in `Basis.stays`)."""
    positions = np.concatenate(
        [np.zeros(0, dtype=np.int64)]
        + [
            ways.start[rows[ways.between[rows] >= step]] + step
            for step in range(1, MOST_BETWEEN + 1)
        ]
    )
    at = ways.kept[positions]
    return [
        (unit, at[members])
        for (unit,), members in groups_of(basis.stays.unit[at])
        if members.size >= 0.1 * rows.size
    ]
