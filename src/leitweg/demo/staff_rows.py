"""The rows of the demo company's exports from human resources: positions, skills, absences."""

import datetime as dt
from collections.abc import Sequence

import pyarrow as pa

from leitweg.demo.absences import absences_of
from leitweg.demo.demo_company import demo_plan
from leitweg.demo.exported_rows import headers
from leitweg.demo.plan import DAY_US
from leitweg.demo.staff import SPECIALIST, WORKER, Person

POSITION_HEADERS = {"de": "Stelle Abteilung Bezeichnung", "en": "Position Department Title"}
SKILL_HEADERS = {"de": "Benutzer Qualifikation Stufe", "en": "User Skill Level"}
NEED_HEADERS = {"de": "Stelle Qualifikation Stufe", "en": "Position Skill Level"}
ABSENCE_HEADERS = {"de": "Benutzer Von Bis", "en": "User From To"}
CASEWORK = {"de": "Vorgänge", "en": "Casework"}
LEADING = {"de": "Führung", "en": "Leading people"}
PLANNING = {"de": "Netzberechnung", "en": "Grid calculation"}
KNOWN, MASTERED = "2", "3"


def position_rows(staff: Sequence[Person], language: str) -> pa.Table:
    """Return the list of positions: one row per position, whoever holds it."""
    held = dict.fromkeys((p.position, p.unit, p.title) for p in staff if p.position)
    return _table(list(held), POSITION_HEADERS[language])


def qualification_rows(staff: Sequence[Person], language: str) -> pa.Table:
    """Return the list of skills: one row per person and skill."""
    rows = [(p.account, skill, level) for p in staff for skill, level in skills_of(p, language)]
    return _table(rows, SKILL_HEADERS[language])


def requirement_rows(staff: Sequence[Person], language: str) -> pa.Table:
    """Return what positions need: one row per position and skill."""
    needs = {(p.position, *need) for p in staff if p.position for need in skills_of(p, language)}
    return _table(sorted(needs), NEED_HEADERS[language])


def skills_of(person: Person, language: str) -> list[tuple[str, str]]:
    """Return the skills of a person with their levels: what the position needs."""
    skills = []
    if person.rank >= 0:
        skills.append((f"{CASEWORK[language]} {person.unit}", KNOWN))
    if 0 <= person.rank < WORKER:
        skills.append((LEADING[language], MASTERED))
    if person.rank == SPECIALIST:
        skills.append((PLANNING[language], MASTERED))
    return skills


def absence_rows(staff: Sequence[Person], seed: int, language: str) -> pa.Table:
    """Return the list of absences: first and last day, without the reason."""
    absences = absences_of(demo_plan(seed))
    rows = [
        (staff[person].account, _day(begin, language), _day(end - DAY_US, language))
        for person, begin, end in zip(
            absences.person.tolist(),
            absences.from_us.tolist(),
            absences.to_us.tolist(),
            strict=True,
        )
    ]
    return _table(rows, ABSENCE_HEADERS[language])


def _day(us: int, language: str) -> str:
    day = dt.date(1970, 1, 1) + dt.timedelta(days=us // DAY_US)
    return day.strftime("%d.%m.%Y") if language == "de" else day.isoformat()


def _table(rows: Sequence[tuple[str, ...]], names: str) -> pa.Table:
    return pa.table([list(column) for column in zip(*rows, strict=True)], names=headers(names))
