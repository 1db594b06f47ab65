"""What is known of the people of a log beside their events: positions, skills, absences."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from leitweg.domain.tables import ABSENCES, PEOPLE, POSITIONS, QUALIFICATIONS, REQUIREMENTS
from leitweg.engine.arrays import Int32, Int64
from leitweg.engine.duck import connect, show_tables

STAFF_TABLES = (PEOPLE, POSITIONS, QUALIFICATIONS, REQUIREMENTS, ABSENCES)


@dataclass(frozen=True)
class Staff:
    """Positions, skills and absences, coded like the persons of the log.

    Attributes
    ----------
    position
        Per person of the log: the position of the latest row of the people table, -1 for none.
    positions
        Ids of the positions, sorted.
    titles
        Title of each position, its id where it has none; both where a unit has two of one
        title.
    holder_position, holder_person, holder_until_us
        Everybody who holds a position, with the person's code in the log, -1 without events, and
        until when; the largest number where no end is known.
    skill_person, skill
        One entry per (person, skill); person -1 for people without events.
    skill_count
        How many people have each skill, with events or without.
    skills
        Names of the skills, sorted.
    need_position, need_skill
        One entry per skill that a position needs.
    absent_person, absent_from_us, absent_to_us
        One entry per absence of a person of the log.
    """

    position: Int32
    positions: tuple[str, ...]
    titles: tuple[str, ...]
    holder_position: Int32
    holder_person: Int32
    holder_until_us: Int64
    skill_person: Int32
    skill: Int32
    skill_count: Int64
    skills: tuple[str, ...]
    need_position: Int32
    need_skill: Int32
    absent_person: Int32
    absent_from_us: Int64
    absent_to_us: Int64


def load_staff(files: Mapping[str, Sequence[Path]], persons: Sequence[str]) -> Staff:
    """Load what the tables tell of the people of a log.

    Parameters
    ----------
    files
        Canonical table to its Parquet files; any may be absent.
    persons
        The persons of the log, in the order of their codes.
    """
    with connect() as connection:
        show_tables(connection, STAFF_TABLES, files)

        def rows(sql: str) -> pa.Table:
            return connection.sql(sql).to_arrow_table()

        holders = rows(
            """
            SELECT person, arg_max(position, (coalesce(valid_from_us, -9e18), file_index, file_row))
                   AS position,
                   arg_max(coalesce(valid_to_us, 9223372036854775807),
                           (coalesce(valid_from_us, -9e18), file_index, file_row)) AS until_us
            FROM people
            WHERE coalesce(kind, 'person') = 'person' AND position IS NOT NULL
            GROUP BY person ORDER BY person
            """
        )
        titles = rows(
            "SELECT position, any_value(title) AS title, any_value(unit) AS unit "
            "FROM positions GROUP BY position"
        )
        skills = rows("SELECT DISTINCT person, skill FROM qualifications ORDER BY ALL")
        needs = rows("SELECT DISTINCT position, skill FROM requirements ORDER BY ALL")
        absences = rows("SELECT DISTINCT person, from_us, to_us FROM absences ORDER BY ALL")
    return _staff(persons, holders, titles, skills, needs, absences)


def _staff(
    persons: Sequence[str],
    holders: pa.Table,
    titles: pa.Table,
    skills: pa.Table,
    needs: pa.Table,
    absences: pa.Table,
) -> Staff:
    code = {person: i for i, person in enumerate(persons)}
    title_of, unit_of = (
        dict(zip(*(titles[n].to_pylist() for n in ("position", name)), strict=True))
        for name in ("title", "unit")
    )
    positions = sorted({*_texts(holders, "position"), *title_of, *_texts(needs, "position")})
    skill_names = sorted({*_texts(skills, "skill"), *_texts(needs, "skill")})
    of_position = {name: i for i, name in enumerate(positions)}
    of_skill = {name: i for i, name in enumerate(skill_names)}
    holder_person = _coded(holders, "person", code)
    holder_position = _coded(holders, "position", of_position)
    position = np.full(len(persons), -1, np.int32)
    known = holder_person >= 0
    position[holder_person[known]] = holder_position[known]
    skill = _coded(skills, "skill", of_skill)
    absent = _coded(absences, "person", code)
    here = absent >= 0
    return Staff(
        position=position,
        positions=tuple(positions),
        titles=_told_apart(positions, title_of, unit_of),
        holder_position=holder_position,
        holder_person=holder_person,
        holder_until_us=holders["until_us"].to_numpy().astype(np.int64),
        skill_person=_coded(skills, "person", code),
        skill=skill,
        skill_count=np.bincount(skill, minlength=len(skill_names)).astype(np.int64),
        skills=tuple(skill_names),
        need_position=_coded(needs, "position", of_position),
        need_skill=_coded(needs, "skill", of_skill),
        absent_person=absent[here],
        absent_from_us=absences["from_us"].to_numpy()[here].astype(np.int64),
        absent_to_us=absences["to_us"].to_numpy()[here].astype(np.int64),
    )


def _told_apart(
    positions: Sequence[str],
    title_of: Mapping[str, str | None],
    unit_of: Mapping[str, str | None],
) -> tuple[str, ...]:
    """Titles, with the id where a unit has several of one: two clerks' posts are two positions."""
    places = [(unit_of.get(name), title_of.get(name) or name) for name in positions]
    count = Counter(places)
    return tuple(
        place[1] if count[place] == 1 else f"{place[1]} ({name})"
        for name, place in zip(positions, places, strict=True)
    )


def _texts(table: pa.Table, column: str) -> list[str]:
    texts: list[str] = table[column].to_pylist()
    return texts


def _coded(table: pa.Table, column: str, codes: Mapping[str, int]) -> Int32:
    return np.array([codes.get(text, -1) for text in _texts(table, column)], dtype=np.int32)
