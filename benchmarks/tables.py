"""Tables of results: on the screen and, section by section, in docs/benchmarks.md."""

import os
import platform
import re
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

LIBRARIES = ("duckdb", "numba", "numpy", "pyarrow", "deltalake")
TITLE = """# Benchmarks

Every figure comes from a process of its own; the tables below are written by

```
python -m benchmarks --rows 1e6 1e7 1e8 --pm4py-python PATH/TO/VENV/bin/python
```

Wall and CPU are seconds of the whole process (start, imports and loading of machine code
included) unless the column says otherwise; peak is its largest resident memory. Where the load
average before the run is not near 0, other work took its share of the cores: the wall times are
longer than on a quiet machine, the CPU times are not much.
"""


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown, readable as text too."""
    widths = [max(len(row[k]) for row in [header, *rows]) for k in range(len(header))]
    lines = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in rows]
    head = [cell.ljust(width) for cell, width in zip(header, widths, strict=True)]
    rule = ["-" * width for width in widths]
    return "\n".join("| " + " | ".join(line) + " |" for line in [head, rule, *lines])


def machine(other_load: float) -> str:
    """Return the machine in words: processor, cores, memory, versions, other work on it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB of memory, "
        f"{platform.system()}; Python {platform.python_version()}, {versions}; "
        f"load average before the run {other_load:.1f}"
    )


def write_sections(path: Path, sections: dict[str, str]) -> None:
    """Put sections into the page, each in place of the one of its name; others stay."""
    text = path.read_text("utf-8") if path.exists() else TITLE
    for name, body in sections.items():
        block = f"<!-- {name} -->\n{body}\n<!-- end of {name} -->"
        pattern = re.compile(f"<!-- {name} -->.*?<!-- end of {name} -->", re.DOTALL)
        before, *after = pattern.split(text, maxsplit=1)
        text = f"{before}{block}{after[0]}" if after else f"{text.rstrip()}\n\n{block}\n"
    path.write_text(text, "utf-8")


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        found = re.search(r"model name\s*:\s*(.+)", cpuinfo.read_text())
        if found:
            return found[1].strip()
    return platform.machine()
