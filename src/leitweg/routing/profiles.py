"""What is known of a contact before it resolved anything? Pseudo-cases of a cold start.

No taxonomy is kept: a profile is made of what the company has written down anyway, the name of a
unit and of the units above, a sentence of purpose, titles of positions and names of skills. Method:
docs/methods/cold-start.md.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from leitweg.domain.rosters import Contact, Roster
from leitweg.domain.routing import Ints, Level, Profile

MOST_REPEATS = 3
"""A skill that everybody of a unit has counts as often; one of a third of them once."""
_Row = dict[str, Any]


def profiles_of(
    level: Level,
    tables: Mapping[str, pa.Table],
    *,
    features: Callable[[str], Ints],
    roster: Roster | None = None,
    least_people: int = 1,
) -> tuple[Profile, ...]:
    """Return the profiles of a level: those of the units, or of the persons of a roster.

    Parameters
    ----------
    level
        Of the router.
    tables
        The canonical tables ``units``, ``people``, ``positions`` and ``qualifications``; any may
        be absent.
    features
        A text to its hashed features (`TextFeatures.of`).
    roster
        Sentences of purpose and permissions, with ids as stored.
    least_people
        Skills of fewer people of a unit are left out: 1, or k in a protected workspace.
    """
    if level == "unit":
        return unit_profiles(tables, features=features, roster=roster, least_people=least_people)
    return person_profiles(roster, features=features)


def unit_profiles(
    tables: Mapping[str, pa.Table],
    *,
    features: Callable[[str], Ints],
    roster: Roster | None = None,
    least_people: int = 1,
) -> tuple[Profile, ...]:
    """Return one profile per unit of which something is said, ordered by unit.

    The text of a unit is its name, the names of the units above it, its sentence of purpose, each
    title of its positions, and each skill of its people, up to three times by the share of them
    who have it. A unit without a name is told by its id. Rows of the roster that are no persons
    of a unit add their purpose and permissions.
    """
    said = _Said(tables, least_people)
    for row in () if roster is None else roster.contacts:
        if not row.is_member:
            said.add(row.contact, _told(row))
    found = ((unit, features("\n".join(texts))) for unit, texts in sorted(said.texts().items()))
    return tuple(Profile(unit, text, unit=unit) for unit, text in found if text.size)


def person_profiles(
    roster: Roster | None, *, features: Callable[[str], Ints]
) -> tuple[Profile, ...]:
    """Return one profile per person of a roster with a purpose or permissions."""
    rows = () if roster is None else roster.contacts
    told = ((row, features("\n".join(_told(row)))) for row in rows if row.is_member)
    return tuple(Profile(row.contact, text, unit=row.unit) for row, text in told if text.size)


def _told(row: Contact) -> list[str]:
    return [*([row.purpose] if row.purpose else ()), *sorted(row.permissions)]


class _Said:
    """Collects what the tables say of each unit."""

    def __init__(self, tables: Mapping[str, pa.Table], least_people: int) -> None:
        self._units = {row["unit"]: row for row in _rows(tables, "units")}
        self._texts: dict[str, list[str]] = {}
        for unit in self._units:
            self.add(unit, self._of_chart(unit))
        for unit, title in sorted({*_titles(tables)}):
            self.add(unit, [title])
        for unit, words in _skills(tables, least_people).items():
            self.add(unit, words)

    def add(self, unit: str, texts: Iterable[str]) -> None:
        """Add texts of a unit."""
        self._texts.setdefault(unit, []).extend(texts)

    def texts(self) -> dict[str, list[str]]:
        """Return the texts by unit."""
        return self._texts

    def _of_chart(self, unit: str) -> list[str]:
        """Return the names of a unit and of those above it, and its purpose."""
        texts, seen, above = [], set(), unit
        while above in self._units and above not in seen:
            seen.add(above)
            row = self._units[above]
            texts.append(row["name"] or above)
            above = row["parent"]
        purpose = self._units[unit].get("purpose")
        return [*texts, purpose] if purpose else texts


def _rows(tables: Mapping[str, pa.Table], name: str) -> list[_Row]:
    rows: list[_Row] = tables[name].to_pylist() if name in tables else []
    return rows


def _titles(tables: Mapping[str, pa.Table]) -> Iterable[tuple[str, str]]:
    for row in _rows(tables, "positions"):
        if row["unit"] and row["title"]:
            yield row["unit"], row["title"]


def _skills(tables: Mapping[str, pa.Table], least_people: int) -> dict[str, list[str]]:
    """Return the skills of the people of each unit, repeated by the share who have them."""
    unit_of = _latest_units(_rows(tables, "people"))
    people = Counter(unit_of.values())
    pairs = {(row["person"], row["skill"]) for row in _rows(tables, "qualifications")}
    held = Counter((unit_of[person], skill) for person, skill in pairs if person in unit_of)
    found: dict[str, list[str]] = {}
    for (unit, skill), count in sorted(held.items()):
        if count >= least_people:
            repeats = int(np.ceil(MOST_REPEATS * count / people[unit]))
            found.setdefault(unit, []).extend([skill] * repeats)
    return found


def _latest_units(people: Sequence[_Row]) -> dict[str, str]:
    rows = [row for row in people if row["unit"] and row["kind"] in (None, "person")]
    rows.sort(key=lambda row: row["valid_from_us"] or 0)
    return {row["person"]: row["unit"] for row in rows}
