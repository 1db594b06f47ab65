"""Queues whose waits have known causes: a small simulator of people at work, event by event.

Cases pass through steps; each step belongs to a desk with some people, each of whom has a queue of
their own. Why an item waits is read from what truly happened (who was busy with what, who was off,
which batch was not full yet, which item could not be started for a reason from outside), not from
what a log shows of it. Times in seconds.
"""

import heapq
import random
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import count

from slow_split import CAUSES, slow_split

HOUR, DAY, WEEK = 3600, 86_400, 604_800
MONDAY = 1_704_067_200


@dataclass(frozen=True)
class Desk:
    """People who do one activity.

    ``hours``: open hours of a day (None: around the clock), Monday to Friday. ``batch``: how many
    items are collected before they are taken. ``urgent``: share of items that go first.
    ``outside``: (share of items, mean hours) that a reason from outside holds up.
    """

    activity: str
    people: int
    work_hours: float
    hours: tuple[int, int] | None = None
    batch: int = 1
    urgent: float = 0.0
    outside: tuple[float, float] = (0.0, 0.0)
    at_once: int = 1


@dataclass
class Item:
    case: int
    desk: int
    server: int
    enabled: int
    urgent: bool
    possible: int
    ready: int | None = None
    start: int | None = None
    end: int | None = None


@dataclass
class Server:
    name: str
    desk: Desk
    waiting: list[Item] = field(default_factory=list)
    collecting: list[Item] = field(default_factory=list)
    done: list[Item] = field(default_factory=list)
    running: int = 0


def is_open(desk, time):
    if desk.hours is None:
        return True
    weekday, second = divmod((time - MONDAY) % WEEK, DAY)
    return weekday < 5 and desk.hours[0] * HOUR <= second < desk.hours[1] * HOUR


def opening_after(desk, time):
    """First open time from a time on."""
    while not is_open(desk, time):
        time = (time - MONDAY) // HOUR * HOUR + HOUR + MONDAY
    return time


def simulate(desks, *, per_hour, days, seed):
    """Run cases through all desks in turn; return their items and the servers."""
    chance, number = random.Random(seed), count()
    servers = [[Server(f"{d.activity}-{i}", d) for i in range(d.people)] for d in desks]
    events, items = [], []

    def arrive(case, place, time):
        desk = desks[place]
        who = chance.randrange(desk.people)
        held = chance.random() < desk.outside[0]
        delay = round(chance.expovariate(1 / (desk.outside[1] * HOUR))) if held else 0
        item = Item(case, place, who, time, chance.random() < desk.urgent, time + delay)
        items.append(item)
        server = servers[place][who]
        server.collecting.append(item)
        if len(server.collecting) >= desk.batch:
            for member in server.collecting:
                member.ready = time
            server.waiting += server.collecting
            server.collecting = []
        if item.possible > time:
            heapq.heappush(events, (item.possible, next(number), "look", (place, who)))
        look(place, who, time)

    def look(place, who, time):
        server = servers[place][who]
        while server.running < server.desk.at_once:
            free = [i for i in server.waiting if i.possible <= time]
            if not free:
                return
            if not is_open(server.desk, time):
                wake = opening_after(server.desk, time)
                heapq.heappush(events, (wake, next(number), "look", (place, who)))
                return
            item = min(free, key=lambda i: (not i.urgent, i.ready, i.enabled, i.case))
            server.waiting.remove(item)
            item.start = time
            item.end = time + max(1, round(chance.expovariate(1 / (server.desk.work_hours * HOUR))))
            server.done.append(item)
            server.running += 1
            heapq.heappush(events, (item.end, next(number), "end", item))

    time, case = float(MONDAY), 0
    while time < MONDAY + days * DAY:
        time += chance.expovariate(per_hour / HOUR)
        heapq.heappush(events, (round(time), next(number), "case", case))
        case += 1
    while events:
        now, _, kind, what = heapq.heappop(events)
        if kind == "case":
            arrive(what, 0, now)
        elif kind == "look":
            look(*what, now)
        else:
            servers[what.desk][what.server].running -= 1
            look(what.desk, what.server, now)
            if what.desk + 1 < len(desks):
                arrive(what.case, what.desk + 1, now)
    return [i for i in items if i.end is not None], servers


def true_shares(items, servers):
    """Share of each cause in all waiting, as it truly was, in the published order of the causes."""
    total = dict.fromkeys(CAUSES, 0)
    for desk in servers:
        for server in desk:
            work = sorted((i.start, i.end, i.enabled) for i in server.done)
            starts = [w[0] for w in work]
            longest = max((w[1] - w[0] for w in work), default=0)
            for item in server.done:
                first = bisect_right(starts, item.enabled - longest)
                near = work[max(0, first - 1) : bisect_right(starts, item.start)]
                edges = range(item.enabled // HOUR * HOUR, item.start + 1, HOUR)
                split = slow_split(
                    *(item.enabled, item.start, min(item.ready, item.start), near),
                    *(server.desk.at_once, lambda t, d=server.desk: is_open(d, t), edges),
                )
                for cause, length in split.items():
                    total[cause] += length
    waited = sum(total.values())
    return {cause: length / waited for cause, length in total.items()}, waited


def rows_of_items(items, servers, *, named=True):
    """Events and cases of the simulated log, as canonical rows; finished cases only."""
    n_desks = len(servers)
    steps = {}
    for item in items:
        steps.setdefault(item.case, []).append(item)
    whole = {case: mine for case, mine in steps.items() if len(mine) == n_desks}
    events = [
        {
            "case_id": f"c{case}",
            "at_us": item.end * 1_000_000,
            "started_us": item.start * 1_000_000,
            "person": servers[item.desk][item.server].name if named else None,
            "unit": servers[item.desk][item.server].desk.activity,
            "activity": servers[item.desk][item.server].desk.activity,
        }
        for case, mine in whole.items()
        for item in mine
    ]
    cases = [{"case_id": f"c{c}", "opened_us": m[0].enabled * 1_000_000} for c, m in whole.items()]
    return events, cases
