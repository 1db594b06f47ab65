"""What is measured: each task runs in a process of its own and prints one line of JSON."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from benchmarks.incident_log import write_incident_tables
from leitweg.engine.case_kernel import walk_cases
from leitweg.engine.event_log import EventLog, load_event_log
from leitweg.engine.large_columns import LargeColumns, Piece, pieces_of, read_batches
from leitweg.engine.large_log import sum_large_log
from leitweg.engine.large_sums import share

N_UNITS = 200
THREADS = 2
COLUMNS = LargeColumns()

Answer = dict[str, object]


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return wall and CPU seconds of some work."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def scan(path: Path) -> None:
    """Decode the columns that the kernel reads, with its threads, and do nothing else."""

    def work(mine: Iterator[Piece]) -> None:
        for piece in mine:
            for _ in read_batches(piece, COLUMNS):
                pass

    share(pieces_of([path], COLUMNS), work, threads=THREADS)


def kernel(path: Path) -> Answer:
    """Sum up one log."""
    found = sum_large_log([path], n_holders=N_UNITS, threads=THREADS)
    return {
        "layout": found.layout,
        "events": found.n_events,
        "cases": found.n_cases,
        "handovers": found.n_handovers,
        "waiting_us": int(found.waiting_us.sum()),
        "bounces": found.n_bounces,
        "right_first": found.n_right_first,
        "first_path": [list(found.paths[0].path), found.paths[0].n_cases],
    }


def kernel_after_start(path: Path, *small: Path) -> Answer:
    """Sum up one log after small ones: the process loads its machine code only once."""
    for log in small:
        kernel(log)
    wall, cpu = time.perf_counter(), time.process_time()
    answer = kernel(path)
    times = {"work_wall_s": time.perf_counter() - wall, "work_cpu_s": time.process_time() - cpu}
    return times | answer


def scan_share(path: Path, small: Path) -> Answer:
    """Scan limit and kernel in turn, five times, machine code and file loaded before."""
    kernel(small)
    scan(path)
    scans = [(timed(lambda: scan(path)), timed(lambda: kernel(path))) for _ in range(5)]
    times = np.median(np.array(scans), axis=0).tolist()
    return {
        "scan_wall_s": times[0][0],
        "scan_cpu_s": times[0][1],
        "kernel_wall_s": times[1][0],
        "kernel_cpu_s": times[1][1],
    }


def handover_network(log: EventLog) -> dict[tuple[str, str], int]:
    """Count how often each person hands over to each other one."""
    walk = walk_cases(log, "person")
    into = np.flatnonzero(walk.stay_case[1:] == walk.stay_case[:-1]) + 1
    n_persons = len(log.persons)
    pairs = walk.stay_holder[into - 1].astype(np.int64) * n_persons + walk.stay_holder[into]
    links, counts = np.unique(pairs, return_counts=True)
    names = log.persons
    ends = zip((links // n_persons).tolist(), (links % n_persons).tolist(), strict=True)
    return {(names[a], names[b]): n for (a, b), n in zip(ends, counts.tolist(), strict=True)}


def handover(xes: Path, directory: Path, runs: int) -> Answer:
    """Handover network of the incident log: first run, from the loaded log, and from the files."""
    events = write_incident_tables(xes, directory)["events"]
    files = {"events": [events]}
    log = load_event_log(files)
    cold = timed(lambda: handover_network(log))
    warm = [timed(lambda: handover_network(log)) for _ in range(runs)]
    whole = [timed(lambda: handover_network(load_event_log(files))) for _ in range(runs)]
    links = [[a, b, n] for (a, b), n in handover_network(log).items()]
    return {"cold": cold, "warm": warm, "from_files": whole, "links": links}


def load(path: Path) -> Answer:
    """Load canonical tables and walk their cases, as the as-is analysis does."""
    log = load_event_log({"events": [path]})
    walk = walk_cases(log)
    return {"events": log.n_events, "handovers": int(walk.n_handovers.sum())}


def main() -> None:
    """Run one task and print its answer."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tasks")
    parser.add_argument("task", choices=["kernel", "scan_share", "handover", "load"])
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    tasks: dict[str, Callable[[], Answer]] = {
        "kernel": lambda: kernel_after_start(*asked.paths),
        "scan_share": lambda: scan_share(asked.paths[0], asked.paths[1]),
        "handover": lambda: handover(asked.paths[0], asked.paths[1], asked.runs),
        "load": lambda: load(asked.paths[0]),
    }
    sys.stdout.write(json.dumps(tasks[asked.task]()) + "\n")


if __name__ == "__main__":
    main()
