"""The JSON document of a breakdown, and its rows as a table. Names are added to, never renamed."""

from collections.abc import Iterator

import pyarrow as pa

from leitweg.domain.breakdown import Cell, Group, Noise, ReleasedBreakdown
from leitweg.language.breakdown import group_text, notes_of, title_text
from leitweg.studies.json_forms import Json, iso_time, reasons_json

NO_TOTALS = "no-totals-with-noise"


def breakdown_document(released: ReleasedBreakdown, language: str) -> Json:
    """Return a breakdown as JSON: numbers unrounded, times in UTC, reasons beside nulls."""
    question = released.question
    return {
        "profile": released.profile,
        "k": released.k,
        "seed": released.seed,
        "language": language,
        "title": title_text(language, released),
        "of": question.of,
        "per_person": question.per_person,
        "by": list(question.by),
        "where": dict(question.where),
        "period": {
            "start": iso_time(released.period.start_us),
            "end": iso_time(released.period.end_us),
            "months": released.period.months,
            "rule": released.period.rule,
        },
        "rows": [_group(group) for group in released.rows],
        "columns": [_group(group) for group in released.columns],
        "cells": [[_cell(cell) for cell in row] for row in released.cells],
        "row_totals": [_cell(cell) for cell in released.row_totals],
        "column_totals": [_cell(cell) for cell in released.column_totals],
        "total": _cell(released.total),
        "held_back_together": [released.rest_of(row) for row in range(len(released.rows))]
        if released.columns
        else [],
        "noise": None if released.noise is None else _noise(released.noise),
        "events_without_person": released.left_out,
        "notes": notes_of(language, released),
    }


def _group(group: Group) -> Json:
    return {
        "label": group.label if group.kind == "value" else None,
        "kind": group.kind,
        "merged": list(group.merged),
    }


def _cell(cell: Cell) -> Json:
    is_missing = cell.value is None and cell.held_back is None
    return {
        "value": cell.value,
        "low": cell.low,
        "high": cell.high,
        "n_people": cell.n_people,
        **reasons_json(why=NO_TOTALS if is_missing else None, held_back=cell.held_back),
    }


def _noise(noise: Noise) -> Json:
    return {
        "mechanism": noise.mechanism,
        "epsilon": noise.epsilon,
        "scale": noise.scale,
        "most_per_person": noise.most_per_person,
        "left_of_budget": noise.left_of_budget,
    }


TEXT, NUMBER, COUNT = pa.string(), pa.float64(), pa.int64()
VALUES = (("value", NUMBER), ("low", NUMBER), ("high", NUMBER), ("n_people", COUNT))


def breakdown_rows(released: ReleasedBreakdown, language: str) -> pa.Table:
    """Return one row per cell, margin and total; an empty group means all of them together."""
    by = released.question.by
    fields = [*((name, TEXT) for name in by), *VALUES, ("held_back", TEXT)]
    rows = [
        {
            **dict(zip(by, names, strict=True)),
            "value": cell.value,
            "low": cell.low,
            "high": cell.high,
            "n_people": cell.n_people,
            "held_back": cell.held_back,
        }
        for names, cell in _named(released, language)
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema(fields))


def _named(
    released: ReleasedBreakdown, language: str
) -> Iterator[tuple[tuple[str | None, ...], Cell]]:
    """Yield the cells with the names of their groups; with noise there are no totals."""
    first, *rest = released.question.by
    rows = [group_text(language, group, first) for group in released.rows]
    if not rest:
        for row, cell in zip(rows, released.row_totals, strict=True):
            yield (row,), cell
    else:
        columns = [group_text(language, group, rest[0]) for group in released.columns]
        for row, cells in zip(rows, released.cells, strict=True):
            for column, cell in zip(columns, cells, strict=True):
                yield (row, column), cell
    if released.noise is not None:
        return
    if rest:
        for row, cell in zip(rows, released.row_totals, strict=True):
            yield (row, None), cell
        for column, cell in zip(columns, released.column_totals, strict=True):
            yield (None, column), cell
    yield tuple(None for _ in released.question.by), released.total
