"""The commands on the public incident log, and loading of large canonical tables."""

import sys
from pathlib import Path

from benchmarks.handover_bench import XES
from benchmarks.measuring import Measurement, measure
from benchmarks.tables import markdown_table

CALL = "import sys; from leitweg.cli.main import main; sys.exit(main())"


def import_section(directory: Path) -> str:
    """Measure `leitweg import` of the incident log into an empty workspace."""
    title = "## Import of the incident log (40 MB of XES)"
    if not XES.exists():
        return f"{title}\n\nNot measured: the public incident log is not there."
    return "\n\n".join([title, _table({"import": _import(directory)})])


def situation_section(directory: Path) -> str:
    """Measure `leitweg situation` on the imported incident log, first and again."""
    title = "## Situation of the incident log"
    if not XES.exists():
        return f"{title}\n\nNot measured: the public incident log is not there."
    if not _workspace(directory).exists():
        _import(directory)
    runs = {name: _command(directory, "situation") for name in ("situation", "situation again")}
    return "\n\n".join([title, _table(runs)])


def _workspace(directory: Path) -> Path:
    return directory / "incidents.leitweg"


def _import(directory: Path) -> Measurement:
    return _command(directory, "import", str(XES.resolve()), "--profile", "open")


def _command(directory: Path, name: str, *arguments: str) -> Measurement:
    place = ["--workspace", str(_workspace(directory)), "--json"]
    return measure([sys.executable, "-c", CALL, name, *arguments, *place], json_output=False)


def _table(runs: dict[str, Measurement]) -> str:
    rows = [
        [name, f"{one.wall_s:.2f}", f"{one.cpu_s:.2f}", f"{one.peak_mb:.0f}"]
        for name, one in runs.items()
    ]
    return markdown_table(["command", "wall s", "CPU s", "peak MB"], rows)
