"""The case kernel on 10^6 to 10^8 transactions in three layouts."""

import math
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measuring import Measurement, measure, measure_task
from benchmarks.tables import markdown_table

LAYOUTS = ("sorted", "time", "shuffled")
WORDS = {"sorted": "sorted by case", "time": "in order of time", "shuffled": "shuffled"}


def kernel_section(rows: Sequence[int], directory: Path) -> str:
    """Measure every size and layout; files are written, measured and deleted one by one."""
    table: list[list[str]] = []
    shares: list[list[str]] = []
    seen: dict[tuple[str, int], Measurement] = {}
    small = [_written(directory, layout, 100_000, "small-") for layout in ("sorted", "shuffled")]
    # compiles what is not compiled yet: a fresh clone does that once
    measure_task("kernel", *small)
    measure_task("kernel", *reversed(small))
    for n_rows in rows:
        for layout in LAYOUTS:
            path = _written(directory, layout, n_rows)
            seen[layout, n_rows] = one = measure_task("kernel", path, *small)
            table.append(_row(n_rows, layout, one))
            if layout == "sorted":
                shares.append(_share_row(n_rows, measure_task("scan_share", path, small[0])))
            path.unlink()
            sys.stderr.write(" ".join(table[-1]) + "\n")
    return _text(rows, table, shares, seen)


def _written(directory: Path, layout: str, n_rows: int, prefix: str = "") -> Path:
    path = directory / f"{prefix}{layout}-{n_rows}.parquet"
    layouts = [sys.executable, "-m", "benchmarks.layouts", str(path)]
    measure([*layouts, "--layout", layout, "--rows", str(n_rows)], json_output=False)
    return path


def _row(n_rows: int, layout: str, one: Measurement) -> list[str]:
    rate = n_rows / one.answer["work_wall_s"] / 1e6
    return [
        f"{n_rows:.0e}".replace("+0", ""),
        WORDS[layout],
        f"{one.wall_s:.2f}",
        f"{one.cpu_s:.2f}",
        f"{one.answer['work_wall_s']:.2f}",
        f"{one.answer['work_cpu_s']:.2f}",
        f"{rate:.1f}",
        f"{one.peak_mb:.0f}",
    ]


def _share_row(n_rows: int, one: Measurement) -> list[str]:
    times = one.answer
    return [
        f"{n_rows:.0e}".replace("+0", ""),
        f"{times['scan_wall_s']:.2f}",
        f"{times['kernel_wall_s']:.2f}",
        f"{times['scan_wall_s'] / times['kernel_wall_s']:.0%}",
        f"{times['scan_cpu_s'] / times['kernel_cpu_s']:.0%}",
    ]


def _text(
    rows: Sequence[int],
    table: list[list[str]],
    shares: list[list[str]],
    seen: dict[tuple[str, int], Measurement],
) -> str:
    work = ["wall s, started", "CPU s, started", "million rows/s", "peak MB"]
    header = ["rows", "layout", "wall s", "CPU s", *work]
    share_header = ["rows", "scan wall s", "kernel wall s", "share (wall)", "share (CPU)"]
    parts = [
        "## Case kernel on invented transactions",
        "Handovers with waiting between 200 units, ping-pong, first right contact and the 20 most "
        'frequent ways, together, with 2 threads. 10 events per case on average. "Started": '
        "without the start of the process, its imports and the loading of machine code.",
        markdown_table(header, table),
        "Share of the scan limit on the layout sorted by case: decoding the same four columns with "
        "the same threads and doing nothing else, in turn with the kernel in one process, median "
        "of five.",
        markdown_table(share_header, shares),
    ]
    if len(rows) > 1:
        parts.append(_growth(rows, seen))
    return "\n\n".join(parts)


def _growth(rows: Sequence[int], seen: dict[tuple[str, int], Measurement]) -> str:
    first, last = min(rows), max(rows)

    def exponent(layout: str) -> float:
        seconds = [seen[layout, n].answer["work_wall_s"] for n in (last, first)]
        return math.log(seconds[0] / seconds[1]) / math.log(last / first)

    grown = ", ".join(f"{WORDS[layout]} {exponent(layout):.2f}" for layout in LAYOUTS)
    return (
        f"Growth of the wall time (started) from {first:.0e} to {last:.0e} rows, as a power of the "
        f"rows: {grown}."
    )
