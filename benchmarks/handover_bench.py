"""Handover network of the public incident log, beside PM4Py's in the same run."""

import statistics
import sys
from pathlib import Path

from benchmarks.measuring import ROOT, Measurement, measure, measure_task
from benchmarks.tables import markdown_table

XES = ROOT / "../shared/data/volvo-incidents/bpic2013_incidents.xes.gz"
RUNS = 5


def handover_section(directory: Path, pm4py_python: Path | None) -> str:
    """Measure both, check that they count the same handovers, and say how much faster."""
    if not XES.exists():
        return "## Handover network\n\nNot measured: the public incident log is not there."
    ours = measure_task("handover", XES.resolve(), directory)
    if pm4py_python is None:
        return _text(ours, None)
    script = str(ROOT / "benchmarks/pm4py_handover.py")
    table = str(directory / "pm4py.parquet")
    return _text(ours, measure([str(pm4py_python), script, table, str(RUNS)]))


def check_same(ours: Measurement, theirs: Measurement) -> None:
    """Raise ValueError unless both count every handover between two persons alike."""
    counts = {(a, b): n for a, b, n in ours.answer["links"]}
    shares = {(a, b): share for a, b, share in theirs.answer["shares"]}
    # PM4Py gives shares of all pairs of neighbouring events, those of one person included
    whole = sum(counts.values()) / sum(shares.values())
    if {pair: round(share * whole) for pair, share in shares.items()} != counts:
        raise ValueError("PM4Py and Leitweg count different handovers; compare nothing")


def _text(ours: Measurement, theirs: Measurement | None) -> str:
    warm, files = (_median(ours.answer[key]) for key in ("warm", "from_files"))
    cold = ours.answer["cold"]
    rows = [
        ["Leitweg, from the loaded log", f"{warm[0]:.4f}", f"{warm[1]:.4f}"],
        ["Leitweg, first call of the process", f"{cold[0]:.4f}", f"{cold[1]:.4f}"],
        ["Leitweg, reading and ordering the files too", f"{files[0]:.4f}", f"{files[1]:.4f}"],
    ]
    verdict = "PM4Py was not measured: pass `--pm4py-python`."
    if theirs is not None:
        check_same(ours, theirs)
        peer = [statistics.median(theirs.answer[key]) for key in ("wall_s", "cpu_s")]
        name = f"PM4Py {theirs.answer['versions']['pm4py']}, from the loaded frame"
        rows.append([name, f"{peer[0]:.4f}", f"{peer[1]:.4f}"])
        verdict = (
            f"From loaded tables {peer[0] / warm[0]:.0f} times faster than PM4Py "
            f"({peer[0] / files[0]:.1f} times with reading and ordering included); "
            "both count the same handovers between the same persons."
        )
    sys.stderr.write(verdict + "\n")
    header = ["handover of work between persons", "wall s", "CPU s"]
    return "\n\n".join(
        [
            "## Handover network of the incident log",
            f"65,533 events, 1,440 names; median of {RUNS} runs.",
            markdown_table(header, rows),
            verdict,
            "PM4Py is AGPL and no dependency: it runs in an environment of its own "
            "(`python -m venv PM4PY && PM4PY/bin/pip install pm4py pyarrow`), whose interpreter is "
            "named by `--pm4py-python PM4PY/bin/python`.",
        ]
    )


def _median(runs: list[list[float]]) -> tuple[float, float]:
    return statistics.median(r[0] for r in runs), statistics.median(r[1] for r in runs)
