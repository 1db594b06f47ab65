"""Kill a running import at a random moment, many times; see that the old or the new state holds.

Run as `python tests/store/kill_import.py KILLS SEED`; prints one JSON document. Each round copies
a small workspace, runs an import in a forked child and kills it with SIGKILL. The parent itself
never touches a table: the Delta library starts threads, which a fork would not survive.
"""

import hashlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa

from leitweg.domain.errors import WorkspaceError
from leitweg.domain.imports import ImportOptions, Reading, Reject
from leitweg.domain.tables import TABLES
from leitweg.store import open_workspace
from leitweg.store.delta import latest_version
from leitweg.store.manifest import read_manifest
from leitweg.studies.importing import import_files

N_EVENTS = 1500
# what the workspace holds before: nothing, one import, or so many that the next one compacts
SCENARIOS = {"first": 0, "second": 1, "compacting": 16}


def reader(path, options, **_):
    """Read a planted file: its number decides its rows; some cases go on from one to the next."""
    number = int(path.stem)
    cases = [f"case {number * 500 + i % 1000}" for i in range(N_EVENTS)]
    columns = {
        "case_id": cases,
        "at_us": [number * 10**9 + i for i in range(N_EVENTS)],
        "person": [f"Person {i % 97}" for i in range(N_EVENTS)],
        "unit": [f"Unit {i % 7}" for i in range(N_EVENTS)],
        "seq": list(range(N_EVENTS)),
    }
    distinct = sorted(set(cases))
    tables = {
        "events": table("events", N_EVENTS, columns),
        "cases": table("cases", len(distinct), {"case_id": distinct}),
        "people": table("people", 1, {"person": [f"Person {number}"], "unit": ["Unit 0"]}),
    }
    rejects = (Reject(3, "at", "no time", "Person 3"),)
    return [Reading(path, "events", tables, N_EVENTS + 1, rejects)]


def table(name, count, columns):
    schema = TABLES[name].schema
    arrays = [pa.array(columns.get(f.name, [None] * count), f.type) for f in schema]
    return pa.table(arrays, schema=schema)


def run_import(folder, numbers, profile):
    files = [folder.parent / f"{number}.csv" for number in numbers]
    for file in files:
        file.write_text(f"planted {file.stem}", encoding="utf-8")
    import_files(
        folder, files, ImportOptions(machines=("Person 5",)), profile=profile, reader=reader
    )


def state_of(folder):
    """Return a digest of everything a reader sees, None where nothing was imported."""
    try:
        place = open_workspace(folder)
    except WorkspaceError as error:
        if error.code not in ("workspace-missing", "no-workspace"):
            raise
        return None
    if place.is_untouched:
        return None
    state = {"settings": dict(place.settings), "imports": [f.bytes_hash for f in place.imports]}
    for name in TABLES:
        rows = place.read(name)
        assert len(rows) == place.rows(name), name
        state[name] = sorted(json.dumps(row, sort_keys=True) for row in rows.to_pylist())
    for file in place.imports:
        assert (folder / file.rejects).is_file(), file.rejects
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()


def half_written(folder):
    """Say whether tables hold a version that the manifest does not name."""
    try:
        named = read_manifest(folder).tables
    except WorkspaceError:
        return folder.exists()
    found = {f.name: latest_version(f) for f in folder.glob("tables/*") if any(f.glob("*/*.json"))}
    return found != {name: table.version for name, table in named.items()}


def in_child(action):
    """Run in a forked child and return its result as JSON."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.write(write_end, json.dumps(action()).encode())
            status = 0
        finally:
            os._exit(status)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        answer = pipe.read()
    if os.waitpid(child, 0)[1] != 0:
        raise SystemExit("a check failed, see above")
    return json.loads(answer)


def start_import(folder, number, profile):
    child = os.fork()
    if child == 0:
        try:
            run_import(folder, [number], profile)
        finally:
            os._exit(0)
    return child


class Scenario:
    """A workspace before and after one import, and how long that import takes."""

    def __init__(self, home, name, n_before):
        self.name, self.number = name, n_before
        # the first import draws its key, so that pseudonyms would differ from round to round
        self.profile = "protected" if n_before else "open"
        self.before = home / name / "before"
        self.before.parent.mkdir()
        in_child(lambda: [run_import(self.before, [n], self.profile) for n in range(n_before)])
        self.old = in_child(lambda: state_of(self.before))
        after = self.copy("after")
        begin = time.perf_counter()
        os.waitpid(start_import(after, self.number, self.profile), 0)
        self.seconds = time.perf_counter() - begin
        self.new = in_child(lambda: state_of(after))
        assert self.new not in (None, self.old)

    def copy(self, name):
        folder = self.before.parent / name
        shutil.rmtree(folder, ignore_errors=True)
        if self.before.exists():
            shutil.copytree(self.before, folder)
        return folder

    def round(self, chance):
        """Kill one import and return what it left: old, half written, or new."""
        folder = self.copy("killed")
        child = start_import(folder, self.number, self.profile)
        time.sleep(chance.uniform(0, self.seconds * 1.05))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)

        def check():
            half = half_written(folder)
            left = state_of(folder)
            assert left in (self.old, self.new), "neither the old nor the new state"
            run_import(folder, [self.number], self.profile)
            assert state_of(folder) == self.new, "the next import does not lead to the new state"
            assert not half_written(folder)
            tmp = [p for p in folder.rglob("*") if p.suffix == ".tmp"]
            assert left == self.new or not tmp, tmp
            return "new" if left == self.new else "half written" if half else "old"

        return in_child(check)


def main(kills, seed):
    chance = random.Random(seed)
    counts = {}
    with tempfile.TemporaryDirectory() as home:
        os.environ["LEITWEG_KEYS"] = str(Path(home) / "keys")
        scenarios = [Scenario(Path(home), *pair) for pair in SCENARIOS.items()]
        for number in range(kills):
            scenario = scenarios[number % len(scenarios)]
            left = scenario.round(chance)
            key = f"{scenario.name}: {left}"
            counts[key] = counts.get(key, 0) + 1
    print(json.dumps({"kills": kills, "seed": seed, "left": dict(sorted(counts.items()))}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
