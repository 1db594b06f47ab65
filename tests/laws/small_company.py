"""A small generated company as rows of a log, and what its situation says, by name."""

import csv
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from leitweg.demo.as_event_log import to_tables
from leitweg.demo.company import generate
from leitweg.demo.standard import standard_company
from leitweg.domain.findings import Finding
from leitweg.domain.imports import ImportOptions
from leitweg.domain.situation import ReleasedSituation
from leitweg.studies.importing import import_files
from leitweg.studies.situation import analyse
from purposes import allow

Row = dict[str, str]
KINDS = ("bottleneck", "slow_link", "ping_pong", "misrouting", "dead_end", "smooth_link")
COLUMNS = ("case_id", "at", "started", "person", "unit", "activity", "topic")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def iso(microseconds: int) -> str:
    return (EPOCH + timedelta(microseconds=microseconds)).isoformat()


def company_rows(seed: int, *, cases_at_fault: int = 90, prefix: str = "") -> list[Row]:
    """Rows of a plain company with one planted fault of each kind; cases start with the prefix."""
    plan = standard_company(seed, rough=False, faults=KINDS, cases_at_fault=cases_at_fault)
    tables = to_tables(generate(plan))
    cases, events = tables["cases"], tables["events"]
    topics = dict(zip(cases["case_id"].to_pylist(), cases["topic"].to_pylist(), strict=True))
    return [
        {
            "case_id": prefix + row["case_id"],
            "at": iso(row["at_us"]),
            "started": iso(row["started_us"]),
            "person": row["person"],
            "unit": row["unit"],
            "activity": row["activity"],
            "topic": topics[row["case_id"]],
        }
        for row in events.to_pylist()
    ]


def write_log(path: Path, rows: Iterable[Row], columns: tuple[str, ...] = COLUMNS) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def situation_of(
    folder: Path,
    *logs: Iterable[Row],
    columns: tuple[str, ...] = COLUMNS,
    options: ImportOptions | None = None,
    profile: str = "open",
    seed: int = 0,
) -> ReleasedSituation:
    """Import every log on its own, one after another, and ask for the situation."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, rows in enumerate(logs):
        path = write_log(folder / f"log-{number}.csv", rows, columns)
        import_files(folder / "w", [path], options or ImportOptions(), profile=profile)
    return analyse(allow(folder / "w", "path-analysis", "routing"), seed=seed)


def new_name(name: str) -> str:
    """Another name that sorts elsewhere."""
    return "n" + hashlib.sha256(name.encode()).hexdigest()[:10]


def told(released: ReleasedSituation, name: Callable[[str], str] = str) -> dict[str, object]:
    """Everything that the situation says, by name; ``name`` leads back to the first names."""
    return {
        "period": released.period,
        "coverage": released.coverage,
        "figures": {figure.name: figure for figure in released.figures},
        "units": {name(row.unit): _plain(row, ("unit",)) for row in released.units},
        "links": {
            (name(row.from_unit), name(row.to_unit)): _plain(row, ("from_unit", "to_unit"))
            for row in released.links
        },
        "findings": [_finding(finding, name) for finding in released.findings],
        "notes": released.notes,
    }


def _finding(finding: Finding, name: Callable[[str], str]) -> dict[str, object]:
    evidence = dict(finding.evidence)
    cases = [name(str(case)) for case in evidence.pop("case_ids", [])]
    # the id of a finding is made of the names of its place
    left_out = ("id", "unit", "from_unit", "to_unit", "where", "evidence")
    place = [name(n) if n else None for n in (finding.unit, finding.from_unit, finding.to_unit)]
    topics = sorted(name(t) for t in finding.where.get("topic", "").split(", ") if t)
    if "reached_units" in evidence:
        evidence["reached_units"] = sorted(name(unit) for unit in evidence["reached_units"])
    said = {**_plain(finding, left_out), "place": place, "topics": topics}
    return {**said, "evidence": evidence, "cases": cases}


def _plain(value: object, left_out: tuple[str, ...] = ()) -> dict[str, object]:
    assert is_dataclass(value)
    return {f.name: getattr(value, f.name) for f in fields(value) if f.name not in left_out}


def differences(one: object, other: object, place: str = "") -> list[str]:
    """Where two answers differ by more than 1e-9 of the value."""
    if is_dataclass(one) and type(one) is type(other):
        return differences(_plain(one), _plain(other), place)
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        if one.keys() != other.keys():
            return [f"{place}: {sorted(map(str, one.keys() ^ other.keys()))}"]
        return [d for key in one for d in differences(one[key], other[key], f"{place}.{key}")]
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        if len(one) != len(other):
            return [f"{place}: {len(one)} and {len(other)} of them"]
        pairs = enumerate(zip(one, other, strict=True))
        return [d for i, (a, b) in pairs for d in differences(a, b, f"{place}[{i}]")]
    if isinstance(one, float) and isinstance(other, float):
        same = one == pytest.approx(other, rel=1e-9, abs=1e-9, nan_ok=True)
    else:
        same = one == other
    return [] if same else [f"{place}: {one!r} and {other!r}"]
