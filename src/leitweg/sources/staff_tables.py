"""How lists of positions, skills and required skills become canonical rows."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.imports import Reading
from leitweg.domain.tables import POSITIONS, TABLES
from leitweg.sources.case_rows import table_of
from leitweg.sources.log_reading import text_column, texts
from leitweg.sources.mapping import Mapped, require
from leitweg.sources.missing import propose_missing
from leitweg.sources.numbers import read_numbers
from leitweg.sources.one_table import one_table
from leitweg.sources.raw import RawTable
from leitweg.sources.rejects import Sieve
from leitweg.sources.repeated_rows import copies_note, distinct_rows, once
from leitweg.sources.source_file import SourceFile
from leitweg.sources.words import folded

_YES = frozenset({"yes", "ja", "true", "wahr", "1", "x", "y", "j", "key", "kritisch", "critical"})
_NO = frozenset({"no", "nein", "false", "falsch", "0", "n"})
_HOLDERS = {
    "qualifications": ("person", "the person"),
    "requirements": ("position", "the position"),
}


def read_positions(source: SourceFile, raw: RawTable, mapped: Mapped) -> Reading:
    """Read a list of positions, one row per position.

    Parameters
    ----------
    source
        The file.
    raw
        Its rows, cleaned.
    mapped
        Canonical column -> column. ``key`` is yes, ja, true, 1 or x, or the opposite; what else
        stands there is left empty and counted.

    Returns
    -------
    Reading
        Table ``positions``. Rows that repeat another exactly are taken once.

    Raises
    ------
    SourceError
        missing-column, duplicate-ids, no-usable-rows.
    """
    require(raw.name, "positions", raw.columns, mapped)
    sieve = Sieve(raw)
    sieve.reject_missing(mapped.columns["position"], "the position")
    rejects = sieve.finished()
    kept = raw.only(sieve.keep)
    columns = texts(kept, mapped, ("position", "unit", "title"))
    marks = propose_missing({mapped.columns["unit"]: columns["unit"]} if "unit" in columns else {})
    key, notes = _flags(kept, mapped)
    if key is not None:
        columns["key"] = key
    table, repeats = once(kept, ("position",), table_of(POSITIONS, columns, len(kept.rows)))
    return one_table(
        source, "positions", table, raw, mapped, rejects, (*notes, *repeats), missing=marks
    )


def read_skills(source: SourceFile, kind: str, raw: RawTable, mapped: Mapped) -> Reading:
    """Read a list of skills that people have, or that positions need, one row per skill.

    Parameters
    ----------
    source
        The file.
    kind
        ``qualifications`` (of people) or ``requirements`` (of positions).
    raw
        Its rows, cleaned.
    mapped
        Canonical column -> column. A level that is no number is left empty and counted.

    Returns
    -------
    Reading
        One row per holder and skill; where a file names one again, the highest level is taken.

    Raises
    ------
    SourceError
        missing-column, no-usable-rows.
    """
    require(raw.name, kind, raw.columns, mapped)
    holder, said = _HOLDERS[kind]
    sieve = Sieve(raw)
    sieve.reject_missing(mapped.columns[holder], said)
    sieve.reject_missing(mapped.columns["skill"], "the skill")
    rejects = sieve.finished()
    kept = raw.only(sieve.keep)
    columns = texts(kept, mapped, (holder, "skill", "source"))
    level, notes = _levels(kept, mapped)
    if level is not None:
        columns["level"] = level
    table, _, copies = distinct_rows(table_of(TABLES[kind], columns, len(kept.rows)))
    table, again = _highest_level(raw.name, holder, table)
    notes = (*notes, *copies_note(raw.name, copies), *again)
    return one_table(source, kind, table, raw, mapped, rejects, notes)


def _flags(raw: RawTable, mapped: Mapped) -> tuple[pa.Array | None, tuple[str, ...]]:
    written = text_column(raw, mapped, "key")
    if written is None:
        return None, ()
    words = [folded(text) if text is not None else None for text in written.to_pylist()]
    flags = [True if w in _YES else False if w in _NO else None for w in words]
    unknown = sum(f is None and w is not None for f, w in zip(flags, words, strict=True))
    notes = left_empty(raw.name, mapped.columns["key"], unknown, "neither yes nor no")
    return pa.array(flags, pa.bool_()), notes


def _levels(raw: RawTable, mapped: Mapped) -> tuple[pa.Array | None, tuple[str, ...]]:
    written = text_column(raw, mapped, "level")
    if written is None:
        return None, ()
    levels = read_numbers(written)
    usable: npt.NDArray[np.bool_] = np.asarray(pc.fill_null(pc.is_finite(levels), False))
    lost = int((np.asarray(pc.is_valid(written)) & ~usable).sum())
    notes = left_empty(raw.name, mapped.columns["level"], lost, "not a number")
    return pc.if_else(pa.array(usable), levels, pa.scalar(None, pa.float64())), notes


def left_empty(file: str, column: str, count: int, reason: str) -> tuple[str, ...]:
    """Return the sentence on optional values that could not be read."""
    if not count:
        return ()
    return (f"{file}: column '{column}': {count} values were left empty ({reason}).",)


def _highest_level(file: str, holder: str, table: pa.Table) -> tuple[pa.Table, tuple[str, ...]]:
    levels = np.asarray(pc.fill_null(table["level"], -np.inf))
    order = pa.array(np.argsort(-levels, kind="stable"))
    ranked = table.take(order).append_column("place", order)
    firsts = ranked.group_by([holder, "skill"], use_threads=False).aggregate([("place", "first")])
    places = np.sort(np.asarray(firsts["place_first"]))
    again = table.num_rows - len(places)
    note = f"{file}: {again} rows name a skill again; the highest level was taken."
    return table.take(pa.array(places)), (note,) if again else ()
