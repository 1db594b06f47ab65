"""What every log of cases and events reports, however its rows were laid out."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.imports import ImportOptions, Reading, Reject
from leitweg.sources.attributes import Attributes
from leitweg.sources.clocks import Clock, Times, read_times
from leitweg.sources.machines import machine_people, machine_warning, propose_machines
from leitweg.sources.mapping import Mapped
from leitweg.sources.missing import missing_warnings, propose_missing
from leitweg.sources.raw import RawTable
from leitweg.sources.rejects import unusable_times
from leitweg.sources.source_file import SourceFile

MARKED = ("person", "unit", "path", "topic", "customer")
"""Where a mark for "missing" would be taken for somebody or something."""


@dataclass(frozen=True)
class LogParts:
    """A log that was read: its kept rows, the tables made of them, what was noticed."""

    kind: str
    raw: RawTable
    mapped: Mapped
    events: pa.Table
    cases: pa.Table
    attributes: Attributes
    rejects: tuple[Reject, ...]
    notes: tuple[str, ...]
    states: dict[str, str]


def log_reading(source: SourceFile, parts: LogParts, options: ImportOptions) -> Reading:
    """Return the report on a log: proposals for missing marks and machines among it.

    Parameters
    ----------
    source
        The file.
    parts
        What was read.
    options
        The machine accounts that the user named.
    """
    name, events = parts.raw.name, parts.events
    marks = propose_missing(_marked(parts))
    accounts = pc.unique(events["person"]).to_pylist()
    people, machine_notes = machine_people(options.machines, accounts, name)
    machines = unnamed_machines(events, options.machines)
    tables = {"events": events, "cases": parts.cases}
    # what a whole row says would show the text that is in it
    rejects = [
        replace(r, text="") if parts.mapped.text and not r.column else r for r in parts.rejects
    ]
    if people is not None:
        tables["people"] = people
    return Reading(
        path=source.path,
        kind=parts.kind,
        tables=tables,
        rows_read=parts.raw.rows_read,
        rejects=tuple(rejects),
        mapping=parts.mapped.told,
        states=parts.states,
        attributes=parts.attributes.used,
        left_over=(*parts.mapped.kept_out, *parts.attributes.left_over),
        warnings=(
            *parts.raw.warnings,
            *parts.mapped.warnings,
            *parts.notes,
            *missing_warnings(name, marks),
            *machine_notes,
            *machine_warning(name, machines),
        ),
        machine_proposals=machines,
        missing_proposals=marks,
    )


def _marked(parts: LogParts) -> dict[str, pa.Array]:
    # a path is judged by its holders, which only the events show one by one
    columns = {}
    for canonical in MARKED:
        name = parts.mapped.get(canonical)
        if canonical == "path" and name:
            held = parts.events["person"]
            columns[name] = held if held.null_count < len(held) else parts.events["unit"]
        elif name and name not in columns:
            columns[name] = parts.raw.column(name)
    return {n: c for n, c in columns.items() if pa.types.is_string(c.type)}


def unnamed_machines(events: pa.Table, named: Iterable[str]) -> tuple[str, ...]:
    """Return accounts in events that look like machines and were not named as such."""
    known = {account.casefold() for account in named}
    at_us = events["at_us"].combine_chunks()
    proposals = propose_machines(
        events["person"].combine_chunks(),
        None if at_us.null_count == len(at_us) else at_us,
        events["unit"].combine_chunks(),
    )
    return tuple(account for account in proposals if account.casefold() not in known)


def mapped_times(
    raw: RawTable, mapped: Mapped, names: Iterable[str], clock: Clock
) -> dict[str, Times]:
    """Read those of the named time columns that the file has."""
    return {
        name: read_times(raw.name, mapped.columns[name], raw.column(mapped.columns[name]), clock)
        for name in names
        if name in mapped.columns
    }


def time_notes(
    file: str, mapped: Mapped, times: dict[str, Times], *, optional: Iterable[str]
) -> list[str]:
    """Return what is to be said on the times: summer time, optional ones left empty."""
    notes: list[str] = []
    for name, read in times.items():
        notes.extend(read.warnings)
        if name in set(optional):
            notes.extend(unusable_times(file, read, mapped.columns[name]))
    return notes


def text_column(raw: RawTable, mapped: Mapped, canonical: str) -> pa.Array | None:
    """Return a mapped column as text, or None where nothing fills it."""
    name = mapped.get(canonical)
    if name is None:
        return None
    column = raw.column(name)
    return column if pa.types.is_string(column.type) else column.cast(pa.string())


def texts(raw: RawTable, mapped: Mapped, names: Iterable[str]) -> dict[str, pa.Array]:
    """Return those of the named canonical columns that the file has, as text."""
    found = {name: text_column(raw, mapped, name) for name in names}
    return {name: column for name, column in found.items() if column is not None}


def request_text(raw: RawTable, mapped: Mapped) -> dict[str, pa.Array]:
    """Return the text of every row under its canonical name: its columns, one after another."""
    if not mapped.text:
        return {}
    said = [raw.column(name).cast(pa.string()) for name in mapped.text]
    # the join of Arrow loses rows in which all are null, where it shall skip those
    return {"text": reduce(_after, said)}


def _after(one: pa.Array, other: pa.Array) -> pa.Array:
    return pc.coalesce(pc.binary_join_element_wise(one, other, "\n"), one, other)


def never_closed_before_opened(
    file: str, columns: dict[str, pa.Array]
) -> tuple[dict[str, pa.Array], tuple[str, ...]]:
    """Return the columns without closings that lie before their openings, and a sentence on them.

    In a log of events the case stands on its events; a wrong closing costs the closing only.
    """
    if "opened_us" not in columns or "closed_us" not in columns:
        return columns, ()
    before = pc.fill_null(pc.less(columns["closed_us"], columns["opened_us"]), False)
    wrong: npt.NDArray[np.bool_] = np.asarray(before)
    if not wrong.any():
        return columns, ()
    closed = pc.if_else(before, pa.scalar(None, pa.int64()), columns["closed_us"])
    note = f"{file}: {int(wrong.sum())} closings lie before the opening and were left empty."
    return {**columns, "closed_us": closed}, (note,)
