"""The loops of the person kernel that see batches: things that lay until there were enough.

A log shows that things were done in one go, but not why. Whether somebody collects an activity is
therefore told by habit: by what they do when nothing else keeps them from starting.
"""

from typing import NamedTuple

import numpy as np

from leitweg.engine.arrays import Flags, Int64
from leitweg.engine.calendar_clock import OpenTime
from leitweg.engine.compiled import compiled
from leitweg.engine.person_kernel_sweep import Busy, Mine, sums_at

# a habit needs so many batches that began with their last member
LEAST_BATCHES = 3


class BatchLimits(NamedTuple):
    """Thresholds of `work_rules.WorkRules`, for the loops."""

    gap_us: int
    idle_us: int
    share: float
    same_size: float


class Groups(NamedTuple):
    """Pieces of one activity done in one go, all waiting before the first began; two or more.

    ``first``, ``after``: places of the first and after the last. ``free_us``: how long the
    resource was free and at work while they came together. ``checked``: it was so when the last
    one came; ``at_once``: and then it began. ``all_taken``: nothing of the activity was left lying.
    """

    first: Int64
    after: Int64
    free_us: Int64
    checked: Flags
    at_once: Flags
    all_taken: Flags


@compiled
def ends_of_runs(mine: Mine, gap_us: int) -> Int64:
    """Place after the run that each piece is in: one activity, one after another without a gap."""
    after = np.empty(mine.start_us.size, np.int64)
    first = 0
    while first < after.size:
        place, reached = first + 1, mine.end_us[first]
        while (
            place < after.size
            and mine.activity[first] >= 0
            and mine.activity[place] == mine.activity[first]
            and mine.start_us[place] <= reached + gap_us
        ):
            reached = max(reached, mine.end_us[place])
            place += 1
        after[first:place] = place
        first = place
    return after


@compiled
def free_between(busy: Busy, hours: OpenTime, from_us: int, to_us: int) -> int:
    """How long a resource was at work and not busy between two times."""
    _, open_us, both_us = sums_at(busy, hours, from_us)
    _, open_to, both_to = sums_at(busy, hours, to_us)
    return int((open_to - open_us) - (both_to - both_us))


@compiled
def first_left_lying(mine: Mine, earliest: Int64) -> Int64:
    """Earliest enablement of the later pieces of the same activity.

    ``earliest`` (activities,) is scratch, the largest integer before and after.
    """
    none = np.int64(2**63 - 1)
    later = np.full(mine.start_us.size, none, np.int64)
    for place in range(mine.start_us.size - 1, -1, -1):
        activity = mine.activity[place]
        if activity >= 0:
            later[place] = earliest[activity]
            earliest[activity] = min(earliest[activity], mine.enabled_us[place])
    for activity in mine.activity:
        if activity >= 0:
            earliest[activity] = none
    return later


@compiled
def began_with_last(mine: Mine, first: int, after: int, last_us: int, gap_us: int) -> bool:
    """Whether a group began when its last member came, with another member than that."""
    began = mine.start_us[first]
    place = first
    while place < after and mine.start_us[place] == began:
        if mine.enabled_us[place] < last_us:
            return bool(began - last_us <= gap_us)
        place += 1
    return False


@compiled
def groups_of_runs(
    mine: Mine, runs: Int64, busy: Busy, hours: OpenTime, limits: BatchLimits, later: Int64
) -> Groups:
    """Find all groups, in the order of their starts."""
    room = mine.start_us.size // 2
    first_of, after_of = np.empty(room, np.int64), np.empty(room, np.int64)
    free_us, size, place = np.zeros(room, np.int64), 0, 0
    flags = np.zeros((3, room), np.bool_)
    while place < mine.start_us.size:
        first, place = place, place + 1
        while place < runs[first] and mine.enabled_us[place] <= mine.start_us[first]:
            place += 1
        if place - first < 2:
            continue
        low, high = mine.enabled_us[first:place].min(), mine.enabled_us[first:place].max()
        first_of[size], after_of[size] = first, place
        free_us[size] = free_between(busy, hours, low, high)
        was_free = free_us[size] > limits.gap_us
        flags[0, size] = was_free and free_between(busy, hours, high - 1, high) > 0
        flags[1, size] = flags[0, size] and began_with_last(mine, first, place, high, limits.gap_us)
        flags[2, size] = later[place - 1] > mine.start_us[first]
        size += 1
    return Groups(first_of[:size], after_of[:size], free_us[:size], flags[0], flags[1], flags[2])


