"""The release ledger: filled to 10,000 releases over 3,000 people, then asked by a new process.

python -m benchmarks.ledger_bench [RELEASES ...]
"""

import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measuring import Measurement, measure
from benchmarks.tables import markdown_table

PEOPLE, RELEASES = 3_000, (1_000, 3_000, 10_000)
COLUMNS = [
    "releases",
    "page, first, ms",
    "page, again, ms",
    "opening, ms",
    "answered by former ones, ms",
    "new direction, ms",
    "the same, CPU ms",
    "peak MB",
    "file MB",
]


def ledger_section(directory: Path, releases: Sequence[int] = RELEASES) -> str:
    """Measure ledgers of several sizes."""
    rows = [_row(directory / f"ledger-{n}", n) for n in releases]
    title = f"## Release ledger of {PEOPLE:,} people"
    return "\n\n".join([title, TOLD, markdown_table(COLUMNS, rows)])


TOLD = (
    "All releases are of one variable and one period: filters on one or two of six attributes "
    "(60 × 8 × 6 × 5 × 6 × 2), each with one value, then with several. Everything is asked by a "
    "process that just started. Page: 2,000 sets that left before, asked at once. Opening: the "
    "first new set, the computed state read from its file and the machine code loaded. Then one "
    "new set at a time, median: filters, most of which former sets already answer, and sets drawn "
    "at random, which add a direction or are refused."
)


def _row(folder: Path, releases: int) -> list[str]:
    task = [sys.executable, "-m", "benchmarks.ledger_task"]
    filled = measure([*task, "fill", str(folder), str(releases), str(PEOPLE)])
    return _cells(releases, filled, measure([*task, "ask", str(folder), "0", str(PEOPLE)]))


def _cells(releases: int, filled: Measurement, asked: Measurement) -> list[str]:
    answer = asked.answer
    inside, outside = answer["inside"], answer["outside"]
    milliseconds = [
        answer["first_page"],
        answer["page"],
        answer["open"][0],
        statistics.median(wall for wall, _ in inside),
        statistics.median(wall for wall, _ in outside),
        statistics.median(cpu for _, cpu in outside),
    ]
    sizes = [f"{asked.peak_mb:.0f}", f"{filled.answer['computed_mb']:.0f}"]
    return [f"{releases:,}", *(f"{1000 * s:.0f}" for s in milliseconds), *sizes]


if __name__ == "__main__":
    sizes = [int(float(word)) for word in sys.argv[1:]] or RELEASES
    with tempfile.TemporaryDirectory(prefix="leitweg-bench-") as name:
        sys.stdout.write(ledger_section(Path(name), sizes) + "\n")
