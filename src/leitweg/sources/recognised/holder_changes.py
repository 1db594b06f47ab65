"""A history of changed fields becomes events: who held the case, where, and in which status.

Jira, ServiceNow and Zammad write one row per changed field. From each change on the case is with
the new person or unit; before its first change a field had the old value of that change.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.errors import SourceError
from leitweg.sources.clocks import Clock, read_times
from leitweg.sources.raw import RawTable
from leitweg.sources.rejects import Sieve
from leitweg.sources.words import folded

Ints = npt.NDArray[np.int64]
TARGETS = ("person", "unit", "lifecycle")


@dataclass(frozen=True)
class Layout:
    """Where a history keeps what: names of columns of the file.

    ``fields`` maps the (folded) name of a changed field to person, unit or lifecycle. ``values``
    translates new and old values of a field (codes of a status, marks for nobody). ``opening``
    names (folded) changes that stand for the opening of the case.
    """

    case_id: str
    at: str
    field: str
    old: str
    new: str
    fields: dict[str, str]
    values: dict[str, dict[str, str | None]]
    opening: str | None = None


def events_from_changes(
    raw: RawTable, layout: Layout, clock: Clock
) -> tuple[RawTable, dict[str, str]]:
    """Return one row per case and moment with its holders then, and the mapping to canonical.

    Parameters
    ----------
    raw
        One row per changed field, in any order.
    layout
        The columns.
    clock
        Zone and order of day and month.

    Returns
    -------
    RawTable, dict
        Changes of one case at one moment are one event. Changes of other fields are left out
        and counted in a warning.

    Raises
    ------
    SourceError
        no-holder-changes where no row changes a person, a unit or a status, and those of
        `read_times`.
    """
    times = read_times(raw.name, layout.at, raw.column(layout.at), clock)
    sieve = Sieve(raw)
    sieve.reject_missing(layout.case_id, "the id of the case")
    sieve.reject_missing(layout.at, "the time")
    sieve.reject_times(times, layout.at)
    targets = _targets(raw.column(layout.field), layout)
    told = targets >= 0
    if not (told & sieve.keep).any():
        raise SourceError(
            f"{raw.name}: no row changes an assignee, a team or a status, so no way of a case "
            "can be seen. Export the history with these fields.",
            code="no-holder-changes",
            path=raw.name,
            column=layout.field,
        )
    rejects = sieve.finished()
    skipped = int((~told & sieve.keep).sum())
    chosen = sieve.keep & told
    kept = raw.only(chosen)
    table, rows = _events(kept, layout, times.at_us.filter(pa.array(chosen)), targets[chosen])
    note = f"{raw.name}: {skipped} changes of other fields were left out."
    notes = (*raw.warnings, *times.warnings, *((note,) if skipped else ()))
    changed = replace(raw, table=table, rows=rows, rejects=rejects, warnings=notes)
    return changed, _mapping(table, layout)


def _targets(field: pa.Array, layout: Layout) -> Ints:
    """Return for each row the place of its field in TARGETS, 3 for an opening, else -1."""
    encoded = field.dictionary_encode()
    codes = {**{n: TARGETS.index(t) for n, t in layout.fields.items()}}
    if layout.opening is not None:
        codes[layout.opening] = len(TARGETS)
    known = [codes.get(folded(name), -1) for name in encoded.dictionary.to_pylist()]
    places = np.asarray(pc.fill_null(encoded.indices, len(known)))
    targets: Ints = np.array([*known, -1], dtype=np.int64)[places]
    return targets


def _events(raw: RawTable, layout: Layout, at_us: pa.Array, targets: Ints) -> tuple[pa.Table, Ints]:
    case_id = raw.column(layout.case_id)
    case_of = np.asarray(case_id.dictionary_encode().indices).astype(np.int64)
    at = np.asarray(at_us)
    order = np.lexsort((raw.rows, at, case_of))
    case_of, at, targets = case_of[order], at[order], targets[order]
    starts = np.flatnonzero(np.diff(case_of, prepend=-1))
    last = np.append((np.diff(case_of) != 0) | (np.diff(at) != 0), True)
    columns = {
        "case": case_id.take(pa.array(order[last])),
        "moment": pa.array(at[last], pa.int64()).cast(pa.timestamp("us", "UTC")),
        "changed": raw.column(layout.field).take(pa.array(order[last])),
    }
    for place, target in enumerate(TARGETS):
        if (targets == place).any():
            old, new = (
                _translated(raw.column(name).take(pa.array(order)), layout.values.get(target, {}))
                for name in (layout.old, layout.new)
            )
            columns[target] = _held(targets == place, starts, old, new).filter(pa.array(last))
    names = _names(layout)
    table = pa.table(list(columns.values()), names=[names[name] for name in columns])
    rows = raw.rows[order][last]
    back = np.argsort(rows, kind="stable")
    return table.take(pa.array(back)), rows[back]


def _held(changes: npt.NDArray[np.bool_], starts: Ints, old: pa.Array, new: pa.Array) -> pa.Array:
    """Carry each value from its change on to the next, and the first old value back."""
    count = len(changes)
    place = np.arange(count)
    start_of = np.repeat(starts, np.diff(np.append(starts, count)))
    latest = np.maximum.accumulate(np.where(changes, place, -1))
    firsts = np.minimum.reduceat(np.where(changes, place, 2 * count), starts)
    first_of = np.repeat(firsts, np.diff(np.append(starts, count)))
    known = latest >= start_of
    before = ~known & (first_of < count)
    source = np.where(known, latest, np.where(before, first_of + count, 2 * count))
    values = pa.concat_arrays([new, old, pa.nulls(1, pa.string())])
    return values.take(pa.array(source))


def _translated(values: pa.Array, words: dict[str, str | None]) -> pa.Array:
    if not words:
        return values
    encoded = values.dictionary_encode()
    names = [words.get(name, name) if name else None for name in encoded.dictionary.to_pylist()]
    return pa.array(names, pa.string()).take(encoded.indices)


def _names(layout: Layout) -> dict[str, str]:
    """Return how the report calls the columns: by the columns of the file they come from."""
    by_target = {target: name for name, target in reversed(layout.fields.items())}
    return {
        "case": layout.case_id,
        "moment": layout.at,
        "changed": layout.field,
        **{t: f"{layout.new} ({layout.field} = {by_target[t]})" for t in by_target},
    }


def _mapping(table: pa.Table, layout: Layout) -> dict[str, str]:
    names = _names(layout)
    wanted = {"case_id": "case", "at": "moment", "activity": "changed"}
    wanted |= {target: target for target in TARGETS}
    found = {c: names[n] for c, n in wanted.items() if n in names}
    return {c: n for c, n in found.items() if n in table.column_names}
