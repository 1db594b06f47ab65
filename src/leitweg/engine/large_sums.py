"""What one thread has summed up of a large log, and how threads share the work."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TypeVar

import numpy as np

from leitweg.domain.errors import QuestionError
from leitweg.engine.arrays import Int8, Int32, Int64, UInt64
from leitweg.engine.large_loops import N_COUNTS, sum_cases

Task = TypeVar("Task")
Part = int


class NotSortedError(Exception):
    """Rows that were taken to be sorted are not; the caller sorts them."""


class Sums:
    """Sums over cases, and the hash of the path of every case, part by part."""

    def __init__(self, n_holders: int) -> None:
        self.handovers = np.zeros((n_holders, n_holders), np.int64)
        self.waiting_us = np.zeros((n_holders, n_holders), np.int64)
        self.counts = np.zeros(N_COUNTS, np.int64)
        self.paths: dict[Part, UInt64] = {}

    def add(self, part: Part, offsets: Int64, at_us: Int64, holder: Int32, state: Int8) -> None:
        """Add the cases of a part; NotSortedError if the events of a case are out of order."""
        paths = np.empty(max(0, offsets.size - 1), np.uint64)
        fault = sum_cases(
            *(offsets, at_us, holder, state),
            *(self.handovers, self.waiting_us, self.counts, paths),
        )
        if fault >= 0:
            self._refuse(int(holder[fault]))
        self.paths[part] = paths

    def merge(self, other: "Sums") -> None:
        """Add the sums of another thread."""
        self.handovers += other.handovers
        self.waiting_us += other.waiting_us
        self.counts += other.counts
        self.paths.update(other.paths)

    def _refuse(self, holder: int) -> None:
        n_holders = self.handovers.shape[0]
        if holder < n_holders:
            raise NotSortedError
        raise QuestionError(
            f"the log names holder {holder}, but only {n_holders} are announced; "
            "pass the number of units (the largest number plus one).",
            code="holder-out-of-range",
            holder=holder,
            n_holders=n_holders,
        )


def share(tasks: Iterable[Task], work: Callable[[Iterator[Task]], None], *, threads: int) -> None:
    """Let every thread take the next task until none is left; the first error is raised."""
    lock, waiting = Lock(), iter(tasks)

    def take() -> Iterator[Task]:
        while True:
            with lock:
                try:
                    task = next(waiting)
                except StopIteration:
                    return
            yield task

    with ThreadPoolExecutor(threads) as pool:
        for running in [pool.submit(work, take()) for _ in range(threads)]:
            running.result()
