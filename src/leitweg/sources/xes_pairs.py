"""A start and the complete that follows it are one event with a beginning and an end."""

from collections import deque
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leitweg.sources.xes_columns import XesLog

Ints = npt.NDArray[np.int64]

LIFECYCLE = "lifecycle:transition"
TIME = "time:timestamp"
STARTED = "started (lifecycle start)"
"""Column added to joined events: the time of the start, as it was written."""
_IDENTITY = ("concept:name", "concept:instance")
_HOLDERS = ("org:resource", "org:group")


def join_starts(log: XesLog) -> tuple[pa.Table, Ints]:
    """Join every start with its complete, in the order in which they were begun.

    A pair has the same trace, activity and (where the log has it) instance, and no two different
    people: a task that one person starts and another completes was handed over in between, and
    stays two events. Other transitions stay as they are.

    Returns
    -------
    tuple
        The events without the joined starts, with the column `STARTED` where anything was
        joined, and the row of each in ``log.events``.
    """
    events = log.events
    everything = np.arange(events.num_rows)
    if LIFECYCLE not in events.column_names or TIME not in events.column_names:
        return events, everything
    transition = pc.utf8_lower(events[LIFECYCLE].combine_chunks())
    starts = _rows_with(transition, "start")
    if len(starts) == 0:
        return events, everything
    start_of = _start_of(log, starts, _rows_with(transition, "complete"))
    if (start_of < 0).all():
        return events, everything
    kept = np.setdiff1d(everything, start_of[start_of >= 0])
    return _joined(events, start_of).take(pa.array(kept)), kept


def _rows_with(transition: pa.Array, name: str) -> Ints:
    return np.flatnonzero(np.asarray(pc.fill_null(pc.equal(transition, name), False)))


def _start_of(log: XesLog, starts: Ints, completes: Ints) -> Ints:
    """Return, for every event, the row of the start that it completes, or -1."""
    task = _codes(log, _IDENTITY)
    person = _codes(log, _HOLDERS[:1])
    is_start = np.zeros(log.events.num_rows, dtype=bool)
    is_start[starts] = True
    start_of = np.full(log.events.num_rows, -1, dtype=np.int64)
    begun: dict[int, deque[int]] = {}
    for row in np.sort(np.concatenate([starts, completes])).tolist():
        waiting = begun.setdefault(int(task[row]), deque())
        if is_start[row]:
            waiting.append(row)
        elif waiting and (person[waiting[0]] == person[row] or -1 in person[[waiting[0], row]]):
            start_of[row] = waiting.popleft()
    return start_of


def _codes(log: XesLog, names: Sequence[str]) -> Ints:
    # tasks are numbered within their trace, people (one name) across all of them
    known = [log.events[name].combine_chunks() for name in names if name in log.events.column_names]
    columns = [np.asarray(pc.fill_null(c.dictionary_encode().indices, -1)) for c in known]
    if len(names) == 1:
        return columns[0].astype(np.int64) if columns else np.full(len(log.trace_of), -1)
    rows = np.column_stack([log.trace_of, *columns])
    return np.unique(rows, axis=0, return_inverse=True)[1].reshape(-1)


def _joined(events: pa.Table, start_of: Ints) -> pa.Table:
    starts = pa.array(start_of, mask=start_of < 0)
    for name in _HOLDERS:
        if name in events.column_names:
            position = events.column_names.index(name)
            filled = pc.coalesce(events[name], events[name].take(starts))
            events = events.set_column(position, name, filled)
    return events.append_column(STARTED, events[TIME].take(starts))
