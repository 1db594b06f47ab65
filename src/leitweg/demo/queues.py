"""Queues: stays that wait until one of the unit's people is free (compiled).

All cases together, in the order of time: what happens to one case depends on the others. Draws
stay keyed by case and stay, so a stay takes as long to work on here as in a log without queues,
and all waits elsewhere are the same. Nobody in a unit with a queue works on two cases at a time.
"""

import heapq

import numpy as np

from leitweg.demo.clock import Rows, handed_over, resolved, worked
from leitweg.demo.draws import key_of, numbers
from leitweg.demo.office import between_us
from leitweg.demo.queue_notes import (
    UNAVAILABILITY,
    Lain,
    Services,
    no_services,
    note_ordinary,
    note_queue,
    note_service,
)
from leitweg.demo.queue_rules import free_person, is_urgent, line_of, opens_us
from leitweg.demo.queue_state import (
    Company,
    Progress,
    beginnings,
    longest_line,
    next_members,
    no_lines,
    no_moments,
)
from leitweg.demo.takers import NOBODY, taken
from leitweg.demo.walk import way_of
from leitweg.demo.way import Ints, Way, empty_way
from leitweg.engine.compiled import compiled

# what happens at a moment, in this order where several things happen at once
FREED, OPENED, CAME = numbers(0, 3)


@compiled
def way_again(company: Company, case: int, usual: Way, way: Way) -> tuple[int, int]:
    """Write the way of a case; return how many stays it has and its bits."""
    key = key_of(company.seed_key, case)
    n, bits, _ = way_of(company.paths, company.pace.ins, key, company.topic[case], usual, way)
    return n, bits


@compiled
def work_on(
    company: Company, case: int, way: Way, n: int, begun: int, rows: Rows, so_far: Progress
) -> int:
    """Let somebody work on the case from a moment on; return when the person is done."""
    s, row = so_far.step[case], so_far.row[case]
    end, row = worked(company.pace, way, s, n, begun, so_far.person[case], rows, row)
    so_far.step[case], so_far.time[case], so_far.row[case] = s + 1, end, row
    return end


@compiled
def to_next_queue(
    company: Company, case: int, usual: Way, way: Way, rows: Rows, lain: Lain, so_far: Progress
) -> int:
    """Take a case on to its next queue; return its line, or nobody where the case is resolved."""
    pace, queues, topic = company.pace, company.queues, company.topic[case]
    n, bits = way_again(company, case, usual, way)
    so_far.bits[case] |= bits
    while so_far.step[case] < n:
        s, since = so_far.step[case], so_far.time[case]
        unit = way.unit[s]
        ready, row, bits = handed_over(
            pace, topic, way, s, since, so_far.person[case], rows, so_far.row[case]
        )
        so_far.enabled[case], so_far.time[case], so_far.row[case] = since, ready, row
        so_far.bits[case] |= bits
        note_ordinary(lain, row, since, ready, pace.office_hours)
        if queues.people[unit] > 0:
            return line_of(queues, unit, s == n - 1)
        begun, person, bits = taken(
            pace.staffing, unit, topic, way.key[s], ready, pace.office_hours
        )
        so_far.person[case] = person
        so_far.bits[case] |= bits
        lain.cause_us[row, UNAVAILABILITY] += begun - ready
        work_on(company, case, way, n, begun, rows, so_far)
    key, time, person = key_of(company.seed_key, case), so_far.time[case], so_far.person[case]
    so_far.row[case] = resolved(pace, key, time, person, way.unit[n - 1], rows, so_far.row[case])
    return NOBODY


@compiled
def serve(
    company: Company,
    case: int,
    way: Way,
    n: int,
    person: int,
    batch: int,
    complete: int,
    begun: int,
    rows: Rows,
    lain: Lain,
    services: Services,
    so_far: Progress,
) -> int:
    """Let a person work on a case that lay in a queue; return when the person is done."""
    s, row = so_far.step[case], so_far.row[case]
    enabled, ready, unit = so_far.enabled[case], so_far.time[case], way.unit[s]
    lain.key[row] = way.key[s]
    lain.queued[row] = between_us(ready, begun, company.pace.office_hours)
    note_queue(lain, row, services, person, batch, enabled, ready, max(complete, ready), begun)
    if begun > ready and company.queues.bit[unit] >= 0:
        so_far.bits[case] |= 1 << company.queues.bit[unit]
    so_far.person[case] = person
    end = work_on(company, case, way, n, begun, rows, so_far)
    note_service(services, person, begun, end, enabled, batch)
    return end


