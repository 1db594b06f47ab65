"""The definitions of the case kernel once more, slowly: lists and words, no arrays.

An event is a tuple (at, started, holder, person, state); None where unknown. The last event of a
case counts as resolved and all others as working where the log has no states.

A handover waits from when the case is on its way until its work starts. On its way: since the
entering, where the stay begins with a queue event; since the end of the stay before otherwise. A
stay of queue events only is waiting in that unit: it lasts until the next stay is entered, and
that next stay does not wait for the same time again.
"""

from itertools import pairwise

GOES_ON = ("queued", "working", "waiting_customer", "waiting_third")


def with_states(events, has_states):
    if has_states:
        return events
    *earlier, last = events
    return [(*e[:4], "working") for e in earlier] + [(*last[:4], "resolved")]


def stays_of(events):
    """Lists of positions, one list per stay."""
    stays = []
    for place, (_, _, holder, _, _) in enumerate(events):
        if holder is None:
            continue
        if stays and events[stays[-1][-1]][2] == holder:
            stays[-1].append(place)
        else:
            stays.append([place])
    return stays


def entries(events, wanted):
    states = [None] + [e[4] for e in events]
    return [i for i, (a, b) in enumerate(pairwise(states)) if b == wanted and a != wanted]


def resolution(events):
    for wanted in ("resolved", "closed"):
        if entries(events, wanted):
            return entries(events, wanted)[-1]
    return None


def walked_stay(events, stay, before, after):
    worked = [i for i in stay if events[i][4] != "queued"]
    entered, left = events[stay[0]][0], events[stay[-1]][0]
    work = None
    if worked:
        at, started = events[worked[0]][:2]
        work = at if started is None else started
    queued_first = events[stay[0]][4] == "queued"
    first_worker = events[worked[0]][3] if worked else None
    wait = None
    if before is not None:
        if not queued_first and all(events[i][4] == "queued" for i in before):
            wait = work - entered
        elif not queued_first:
            wait = work - events[before[-1]][0]
        elif worked:
            wait = work - entered
        else:
            wait = events[after[0] if after else -1][0] - entered
        wait = max(0, wait)
    hold = None
    if worked:
        handed_over = after is not None and events[after[0]][4] == "queued"
        hold = (events[after[0]][0] if handed_over else left) - work
    worked_before = [i for i in before or [] if events[i][4] != "queued"]
    last_before = events[worked_before[-1]][3] if worked_before else None
    done = resolution(events)
    return {
        "holder": events[stay[0]][2],
        "entered": entered,
        "left": left,
        "work": work,
        "queued_first": queued_first,
        "first_worker": first_worker,
        "last_worker": events[worked[-1]][3] if worked else None,
        "same_person": first_worker is not None and first_worker == last_before,
        "wait": wait,
        "hold": hold,
        "after_resolution": done is not None and stay[0] > done,
    }


def slow_walk(events, has_states):
    """(stays, figures) of one case."""
    events = with_states(events, has_states)
    places = stays_of(events)
    befores, afters = [None, *places[:-1]], [*places[1:], None]
    stays = (
        [walked_stay(events, *x) for x in zip(places, befores, afters, strict=True)]
        if places
        else []
    )
    path = [stay["holder"] for stay in stays]
    resolvers = [e[2] for e in events if e[4] == "resolved" and e[2] is not None]
    held = [e for e in events if e[2] is not None]
    right = (resolvers or [e[2] for e in held[-1:]] or [None])[0]
    return stays, {
        "handovers": max(0, len(path) - 1),
        "bounces": sum(path[i] == path[i + 2] for i in range(len(path) - 2)),
        "strict": any(path[i : i + 2] == path[i + 2 : i + 4] for i in range(len(path) - 3)),
        "distinct": len(set(path)),
        "first": path[0] if path else None,
        "last": path[-1] if path else None,
        "right": right,
        "right_since": next((e[0] for e in held if e[2] == right), None),
        "right_first": right is not None and right == path[0],
    }


def measured(spans, low, high):
    """Length of the union of spans within [low, high], by counting whole seconds."""
    return {s for a, b in spans for s in range(max(a, low), min(b, high))}


def slow_account(events, has_states, has_queue, opened=None, closed=None):
    """The time account of one case."""
    events = with_states(events, has_states)
    states = [e[4] for e in events]
    at, started = events[0][:2]
    opened_at = opened if opened is not None else at if started is None else started
    done = resolution(events)
    finished = [i for i, s in enumerate(states) if s in ("resolved", "closed")]
    resolved_at = None if done is None else events[done][0]
    until = events[-1][0] if done is None else resolved_at
    spans = {"working": [], "waiting_customer": []}
    for one, two in pairwise(events):
        if one[4] == "waiting_customer" or (has_queue and one[4] == "working"):
            spans[one[4]].append((one[0], two[0]))
    if not has_queue:
        spans["working"] = [(e[1], e[0]) for e in events if e[1] is not None]
    working = measured(spans["working"], opened_at, until)
    customer = measured(spans["waiting_customer"], opened_at, until) - working
    everything = measured([(opened_at, until)], opened_at, until)
    reopened = any("resolved" in states[:i] and s in GOES_ON[:2] for i, s in enumerate(states))
    goes_on = not finished or any(s in GOES_ON for s in states[finished[-1] + 1 :])
    return {
        "opened": opened_at,
        "last": events[-1][0],
        "resolved": resolved_at,
        "closed": closed if closed is not None else events[finished[-1]][0] if finished else None,
        "is_open": has_states and closed is None and goes_on,
        "reopened": int(reopened) if has_states else -1,
        "working": len(working),
        "waiting_customer": len(customer),
        "waiting": None if done is None else len(everything - working - customer),
    }
