"""How lists of people and units (an org chart) become canonical rows."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.imports import ImportOptions, Reading
from leitweg.domain.tables import PEOPLE, UNITS
from leitweg.sources.case_rows import table_of
from leitweg.sources.clocks import Clock, Times, read_times
from leitweg.sources.log_reading import text_column, texts
from leitweg.sources.machines import looks_like_machine
from leitweg.sources.mapping import Mapped, require
from leitweg.sources.missing import propose_missing
from leitweg.sources.numbers import read_numbers
from leitweg.sources.one_table import one_table
from leitweg.sources.raw import RawTable
from leitweg.sources.rejects import Sieve, unusable_times
from leitweg.sources.repeated_rows import once
from leitweg.sources.source_file import SourceFile
from leitweg.sources.words import folded

PEOPLE_TEXTS = ("person", "unit", "position", "manager", "site", "language")
_KINDS = {
    "system": "system", "service": "system", "service account": "system", "machine": "system",
    "application": "system", "technical": "system", "technisch": "system", "dienstkonto": "system",
    "shared": "shared", "shared mailbox": "shared", "sharedmailbox": "shared",
    "room mailbox": "shared", "roommailbox": "shared", "equipment mailbox": "shared",
    "funktionspostfach": "shared", "gruppenpostfach": "shared",
}  # fmt: skip


def read_people(
    source: SourceFile, raw: RawTable, mapped: Mapped, options: ImportOptions, clock: Clock
) -> Reading:
    """Read a list of people, one row per person (or per person and stretch of time).

    Parameters
    ----------
    source
        The file.
    raw
        Its rows, cleaned.
    mapped
        Canonical column -> column.
    options
        Accounts named with ``--machine`` become kind ``system``.
    clock
        Zone and order of day and month, for the validity.

    Returns
    -------
    Reading
        Table ``people``. Rows that repeat another exactly are taken once.

    Raises
    ------
    SourceError
        missing-column, duplicate-ids, no-usable-rows, and those of `read_times`.
    """
    require(raw.name, "people", raw.columns, mapped)
    sieve = Sieve(raw)
    sieve.reject_missing(mapped.columns["person"], "the person")
    times = _validity(raw, mapped, clock)
    if len(times) == 2:
        ends_before = pc.less(times["valid_to"].at_us, times["valid_from"].at_us)
        mask = np.asarray(pc.fill_null(ends_before, False))
        sieve.reject(mask, mapped.columns["valid_to"], "it ends before it begins")
    rejects = sieve.finished()
    kept, chosen = raw.only(sieve.keep), pa.array(sieve.keep)
    columns = texts(kept, mapped, PEOPLE_TEXTS)
    columns |= {f"{name}_us": read.at_us.filter(chosen) for name, read in times.items()}
    hours = text_column(kept, mapped, "hours_per_week")
    if hours is not None:
        columns["hours_per_week"] = read_numbers(hours)
    columns["kind"] = _kinds(kept, mapped, options)
    table, repeats = once(
        kept, ("person", "valid_from_us"), table_of(PEOPLE, columns, len(kept.rows))
    )
    machines = _machine_proposals(table)
    marks = propose_missing(
        {mapped.columns[n]: columns[n] for n in ("unit", "manager") if n in columns}
    )
    notes = (*repeats, *_validity_notes(raw.name, mapped, times))
    return one_table(
        source, "people", table, raw, mapped, rejects, notes, missing=marks, machines=machines
    )


def _validity(raw: RawTable, mapped: Mapped, clock: Clock) -> dict[str, Times]:
    return {
        name: read_times(
            raw.name, mapped.columns[name], raw.column(mapped.columns[name]), clock, plausible=False
        )
        for name in ("valid_from", "valid_to")
        if name in mapped.columns
    }


def _validity_notes(file: str, mapped: Mapped, times: dict[str, Times]) -> list[str]:
    notes: list[str] = []
    for name, read in times.items():
        notes.extend(read.warnings)
        notes.extend(unusable_times(file, read, mapped.columns[name]))
    return notes


def _kinds(raw: RawTable, mapped: Mapped, options: ImportOptions) -> pa.Array:
    written = text_column(raw, mapped, "kind")
    persons = text_column(raw, mapped, "person")
    named = {account.casefold() for account in options.machines}
    values = written.to_pylist() if written is not None else [None] * len(raw.rows)
    accounts = persons.to_pylist() if persons is not None else []
    kinds = [
        "system"
        if (account or "").casefold() in named
        else _KINDS.get(folded(value or ""), "person")
        for account, value in zip(accounts, values, strict=True)
    ]
    return pa.array(kinds, pa.string())


def _machine_proposals(people: pa.Table) -> tuple[str, ...]:
    persons = people.filter(pc.equal(people["kind"], "person"))["person"].to_pylist()
    return tuple(sorted({account for account in persons if looks_like_machine(account)}))


def read_units(source: SourceFile, raw: RawTable, mapped: Mapped) -> Reading:
    """Read a list of units, one row per unit.

    Parameters
    ----------
    source
        The file.
    raw
        Its rows, cleaned.
    mapped
        Canonical column -> column.

    Returns
    -------
    Reading
        Table ``units``.

    Raises
    ------
    SourceError
        missing-column, duplicate-ids, no-usable-rows.
    """
    require(raw.name, "units", raw.columns, mapped)
    sieve = Sieve(raw)
    sieve.reject_missing(mapped.columns["unit"], "the unit")
    rejects = sieve.finished()
    kept = raw.only(sieve.keep)
    columns = texts(kept, mapped, ("unit", "name", "parent", "purpose"))
    table, repeats = once(kept, ("unit",), table_of(UNITS, columns, len(kept.rows)))
    return one_table(source, "units", table, raw, mapped, rejects, repeats)
