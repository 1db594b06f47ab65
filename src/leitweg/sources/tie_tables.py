"""How an edge list becomes ties: one row per relation from one person or unit to another."""

import re
from dataclasses import replace
from pathlib import PurePosixPath

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.imports import ImportOptions, Reading
from leitweg.domain.tables import TIES
from leitweg.sources.case_rows import table_of
from leitweg.sources.log_reading import text_column, texts
from leitweg.sources.machines import machine_people
from leitweg.sources.mapping import Mapped, missing_columns, require
from leitweg.sources.numbers import read_numbers
from leitweg.sources.raw import RawTable
from leitweg.sources.rejects import Sieve
from leitweg.sources.source_file import SourceFile
from leitweg.sources.words import folded, header_words

Mask = npt.NDArray[np.bool_]
_DIRECTED = frozenset({"directed", "true", "1", "yes", "ja", "wahr", "gerichtet", "t"})
_UNDIRECTED = frozenset(
    {"undirected", "false", "0", "no", "nein", "falsch", "ungerichtet", "f", "mutual"}
)
_PAIRS = (("from", "to"), ("from_unit", "to_unit"), ("from_people", "to_people"))
_TURNED = dict((*_PAIRS, *(pair[::-1] for pair in _PAIRS)))
_LIST_WORDS = re.compile(
    r"[\s_\-.]*(?:edge[\s_\-]?list|edges|edge|links|ties|network|netzwerk|kanten(?:liste)?)$",
    re.IGNORECASE,
)


def read_ties(source: SourceFile, raw: RawTable, mapped: Mapped, options: ImportOptions) -> Reading:
    """Read an edge list, one row per relation.

    Parameters
    ----------
    source
        The file; its name gives the relation and the survey where no column does.
    raw
        Its rows, cleaned.
    mapped
        Canonical column -> column. ``directed`` may be ``type`` with Directed and Undirected.
    options
        Machine accounts are used here.

    Returns
    -------
    Reading
        Table ``ties``. Where the file names units and no persons (``from_unit``, ``to_unit``), the
        ends are whole units (``level``). A row that is declared undirected becomes two rows, one
        each way; a tie to oneself stays one row. Without a column of values each tie has the value
        1. Rows that name a pair again are kept and counted.

    Raises
    ------
    SourceError
        missing-column, no-usable-rows.
    """
    mapped = _with_types_as_relation(raw, mapped)
    require(raw.name, "ties", raw.columns, mapped)
    sieve = Sieve(raw)
    of_units = "from" not in mapped.columns or "to" not in mapped.columns
    one, other = ("from_unit", "to_unit") if of_units else ("from", "to")
    require_ends(raw, mapped, one, other)
    sieve.reject_missing(mapped.columns[one], "where it comes from")
    sieve.reject_missing(mapped.columns[other], "where it goes to")
    values = _values(raw, mapped, sieve)
    both_ways = _both_ways(raw, mapped, sieve)
    rejects = sieve.finished()
    kept, chosen = raw.only(sieve.keep), pa.array(sieve.keep)
    columns = texts(kept, mapped, (one, other, "relation", "survey", "wave"))
    columns["value"] = values.filter(chosen)
    if of_units:
        columns |= _whole_units(kept, mapped, columns)
    else:
        mapped = replace(mapped, columns=_of_persons(mapped.columns))
    columns, name_notes = _named_by_file(source.name, columns, len(kept.rows))
    columns = mirrored(columns, both_ways[sieve.keep])
    table = table_of(TIES, columns, len(columns["from"]))
    notes = (*mapped.warnings, *name_notes, *_direction_notes(raw.name, both_ways & sieve.keep))
    kept = replace(kept, rejects=rejects, warnings=(*raw.warnings, *notes))
    return ties_reading(source, kept, mapped, table, options)


def ties_reading(
    source: SourceFile, kept: RawTable, mapped: Mapped, table: pa.Table, options: ImportOptions
) -> Reading:
    """Return the report on ties: repeated pairs, ties to oneself, named machines."""
    accounts = pc.unique(pa.chunked_array(table["from"].chunks + table["to"].chunks)).to_pylist()
    people, machine_notes = machine_people(options.machines, accounts, kept.name)
    return Reading(
        path=source.path,
        kind="ties",
        tables={"ties": table} | ({"people": people} if people is not None else {}),
        rows_read=kept.rows_read,
        rejects=kept.rejects,
        mapping=dict(mapped.columns),
        left_over=(*mapped.kept_out, *mapped.free),
        warnings=(*kept.warnings, *_pair_notes(kept.name, table), *machine_notes),
    )


def name_of_relation(file: str) -> str:
    """Return what a file calls its relation: its name without ending and without 'edges'.

    >>> name_of_relation("ties.zip/law_advice_edges.csv"), name_of_relation("edges.csv")
    ('law_advice', 'edges')
    """
    stem = PurePosixPath(file).name.partition(".")[0]
    return _LIST_WORDS.sub("", stem) or stem or "ties"


