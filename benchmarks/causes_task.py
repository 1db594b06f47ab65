"""One measured run of the causes of waiting: python -m benchmarks.causes_task EVENTS."""

import json
import sys
import time

import numpy as np

from benchmarks.invented_work import invented_work
from leitweg.engine.calendars import discover_calendars
from leitweg.engine.case_accounts import account_cases
from leitweg.engine.event_log import EventLog
from leitweg.engine.person_kernel import causes_of_windows, customer_windows, transition_windows
from leitweg.engine.work_times import work_times


def split(log: EventLog) -> dict[str, float]:
    """Split all waits of a log; return what each part took, and whether the sums are exact."""
    accounts = account_cases(log)
    moments = [(time.perf_counter(), time.process_time())]
    calendars = discover_calendars(log)
    moments.append((time.perf_counter(), time.process_time()))
    work = work_times(log, accounts)
    moments.append((time.perf_counter(), time.process_time()))
    asked = [customer_windows(work, log.offsets), transition_windows(work)]
    found = causes_of_windows(work, log.activity, calendars, asked)
    moments.append((time.perf_counter(), time.process_time()))
    exact = np.array_equal(found[0].sum(axis=1), accounts.waiting_us)
    walls = np.diff([m[0] for m in moments]).tolist()
    return {
        **dict(zip(("calendars_s", "times_s", "causes_s"), walls, strict=True)),
        "work_wall_s": moments[-1][0] - moments[0][0],
        "work_cpu_s": moments[-1][1] - moments[0][1],
        "people": len(log.persons),
        "exact": float(exact),
        "shares": (found[0].sum(axis=0) / max(1, found[0].sum())).tolist(),
    }


def main() -> None:
    """Run on a small log first, so that machine code is loaded, then on the one asked for."""
    split(invented_work(2, 20_000))
    sys.stdout.write(json.dumps(split(invented_work(1, int(sys.argv[1])))) + "\n")


if __name__ == "__main__":
    main()
