"""However small the window: what leaves a protected workspace has five people behind it."""

import numpy as np
import pytest

from leitweg.domain.imports import ImportOptions
from leitweg.domain.situation import OTHERS
from leitweg.studies.importing import import_files
from leitweg.studies.situation import analyse
from purposes import allow

HOURS = 24 * 20
START = np.datetime64("2025-03-01T00:00:00")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """Sixty cases a day between a unit of one person, one of four and two of nine."""
    folder = tmp_path_factory.mktemp("windows")
    rng = np.random.default_rng(3)
    people = {"Solo": 1, "Few": 4, "Desk": 9, "Back": 9}
    rows = ["case_id,started,at,person,unit"]
    for case in range(1200):
        hour = float(rng.uniform(0, HOURS))
        for unit in rng.permutation(list(people))[: rng.integers(1, 5)]:
            hour += float(rng.exponential(2.0))
            person = f"{unit}-{rng.integers(people[unit])}"
            times = [
                (np.datetime64("2025-03-01") + np.timedelta64(int(h * 3600), "s"))
                .item()
                .isoformat()
                for h in (hour, hour + 0.2)
            ]
            rows.append(f"c{case},{times[0]}Z,{times[1]}Z,{person},{unit}")
            hour += 0.2
    (folder / "log.csv").write_text("\n".join(rows))
    import_files(folder / "w.leitweg", [folder / "log.csv"], ImportOptions())
    return allow(folder / "w.leitweg")


@pytest.mark.parametrize("hours", [1, 3, 12, 48])
def test_windows(workspace, hours):
    rng = np.random.default_rng(hours)
    for start in rng.integers(0, HOURS - hours, size=6):
        begin = np.datetime64("2025-03-01T00:00") + np.timedelta64(int(start), "h")
        released = analyse(workspace, start=str(begin), end=str(begin + np.timedelta64(hours, "h")))
        for unit in released.units:
            assert unit.held_back or (unit.people or 0) >= 5, unit
            assert unit.held_back or unit.unit in ("Desk", "Back", OTHERS), unit
        for link in released.links:
            assert link.held_back or min(link.n_people_from or 0, link.n_people_to or 0) >= 5, link
        for finding in released.findings:
            assert (finding.n_people_smallest_side or 0) >= 5, finding
        for figure in released.figures:
            assert figure.value is None or (figure.n_people or 0) >= 5, figure
