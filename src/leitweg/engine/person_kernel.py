"""Why did each piece of work wait? The kernel over (person, time).

Every microsecond between the enablement and the start of a piece of work has exactly one of five
causes (Lashkevich et al. 2022), in the order of `domain.situation.CAUSES`, each less the earlier
ones. Method: docs/methods/causes-of-waiting.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from leitweg.domain.situation import CAUSES
from leitweg.engine.arrays import MISSING, Int32, Int64
from leitweg.engine.calendars import Calendars, calendar_parts
from leitweg.engine.compiled import compiled
from leitweg.engine.person_kernel_batches import BatchLimits
from leitweg.engine.person_kernel_split import N_COUNTED, Questions, split_waits
from leitweg.engine.resources import THREADS, by_resource, in_parts, settle_ties
from leitweg.engine.work_rules import RULES, WorkRules
from leitweg.engine.work_times import WorkTimes

N_CAUSES = len(CAUSES)
SECOND_US = 1_000_000


@dataclass(frozen=True)
class Windows:
    """Stretches of time whose causes are asked for, in any number; all shapes (windows,).

    ``event`` is the piece of work whose start the stretch waited for, -1 where there is none; what
    lies before its enablement, or after its start, is extraneous. ``cell`` is where the stretch
    counts, 0 to ``n_cells`` - 1. Microseconds UTC; stretches without length count nothing.
    """

    event: Int64
    from_us: Int64
    to_us: Int64
    cell: Int64
    n_cells: int


def customer_windows(work: WorkTimes, offsets: Int64) -> Windows:
    """Return the stretches in which a customer waits and nobody works; a cell is a case."""
    event = np.flatnonzero(work.idle_since_us != MISSING).astype(np.int64)
    case = np.searchsorted(offsets, event, side="right") - 1
    return Windows(
        event, work.idle_since_us[event], work.start_us[event], case, int(offsets.size - 1)
    )


def transition_windows(work: WorkTimes) -> Windows:
    """Return every wait from enablement to start; a cell is an event."""
    event = np.arange(work.start_us.size, dtype=np.int64)
    return Windows(event, work.enabled_us, work.start_us, event, int(event.size))


def causes_of_windows(
    work: WorkTimes,
    activity: Int32,
    calendars: Calendars,
    windows: Sequence[Windows],
    rules: WorkRules = RULES,
    *,
    threads: int = THREADS,
) -> list[Int64]:
    """Split stretches of waiting by their causes.

    Parameters
    ----------
    work
        When work was possible, started and ended.
    activity
        Code of the activity of each event, -1 for none.
    calendars
        Of the same log.
    windows
        Sets of stretches; all are answered in one sweep.
    rules
        The thresholds.

    Returns
    -------
    list of arrays of shape (cells, 5)
        Microseconds per cell and cause; each row sums to the length of its stretches exactly.
    """
    resource = np.where(work.is_work, work.resource, -1).astype(np.int32)
    offsets, order = by_resource(resource, calendars.row.size, work.start_us)
    ties = (offsets, order, work.start_us, work.end_us, activity)
    in_parts(offsets, lambda part: settle_ties(part, *ties))
    asked = [find_points(*_columns(w), work.enabled_us, work.start_us, resource) for w in windows]
    questions, places = _questions(resource, calendars.row.size, windows, asked)
    whole = np.zeros((work.start_us.size, N_COUNTED), np.int64)
    parts = np.zeros((questions.event.size, N_COUNTED), np.int64)
    shared = (
        *(offsets, order, (work.start_us, work.end_us, work.enabled_us), activity),
        *(int(activity.max(initial=0)) + 1, calendar_parts(calendars)),
        *(rules.multitasking_quantile, _limits(rules), questions),
        *(np.empty(work.start_us.size if places.size else 0, np.int32), whole, parts),
    )
    in_parts(offsets, lambda part: split_waits(part, *shared), threads=threads)
    known, found = Known(work.enabled_us, work.start_us, resource, whole, parts), []
    ends = np.cumsum([0, *(at.size for at, _, _ in asked)])
    for one, (at, side, _), low, high in zip(windows, asked, ends, ends[1:], strict=False):
        cells = np.zeros((one.n_cells, N_CAUSES), np.int64)
        sum_windows((*_columns(one), one.cell), known, (at, side, places[low:high]), cells)
        found.append(cells)
    return found


def _columns(windows: Windows) -> tuple[Int64, Int64, Int64]:
    return windows.event, windows.from_us, windows.to_us


def _limits(rules: WorkRules) -> BatchLimits:
    return BatchLimits(
        int(rules.batch_gap_seconds * SECOND_US),
        int(rules.batch_idle_hours * 3600 * SECOND_US),
        rules.batch_share,
        rules.batch_same_size,
    )


@compiled
def find_points(
    event: Int64,
    from_us: Int64,
    to_us: Int64,
    enabled_us: Int64,
    start_us: Int64,
    resource: Int32,
) -> tuple[Int64, Int64, Int64]:
    """Begins and ends of windows that lie within the wait of their event, where the split is open.

    Window, side (0: begin, 1: end) and time of each, in the order of the windows.
    """
    room, size = 64, 0
    found = np.empty((3, room), np.int64)
    for window in range(event.size):
        who = event[window]
        if who < 0 or resource[who] < 0 or to_us[window] <= from_us[window]:
            continue
        for side in range(2):
            us = to_us[window] if side else from_us[window]
            if not enabled_us[who] < us < start_us[who]:
                continue
            if size == room:
                grown = np.empty((3, 2 * room), np.int64)
                grown[:, :room] = found
                found, room = grown, 2 * room
            found[0, size], found[1, size], found[2, size] = window, side, us
            size += 1
    return found[0, :size].copy(), found[1, :size].copy(), found[2, :size].copy()


def _questions(
    resource: Int32,
    n: int,
    windows: Sequence[Windows],
    asked: Sequence[tuple[Int64, Int64, Int64]],
) -> tuple[Questions, Int64]:
    """All open points by resource and time, and the place of each among them."""
    event = np.concatenate([one.event[at] for one, (at, _, _) in zip(windows, asked, strict=True)])
    us = np.concatenate([us for _, _, us in asked])
    order = np.lexsort((us, resource[event]))
    places = np.empty(order.size, np.int64)
    places[order] = np.arange(order.size)
    offsets = np.searchsorted(resource[event[order]], np.arange(n + 1)).astype(np.int64)
    return Questions(offsets, event[order], us[order]), places


class Known(NamedTuple):
    """What the sweep found: the waits of all events, and how they split up to points in them."""

    enabled_us: Int64
    start_us: Int64
    resource: Int32
    whole: Int64
    parts: Int64


@compiled
def sum_windows(
    windows: tuple[Int64, Int64, Int64, Int64],
    known: Known,
    points: tuple[Int64, Int64, Int64],
    cells: Int64,
) -> None:
    """Add the causes of all windows to their cells.

    ``points``: window, side and place in ``known.parts`` of every begin that lies after the
    enablement and every end that lies before the start.
    """
    event, from_us, to_us, cell = windows
    at, side, question = points
    n_counted, point = known.whole.shape[1], 0
    for window in range(event.size):
        begin, end = -1, -1
        while point < at.size and at[point] == window:
            if side[point]:
                end = question[point]
            else:
                begin = question[point]
            point += 1
        length = to_us[window] - from_us[window]
        if length <= 0:
            continue
        cells[cell[window], n_counted] += length
        who = event[window]
        if who < 0 or known.resource[who] < 0:
            continue
        if to_us[window] <= known.enabled_us[who] or from_us[window] >= known.start_us[who]:
            continue
        for cause in range(n_counted):
            until = known.whole[who, cause] if end < 0 else known.parts[end, cause]
            before = 0 if begin < 0 else known.parts[begin, cause]
            cells[cell[window], cause] += until - before
            cells[cell[window], n_counted] -= until - before
