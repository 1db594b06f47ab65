"""The loops that see absences: stretches without any work although the calendar is open."""

import numpy as np

from leitweg.engine.arrays import Int32, Int64
from leitweg.engine.calendar_clock import WEEK_HOURS, open_by_calendar
from leitweg.engine.compiled import compiled


@compiled
def gaps_of(events: Int64, begin_us: Int64, end_us: Int64) -> tuple[Int64, Int64]:
    """Stretches between the work of one resource, whose events stand by their begin."""
    gap_from, gap_to = np.empty(events.size, np.int64), np.empty(events.size, np.int64)
    size = 0
    reached = end_us[events[0]]
    for event in events:
        if begin_us[event] > reached:
            gap_from[size], gap_to[size] = reached, begin_us[event]
            size += 1
        reached = max(reached, end_us[event])
    return gap_from[:size], gap_to[:size]


@compiled
def quantile_of(values: Int64, share: float) -> int:
    """Smallest value that at least this share of the values does not exceed."""
    ordered = np.sort(values)
    return int(ordered[max(0, int(np.ceil(share * values.size)) - 1)])


@compiled
def absences_of(
    part: tuple[int, int],
    offsets: Int64,
    order: Int64,
    begin_us: Int64,
    end_us: Int64,
    row: Int32,
    clocks: tuple[Int64, Int64, Int64, Int64],
    limits: tuple[float, float, float],
) -> tuple[Int64, Int64, Int64]:
    """Absences of a range of resources: who, from when, to when.

    ``clocks``: weeks (rows, 169), since, offset, bases (rows, offsets). ``limits``: share of a
    week, multiple of the usual gap, quantile that is usual.
    """
    weeks_us, since_us, offset_us, bases_us = clocks
    room, size = 64, 0
    found = np.empty((3, room), np.int64)
    for place in range(part[0], part[1]):
        events = order[offsets[place] : offsets[place + 1]]
        if events.size < 2:
            continue
        week_us, base_us = weeks_us[row[place]], bases_us[row[place]]
        gap_from, gap_to = gaps_of(events, begin_us, end_us)
        if gap_from.size == 0:
            continue
        opened = np.empty(gap_from.size, np.int64)
        for gap in range(gap_from.size):
            until = open_by_calendar(week_us, since_us, offset_us, base_us, gap_to[gap])
            before = open_by_calendar(week_us, since_us, offset_us, base_us, gap_from[gap])
            opened[gap] = until - before
        least = max(
            np.int64(limits[0] * week_us[WEEK_HOURS]),
            np.int64(limits[1] * quantile_of(opened, limits[2])),
        )
        for gap in range(gap_from.size):
            if opened[gap] < least:
                continue
            if size == room:
                grown = np.empty((3, 2 * room), np.int64)
                grown[:, :room] = found
                found, room = grown, 2 * room
            found[0, size], found[1, size], found[2, size] = place, gap_from[gap], gap_to[gap]
            size += 1
    return found[0, :size].copy(), found[1, :size].copy(), found[2, :size].copy()


@compiled
def merged(who: Int64, from_us: Int64, to_us: Int64) -> tuple[Int64, Int64, Int64]:
    """Join absences that touch or overlap; they stand by resource and begin."""
    kept = 0
    for place in range(who.size):
        same = kept > 0 and who[kept - 1] == who[place]
        if same and from_us[place] <= to_us[kept - 1]:
            to_us[kept - 1] = max(to_us[kept - 1], to_us[place])
            continue
        who[kept], from_us[kept], to_us[kept] = who[place], from_us[place], to_us[place]
        kept += 1
    return who[:kept].copy(), from_us[:kept].copy(), to_us[:kept].copy()
