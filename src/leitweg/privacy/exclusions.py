"""Whose rows are never stored? Those of accounts, domains and units that were excluded.

What is excluded is kept as pseudonyms, so that the settings name nobody and later imports leave
out the same. An entry stands for whatever bears its name: an account, a domain, a unit.
"""

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.tables import TABLES
from leitweg.privacy.canonical import canonical

Mark = Callable[[str], str]
"""Gives the stored form of an entry: a pseudonym, or in an open workspace the canonical form."""
Tables = Mapping[str, pa.Table]
_UNITS = {
    "units": ("unit",),
    "people": ("unit",),
    "events": ("unit",),
    "positions": ("unit",),
    "ties": ("from_unit", "to_unit"),
}
_EMPTIED = {"units": "parent", "people": "manager", "cases": "customer"}
_CASE = "case_id"


@dataclass(frozen=True)
class Exclusions:
    """Entries as they are stored, and how texts of the files become such entries.

    ``stored`` are the ids of accounts that are left out, for rows that hold stored ids already.
    """

    entries: frozenset[str]
    mark: Mark
    stored: frozenset[str] | None = None

    def account(self, account: str) -> bool:
        """Say whether rows of this account are left out: for itself or for its domain."""
        if self.stored is not None:
            return account in self.stored
        form = canonical(account, "person")
        domain = form.partition("@")[2]
        ends = [domain.split(".", cut)[-1] for cut in range(domain.count("."))] if domain else []
        return any(self.mark(text) in self.entries for text in (form, *(f"@{end}" for end in ends)))

    def unit(self, unit: str) -> bool:
        """Say whether rows of this unit are left out."""
        return self.mark(canonical(unit)) in self.entries

    def rows(self, tables: Tables) -> dict[str, pa.Table]:
        """Return the rows of tables that may be stored; cases are looked at by `cases_left`."""
        if not self.entries:
            return dict(tables)
        return {name: self._rows(name, rows) for name, rows in tables.items()}

    def _rows(self, name: str, rows: pa.Table) -> pa.Table:
        emptied = _EMPTIED.get(name)
        out = [
            _in(rows[column.name], self.account)
            for column in TABLES[name].columns
            if column.personal == "person" and column.name != emptied
        ]
        out += [_in(rows[column], self.unit) for column in _UNITS.get(name, ())]
        gone = functools.reduce(pc.or_, out) if out else None
        if gone is not None and pc.any(gone).as_py():
            rows = rows.filter(pc.invert(gone))
        if emptied is None:
            return rows
        is_excluded = self.unit if emptied == "parent" else self.account
        return _with_gaps(rows, emptied, _in(rows[emptied], is_excluded))


def members_of(tables: Tables, exclusions: Exclusions) -> set[str]:
    """Return the accounts that the tables say to belong to excluded units."""
    if "people" not in tables or not exclusions.entries:
        return set()
    people = tables["people"]
    return set(people.filter(_in(people["unit"], exclusions.unit))["person"].to_pylist())


def case_ids(rows: pa.Table) -> set[str]:
    """Return the ids of the cases in events or cases."""
    return set(pc.unique(rows[_CASE]).to_pylist())


def without_cases(cases: pa.Table, gone: Iterable[str]) -> pa.Table:
    """Return cases without those of some ids."""
    wanted = pa.array(sorted(gone), cases.schema.field(_CASE).type)
    return cases.filter(pc.invert(pc.is_in(cases[_CASE], value_set=wanted)))


def _in(values: pa.ChunkedArray, is_excluded: Callable[[str], bool]) -> pa.ChunkedArray:
    found = [text for text in pc.unique(values.drop_null()).to_pylist() if is_excluded(text)]
    return pc.is_in(values, value_set=pa.array(found, pa.string()))


def _with_gaps(rows: pa.Table, column: str, gone: pa.ChunkedArray) -> pa.Table:
    if not pc.any(gone).as_py():
        return rows
    place = rows.column_names.index(column)
    kept = pc.if_else(gone, pa.scalar(None, pa.string()), rows[column])
    return rows.set_column(place, rows.schema.field(place), kept)
