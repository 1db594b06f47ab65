"""The interface for programs under load: server and load generator on the same two cores.

python -m benchmarks.api_bench [RATE ...]
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from benchmarks.measuring import measure
from benchmarks.tables import markdown_table

RATES = (100, 300, 400, 0)
KINDS = ("text", "attributes", "noted")
SECONDS = 20
CORES = 2
COLUMNS = [
    "questions",
    "asked, per s",
    "answered, per s",
    "p50, ms",
    "p90, ms",
    "p99, ms",
    "failed",
    "server, CPU s per s",
]
TOLD = (
    "`leitweg serve` on a protected workspace of 8,633 public issues (apache-issues), asked about "
    "the next 1,000 by a load generator on the same two cores, 20 seconds after 2 of warming up; "
    "requests arrive independently of each other, and latency counts from the moment at which a "
    "request was due. “All” is 32 connections, each of which asks again when it is answered. Every "
    "answer is noted in the audit log, on the disk, before it leaves; “noted” also in the journal "
    "of the router."
)
_SERVE = "from leitweg.cli.main import main; main()"


def api_section(directory: Path, rates: Sequence[float] = RATES) -> str:
    """Measure the server with questions of several kinds at several rates."""
    with suppress(AttributeError, OSError):
        # children inherit it: more cores would flatter the server
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    folder = directory / "api"
    folder.mkdir()
    ready = measure([sys.executable, "-m", "benchmarks.api_task", str(folder)]).answer
    rows = []
    for kind in KINDS:
        with serving(ready["workspace"]) as (port, process):
            bodies = folder / f"{kind}.jsonl"
            rows += [_row(kind, rate, port, ready["token"], bodies, process) for rate in rates]
    return "\n\n".join(["## Interface for programs", TOLD, markdown_table(COLUMNS, rows)])


@contextmanager
def serving(workspace: str) -> Iterator[tuple[int, int]]:
    """Start a server; yield its port and its process, and end it in order."""
    words = ["serve", "-w", workspace, "--port", "0", "--json"]
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVE, *words], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    text = ""
    for line in process.stdout:
        text += line
        if line.startswith("}"):
            break
    try:
        yield int(json.loads(text)["url"].rpartition(":")[2]), process.pid
    finally:
        process.terminate()
        process.wait(60)


def _row(kind: str, rate: float, port: int, token: str, bodies: Path, process: int) -> list[str]:
    before = _cpu_seconds(process)
    words = [str(port), token, str(bodies), "--rate", str(rate), "--seconds", str(SECONDS)]
    told: dict[str, Any] = measure([sys.executable, "-m", "benchmarks.api_load", *words]).answer
    cpu = (_cpu_seconds(process) - before) / (SECONDS + 2)
    times = [f"{told[name]:.0f}" for name in ("p50_ms", "p90_ms", "p99_ms")]
    asked = f"{rate:g}" if rate else "all"
    return [kind, asked, f"{told['per_second']:.0f}", *times, str(told["failed"]), f"{cpu:.2f}"]


def _cpu_seconds(process: int) -> float:
    """Return what a process and its children have used so far."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        stats = [Path(f"/proc/{one}/stat").read_text() for one in [str(process), *children]]
    except OSError:
        return float("nan")
    used = [stat.rpartition(")")[2].split() for stat in stats]
    ticks = sum(int(fields[11]) + int(fields[12]) for fields in used)
    return ticks / float(os.sysconf("SC_CLK_TCK"))


if __name__ == "__main__":
    wanted = [float(word) for word in sys.argv[1:]] or RATES
    with tempfile.TemporaryDirectory(prefix="leitweg-bench-") as name:
        sys.stdout.write(api_section(Path(name), wanted) + "\n")
