"""The loops of the person kernel that split waits by their causes."""

from typing import NamedTuple

import numpy as np

from leitweg.engine.arrays import Int32, Int64
from leitweg.engine.calendar_clock import OpenTime
from leitweg.engine.calendars import CalendarParts, hours_of_resource
from leitweg.engine.compiled import compiled
from leitweg.engine.person_kernel_batches import BatchLimits, batches_of, ready_of
from leitweg.engine.person_kernel_sweep import (
    Busy,
    Mine,
    add,
    busy_of,
    mine_of,
    sum_up_to,
    sums_at,
    usually_at_once,
)

# batching, contention, prioritisation, unavailability; what remains is extraneous
N_COUNTED = 4


class Questions(NamedTuple):
    """Times within waits, by resource and time: how was the wait split up to then?

    Those of resource ``r`` are ``offsets[r]`` to ``offsets[r + 1]``; ``event`` waits.
    """

    offsets: Int64
    event: Int64
    us: Int64


@compiled
def split_up_to(
    us: int,
    mine: Mine,
    place: int,
    ready_us: int,
    ready_rank: int,
    busy: Busy,
    hours: OpenTime,
    filled: Int64,
    step: int,
    out: Int64,
) -> None:
    """Write how the wait of one piece splits from its enablement to ``us``.

    ``filled``: tree with the time of all steps before ``step``, by key. Before ``ready_us`` every
    step has a key of no higher rank, so that what was added before it can be taken off as a whole.
    """
    enabled_us = mine.enabled_us[place]
    out[0] = min(us, ready_us) - enabled_us
    if us <= ready_us:
        return
    busy_from, open_from, both_from = sums_at(busy, hours, ready_us)
    busy_to, open_to, both_to = sums_at(busy, hours, us)
    earlier = sum_up_to(filled, ready_rank) - busy_from
    if step < busy.at_us.size and 0 < busy.key[step] <= ready_rank and us > busy.at_us[step]:
        earlier += us - busy.at_us[step]
    out[1] = earlier
    out[2] = busy_to - busy_from - earlier
    closed = (us - ready_us) - (open_to - open_from)
    out[3] = closed - ((busy_to - busy_from) - (both_to - both_from))


@compiled
def split_mine(
    events: Int64,
    mine: Mine,
    ready: tuple[Int64, Int64],
    busy: Busy,
    hours: OpenTime,
    asked: Int64,
    asked_us: Int64,
    asked_place: Int64,
    whole: Int64,
    parts: Int64,
) -> None:
    """Split all waits of one resource, and answer its questions, in the order of time."""
    filled = np.zeros(events.size + 1, np.int64)
    step, question = 0, 0
    for place in range(events.size + 1):
        is_start = place < events.size
        until = int(mine.start_us[place]) if is_start else 2**63 - 1
        while question < asked.size and asked_us[question] <= until:
            us, who = int(asked_us[question]), asked_place[question]
            step = fill_until(filled, busy, step, us)
            split_up_to(
                *(us, mine, who, ready[0][who], ready[1][who], busy, hours, filled, step),
                parts[asked[question]],
            )
            question += 1
        if is_start and until > mine.enabled_us[place]:
            step = fill_until(filled, busy, step, until)
            split_up_to(
                *(until, mine, place, ready[0][place], ready[1][place], busy, hours, filled, step),
                whole[events[place]],
            )


@compiled
def fill_until(filled: Int64, busy: Busy, step: int, us: int) -> int:
    """Add the time of all steps that end by ``us``; return the step that goes on."""
    while step + 1 < busy.at_us.size and busy.at_us[step + 1] <= us:
        if busy.key[step] > 0:
            add(filled, busy.key[step], busy.at_us[step + 1] - busy.at_us[step])
        step += 1
    return step


@compiled
def split_waits(
    resources: tuple[int, int],
    offsets: Int64,
    order: Int64,
    times: tuple[Int64, Int64, Int64],
    activity: Int32,
    n_activities: int,
    calendars: CalendarParts,
    at_once_share: float,
    limits: BatchLimits,
    questions: Questions,
    place_of: Int32,
    whole: Int64,
    parts: Int64,
) -> None:
    """Split the wait of every piece of work of the resources in a range.

    Parameters
    ----------
    resources
        First resource and the one after the last.
    offsets, order
        Events of each resource, by start, end and activity.
    at_once_share
        Quantile of the starts at which people work on as many things as they usually do at once.
    times
        Start, end and enablement of every event.
    place_of
        Scratch (events,): place of an event among those of its resource.
    whole, parts
        Written: the four counted causes up to the start of each event, and at each question.
    """
    start_us, end_us, enabled_us = times
    earliest = np.full(n_activities, 2**63 - 1, np.int64)
    for resource in range(resources[0], resources[1]):
        events = order[offsets[resource] : offsets[resource + 1]]
        if events.size == 0:
            continue
        mine = mine_of(events, start_us, end_us, enabled_us, activity)
        heap = np.empty((events.size, 2), np.int64)
        at_once = usually_at_once(mine, heap, at_once_share)
        hours = hours_of_resource(calendars, resource)
        busy = busy_of(mine, heap, at_once, hours)
        ready = ready_of(mine, batches_of(mine, busy, hours, limits, earliest))
        asked = np.arange(questions.offsets[resource], questions.offsets[resource + 1])
        asked_place = np.empty(asked.size, np.int64)
        if asked.size:
            for place in range(events.size):
                place_of[events[place]] = place
            for place in range(asked.size):
                asked_place[place] = place_of[questions.event[asked[place]]]
        split_mine(
            *(events, mine, ready, busy, hours, asked, questions.us[asked], asked_place),
            *(whole, parts),
        )