@compiled
def serve_together(
    company: Company,
    members: Ints,
    usual: Way,
    way: Way,
    person: int,
    number: int,
    begun: int,
    rows: Rows,
    lain: Lain,
    services: Services,
    so_far: Progress,
    lies_in: Ints,
    moments: list[tuple[int, int, int]],
) -> int:
    """Let a person work on some cases one after another; return when the person is done."""
    # one case alone lay for no batch
    complete = int(np.max(so_far.time[members])) if len(members) > 1 else 0
    for case in members:
        n, _ = way_again(company, case, usual, way)
        begun = serve(
            company, case, way, n, person, number, complete, begun, rows, lain, services, so_far
        )
        lies_in[case] = to_next_queue(company, case, usual, way, rows, lain, so_far)
        if lies_in[case] != NOBODY:
            heapq.heappush(moments, (so_far.time[case], CAME, case))
    heapq.heappush(moments, (begun, FREED, person))
    return begun


@compiled
def came(
    company: Company, case: int, now: int, lies_in: Ints, lines: list[list[tuple[int, int, int]]]
) -> int:
    """Put a case into its line; return the unit."""
    unit = lies_in[case] // 2
    queues, key = company.queues, key_of(company.seed_key, case)
    urgent = queues.urgent_first[unit] and is_urgent(key, queues.urgent_share)
    heapq.heappush(lines[lies_in[case]], (1 - int(urgent), now, case))
    return int(unit)


@compiled
def run_queues(
    company: Company, opened: Ints, first_row: Ints, rows: Rows, per_case: Ints, lain: Lain
) -> None:
    """Write all events anew, with queues, over those of a log without (`demo/writing.py`)."""
    queues, office_hours = company.queues, company.pace.office_hours
    first_person = company.pace.staffing.first_person
    n_people = len(company.pace.staffing.first_absence) - 1
    so_far, busy = beginnings(opened, first_row), np.zeros(n_people, np.int64)
    services, usual, way = no_services(len(lain.key), n_people), empty_way(), empty_way()
    lies_in, called = np.full(len(opened), NOBODY), np.zeros(len(first_person), np.int64)
    moments, lines = no_moments(), no_lines(2 * len(first_person))
    for case in range(len(opened)):
        lies_in[case] = to_next_queue(company, case, usual, way, rows, lain, so_far)
        if lies_in[case] != NOBODY:
            moments.append((so_far.time[case], CAME, case))
    heapq.heapify(moments)
    now, served = 0, 0
    while True:
        over = len(moments) == 0
        if over:
            # what is left never makes up a batch: somebody takes it all the same
            unit = longest_line(lines) // 2
            if len(lines[longest_line(lines)]) == 0:
                break
        else:
            now, what, number = heapq.heappop(moments)
            unit = number
            if what == FREED:
                busy[number] = 0
                unit = int(np.searchsorted(first_person, number, side="right")) - 1
            elif what == CAME:
                unit = came(company, number, now, lies_in, lines)
        most = max(queues.batch[unit], 1)
        for line in (2 * unit, 2 * unit + 1):
            while len(lines[line]) >= (1 if over else most):
                opens = opens_us(queues, unit, now, office_hours)
                if opens > now and not over:
                    if called[unit] != opens:
                        called[unit] = opens
                        heapq.heappush(moments, (opens, OPENED, unit))
                    break
                case = lines[line][0][2]
                way_again(company, case, usual, way)
                stay = way.key[so_far.step[case]]
                person = free_person(queues, first_person[unit], busy, unit, stay)
                if person == NOBODY:
                    break
                busy[person], served = 1, served + 1
                members = next_members(lines[line], most)
                serve_together(
                    company,
                    members,
                    usual,
                    way,
                    person,
                    served,
                    opens,
                    rows,
                    lain,
                    services,
                    so_far,
                    lies_in,
                    moments,
                )
    per_case[0], per_case[3] = so_far.time, so_far.bits
