"""Who does the work of an event: a person, or the unit where the log names no person."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np

from leitweg.engine.arrays import MISSING, NOBODY, Int32, Int64
from leitweg.engine.compiled import compiled
from leitweg.engine.event_log import EventLog

THREADS = 2
Part = tuple[int, int]
Result = TypeVar("Result")


def n_resources(log: EventLog) -> int:
    """Count the resources: all persons, then all units."""
    return len(log.persons) + len(log.units)


def resources_of(log: EventLog) -> Int32:
    """Return who stands behind each event.

    Returns
    -------
    array of shape (events,)
        The person; where the event names none, number of persons + the unit; -1 for machine
        accounts and for events that name neither.
    """
    unit = np.where(log.unit >= 0, log.unit + len(log.persons), NOBODY)
    if len(log.persons) == 0:
        return unit.astype(np.int32)
    person = np.where(log.machine[np.maximum(log.person, 0)], NOBODY, log.person)
    return np.where(log.person >= 0, person, unit).astype(np.int32)


def begin_of_events(log: EventLog) -> Int64:
    """Return when each event began: its start where it is known, else its time."""
    begin: Int64 = np.where(
        log.started_us == MISSING, log.at_us, np.minimum(log.started_us, log.at_us)
    )
    return begin


def by_resource(resource: Int32, n: int, key: Int64) -> tuple[Int64, Int64]:
    """Put events in the order of resource, then of a key, then of the log.

    Returns
    -------
    tuple
        Offsets of shape (n + 1,) and the events; those of nobody (-1) are left out.
    """
    offsets, order = events_of_resources(resource, n)
    in_parts(offsets, lambda part: sort_within(part, offsets, order, key))
    return offsets, order


def in_parts(
    offsets: Int64, work: Callable[[Part], Result], *, threads: int = THREADS
) -> list[Result]:
    """Do compiled work on ranges of resources with about as many events each, side by side.

    ``work`` takes the first resource and the one after the last; results come in this order.
    """
    bounds = np.searchsorted(offsets, np.linspace(0, offsets[-1], threads + 1))
    bounds[0], bounds[-1] = 0, offsets.size - 1
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, [(int(a), int(b)) for a, b in pairwise(bounds) if b > a]))


@compiled
def events_of_resources(resource: Int32, n: int) -> tuple[Int64, Int64]:
    """Offsets and events of every resource, in the order of the log."""
    offsets = np.zeros(n + 1, np.int64)
    for code in resource:
        if code >= 0:
            offsets[code + 1] += 1
    for place in range(n):
        offsets[place + 1] += offsets[place]
    free = offsets[:-1].copy()
    order = np.empty(offsets[n], np.int64)
    for event in range(resource.size):
        code = resource[event]
        if code >= 0:
            order[free[code]] = event
            free[code] += 1
    return offsets, order


@compiled
def sort_within(part: Part, offsets: Int64, order: Int64, key: Int64) -> None:
    """Sort the events of every resource of a range by a key; equal ones keep their order."""
    for place in range(part[0], part[1]):
        low, high = offsets[place], offsets[place + 1]
        mine = order[low:high]
        if is_ascending(mine, key):
            continue
        order[low:high] = mine[np.argsort(key[mine], kind="mergesort")]


@compiled
def settle_ties(
    part: Part, offsets: Int64, order: Int64, key: Int64, second: Int64, third: Int32
) -> None:
    """Sort the events of a resource that share their key by two further keys."""
    for place in range(part[0], part[1]):
        low = offsets[place]
        while low < offsets[place + 1]:
            high = low + 1
            while high < offsets[place + 1] and key[order[high]] == key[order[low]]:
                high += 1
            if high - low > 1:
                tied = order[low:high].copy()
                tied = tied[np.argsort(third[tied], kind="mergesort")]
                order[low:high] = tied[np.argsort(second[tied], kind="mergesort")]
            low = high


@compiled
def is_ascending(events: Int64, key: Int64) -> bool:
    """Whether the keys of these events stand in ascending order."""
    place = 1
    while place < events.size and key[events[place]] >= key[events[place - 1]]:
        place += 1
    return place >= events.size


def homes_of(log: EventLog) -> Int32:
    """Return the unit of each resource, -1 without one.

    For a person the latest unit of the people table, else the one most of their events name (the
    first of equals); a unit is its own.
    """
    persons = np.asarray(log.person_unit, dtype=np.int32)
    if len(log.persons) and bool((persons < 0).any()):
        offsets, order = events_of_resources(log.person, len(log.persons))
        persons = np.where(
            persons >= 0, persons, usual_units(offsets, order, log.unit, len(log.units))
        )
    return np.append(persons, np.arange(len(log.units))).astype(np.int32)


@compiled
def usual_units(offsets: Int64, order: Int64, unit: Int32, n_units: int) -> Any:
    """Most frequent unit in the events of every person, -1 where none names one."""
    count = np.zeros(n_units + 1, np.int64)
    usual = np.full(offsets.size - 1, NOBODY, np.int32)
    for place in range(offsets.size - 1):
        mine = order[offsets[place] : offsets[place + 1]]
        for event in mine:
            if unit[event] >= 0:
                count[unit[event]] += 1
                best = usual[place]
                if best < 0 or count[unit[event]] > count[best]:
                    usual[place] = unit[event]
        for event in mine:
            count[unit[event]] = 0
    return usual
