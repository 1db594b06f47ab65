"""Which accounts did the user name, as machines or as the front towards customers?

What a user names stays in the settings of the workspace; in a protected one as pseudonyms.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.tables import PEOPLE, TABLES
from leitweg.privacy.pseudonyms import canonical, pseudonym
from leitweg.store.workspace_key import WorkspaceKey


@dataclass(frozen=True)
class NamesInFiles:
    """Ids as the sources write them, by their canonical form: accounts and units."""

    accounts: Mapping[str, frozenset[str]]
    units: Mapping[str, frozenset[str]]


def names_in(readings: Iterable[Mapping[str, pa.Table]]) -> NamesInFiles:
    """Collect the accounts and units that canonical rows name."""
    accounts: dict[str, set[str]] = defaultdict(set)
    units: dict[str, set[str]] = defaultdict(set)
    for tables in readings:
        for name, rows in tables.items():
            for column in TABLES[name].columns:
                if column.personal == "person":
                    _collect(accounts, rows, column.name, "person")
                elif column.name == "unit":
                    _collect(units, rows, column.name)
    return NamesInFiles(_frozen(accounts), _frozen(units))


def stored_machines(
    asked: Sequence[str], names: NamesInFiles, key: WorkspaceKey | None
) -> set[str]:
    """Return the ids, as stored, of accounts named as machines.

    One that no row names is kept as it was given, for a later file may name it; the reader of each
    file warns of it.
    """
    spelled = {account: names.accounts.get(canonical(account, "person")) for account in asked}
    return {_stored(id_, key) for account, ids in spelled.items() for id_ in ids or {account}}


def stored_front(
    asked: Sequence[str], earlier: Iterable[str], names: NamesInFiles, key: WorkspaceKey | None
) -> tuple[set[str], list[str]]:
    """Return the front as stored, and what to warn of.

    Each entry is the stored id of an account, a unit, or a domain (``@example.org``), which also
    brings in every account of that domain; earlier entries take in what these files add.
    """
    front, warnings = set(earlier), []
    for name in asked:
        if _is_domain(name, names):
            front.add(f"@{name.lstrip('@').casefold()}")
        elif canonical(name) in names.units:
            front |= names.units[canonical(name)]
        else:
            ids = names.accounts.get(canonical(name, "person"), frozenset())
            if not ids:
                warnings.append(
                    f"No row of these files names '{name}' as unit or account; it is kept as "
                    "both until one does."
                )
            front |= {_stored(id_, key) for id_ in ids or {name}}
    domains = tuple(entry for entry in front if entry.startswith("@"))
    if domains:
        of_domain = [i for form, i in names.accounts.items() if form.endswith(domains)]
        front |= {_stored(id_, key) for ids in of_domain for id_ in ids}
    units = {unit for spellings in names.units.values() for unit in spellings}
    front |= {unit for unit in units if _stored(unit, key) in front}
    return front, warnings


def rows_of_machines(machines: Iterable[str]) -> pa.Table:
    """Return rows of people that say no more than that these stored ids are machines."""
    ids = sorted(machines)
    columns = {"person": ids, "kind": ["system"] * len(ids)}
    return pa.table(
        [
            pa.array(columns.get(field.name, [None] * len(ids)), field.type)
            for field in PEOPLE.schema
        ],
        schema=PEOPLE.schema,
    )


def _collect(found: dict[str, set[str]], rows: pa.Table, column: str, kind: str = "") -> None:
    for id_ in pc.unique(rows[column].drop_null()).to_pylist():
        found[canonical(id_, kind)].add(id_)


def _frozen(found: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    return {form: frozenset(ids) for form, ids in found.items()}


def _stored(account: str, key: WorkspaceKey | None) -> str:
    return account if key is None else pseudonym("person", account, key)


def _is_domain(name: str, names: NamesInFiles) -> bool:
    if name.startswith("@"):
        return True
    is_known = canonical(name) in names.units or canonical(name, "person") in names.accounts
    return "." in name and "@" not in name and " " not in name and not is_known
