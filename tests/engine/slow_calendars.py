"""Calendars once more, slowly, from docs/methods/calendars.md: sets and dictionaries, UTC only."""

import math
from collections import Counter, defaultdict

HOUR = 3_600_000_000
DAY, WEEK = 24 * HOUR, 168 * HOUR
ALWAYS = frozenset(range(168))


def granule(hour):
    return (hour + 72) % 168


def hours_used(begin, end, rules):
    last = max(begin, end - 1)
    hours = range(begin // HOUR, last // HOUR + 1)
    return {hours[0], hours[-1]} if end - begin > rules.sitting_hours * HOUR else set(hours)


def middle(values):
    """From the first to the last date of a multiset of hours, a twentieth left out at each end."""
    ordered = sorted(values)
    edge = len(ordered) // 20
    return ordered[edge] // 24, ordered[len(ordered) - 1 - edge] // 24


def shares(seen_hours, rules):
    """(share of dates, dates on which it was used) of every hour of the week."""
    seen = Counter(granule(h) for h in seen_hours)
    dates = Counter((d + 3) % 7 for d in {h // 24 for h in seen_hours})
    share = {}
    for g in range(168):
        n = dates[g // 24]
        if not n:
            share[g] = 0.0
            continue
        usual = sum(seen[w * 24 + g % 24] for w in range(7)) / sum(dates.values())
        chance = rules.calendar_deviation * math.sqrt(n * usual * (1.0 - usual)) + 0.5
        share[g] = seen[g] / n if abs(seen[g] - n * usual) > chance else usual
    return share, seen, dates


def opened(share, seen, use, span, n_dates, rules, floor):
    """The open hours, or None where they make no calendar."""
    first, last = span
    all_dates = Counter((d + 3) % 7 for d in range(first, last + 1))
    week = {
        g
        for g in range(168)
        if share[g] >= rules.calendar_confidence
        and seen[g] >= rules.calendar_support * all_dates[g // 24]
        and use[g] >= floor
    }
    grows = True
    while grows:
        beside = {(g + step) % 168 for g in week for step in (-1, 1)}
        more = {g for g in beside - week if share[g] >= rules.calendar_beside}
        week |= more
        grows = bool(more)
    held = sum(use[g] for g in week)
    enough = n_dates >= rules.calendar_dates and held >= rules.calendar_coverage * sum(use.values())
    return frozenset(week) if enough and held else None


def own_week(events, rules):
    """Calendar of one resource's (begin, end, task), or None."""
    pairs = sorted({(h, t) for b, e, t in events for h in hours_used(b, e, rules)})
    first, last = middle([h for h, _ in pairs])
    pairs = [(h, t) for h, t in pairs if first <= h // 24 <= last]
    share, seen, dates = shares({h for h, _ in pairs}, rules)
    for task in {t for _, t in pairs}:
        hours = [h for h, t in pairs if t == task]
        done = Counter((d + 3) % 7 for d in {h // 24 for h in hours})
        for g, n in Counter(granule(h) for h in hours).items():
            if done[g // 24] >= rules.calendar_task * dates[g // 24]:
                share[g] = max(share[g], n / done[g // 24])
    n_dates = len({h // 24 for h, _ in pairs})
    return opened(share, seen, seen, (first, last), n_dates, rules, 0)


def shared_week(events, rules):
    """Calendar of many resources' (begin, end, task) together, or None."""
    all_hours = sorted(h for b, e, _ in events for h in hours_used(b, e, rules))
    if not all_hours:
        return None
    edge, before = len(all_hours) // 20, 0
    first = last = 0
    for hour, n in sorted(Counter(all_hours).items()):
        first = hour // 24 if before <= edge else first
        last = hour // 24 if before < len(all_hours) - edge else last
        before += n
    inside = [h for h in all_hours if first <= h // 24 <= last]
    share, seen, _ = shares(set(inside), rules)
    use = Counter(granule(h) for h in inside)
    n_dates = len({h // 24 for h in inside})
    floor = rules.calendar_shared * max(use.values(), default=0)
    return opened(share, seen, use, (first, last), n_dates, rules, floor)


def takes_part(events, per_date, rules):
    usual = sum(per_date[t] for t, _ in {(t, b // DAY) for b, _, t in events})
    return len(events) >= rules.calendar_participation * usual


def slow_weeks(by_resource, homes, rules):
    """Open hours of every resource: its own, its unit's, the log's, or always."""
    dates, times = defaultdict(set), Counter()
    for who, events in by_resource.items():
        for begin, _, task in events:
            dates[task].add((who, begin // DAY))
            times[task] += 1
    per_date = {task: times[task] / len(dates[task]) for task in times}
    weeks = {}
    for who, events in by_resource.items():
        if takes_part(events, per_date, rules):
            weeks[who] = own_week(events, rules)
    everything = [e for events in by_resource.values() for e in events]
    shared = {
        unit: shared_week(
            [e for w, es in by_resource.items() if homes[w] == unit for e in es], rules
        )
        for unit in set(homes.values())
        if unit is not None
    }
    whole = shared_week(everything, rules)
    return {who: weeks.get(who) or shared.get(homes[who]) or whole or ALWAYS for who in by_resource}


def open_between(week, low, high):
    """Open time of a week's calendar between two times, hour by hour."""
    total = 0
    for hour in range(low // HOUR, -(-high // HOUR)):
        if granule(hour) in week:
            total += min(high, (hour + 1) * HOUR) - max(low, hour * HOUR)
    return total


def slow_absences(events, week, rules):
    """Stretches without work that are too long: (from, to)."""
    ordered = sorted(events)
    gaps, reached = [], ordered[0][1]
    for begin, end, _ in ordered:
        if begin > reached:
            gaps.append((reached, begin))
        reached = max(reached, end)
    if not gaps:
        return []
    lengths = sorted(open_between(week, *gap) for gap in gaps)
    usual = lengths[max(0, math.ceil(rules.absence_quantile * len(lengths)) - 1)]
    least = max(int(rules.absence_week * len(week) * HOUR), int(rules.absence_gaps * usual))
    return [gap for gap in gaps if open_between(week, *gap) >= least]
