"""Who belongs where, and which ties are there: what the tables say beside the log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from leitweg.domain.tables import PEOPLE, TIES, UNITS
from leitweg.engine.arrays import Int64
from leitweg.engine.duck import connect, show_tables
from leitweg.engine.network_graph import Floats
from leitweg.engine.steps import Step, run_steps

Files = Mapping[str, Sequence[Path]]

MEMBER_STEPS = (
    Step(
        "units_known",
        "One row per unit of the units and people tables: unit, the parent last named.",
        """
        SELECT unit, last(parent ORDER BY file_index, file_row) FILTER (parent IS NOT NULL)
                     AS parent
        FROM (
            SELECT unit, parent, file_index, file_row FROM units
            UNION ALL
            SELECT unit, NULL, file_index, file_row FROM people WHERE unit IS NOT NULL
        )
        GROUP BY unit
        ORDER BY unit
        """,
    ),
    Step(
        "people_known",
        "One row per person of the people table, machines and shared mailboxes left out.",
        """
        SELECT person,
               last(unit ORDER BY valid_from_us NULLS FIRST, file_index, file_row)
                   FILTER (unit IS NOT NULL) AS unit
        FROM people
        GROUP BY person
        HAVING coalesce(
            last(kind ORDER BY valid_from_us NULLS FIRST, file_index, file_row)
                FILTER (kind IS NOT NULL),
            'person') = 'person'
        ORDER BY person
        """,
    ),
)

TIE_STEPS = (
    Step(
        "networks",
        "One row per network of ties: survey, wave, relation, of_units, n_ties; the largest first.",
        """
        SELECT survey, wave, relation, level IS NOT DISTINCT FROM 'unit' AS of_units,
               count(*) AS n_ties
        FROM ties
        GROUP BY ALL
        ORDER BY n_ties DESC, survey, wave NULLS FIRST, relation NULLS FIRST, of_units
        """,
    ),
    Step(
        "largest",
        "One row per two ends of the largest network: one, other, value (summed), their people.",
        """
        SELECT CASE WHEN n.of_units THEN coalesce(t.from_unit, t."from") ELSE t."from" END AS one,
               CASE WHEN n.of_units THEN coalesce(t.to_unit, t."to") ELSE t."to" END AS other,
               sum(t.value ORDER BY t.value) AS value,
               max(t.from_people) AS one_people,
               max(t.to_people) AS other_people
        FROM ties AS t
        JOIN (FROM networks LIMIT 1) AS n
          ON n.survey = t.survey
         AND n.wave IS NOT DISTINCT FROM t.wave
         AND n.relation IS NOT DISTINCT FROM t.relation
         AND n.of_units = (t.level IS NOT DISTINCT FROM 'unit')
        GROUP BY ALL
        ORDER BY ALL
        """,
    ),
    Step(
        "ends",
        "One row per end of a tie: name, people (None where not told), code.",
        """
        SELECT name, max(people) AS people,
               (row_number() OVER (ORDER BY name) - 1)::BIGINT AS code
        FROM (
            SELECT one AS name, one_people AS people FROM largest
            UNION ALL
            SELECT other, other_people FROM largest
        )
        GROUP BY name
        ORDER BY name
        """,
    ),
    Step(
        "largest_coded",
        "One row per two ends of the largest network: source, target, value.",
        """
        SELECT a.code AS source, b.code AS target, l.value
        FROM largest AS l
        JOIN ends AS a ON a.name = l.one
        JOIN ends AS b ON b.name = l.other
        ORDER BY source, target
        """,
    ),
)


@dataclass(frozen=True)
class Members:
    """Units with the unit above each, and people with their latest unit (None where unknown)."""

    units: Mapping[str, str | None]
    people: Mapping[str, str | None]


@dataclass(frozen=True)
class TieNetwork:
    """One network of ties: what was asked or counted, and one row per two ends.

    The ends are people, or whole units (``of_units``) with their number of people where the source
    tells it. ``source`` and ``target`` are positions in ``ends``. ``others`` names the networks
    that the workspace holds beside it, with their number of ties; ``n_dropped`` counts pairs whose
    value is not positive: dislike and absence are no ties of this network.
    """

    name: str
    of_units: bool
    ends: tuple[str, ...]
    people: tuple[int | None, ...]
    source: Int64
    target: Int64
    value: Floats
    others: tuple[tuple[str, int], ...] = ()
    n_dropped: int = 0


def load_members(files: Files) -> Members:
    """Load units and people, also those without any event."""
    with connect() as connection:
        show_tables(connection, (UNITS, PEOPLE), files)
        run_steps(connection, MEMBER_STEPS)
        units = dict(connection.execute("FROM units_known ORDER BY unit").fetchall())
        people = dict(connection.execute("FROM people_known ORDER BY person").fetchall())
    return Members(units, people)


def load_ties(files: Files) -> TieNetwork:
    """Load the network with the most ties: one survey, one wave, one relation.

    Values of two relations have no common unit of measure, and a wave asks for the same ties
    again: they are never added up.
    """
    with connect() as connection:
        show_tables(connection, (TIES,), files)
        run_steps(connection, TIE_STEPS)
        return _largest(connection)


def _largest(connection: duckdb.DuckDBPyConnection) -> TieNetwork:
    networks = connection.execute("FROM networks").fetchall()
    names = [(_name(*row[:3]), int(row[4])) for row in networks]
    ends = connection.execute("SELECT name, people FROM ends ORDER BY code").fetchall()
    rows = connection.execute("FROM largest_coded").fetchnumpy()
    value = np.asarray(rows["value"]).astype(np.float64)
    positive = value > 0
    return TieNetwork(
        names[0][0] if names else "",
        bool(networks and networks[0][3]),
        tuple(name for name, _ in ends),
        tuple(people for _, people in ends),
        np.asarray(rows["source"])[positive].astype(np.int64),
        np.asarray(rows["target"])[positive].astype(np.int64),
        value[positive],
        tuple(names[1:]),
        int((~positive).sum()),
    )


def _name(survey: str, wave: str | None, relation: str | None) -> str:
    """Relation where one is named, else the survey; the wave beside it."""
    name = relation or survey
    return f"{name} ({wave})" if wave else name
