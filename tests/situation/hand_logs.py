"""Logs written by hand: cases as lists of steps, times in hours since a Monday."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from canonical_rows import rows_of
from leitweg.domain.states import state_of
from leitweg.engine.event_log import EventLog, load_event_log
from leitweg.situation.basis import Basis

HOUR = 3_600_000_000
MONDAY = 1_704_067_200_000_000  # 2024-01-01T00:00Z
Step = tuple[float, str | None, str | None] | tuple[float, str | None, str | None, str]
Cases = Mapping[str, Sequence[Step]]
LoadCases = Callable[..., EventLog]


def at(hours: float) -> int:
    return MONDAY + round(hours * HOUR)


def written(folder: Path, cases: Cases, topics: Mapping[str, str], machines: Sequence[str]):
    """Write (hours, unit, person[, state]) per case as the store would."""
    steps = [(case, *step) for case, path in cases.items() for step in path]
    states = [int(state_of(step[4])) if len(step) > 4 else None for step in steps]
    tables = {
        "events": rows_of(
            "events",
            case_id=[s[0] for s in steps],
            at_us=[at(s[1]) for s in steps],
            unit=[s[2] for s in steps],
            person=[s[3] for s in steps],
            state=states,
            seq=list(range(len(steps))),
        )
    }
    if topics:
        tables["cases"] = rows_of("cases", case_id=list(topics), topic=list(topics.values()))
    if machines:
        tables["people"] = rows_of("people", person=list(machines), kind=["system"] * len(machines))
    files = {}
    for name, table in tables.items():
        path = folder / f"{name}-{len(list(folder.iterdir()))}.parquet"
        pq.write_table(table, path)
        files[name] = [path]
    return files


def loader(folder: Path) -> LoadCases:
    def load(
        cases: Cases, topics: Mapping[str, str] | None = None, machines: Sequence[str] = ()
    ) -> EventLog:
        return load_event_log(written(folder, cases, topics or {}, machines))

    return load


def ways(basis: Basis) -> dict[str, list[str]]:
    """Units of the stays that findings are made of, per case."""
    names = basis.log.case_ids.to_pylist()
    found: dict[str, list[str]] = {}
    for case, unit in zip(basis.stays.case, basis.stays.unit, strict=True):
        found.setdefault(names[case], []).append(basis.holders[unit])
    return found


def waits(basis: Basis) -> dict[str, list[float]]:
    """Hours of waiting before each stay but the first, per case."""
    names = basis.log.case_ids.to_pylist()
    stays = basis.stays
    found: dict[str, list[float]] = {}
    for row in np.flatnonzero(stays.previous >= 0):
        found.setdefault(names[stays.case[row]], []).append(float(stays.wait_hours[row]))
    return found
