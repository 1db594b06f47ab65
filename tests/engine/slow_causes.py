"""The causes of waiting once more, slowly, from docs/methods/causes-of-waiting.md.

Lists, dictionaries and interval arithmetic in place of the kernel: every wait is cut at every
change, and every piece asked what held in it. For logs with starts of work, or with queues.
"""

import heapq
import math
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise

from slow_calendars import HOUR, granule, open_between, slow_absences, slow_weeks
from slow_split import CAUSES, slow_split

from leitweg.domain.states import State
from leitweg.engine.arrays import MISSING

OUTSIDE = (State.WAITING_CUSTOMER, State.WAITING_THIRD, State.RESOLVED, State.CLOSED)


@dataclass
class Piece:
    event: int
    case: int
    at: int
    begin: int
    start: int
    end: int
    who: object
    unit: object
    task: int
    state: State
    is_work: bool
    enabled: int = 0
    counts: bool = False
    ready: int = 0


def pieces_of(log):
    """Cases as lists of pieces, in the order of the log."""
    cases = []
    for case in range(log.n_cases):
        events = range(int(log.offsets[case]), int(log.offsets[case + 1]))
        cases.append([])
        for event in events:
            at, started = int(log.at_us[event]), int(log.started_us[event])
            begin = at if started == MISSING else min(started, at)
            state = State(int(log.state[event])) if log.has_states else State.UNKNOWN
            start, end = begin, at
            if log.has_queue:
                start = end = at
                if state is State.WORKING and event + 1 < events.stop:
                    end = int(log.at_us[event + 1])
            person, unit = int(log.person[event]), int(log.unit[event])
            who = ("unit", unit) if unit >= 0 else None
            if person >= 0:
                who = None if log.machine[person] else ("person", person)
            task, queued = int(log.activity[event]), state is State.QUEUED
            cases[-1].append(
                Piece(*(event, case, at, begin, start, end, who, unit, task, state), not queued)
            )
    return cases


def concurrent_pairs(cases, rules):
    beside, overlapping = Counter(), Counter()
    for pieces in cases:
        for one, two in pairwise([p for p in pieces if p.is_work and p.task >= 0]):
            beside[one.task, two.task] += 1
            overlapping[one.task, two.task] += two.start < one.end and one.start < one.end
    return {
        (a, b)
        for a, b in beside
        if a != b
        and overlapping[a, b]
        and overlapping[b, a]
        and overlapping[a, b] + overlapping[b, a]
        >= rules.concurrent_share * (beside[a, b] + beside[b, a])
    }


def set_enabled(pieces, opened, concurrent):
    for place, piece in enumerate(pieces):
        since = opened
        for other in pieces[:place]:
            free = other.is_work and other.end <= piece.start
            if free and (piece.task, other.task) not in concurrent:
                since = other.end
        for away, other in enumerate(pieces[:place]):
            if other.state in OUTSIDE and other.at <= piece.start:
                since = max(since, other.at, min(p.start for p in pieces[away + 1 :]))
        piece.enabled = min(since, piece.start)


def running_at_starts(counted):
    heap, times = [], []
    for piece in counted:
        while heap and heap[0] <= piece.start:
            heapq.heappop(heap)
        heapq.heappush(heap, piece.end)
        times.append(len(heap))
    return times


def usually_at_once(mine, rules):
    times = sorted(running_at_starts([p for p in mine if p.counts]))
    place = max(1, math.ceil(rules.multitasking_quantile * len(times))) - 1
    return times[place] if times else 1


def set_counts(mine):
    before = None
    for piece in mine:
        same = before and (before.start, before.end, before.task) == (
            *(piece.start, piece.end, piece.task),
        )
        piece.counts = piece.end > piece.start and not same
        before = piece


