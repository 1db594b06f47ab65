"""The loops of the person kernel that see batches: things that lay until there were enough."""

from leitweg.engine.arrays import Int64
from leitweg.engine.calendar_clock import OpenTime
from leitweg.engine.compiled import compiled
from leitweg.engine.person_kernel_sweep import Busy, Mine, sums_at


@compiled
def end_of_batch(mine: Mine, first: int, gap_us: int) -> int:
    """Place after the last piece that could be one batch with the piece at ``first``.

    The same activity, one after another without a gap or at once, all waiting before the first.
    """
    place, reached = first + 1, mine.end_us[first]
    while (
        place < mine.start_us.size
        and mine.activity[first] >= 0
        and mine.activity[place] == mine.activity[first]
        and mine.start_us[place] <= reached + gap_us
        and mine.enabled_us[place] <= mine.start_us[first]
    ):
        reached = max(reached, mine.end_us[place])
        place += 1
    return place


@compiled
def lay_idle(busy: Busy, hours: OpenTime, from_us: int, to_us: int, least_us: int) -> bool:
    """Whether a resource was at work and not busy for long enough between two times."""
    _, open_us, both_us = sums_at(busy, hours, from_us)
    _, open_to, both_to = sums_at(busy, hours, to_us)
    return bool((open_to - open_us) - (both_to - both_us) > least_us)


@compiled
def batches_of(mine: Mine, busy: Busy, hours: OpenTime, gap_us: int, batch_of: Int64) -> None:
    """Write the first member of the batch of every piece, -1 outside of batches.

    The resource had time for the first members before the last one came: it let them lie.
    """
    batch_of[:] = -1
    first = 0
    while first < mine.start_us.size:
        after = end_of_batch(mine, first, gap_us)
        if after - first >= 2:
            low = mine.enabled_us[first:after].min()
            high = mine.enabled_us[first:after].max()
            if high > low and lay_idle(busy, hours, low, high, gap_us):
                batch_of[first:after] = first
        first = after


@compiled
def keep_usual(mine: Mine, batch_of: Int64, least: float, done: Int64, batched: Int64) -> None:
    """Drop the batches of activities that are seldom done in batches.

    ``done`` and ``batched`` (activities,) are scratch, zero before and after.
    """
    for place in range(batch_of.size):
        if mine.activity[place] >= 0:
            done[mine.activity[place]] += 1
            batched[mine.activity[place]] += batch_of[place] >= 0
    for place in range(batch_of.size):
        activity = mine.activity[place]
        if batch_of[place] >= 0 and batched[activity] < least * done[activity]:
            batch_of[place] = -1
    for place in range(batch_of.size):
        if mine.activity[place] >= 0:
            done[mine.activity[place]] = 0
            batched[mine.activity[place]] = 0


@compiled
def ready_of(mine: Mine, batch_of: Int64) -> tuple[Int64, Int64]:
    """Since when every piece is complete with its batch, and the rank of that time."""
    ready, rank = mine.enabled_us.copy(), mine.rank.copy()
    place = 0
    while place < batch_of.size:
        first = batch_of[place]
        after = place + 1
        if first >= 0:
            while after < batch_of.size and batch_of[after] == first:
                after += 1
            ready[place:after] = mine.enabled_us[place:after].max()
            rank[place:after] = mine.rank[place:after].max()
        place = after
    return ready, rank