@compiled
def usual_size(sizes: Int64, least: float) -> int:
    """Return the size that so many of the batches have (the smallest of equals), else 0."""
    ordered = np.sort(sizes)
    best, times, place = 0, 0, 0
    while place < ordered.size:
        after = place
        while after < ordered.size and ordered[after] == ordered[place]:
            after += 1
        if after - place > times:
            best, times = ordered[place], after - place
        place = after
    return int(best) if times >= least * ordered.size else 0


@compiled
def habit_of(groups: Groups, mine: Int64, n_pieces: int, limits: BatchLimits) -> int:
    """Tell how a resource collects an activity: -1 not, 0 as it comes, else in that size.

    ``mine``: the groups of that activity; ``n_pieces``: all it did of it.
    """
    sizes = groups.after[mine] - groups.first[mine]
    at_once, collected, checked = 0, 0, 0
    for place in range(mine.size):
        group = mine[place]
        checked += groups.checked[group] * sizes[place]
        at_once += groups.at_once[group] * sizes[place]
        if groups.free_us[group] >= limits.idle_us and groups.all_taken[group]:
            collected += sizes[place]
    begun = sizes[groups.at_once[mine]]
    if begun.size >= LEAST_BATCHES and at_once >= limits.share * checked:
        return usual_size(begun, limits.same_size)
    return 0 if collected >= limits.share * n_pieces else -1


@compiled
def batches_of(
    mine: Mine, busy: Busy, hours: OpenTime, limits: BatchLimits, earliest: Int64
) -> Int64:
    """First member of the batch of every piece, -1 outside of batches."""
    batch_of = np.full(mine.start_us.size, -1, np.int64)
    runs = ends_of_runs(mine, limits.gap_us)
    later = first_left_lying(mine, earliest)
    groups = groups_of_runs(mine, runs, busy, hours, limits, later)
    task = mine.activity[groups.first]
    by_task = np.argsort(task, kind="mergesort")
    order = np.argsort(mine.activity, kind="mergesort")
    ordered, low = mine.activity[order], 0
    while low < by_task.size:
        activity, high = task[by_task[low]], low
        while high < by_task.size and task[by_task[high]] == activity:
            high += 1
        first = np.searchsorted(ordered, activity, side="left")
        after = np.searchsorted(ordered, activity, side="right")
        size = habit_of(groups, by_task[low:high], after - first, limits)
        if size == 0:
            mark_groups(groups, by_task[low:high], limits.gap_us, batch_of)
        elif size > 0:
            mark_runs(mine, runs, order[first:after], size, batch_of)
        low = high
    return batch_of


@compiled
def mark_groups(groups: Groups, mine: Int64, gap_us: int, batch_of: Int64) -> None:
    """Mark the groups that the resource let lie."""
    for group in mine:
        if groups.free_us[group] > gap_us:
            batch_of[groups.first[group] : groups.after[group]] = groups.first[group]


@compiled
def mark_runs(mine: Mine, runs: Int64, places: Int64, size: int, batch_of: Int64) -> None:
    """Mark the batches of an activity that is collected in one size: runs, cut into such."""
    taken = 0
    for first in places:
        if first < taken or first + size > runs[first]:
            continue
        # what was not all there when the first began is no batch from there on
        if mine.enabled_us[first : first + size].max() <= mine.start_us[first]:
            batch_of[first : first + size] = first
            taken = first + size


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
