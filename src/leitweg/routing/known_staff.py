"""What does a workspace know of the contacts of a roster: who is away, who left?"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from leitweg.domain.rosters import Contact, Roster, Span
from leitweg.language.codes import language_code


def roster_of(contacts: Sequence[str]) -> Roster:
    """Return a roster of which only the contacts are known, to which a workspace can add."""
    return Roster(tuple(Contact(name) for name in contacts))


def with_known_staff(roster: Roster, tables: Mapping[str, pa.Table]) -> Roster:
    """Add what the canonical tables know of the contacts of a roster.

    Parameters
    ----------
    roster
        With ids as stored.
    tables
        ``absences`` add to those of the roster; of ``people`` the latest row fills in unit,
        language and end of validity where the roster says nothing. Either may be absent.

    Returns
    -------
    Roster
        The same contacts; nobody is added.
    """
    away = _absences(tables.get("absences"))
    latest = _latest_rows(tables.get("people"))
    return replace(
        roster,
        contacts=tuple(
            _known(row, away.get(row.contact, ()), latest.get(row.contact, {}))
            for row in roster.contacts
        ),
    )


def _known(row: Contact, away: Sequence[Span], person: Mapping[str, Any]) -> Contact:
    code = language_code(person["language"]) if person.get("language") else None
    end = person.get("valid_to_us")
    return replace(
        row,
        unit=row.unit if row.unit is not None else person.get("unit"),
        languages=row.languages or frozenset({code} if code else ()),
        absences=tuple(sorted({*row.absences, *away})),
        valid_to_us=row.valid_to_us if row.valid_to_us is not None else end,
    )


def _absences(table: pa.Table | None) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = {}
    for row in () if table is None else table.to_pylist():
        found.setdefault(row["person"], []).append((row["from_us"], row["to_us"]))
    return found


def _latest_rows(table: pa.Table | None) -> dict[str, dict[str, Any]]:
    rows = [] if table is None else table.to_pylist()
    rows.sort(key=lambda row: row["valid_from_us"] or 0)
    return {row["person"]: row for row in rows}
