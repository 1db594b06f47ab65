"""Figures of a large network: 100,000 people, 8 million edges, in a process of its own.

python -m benchmarks.network_bench [PEOPLE EDGES]
"""

import sys

from benchmarks.measuring import Measurement, measure
from benchmarks.tables import markdown_table

PEOPLE, EDGES, UNITS = 100_000, 8_000_000, 200


def network_section(people: int = PEOPLE, edges: int = EDGES) -> str:
    """Measure the figures together, then betweenness beside them."""
    sizes = (str(people), str(edges), str(UNITS))
    command = [sys.executable, "-m", "benchmarks.network_task", *sizes]
    without, whole = measure(command), measure([*command, "--all"])
    rows = [[name, f"{s:.2f}"] for name, s in without.answer["seconds"].items()]
    rows.append(["betweenness, 256 sources", f"{whole.answer['seconds']['betweenness']:.2f}"])
    return "\n\n".join(
        [
            f"## Network of {people:,} people",
            _told(without),
            markdown_table(["step", "wall s"], rows),
        ]
    )


def _told(found: Measurement) -> str:
    answer = found.answer
    return (
        f"{answer['edges']:,} different edges, of rows drawn with 70 % inside {UNITS} units; the "
        "first call of each compiled function included. "
        f"The whole process without betweenness and constraint: {found.wall_s:.1f} s wall, "
        f"{found.cpu_s:.1f} s CPU, {found.peak_mb:.0f} MB at its peak, the invention of the rows "
        f"included. {answer['draws']} draws of communities: {answer['communities']} of them, "
        f"modularity {answer['quality']:.3f}, agreement {answer['stability']:.2f}."
    )


if __name__ == "__main__":
    sizes = [int(float(word)) for word in sys.argv[1:]]
    sys.stdout.write(network_section(*(sizes or (PEOPLE, EDGES))) + "\n")
