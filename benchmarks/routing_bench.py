"""The right contact: the router beside textbook routers, on the same cases in the same run.

python -m benchmarks --only routing; rows as JSON beside the page, in docs/benchmarks-routing.json.
"""

import json
import sys
from pathlib import Path

from benchmarks.measuring import ROOT, measure
from benchmarks.tables import markdown_table

DATASETS = ("eclipse", "volvo", "apache", "it", "cold")
OUT = ROOT / "docs/benchmarks-routing.json"
_FIGURES = ("top1", "top3", "ece", "k3", "candidate_recall")
_HEADER = ["task", "model", "n", "top-1", "top-3", "ECE", "k3", "recall", "p50 ms", "p99 ms"]

Row = dict[str, object]


def routing_section(datasets: tuple[str, ...] = DATASETS, out: Path = OUT) -> str:
    """Run every dataset in a process of its own and put its rows into one table."""
    rows: list[Row] = []
    for name in datasets:
        # the linear classifiers of the baselines would else take all cores from each other
        command = [sys.executable, "-W", "ignore", "-m", "benchmarks.routing_task", name]
        found = measure(["env", "OMP_NUM_THREADS=1", *command])
        rows += found.answer["rows"]
        sys.stderr.write(f"{name}: {found.wall_s:.0f} s, {found.peak_mb:.0f} MB\n")
    out.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")
    return "\n\n".join(["## The right contact", _TOLD, table_of(rows)])


def table_of(rows: list[Row]) -> str:
    """Return the rows as a table, task by task; the best baseline of a task in bold."""
    tasks = list(dict.fromkeys(str(row["task"]) for row in rows))
    cells = []
    for task in tasks:
        mine = [row for row in rows if row["task"] == task]
        best = max((float(str(r["top1"])) for r in mine if r["baseline"]), default=-1.0)
        cells += [_cells(row, best) for row in mine]
    return markdown_table(_HEADER, cells)


def _cells(row: Row, best: float) -> list[str]:
    is_best = row["baseline"] and row["top1"] == best
    model = f"**{row['model']}**" if is_best else str(row["model"])
    figures = [_shown(row.get(figure), 3) for figure in _FIGURES]
    times = [_shown(row.get(name), 2) for name in ("p50_ms", "p99_ms")]
    return [str(row["task"]), model, f"{row['n']:,}", *figures, *times]


def _shown(value: object, digits: int) -> str:
    return f"{value:.{digits}f}" if isinstance(value, float) else ""


_TOLD = """\
Top-1 and top-3: the right contact is the first, or among the first three. Splits by time, but for
it-tickets and the teams of apache-issues, which are drawn. `immediate`: a case is learnt as soon
as it was judged; `known`: when it was resolved, as the log tells it then; "by last event": with
its last event only, often an administrative one, weeks later. Logs that tell no times know the
first alone. The best baseline of each task is in bold; `frozen` ones learn nothing after training.
Nothing was chosen on judged cases. ECE: expected calibration error, where a model tells
probabilities. k3: wrong contacts when three suggestions fail and the case goes the way people
took. recall: of the right contacts seen before, those among the candidates. The teams of apache-
issues are averaged over teams and over 20 draws."""


if __name__ == "__main__":
    sys.stdout.write(routing_section(tuple(sys.argv[1:]) or DATASETS) + "\n")
