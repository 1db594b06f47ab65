"""One measurement: a process of its own, and what the system says it used.

This module and its callers load nothing heavy: on Linux a child starts with the peak memory of
the process that started it.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Measurement:
    """Wall and CPU seconds and peak memory of a whole process, and the JSON it printed."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    answer: dict[str, Any]


class MeasurementError(Exception):
    """A measured process that failed."""


def measure(command: Sequence[str], *, json_output: bool = True) -> Measurement:
    """Run a command and read what it used; MeasurementError, with its last words, if it fails."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=errors)
        # wait4 tells of this child alone, RUSAGE_CHILDREN of all that were ever waited for
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        said, complained = (_text(file) for file in (output, errors))
    if process.returncode:
        last = " | ".join((complained or said).strip().splitlines()[-3:])
        raise MeasurementError(f"{' '.join(command[:6])}: exit {process.returncode}: {last}")
    answer = json.loads(said.strip().splitlines()[-1]) if json_output else {}
    return Measurement(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, answer)


def measure_task(task: str, *arguments: str | os.PathLike[str]) -> Measurement:
    """Measure one task of benchmarks.tasks."""
    words = [os.fspath(argument) for argument in arguments]
    return measure([sys.executable, "-m", "benchmarks.tasks", task, *words])


def _text(file: IO[str]) -> str:
    file.seek(0)
    return file.read()
