"""One wait split by its causes, from the definition: cut at every change, ask what held then.

``work``: (start, end, enabled) of everything that counts as work of the resource, but for itself.
``is_open(time)``: whether the resource is at work by its calendar; ``edges`` the times at which
that changes.
"""

from itertools import pairwise

CAUSES = ("batching", "contention", "prioritisation", "unavailability", "extraneous")


def cause_at(time, ready, running, at_once, is_open):
    """What a wait is due to at a time; ``running``: enablement of what runs then."""
    if time < ready:
        return "batching"
    if sum(enabled <= ready for enabled in running) >= at_once:
        return "contention"
    if len(running) >= at_once:
        return "prioritisation"
    return "extraneous" if is_open(time) else "unavailability"


def slow_split(low, high, ready, work, at_once, is_open, edges):
    """Length of each cause between two times of a wait."""
    found = dict.fromkeys(CAUSES, 0)
    near = [w for w in work if w[0] < high and w[1] > low]
    cuts = {low, high, ready, *edges, *(t for w in near for t in w[:2])}
    inside = sorted(t for t in cuts if low <= t <= high)
    for a, b in pairwise(inside):
        running = [enabled for start, end, enabled in near if start <= a < end]
        found[cause_at(a, ready, running, at_once, is_open)] += b - a
    return found
