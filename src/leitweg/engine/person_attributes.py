"""Which attributes do the people of a log have, by the people table? Joined by key."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from leitweg.domain.breakdown import FULL_TIME, PART_TIME
from leitweg.domain.tables import PEOPLE, POSITIONS
from leitweg.engine.arrays import Int32
from leitweg.engine.duck import connect, show_tables
from leitweg.engine.event_log import EventLog
from leitweg.engine.resources import homes_of

ATTRIBUTE_TABLES = (PEOPLE, POSITIONS)
FULL_TIME_HOURS = 35.0
"""Hours a week from which on a contract is one of full time; full time is 35 to 40 hours."""

Coded = tuple[tuple[str, ...], Int32]

_LATEST = """
    SELECT p.person, p.site, p.language, coalesce(t.title, p.position) AS position,
           CASE WHEN p.hours >= $full THEN $full_time
                WHEN p.hours IS NOT NULL THEN $part_time END AS hours
    FROM (
        SELECT person,
               last(site ORDER BY valid_from_us NULLS FIRST, file_index, file_row)
                   FILTER (site IS NOT NULL) AS site,
               last(language ORDER BY valid_from_us NULLS FIRST, file_index, file_row)
                   FILTER (language IS NOT NULL) AS language,
               last(position ORDER BY valid_from_us NULLS FIRST, file_index, file_row)
                   FILTER (position IS NOT NULL) AS position,
               last(hours_per_week ORDER BY valid_from_us NULLS FIRST, file_index, file_row)
                   FILTER (hours_per_week IS NOT NULL) AS hours
        FROM people
        GROUP BY person
    ) AS p
    LEFT JOIN (SELECT position, any_value(title) AS title FROM positions GROUP BY position) AS t
    USING (position)
"""


def load_person_attributes(files: Mapping[str, Sequence[Path]], log: EventLog) -> dict[str, Coded]:
    """Return the groups of each attribute and the group of each person of the log.

    Parameters
    ----------
    files
        Canonical table (``people``, ``positions``) to its Parquet files; any may be absent.
    log
        Its persons are looked up by id.

    Returns
    -------
    dict
        ``unit``, ``site``, ``language``, ``position`` (title, else id) and ``hours`` (full or part
        time): names in order, and a code per person of the log, -1 where it is not known. The
        latest row that says something counts; a unit is that of the people table, else the one
        that most events of the person name.
    """
    with connect() as connection:
        show_tables(connection, ATTRIBUTE_TABLES, files)
        values = {"full": FULL_TIME_HOURS, "full_time": FULL_TIME, "part_time": PART_TIME}
        known = connection.sql(_LATEST, params=values).to_arrow_table()
    place = {person: i for i, person in enumerate(known["person"].to_pylist())}
    row = np.array([place.get(person, -1) for person in log.persons], np.int64)
    found = {name: _coded(known[name], row) for name in ("site", "language", "position", "hours")}
    return {"unit": _units(log), **found}


def _coded(column: pa.ChunkedArray, row: np.ndarray) -> Coded:
    """Codes of the persons in the order of the names."""
    texts: list[str | None] = column.to_pylist()
    names = sorted({text for text in texts if text is not None})
    code = {name: i for i, name in enumerate(names)}
    of_row = np.array([*(code.get(text or "", -1) for text in texts), -1], np.int32)
    return tuple(names), of_row[row]


def _units(log: EventLog) -> Coded:
    home = homes_of(log)[: len(log.persons)]
    order = sorted(range(len(log.units)), key=lambda unit: log.units[unit])
    place = np.full(len(log.units) + 1, -1, np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return tuple(log.units[unit] for unit in order), place[home]
