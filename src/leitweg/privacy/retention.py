"""What goes by time? After 90 days who it was, after 24 months the row.

A row is as old as the later of what it tells of and its import. The id of its person is then
replaced by a pseudonym of the calendar quarter: equal within the quarter, so that counts of it
survive, and without a link to any other quarter or to the person once its key is destroyed
(docs/methods/retention-and-rights.md). Machine accounts are nobody and keep their ids.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from leitweg.domain.tables import TABLES
from leitweg.privacy.eras import PREFIX, end_of_quarter, quarters_of, us_of
from leitweg.privacy.memberships import Memberships, memberships_of, with_units, with_values

DAYS = 90
MONTHS = 24
TIMES = {"events": "at_us", "messages": "at_us", "absences": "to_us", "ties": None}
"""Tables of raw rows, and when a row of theirs happened (ties tell no time)."""
REPLACED = "person-replaced"
DELETED = "row-deleted"
_DIGITS = 24

Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]
Keys = Callable[[int], tuple[str, bytes]]
"""Gives the name of the era and the key of a quarter."""


@dataclass(frozen=True)
class Limits:
    """What is due: rows whose time lies at or before these moments, microseconds UTC."""

    as_of_us: int
    days: int
    person_until_us: int
    row_until_us: int


@dataclass
class Aged:
    """The tables that changed, and how many rows of which table did what."""

    tables: dict[str, pa.Table] = field(default_factory=dict)
    counts: dict[tuple[str, str], int] = field(default_factory=dict)

    def count(self, table: str, what: str, rows: int) -> None:
        """Add to a count; nothing is counted where nothing went."""
        if rows:
            self.counts[table, what] = self.counts.get((table, what), 0) + rows


def limits_at(as_of_us: int, days: int, months: int) -> Limits:
    """Return what is due at a moment; a month ends on the same day, or the last one it has."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=as_of_us)
    number = moment.year * 12 + moment.month - 1 - months
    first = moment.replace(year=number // 12, month=number % 12 + 1, day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    earlier = first.replace(day=min(moment.day, (following - timedelta(days=1)).day))
    person_until = us_of(moment - timedelta(days=days))
    return Limits(as_of_us, days, person_until, us_of(earlier))


def aged(tables: Mapping[str, pa.Table], limits: Limits, keys: Keys, *, created_us: int) -> Aged:
    """Return what canonical tables are once time has passed.

    Parameters
    ----------
    tables
        Every stored table; those of raw rows with ``imported_us``.
    limits
        What is due.
    keys
        Gives the key of a quarter when its first row is due.
    created_us
        When rows came in that do not say it (the workspace was created then).
    """
    result = Aged()
    members = memberships_of(tables["people"])
    seen: dict[str, str] = {}
    for name, column in TIMES.items():
        rows = tables.get(name)
        if rows is None or not len(rows):
            continue
        times, since = _times(rows, column, created_us)
        keep = since > limits.row_until_us
        result.count(name, DELETED, int((~keep).sum()))
        rows = rows.filter(pa.array(keep))
        due = (since <= limits.person_until_us)[keep]
        if name == "events":
            rows = with_units(rows, due & _is_person(rows["person"], members), members)
        rows, replaced = _replaced(name, rows, due, quarters_of(times[keep]), members, keys, seen)
        result.count(name, REPLACED, replaced)
        if replaced or not keep.all():
            result.tables[name] = rows
    _age_cases(tables, result, limits)
    _age_people({**tables, **result.tables}, members, seen, result, limits)
    return result


def is_over(quarter: int, limits: Limits) -> bool:
    """Say whether the last day of a quarter is due, so that its key has to go."""
    return end_of_quarter(quarter) <= limits.person_until_us


def quarter_pseudonym(stored: str, era: str, key: bytes) -> str:
    """Return what stands in the place of a stored id in the rows of one quarter."""
    digest = hmac.digest(key, stored.encode(), hashlib.sha256).hex()
    return f"{PREFIX}{era}-{digest[:_DIGITS]}"


def _times(rows: pa.Table, column: str | None, created_us: int) -> tuple[Ints, Ints]:
    """When rows happened (else came in), and the later of both."""
    came = np.asarray(pc.fill_null(rows["imported_us"], created_us)).astype(np.int64)
    if column is None:
        return came, came
    told = np.asarray(pc.coalesce(rows[column], pa.chunked_array([pa.array(came)])))
    return told.astype(np.int64), np.maximum(told, came).astype(np.int64)


def _is_person(column: pa.ChunkedArray, members: Memberships) -> Flags:
    """Say of which rows the id is that of a person of the present."""
    machines = pa.array([p for p in members.kinds if members.is_machine(p)], pa.string())
    is_machine = pc.is_in(column, value_set=machines)
    is_old = pc.fill_null(pc.starts_with(column, PREFIX), False)
    is_other = np.asarray(is_machine) | np.asarray(is_old)
    return np.asarray(np.asarray(pc.is_valid(column)) & ~is_other)


def _replaced(
    name: str,
    rows: pa.Table,
    due: Flags,
    quarters: Ints,
    members: Memberships,
    keys: Keys,
    seen: dict[str, str],
) -> tuple[pa.Table, int]:
    touched = np.zeros(len(rows), bool)
    for column in TABLES[name].columns:
        if column.personal != "person":
            continue
        mask = due & _is_person(rows[column.name], members)
        if name == "ties":
            # ends that are units as a whole are no people
            mask &= np.asarray(pc.is_null(rows["level"]))
        if not mask.any():
            continue
        ids = rows[column.name].filter(pa.array(mask)).to_pylist()
        pairs = list(zip(ids, quarters[mask].tolist(), strict=True))
        new = {pair: quarter_pseudonym(pair[0], *keys(pair[1])) for pair in dict.fromkeys(pairs)}
        # messages and ties tell no unit of their own
        seen |= {
            replaced: id_
            for (id_, _), replaced in new.items()
            if name in ("messages", "ties") or members.kinds.get(id_) == "shared"
        }
        rows = with_values(rows, column.name, mask, [new[pair] for pair in pairs])
        touched |= mask
    return rows, int(touched.sum())


def _age_cases(tables: Mapping[str, pa.Table], result: Aged, limits: Limits) -> None:
    """Delete cases of which no event is left, and those that never had one and are too old."""
    cases = tables.get("cases")
    if cases is None or not len(cases):
        return
    events = result.tables.get("events", tables["events"])
    left = pc.is_in(cases["case_id"], value_set=pc.unique(events["case_id"]))
    had = pc.is_in(cases["case_id"], value_set=pc.unique(tables["events"]["case_id"]))
    last = pc.coalesce(cases["closed_us"], cases["opened_us"], pa.scalar(2**63 - 1))
    fresh = pc.greater(last, limits.row_until_us)
    keep = pc.or_(left, pc.and_(pc.invert(had), fresh))
    kept = cases.filter(keep)
    if len(kept) < len(cases):
        result.count("cases", DELETED, len(cases) - len(kept))
        result.tables["cases"] = kept


def _age_people(
    tables: Mapping[str, pa.Table],
    members: Memberships,
    seen: Mapping[str, str],
    result: Aged,
    limits: Limits,
) -> None:
    """Delete who left and appears nowhere any more; add what units and kinds need of old ids."""
    people = tables["people"]
    present = _present(tables)
    gone = {
        person
        for person, seats in members.seats.items()
        if person not in present and all(s.to_us <= limits.person_until_us for s in seats)
    }
    for name in ("people", "qualifications"):
        rows = tables.get(name)
        if rows is None or not len(rows):
            continue
        is_gone = pc.is_in(rows["person"], value_set=pa.array(sorted(gone), pa.string()))
        kept = rows.filter(pc.invert(is_gone))
        if len(kept) < len(rows):
            result.count(name, DELETED, len(rows) - len(kept))
            result.tables[name] = kept
    kept = result.tables.get("people", people)
    known = set(kept["person"].to_pylist())
    added = [_old_row(new, id_, members) for new, id_ in sorted(seen.items()) if new not in known]
    if added:
        kept = pa.concat_tables([kept, pa.Table.from_pylist(added, schema=TABLES["people"].schema)])
    if kept is not people:
        result.tables["people"] = kept


def _present(tables: Mapping[str, pa.Table]) -> set[str]:
    # whoever is named as a manager may give a team its name
    found: set[str] = set(pc.unique(tables["people"]["manager"]).to_pylist())
    for name in TIMES:
        rows = tables.get(name)
        if rows is None:
            continue
        for column in TABLES[name].columns:
            if column.personal == "person":
                found |= set(pc.unique(rows[column.name]).to_pylist())
    return found


def _old_row(new: str, id_: str, members: Memberships) -> dict[str, object]:
    unit, manager = members.latest(id_)
    return {"person": new, "kind": members.kinds.get(id_), "unit": unit, "manager": manager}
