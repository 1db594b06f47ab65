"""What a log with queues is written from: the company, how far its cases are, who lies where."""

import heapq
from typing import NamedTuple

import numpy as np

from leitweg.demo.clock import Pace
from leitweg.demo.queue_rules import Queues
from leitweg.demo.takers import NOBODY
from leitweg.demo.walk import Paths
from leitweg.demo.way import Ints
from leitweg.engine.compiled import compiled


class Company(NamedTuple):
    """All that decides a log."""

    seed_key: np.uint64
    paths: Paths
    pace: Pace
    queues: Queues
    topic: Ints


class Progress(NamedTuple):
    """How far each case has come.

    Its next stay, since when that was possible, since when it is ready (or the time of the last
    end), its next row, who had it, the bits of the faults it met.
    """

    step: Ints
    enabled: Ints
    time: Ints
    row: Ints
    person: Ints
    bits: Ints


@compiled
def beginnings(opened: Ints, first_row: Ints) -> Progress:
    """Return the progress of cases that were just opened."""
    n = len(opened)
    return Progress(
        np.zeros(n, np.int64),
        opened.copy(),
        opened.copy(),
        first_row[:-1].copy(),
        np.full(n, NOBODY),
        np.zeros(n, np.int64),
    )


@compiled
def no_moments() -> list[tuple[int, int, int]]:
    """Return an empty list of moments: time, what happens, to whom."""
    moments = [(0, 0, 0)]
    moments.pop()
    return moments


@compiled
def no_lines(n: int) -> list[list[tuple[int, int, int]]]:
    """Return empty lines of cases: rank, since when, case."""
    # no comprehensions in here: numba 0.68.1 then loses stores to arrays of named tuples
    lines = []
    for _ in range(n):
        line = [(0, 0, 0)]
        line.pop()
        lines.append(line)
    return lines


@compiled
def next_members(line: list[tuple[int, int, int]], most: int) -> Ints:
    """Take the next cases out of a line."""
    members = np.zeros(min(most, len(line)), np.int64)
    for i in range(len(members)):
        members[i] = heapq.heappop(line)[2]
    return members


@compiled
def longest_line(lines: list[list[tuple[int, int, int]]]) -> int:
    """Return the number of a line in which most cases lie."""
    longest = 0
    for i in range(len(lines)):
        if len(lines[i]) > len(lines[longest]):
            longest = i
    return longest
