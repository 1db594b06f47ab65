"""Where does each unit stand: which unit is above it, at which sites do its people work?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from leitweg.domain.tables import PEOPLE, UNITS
from leitweg.engine.duck import connect, show_tables
from leitweg.engine.steps import Step, run_steps

PLACE_TABLES = (UNITS, PEOPLE)

STEPS = (
    Step(
        "derived",
        "One row: is no unit named, so that units are the direct reports of one manager?",
        "SELECT count(unit) = 0 AS yes FROM people",
    ),
    Step(
        "seats",
        "One row per person, machines and shared mailboxes left out: unit, manager, site; latest.",
        """
        SELECT person,
               CASE WHEN (SELECT yes FROM derived) THEN 'Team ' || manager ELSE unit END AS unit,
               manager, site
        FROM (
            SELECT person,
                   last(unit ORDER BY valid_from_us NULLS FIRST, file_index, file_row)
                       FILTER (unit IS NOT NULL) AS unit,
                   last(manager ORDER BY valid_from_us NULLS FIRST, file_index, file_row)
                       FILTER (manager IS NOT NULL) AS manager,
                   last(site ORDER BY valid_from_us NULLS FIRST, file_index, file_row)
                       FILTER (site IS NOT NULL) AS site,
                   last(kind ORDER BY valid_from_us NULLS FIRST, file_index, file_row)
                       FILTER (kind IS NOT NULL) AS kind
            FROM people
            GROUP BY person
        )
        WHERE coalesce(kind, 'person') = 'person'
        """,
    ),
    Step(
        "named_above",
        "One row per unit whose parent the units table names: unit, above.",
        """
        SELECT unit, last(parent ORDER BY file_index, file_row) AS above
        FROM units
        WHERE parent IS NOT NULL AND parent <> unit
        GROUP BY unit
        """,
    ),
    Step(
        "managed_above",
        "One row per unit: the other unit that most managers of its people belong to.",
        """
        SELECT unit, first(above ORDER BY n DESC, above) AS above
        FROM (
            SELECT s.unit, m.unit AS above, count(*) AS n
            FROM seats AS s
            JOIN seats AS m ON m.person = s.manager
            WHERE s.unit IS NOT NULL AND m.unit IS NOT NULL AND s.unit <> m.unit
            GROUP BY ALL
        )
        GROUP BY unit
        """,
    ),
    Step(
        "units_above",
        "One row per unit with one above it; what the units table says goes first.",
        """
        SELECT coalesce(n.unit, m.unit) AS unit, coalesce(n.above, m.above) AS above
        FROM named_above AS n
        FULL JOIN managed_above AS m ON m.unit = n.unit
        ORDER BY unit
        """,
    ),
    Step(
        "people_at_sites",
        "One row per unit and site: n_people.",
        """
        SELECT unit, site, count(*) AS n_people
        FROM seats
        WHERE unit IS NOT NULL AND site IS NOT NULL
        GROUP BY ALL
        ORDER BY ALL
        """,
    ),
)


@dataclass(frozen=True)
class UnitPlaces:
    """The unit above each unit, and how many of its people work at which site."""

    above: Mapping[str, str] = field(default_factory=dict)
    sites: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


NO_PLACES = UnitPlaces()


def load_unit_places(files: Mapping[str, Sequence[Path]]) -> UnitPlaces:
    """Load the places of units from the tables of units and of people, which may be absent."""
    with connect() as connection:
        show_tables(connection, PLACE_TABLES, files)
        run_steps(connection, STEPS)
        above = dict(connection.execute("FROM units_above").fetchall())
        sites: dict[str, dict[str, int]] = {}
        for unit, site, n_people in connection.execute("FROM people_at_sites").fetchall():
            sites.setdefault(unit, {})[site] = n_people
    return UnitPlaces(above, sites)