class Clock:
    """When one resource is at work, and how long it is free."""

    def __init__(self, week, away, mine, at_once):
        self.week, self.away, self.at_once = week, away, at_once
        self.work = [(p.start, p.end, p.enabled) for p in mine if p.counts]
        self.longest = max((e - s for s, e, _ in self.work), default=0)
        self.starts = [w[0] for w in self.work]

    def is_open(self, time):
        return granule(time // HOUR) in self.week and not any(a <= time < b for a, b in self.away)

    def near(self, low, high):
        first = bisect_left(self.starts, low - self.longest)
        return self.work[first : bisect_left(self.starts, high)]

    def edges(self, low, high):
        hours = range(low // HOUR * HOUR, high + 1, HOUR)
        ends = [t for a, b in self.away for t in (a, b)]
        return [
            h
            for h in hours
            if (granule(h // HOUR) in self.week) != (granule(h // HOUR - 1) in self.week)
        ] + ends

    def free(self, low, high):
        """How long the resource is at work and not busy."""
        split = slow_split(
            low, high, low, self.near(low, high), self.at_once, self.is_open, self.edges(low, high)
        )
        return split["extraneous"]


def runs_of(mine, gap):
    runs = []
    for place, piece in enumerate(mine):
        run = runs[-1] if runs else None
        same = run and piece.task >= 0 and mine[run[0]].task == piece.task
        if same and piece.start <= max(mine[i].end for i in run) + gap:
            run.append(place)
        else:
            runs.append([place])
    return runs


def groups_of(mine, runs, clock, rules):
    """Groups that wait together: members, free time, checked, at once, all taken."""
    gap, found = int(rules.batch_gap_seconds * 1e6), []
    for run in runs:
        place = 0
        while place < len(run):
            members = [mine[run[place]]]
            while place + len(members) < len(run):
                following = mine[run[place + len(members)]]
                if following.enabled > members[0].start:
                    break
                members.append(following)
            place += len(members)
            if len(members) < 2:
                continue
            low, high = (f(m.enabled for m in members) for f in (min, max))
            free = clock.free(low, high) if high > low else 0
            checked = free > gap and clock.free(high - 1, high) > 0
            began = members[0].start
            earlier = any(m.start == began and m.enabled < high for m in members)
            last = mine.index(members[-1])
            left = [p for p in mine[last + 1 :] if p.task == members[0].task and p.enabled <= began]
            found.append(
                (members, free, checked, checked and earlier and began - high <= gap, not left)
            )
    return found


def batches_of(mine, clock, rules):
    gap = int(rules.batch_gap_seconds * 1e6)
    runs = runs_of(mine, gap)
    groups, batches = groups_of(mine, runs, clock, rules), []
    for task in {p.task for p in mine if p.task >= 0}:
        of_task = [g for g in groups if g[0][0].task == task]
        begun = [len(g[0]) for g in of_task if g[3]]
        checked = sum(len(g[0]) for g in of_task if g[2])
        idle = rules.batch_idle_hours * HOUR
        collected = sum(len(g[0]) for g in of_task if g[1] >= idle and g[4])
        pieces = sum(p.task == task for p in mine)
        lain = [g[0] for g in of_task if g[1] > gap]
        if len(begun) >= 3 and sum(begun) >= rules.batch_share * checked:
            size, times = min(Counter(begun).items(), key=lambda x: (-x[1], x[0]))
            if times >= rules.batch_same_size * len(begun):
                batches += chunks_of(mine, [r for r in runs if mine[r[0]].task == task], size)
            else:
                batches += lain
        elif of_task and collected >= rules.batch_share * pieces:
            batches += lain
    return batches


def chunks_of(mine, runs, size):
    chunks = []
    for run in runs:
        place = 0
        while place + size <= len(run):
            members = [mine[i] for i in run[place : place + size]]
            if max(m.enabled for m in members) <= members[0].start:
                chunks.append(members)
                place += size
            else:
                place += 1
    return chunks


def customer_stretches(pieces, opened, resolved, has_queue):
    """(from, to, piece whose start ends it) of the time in which nobody worked."""
    taken = []
    for one, two in pairwise([*pieces, None]):
        if one.is_work and one.end > one.start:
            taken.append((one.start, one.end))
        if one.state is State.WAITING_CUSTOMER and two is not None:
            taken.append((one.at, two.at))
    starts = sorted((p.start, p.event) for p in pieces if p.is_work)
    by_event = {p.event: p for p in pieces}
    cuts = {opened, resolved, *(t for span in taken for t in span), *(s for s, _ in starts)}
    inside = sorted(t for t in cuts if opened <= t <= resolved)
    for low, high in pairwise(inside):
        if any(a <= low < b for a, b in taken):
            continue
        _, event = starts[bisect_left(starts, (high, -1))]
        yield low, high, by_event[event]


def slow_causes(log, accounts, rules):
    """(causes per case of the customer's waiting, causes per event of its wait), as lists."""
    cases = pieces_of(log)
    concurrent = concurrent_pairs(cases, rules)
    for case, pieces in enumerate(cases):
        set_enabled(pieces, int(accounts.opened_us[case]), concurrent)
    everything = [p for pieces in cases for p in pieces]
    clocks = clocks_of(log, everything, rules)
    for who, clock in clocks.items():
        mine = [p for p in everything if p.who == who and p.is_work]
        for piece in mine:
            piece.ready = piece.enabled
        mine.sort(key=lambda p: (p.start, p.end, p.task, p.event))
        for members in batches_of(mine, clock, rules):
            for member in members:
                member.ready = max(m.enabled for m in members)

    def causes(piece, low, high):
        found = dict.fromkeys(CAUSES, 0)
        early = min(high, max(low, piece.enabled))
        found["extraneous"] += early - low
        if piece.who is None:
            found["extraneous"] += high - early
        elif high > early:
            clock = clocks[piece.who]
            split = slow_split(
                *(early, high, piece.ready, clock.near(early, high), clock.at_once),
                *(clock.is_open, clock.edges(early, high)),
            )
            found = {c: found[c] + split[c] for c in CAUSES}
        return [found[c] for c in CAUSES]

    per_case = []
    for case, pieces in enumerate(cases):
        total = [0] * 5
        resolved = int(accounts.resolved_us[case])
        if resolved != MISSING:
            spans = customer_stretches(
                pieces, int(accounts.opened_us[case]), resolved, log.has_queue
            )
            for low, high, piece in spans:
                total = [a + b for a, b in zip(total, causes(piece, low, high), strict=True)]
        per_case.append(total)
    per_event = [causes(p, p.enabled, p.start) if p.is_work else [0] * 5 for p in everything]
    return per_case, per_event


def clocks_of(log, everything, rules):
    """The clock of every resource: calendar, absences, and its work."""
    marks, units = defaultdict(list), defaultdict(list)
    for p in everything:
        if p.who is not None:
            marks[p.who].append((p.begin, p.at, max(p.task, 0)))
            units[p.who].append(p.unit)
    homes = {who: home_of(log, who, units[who]) for who in marks}
    weeks = slow_weeks(marks, homes, rules)
    clocks = {}
    for who, week in weeks.items():
        mine = [p for p in everything if p.who == who and p.is_work]
        mine.sort(key=lambda p: (p.start, p.end, p.task, p.event))
        set_counts(mine)
        away = slow_absences(marks[who], week, rules)
        clocks[who] = Clock(week, away, mine, usually_at_once(mine, rules))
    return clocks


def home_of(log, who, units):
    if who[0] == "unit":
        return who[1]
    if log.person_unit[who[1]] >= 0:
        return int(log.person_unit[who[1]])
    seen, best = Counter(), None
    for unit in units:
        if unit >= 0:
            seen[unit] += 1
            if best is None or seen[unit] > seen[best]:
                best = unit
    return best


__all__ = ["open_between", "slow_causes"]
