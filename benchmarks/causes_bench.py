"""The kernel over (person, time) on 10^5 to 10^7 invented events."""

import math
import sys
from collections.abc import Sequence

from benchmarks.measuring import Measurement, MeasurementError, measure
from benchmarks.tables import markdown_table

ROWS = (100_000, 1_000_000, 10_000_000)


def causes_section(rows: Sequence[int] = ROWS) -> str:
    """Measure every size in a process of its own."""
    # compiles what is not compiled yet: a fresh clone does that once
    _measured(10_000)
    table, seconds = [], {}
    for n_rows in rows:
        one = _measured(n_rows)
        answer, seconds[n_rows] = one.answer, one.answer["work_wall_s"]
        table.append(
            [
                f"{n_rows:.0e}".replace("+0", ""),
                str(answer["people"]),
                *(f"{answer[part]:.2f}" for part in ("calendars_s", "times_s", "causes_s")),
                f"{answer['work_wall_s']:.2f}",
                f"{answer['work_cpu_s']:.2f}",
                f"{n_rows / answer['work_wall_s'] / 1e6:.1f}",
                f"{one.peak_mb:.0f}",
            ]
        )
        sys.stderr.write(" ".join(table[-1]) + "\n")
    header = ["rows", "people", "calendars s", "times s", "causes s", "wall s", "CPU s"]
    parts = [
        "## Causes of waiting on invented work",
        "Calendars of all people, when each piece of work was possible, and all waits split by "
        "their five causes (per case and per transition), with 2 threads; 8 events a case, "
        "2,500 a person, 40 activities, shifts from 8 to 16 o'clock. Without the start of the "
        "process and the drawing of the log; the peak is that of the whole process, log included. "
        "The sums were equal to the waiting to the microsecond.",
        markdown_table([*header, "million rows/s", "peak MB"], table),
    ]
    if len(rows) > 1:
        first, last = min(rows), max(rows)
        grown = math.log(seconds[last] / seconds[first]) / math.log(last / first)
        parts.append(
            f"Growth of the wall time from {first:.0e} to {last:.0e} rows, as a power of the rows: "
            f"{grown:.2f}."
        )
    return "\n\n".join(parts)


def _measured(n_rows: int) -> Measurement:
    one = measure([sys.executable, "-m", "benchmarks.causes_task", str(n_rows)])
    if not one.answer["exact"]:
        raise MeasurementError(f"{n_rows} rows: the causes do not add up to the waiting")
    return one
