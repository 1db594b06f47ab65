"""The loops of the person kernel along the time of a resource: when was it busy, and with what?

All work of a resource is swept once in the order of its starts. At any time the resource is busy
if it runs as many things as it usually does at once; ``key`` is the rank, by enablement, of the
one among them that fills it up: work that was enabled no earlier than that waits for contention.
"""

from typing import NamedTuple

import numpy as np

from leitweg.engine.arrays import Flags, Int32, Int64
from leitweg.engine.calendar_clock import OpenTime, last_not_after, open_until
from leitweg.engine.compiled import compiled


class Mine(NamedTuple):
    """The work of one resource in the order of its starts.

    ``rank`` (from 1): how many pieces were enabled no later. ``counts``: it takes time, and is not
    one with the piece before it.
    """

    start_us: Int64
    end_us: Int64
    enabled_us: Int64
    activity: Int32
    rank: Int64
    counts: Flags


class Busy(NamedTuple):
    """When a resource is busy, as steps: from ``at_us`` on with ``key`` (0: free).

    ``busy_us``, ``open_us``, ``both_us``: time up to the step in which it was busy, at work by its
    calendar, and both.
    """

    at_us: Int64
    key: Int64
    busy_us: Int64
    open_us: Int64
    both_us: Int64


@compiled
def mine_of(
    events: Int64, start_us: Int64, end_us: Int64, enabled_us: Int64, activity: Int32
) -> Mine:
    """Pick the work of one resource, whose events stand by start, end and activity."""
    start, end, enabled, task = (
        start_us[events],
        end_us[events],
        enabled_us[events],
        activity[events],
    )
    order = np.argsort(enabled, kind="mergesort")
    rank = np.empty(events.size, np.int64)
    upto = events.size
    for place in range(events.size - 1, -1, -1):
        if place + 1 < events.size and enabled[order[place]] < enabled[order[place + 1]]:
            upto = place + 1
        rank[order[place]] = upto
    counts = end > start
    for place in range(1, events.size):
        # one sitting for several cases is one piece of work
        one = start[place] == start[place - 1] and end[place] == end[place - 1]
        counts[place] &= not (one and task[place] == task[place - 1])
    return Mine(start, end, enabled, task, rank, counts)


@compiled
def push(heap: Int64, size: int, us: int, rank: int) -> None:
    """Put an end and its rank into a heap of ``size`` ends; the earliest stands first."""
    place = size
    while place > 0 and heap[(place - 1) // 2, 0] > us:
        heap[place] = heap[(place - 1) // 2]
        place = (place - 1) // 2
    heap[place, 0], heap[place, 1] = us, rank


@compiled
def pop(heap: Int64, size: int) -> None:
    """Take the earliest end out of a heap of ``size`` ends."""
    us, rank = heap[size - 1, 0], heap[size - 1, 1]
    place, child = 0, 1
    while child < size - 1:
        if child + 1 < size - 1 and heap[child + 1, 0] < heap[child, 0]:
            child += 1
        if heap[child, 0] >= us:
            break
        heap[place] = heap[child]
        place, child = child, 2 * child + 1
    heap[place, 0], heap[place, 1] = us, rank


@compiled
def usually_at_once(mine: Mine, heap: Int64, quantile: float) -> int:
    """Return the number of things that run at that quantile of the starts, at least 1."""
    running, n_starts = 0, 0
    times = np.zeros(mine.start_us.size + 1, np.int64)
    for place in range(mine.start_us.size):
        if not mine.counts[place]:
            continue
        while running and heap[0, 0] <= mine.start_us[place]:
            pop(heap, running)
            running -= 1
        push(heap, running, mine.end_us[place], 0)
        running += 1
        times[running] += 1
        n_starts += 1
    at_once, seen = 1, times[1]
    while seen < quantile * n_starts:
        at_once += 1
        seen += times[at_once]
    return at_once


@compiled
def add(tree: Int64, rank: int, value: int) -> None:
    """Add a value at a rank of a tree of sums (Fenwick)."""
    while rank < tree.size:
        tree[rank] += value
        rank += rank & -rank


@compiled
def sum_up_to(tree: Int64, rank: int) -> int:
    """Sum of the values up to a rank."""
    total = 0
    while rank > 0:
        total += tree[rank]
        rank -= rank & -rank
    return total


@compiled
def rank_of_nth(tree: Int64, n: int, highest: int) -> int:
    """Rank at which a tree of counts has reached ``n``; ``highest``: largest power of 2 in it."""
    rank, step = 0, highest
    while step:
        if rank + step < tree.size and tree[rank + step] < n:
            rank += step
            n -= tree[rank]
        step //= 2
    return rank + 1


@compiled
def busy_steps(mine: Mine, heap: Int64, at_once: int) -> tuple[Int64, Int64]:
    """When a resource that does ``at_once`` things at once is busy: times, and keys from then."""
    n = mine.start_us.size
    tree, highest = np.zeros(n + 1, np.int64), 1
    while 2 * highest <= n:
        highest *= 2
    at_us, key = np.empty(2 * n, np.int64), np.empty(2 * n, np.int64)
    size, running, place, last_key = 0, 0, 0, 0
    while place < n or running:
        if place < n and not mine.counts[place]:
            place += 1
            continue
        now = heap[0, 0] if running else mine.start_us[place]
        if place < n:
            now = min(now, mine.start_us[place])
        while running and heap[0, 0] == now:
            add(tree, heap[0, 1], -1)
            pop(heap, running)
            running -= 1
        while place < n and mine.start_us[place] == now:
            if mine.counts[place]:
                add(tree, mine.rank[place], 1)
                push(heap, running, mine.end_us[place], mine.rank[place])
                running += 1
            place += 1
        new_key = rank_of_nth(tree, at_once, highest) if running >= at_once else 0
        if new_key != last_key:
            at_us[size], key[size] = now, new_key
            size, last_key = size + 1, new_key
    return at_us[:size], key[:size]


@compiled
def busy_of(mine: Mine, heap: Int64, at_once: int, hours: OpenTime) -> Busy:
    """Sum up when a resource is busy, and how much of that its calendar is open."""
    at_us, key = busy_steps(mine, heap, at_once)
    busy, opened, both = np.zeros_like(at_us), np.zeros_like(at_us), np.zeros_like(at_us)
    for step in range(at_us.size):
        opened[step] = open_until(hours, at_us[step])
        if step:
            is_busy = key[step - 1] > 0
            busy[step] = busy[step - 1] + is_busy * (at_us[step] - at_us[step - 1])
            both[step] = both[step - 1] + is_busy * (opened[step] - opened[step - 1])
    return Busy(at_us, key, busy, opened, both)


@compiled
def sums_at(busy: Busy, hours: OpenTime, us: int) -> tuple[int, int, int]:
    """Time up to ``us`` in which a resource was busy, at work by its calendar, and both."""
    opened = open_until(hours, us)
    step = last_not_after(busy.at_us, us)
    if step < 0:
        return 0, opened, 0
    is_busy = busy.key[step] > 0
    busy_us = busy.busy_us[step] + is_busy * (us - busy.at_us[step])
    both_us = busy.both_us[step] + is_busy * (opened - busy.open_us[step])
    return busy_us, opened, both_us
