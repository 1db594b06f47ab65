"""The rows of an export: what was released, flat, one table per question."""

import json
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.findings import Estimate, Finding
from leitweg.domain.situation import CAUSES, LinkRow, LoadRow, ReleasedSituation, UnitRow
from leitweg.domain.states import State
from leitweg.domain.tables import FEATURES, TABLES
from leitweg.language.findings import finding_title

TEXT, NUMBER, COUNT = pa.string(), pa.float64(), pa.int64()


def _estimate_columns(name: str) -> tuple[tuple[str, pa.DataType], ...]:
    return tuple((f"{name}{end}", NUMBER) for end in ("", "_low", "_high"))


_PRICE = _estimate_columns("waiting_hours_per_month")
_REASONS = (("why", TEXT), ("held_back", TEXT))
_CAUSES = tuple((f"waiting_hours_per_month_{cause}", NUMBER) for cause in CAUSES)
FINDINGS = pa.schema(
    [
        *((name, TEXT) for name in ("id", "kind", "level", "title")),
        *((name, TEXT) for name in ("unit", "from_unit", "to_unit", "where")),
        *_PRICE,
        *((name, COUNT) for name in ("n_cases", "n_people", "n_handovers")),
        ("certainty", NUMBER),
        *_REASONS,
        ("evidence", TEXT),
    ]
)
FIGURES = pa.schema(
    [
        ("name", TEXT),
        *((name, NUMBER) for name in ("value", "low", "high")),
        ("unit_of_measure", TEXT),
        *((name, COUNT) for name in ("n_cases", "n_people")),
        *_REASONS,
    ]
)
UNITS = pa.schema(
    [
        ("unit", TEXT),
        *((name, COUNT) for name in ("people", "n_cases")),
        ("stage", TEXT),
        *((name, NUMBER) for name in ("direct_share", "distance_handovers", "customer_weight")),
        ("holding_hours_median", NUMBER),
        *_PRICE,
        *_REASONS,
        *_CAUSES,
    ]
)
LINKS = pa.schema(
    [
        *((name, TEXT) for name in ("from_unit", "to_unit")),
        *((name, COUNT) for name in ("handovers", "cases", "n_people")),
        *((name, NUMBER) for name in ("waiting_hours_median", "waiting_hours_p90")),
        *((name, NUMBER) for name in ("waiting_hours_per_month", "holding_hours_median")),
        *_REASONS,
        *_CAUSES,
    ]
)
LOADS = pa.schema(
    [
        *((name, TEXT) for name in ("unit", "position")),
        *((name, COUNT) for name in ("people", "n_cases")),
        *_estimate_columns("working_hours_per_month"),
        *_estimate_columns("utilisation"),
        *((name, NUMBER) for name in ("busy_weeks_share", "backlog_median", "top_share")),
        *_REASONS,
    ]
)
RELEASED = ("findings", "figures", "links", "units", "loads")


def _estimated(name: str, estimate: Estimate | None) -> dict[str, float | None]:
    values = (estimate.value, estimate.low, estimate.high) if estimate else (None, None, None)
    return dict(zip((column for column, _ in _estimate_columns(name)), values, strict=True))


def _priced(estimate: Estimate | None) -> dict[str, float | None]:
    return _estimated("waiting_hours_per_month", estimate)


def _caused(causes: Mapping[str, float]) -> dict[str, float | None]:
    return {f"waiting_hours_per_month_{cause}": causes.get(cause) for cause in CAUSES}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _finding(finding: Finding, language: str) -> dict[str, object]:
    own = {name: getattr(finding, name) for name in FINDINGS.names if hasattr(finding, name)}
    told = {"title": finding_title(finding, language), "where": _json(dict(finding.where))}
    return {**own, **told, **_priced(finding.price), "evidence": _json(dict(finding.evidence))}


def _unit(row: UnitRow) -> dict[str, object]:
    own = {name: getattr(row, name) for name in UNITS.names if hasattr(row, name)}
    # no name stands for all other units
    own["unit"] = row.unit or None
    return {**own, **_priced(row.waiting_hours_per_month), **_caused(row.causes)}


def _link(row: LinkRow) -> dict[str, object]:
    own = {name: getattr(row, name) for name in LINKS.names if hasattr(row, name)}
    own |= {"from_unit": row.from_unit or None, "to_unit": row.to_unit or None}
    return {**own, **_caused(row.causes)}


def _load(row: LoadRow) -> dict[str, object]:
    own = {name: getattr(row, name) for name in LOADS.names if hasattr(row, name)}
    hours = _estimated("working_hours_per_month", row.working_hours_per_month)
    return {**own, **hours, **_estimated("utilisation", row.utilisation)}


def released_rows(released: ReleasedSituation, what: str, language: str) -> pa.Table:
    """Return findings, figures, links, units or loads as a flat table, unrounded.

    An estimate takes three columns (value, low, high), the waiting of a place one more for each
    cause; ``where`` and ``evidence`` are JSON text.
    """
    if what == "findings":
        rows = [_finding(finding, language) for finding in released.findings]
        return pa.Table.from_pylist(rows, schema=FINDINGS)
    if what == "units":
        return pa.Table.from_pylist([_unit(row) for row in released.units], schema=UNITS)
    if what == "links":
        return pa.Table.from_pylist([_link(row) for row in released.links], schema=LINKS)
    if what == "loads":
        return pa.Table.from_pylist([_load(row) for row in released.loads], schema=LOADS)
    figures = [{name: getattr(row, name) for name in FIGURES.names} for row in released.figures]
    return pa.Table.from_pylist(figures, schema=FIGURES)


def _labels(states: pa.ChunkedArray) -> pa.ChunkedArray:
    labels = pa.array([state.label for state in State])
    return pc.take(labels, pc.cast(states, pa.int64()))


def stored_rows(name: str, rows: pa.Table) -> pa.Table:
    """Return a canonical table as people know it: times as times, states by name.

    Columns lose the suffix of microseconds, so that the file can be imported again as it is. Hashed
    words are of no use outside and stay.
    """
    fields: list[str] = []
    columns: list[pa.ChunkedArray] = []
    for column in TABLES[name].columns:
        if column.type == FEATURES:
            continue
        values = rows.column(column.name)
        if column.name.endswith("_us"):
            values = pc.cast(values, pa.timestamp("us", tz="UTC"))
        elif column.name == "state":
            values = _labels(values)
        elif pa.types.is_map(column.type):
            texts = [None if v is None else _json(dict(v)) for v in values.to_pylist()]
            values = pa.chunked_array([pa.array(texts, pa.string())])
        fields.append(column.name.removesuffix("_us"))
        columns.append(values)
    return pa.table(columns, names=fields)