def mirrored(columns: dict[str, pa.Array], both_ways: Mask) -> dict[str, pa.Array]:
    """Return the columns with a second row, the other way round, after each row of a mask.

    A tie to oneself has one way only.
    """
    loops = np.asarray(pc.equal(columns["from"], columns["to"]))
    doubled = both_ways & ~loops
    if not doubled.any():
        return columns
    places = np.repeat(np.arange(len(doubled)), 1 + doubled)
    is_second = pa.array(np.r_[False, places[1:] == places[:-1]])
    taken = {name: column.take(pa.array(places)) for name, column in columns.items()}
    turned = {one: other for one, other in _TURNED.items() if one in taken and other in taken}
    return taken | {
        one: pc.if_else(is_second, taken[other], taken[one]) for one, other in turned.items()
    }


def require_ends(raw: RawTable, mapped: Mapped, *names: str) -> None:
    """Raise where a tie has one end only: a person on one side and a unit on the other.

    Raises
    ------
    SourceError
        missing-column.
    """
    lacking = [name for name in names if name not in mapped.columns]
    if lacking:
        raise missing_columns(raw.name, "ties", raw.columns, [(name,) for name in lacking])


def _of_persons(columns: dict[str, str]) -> dict[str, str]:
    """Return what is read of ties between persons: one person stands behind either end."""
    return {name: column for name, column in columns.items() if not name.endswith("_people")}


def _whole_units(
    raw: RawTable, mapped: Mapped, columns: dict[str, pa.Array]
) -> dict[str, pa.Array]:
    """Return the columns of ties between units: their ends stand for all people in them."""
    counts = {
        name: pc.cast(pc.floor(read_numbers(column)), pa.int64(), safe=False)
        for name, column in texts(raw, mapped, ("from_people", "to_people")).items()
    }
    level = pa.array(["unit"] * len(raw.rows), pa.string())
    return counts | {"from": columns["from_unit"], "to": columns["to_unit"], "level": level}


def _with_types_as_relation(raw: RawTable, mapped: Mapped) -> Mapped:
    """Let a column 'type' be the relation where its values are no directions."""
    name = mapped.get("directed")
    if name is None or header_words(name) not in ("type", "typ"):
        return mapped
    found = {folded(str(v)) for v in pc.unique(raw.column(name)).to_pylist() if v is not None}
    if found <= _DIRECTED | _UNDIRECTED:
        return mapped
    columns = {canonical: c for canonical, c in mapped.columns.items() if canonical != "directed"}
    if "relation" in columns:
        return replace(mapped, columns=columns, free=(*mapped.free, name))
    return replace(mapped, columns=columns | {"relation": name})


def _values(raw: RawTable, mapped: Mapped, sieve: Sieve) -> pa.Array:
    written = text_column(raw, mapped, "value")
    if written is None:
        return pa.array(np.ones(len(raw.rows)))
    column = mapped.columns["value"]
    sieve.reject_missing(column, "the value")
    values = read_numbers(written)
    usable = np.asarray(pc.fill_null(pc.is_finite(values), False))
    sieve.reject(~usable, column, "not a number")
    return values


def _both_ways(raw: RawTable, mapped: Mapped, sieve: Sieve) -> Mask:
    written = text_column(raw, mapped, "directed")
    if written is None:
        return np.zeros(len(raw.rows), dtype=bool)
    encoded = written.dictionary_encode()
    marks = [folded(mark) for mark in encoded.dictionary.to_pylist()]
    known = pa.array([mark in _DIRECTED | _UNDIRECTED for mark in marks], pa.bool_())
    undirected = pa.array([mark in _UNDIRECTED for mark in marks], pa.bool_())
    unclear = np.asarray(pc.fill_null(pc.invert(known.take(encoded.indices)), False))
    sieve.reject(unclear, mapped.columns["directed"], "neither directed nor undirected")
    return np.asarray(pc.fill_null(undirected.take(encoded.indices), False))


def _named_by_file(
    file: str, columns: dict[str, pa.Array], count: int
) -> tuple[dict[str, pa.Array], tuple[str, ...]]:
    name = name_of_relation(file)
    named = pa.array([name] * count, pa.string())
    filled = {
        column: pc.coalesce(columns[column], named) if column in columns else named
        for column in ("relation", "survey")
    }
    if "relation" in columns and columns["relation"].null_count == 0:
        return columns | filled, ()
    return columns | filled, (
        f"{file}: the relation is called '{name}', after the file. Name another with "
        "--map relation=COLUMN, or rename the file.",
    )


def _direction_notes(file: str, both_ways: Mask) -> tuple[str, ...]:
    count = int(both_ways.sum())
    if not count:
        return ()
    return (f"{file}: {count} ties are undirected; each was taken as one each way.",)


def _pair_notes(file: str, table: pa.Table) -> tuple[str, ...]:
    names = ["survey", "wave", "relation", "from", "to"]
    repeats = table.num_rows - table.group_by(names, use_threads=False).aggregate([]).num_rows
    loops = int(pc.sum(pc.equal(table["from"], table["to"])).as_py() or 0)
    notes = []
    if repeats:
        notes.append(f"{file}: {repeats} ties name a pair again; they were kept.")
    if loops:
        notes.append(f"{file}: {loops} ties lead from somebody to itself; they were kept.")
    return tuple(notes)
