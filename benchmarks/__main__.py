"""Measure, print, and write docs/benchmarks.md: python -m benchmarks --help."""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.api_bench import api_section
from benchmarks.causes_bench import causes_section
from benchmarks.commands_bench import import_section, situation_section
from benchmarks.handover_bench import handover_section
from benchmarks.kernel_bench import kernel_section
from benchmarks.ledger_bench import ledger_section
from benchmarks.measuring import ROOT
from benchmarks.network_bench import network_section
from benchmarks.routing_bench import routing_section
from benchmarks.tables import machine, write_sections

SUBJECTS = (
    "kernel",
    "handover",
    "import",
    "situation",
    "network",
    "causes",
    "ledger",
    "routing",
    "api",
)


def parsed(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rows", nargs="+", type=float, default=[1e6, 1e7, 1e8])
    parser.add_argument("--only", nargs="+", choices=SUBJECTS, default=SUBJECTS)
    parser.add_argument("--pm4py-python", type=Path, help="interpreter that has PM4Py")
    parser.add_argument("--directory", type=Path, help="where to write (10^8 rows: 5 GB at once)")
    parser.add_argument("--out", type=Path, default=ROOT / "docs/benchmarks.md")
    return parser.parse_args(arguments)


def main() -> None:
    """Measure what was asked for and write it down."""
    asked, other_load = parsed(), os.getloadavg()[0]
    with tempfile.TemporaryDirectory(dir=asked.directory, prefix="leitweg-bench-") as name:
        directory = Path(name)
        subjects: dict[str, Callable[[], str]] = {
            "kernel": lambda: kernel_section([int(n) for n in asked.rows], directory),
            "handover": lambda: handover_section(directory, asked.pm4py_python),
            "import": lambda: import_section(directory),
            "situation": lambda: situation_section(directory),
            "network": network_section,
            "causes": causes_section,
            "ledger": lambda: ledger_section(directory),
            "api": lambda: api_section(directory),
            "routing": routing_section,
        }
        for subject in asked.only:
            section = f"{subjects[subject]()}\n\nMeasured on: {machine(other_load)}."
            sys.stdout.write(section + "\n\n")
            write_sections(asked.out, {subject: section})


if __name__ == "__main__":
    main()
