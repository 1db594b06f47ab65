"""PM4Py's handover of work on a loaded table. Runs under an interpreter that has PM4Py.

PM4Py is AGPL: it is no dependency, nothing of it is imported by this project, and this script
talks to the benchmark through one line of JSON on standard output only:
    python benchmarks/pm4py_handover.py EVENTS.parquet RUNS
"""

import json
import sys
import time
import warnings


def main() -> None:
    """Print the seconds of every run, and how often each person hands over to another."""
    warnings.simplefilter("ignore")
    import pandas as pd  # noqa: PLC0415
    import pm4py  # noqa: PLC0415

    path, runs = sys.argv[1], int(sys.argv[2])
    frame = pd.read_parquet(path)
    frame["time:timestamp"] = pd.to_datetime(frame["time:timestamp"], unit="us", utc=True)
    frame = pm4py.format_dataframe(
        frame,
        case_id="case:concept:name",
        activity_key="concept:name",
        timestamp_key="time:timestamp",
    )
    wall, cpu = [], []
    for _ in range(runs):
        wall_start, cpu_start = time.perf_counter(), time.process_time()
        network = pm4py.discover_handover_of_work_network(frame)
        wall.append(time.perf_counter() - wall_start)
        cpu.append(time.process_time() - cpu_start)
    shares = [[a, b, share] for (a, b), share in network.connections.items() if a != b]
    versions = {"pm4py": pm4py.__version__, "pandas": pd.__version__}
    found = {"wall_s": wall, "cpu_s": cpu, "shares": shares, "versions": versions}
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
