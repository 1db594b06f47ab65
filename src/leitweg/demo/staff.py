"""The people of the demo company: who leads whom, who sits where, who works how many hours."""

from dataclasses import dataclass

import numpy as np

from leitweg.demo.demo_company import (
    BROADBAND,
    DOMAIN,
    FIELD,
    GRID,
    LEGAL,
    ONLINE,
    PEOPLE,
    SITES,
    UNIT_NAMES,
)
from leitweg.demo.names import PersonName, names_by_lot

TEAM = 10
TITLES = {
    "de": ("Geschäftsführung", "Abteilungsleitung", "Teamleitung"),
    "en": ("Managing Director", "Head of Department", "Team Lead"),
}
WORK_TITLES = {
    "de": ("Kundenberatung", "Sachbearbeitung", "Technik", "Monteur/in", "Jurist/in"),
    "en": ("Customer Adviser", "Case Officer", "Engineer", "Field Technician", "Legal Counsel"),
}
WORK_TITLE = {0: 0, 1: 0, 2: 0, GRID: 2, FIELD: 3, BROADBAND: 2, LEGAL: 4, 11: 2}
MAILBOXES = ("kundenservice", "online", "geschaeftskunden")
ROBOT = "noreply"


@dataclass(frozen=True)
class Person:
    """One row of the people export. `manager` is the account of the person above, or empty."""

    account: str
    name: str
    kind: str
    unit: str
    position: str
    manager: str
    site: str
    language: str
    hours_per_week: float | None


@dataclass(frozen=True)
class _Seat:
    unit: int
    rank: int  # 0 managing director, 1 head, 2 team lead, 3 works on cases
    above: int | None


def seats() -> list[_Seat]:
    """Return the org chart: first those who work on cases, unit by unit, then who leads them."""
    n_workers = sum(PEOPLE)
    chart: list[_Seat] = []
    for unit, size in enumerate(PEOPLE):
        head, first = n_workers + unit, len(chart)
        for i in range(size):
            lead = first + i // TEAM * TEAM
            is_lead = size > TEAM and i % TEAM == 0
            above = head if is_lead or size <= TEAM else lead
            chart.append(_Seat(unit, 2 if is_lead else 3, above))
    director = n_workers + len(PEOPLE)
    chart += [_Seat(unit, 1, director) for unit in range(len(PEOPLE))]
    return [*chart, _Seat(LEGAL, 0, None)]


def staff_of(seed: int, language: str) -> list[Person]:
    """Return everybody; the first ``sum(PEOPLE)`` are the people of the log, in its order.

    Shared mailboxes and the machine that acknowledges mails stand at the end.
    """
    chart = seats()
    names = names_by_lot(seed, len(chart))
    accounts = [n.account(DOMAIN) for n in names]
    rng = np.random.default_rng((seed, 12))
    hours = rng.choice([39.0, 30.0, 20.0], size=len(chart), p=[0.72, 0.18, 0.10])
    sites = rng.random(len(chart))
    people = [
        Person(
            account=accounts[i],
            name=names[i].full,
            kind="person",
            unit=UNIT_NAMES[language][seat.unit],
            position=_title(seat, language),
            manager="" if seat.above is None else accounts[seat.above],
            site=_site(seat, names[i], float(sites[i])),
            language=names[i].language,
            hours_per_week=float(hours[i]) if seat.rank > 1 else 39.0,
        )
        for i, seat in enumerate(chart)
    ]
    return people + _accounts(language)


def _title(seat: _Seat, language: str) -> str:
    if seat.rank < 3:
        return TITLES[language][seat.rank]
    return WORK_TITLES[language][WORK_TITLE.get(seat.unit, 1)]


def _site(seat: _Seat, name: PersonName, lot: float) -> str:
    if name.language == "en" and seat.unit == ONLINE:
        return SITES[2]
    return SITES[2] if name.language == "en" and lot < 0.6 else SITES[int(lot > 0.7)]


def _accounts(language: str) -> list[Person]:
    units = UNIT_NAMES[language]
    shared = [
        Person(f"{box}@{DOMAIN}", box, "shared", units[unit], "", "", SITES[0], "de", None)
        for unit, box in enumerate(MAILBOXES)
    ]
    robot = Person(f"{ROBOT}@{DOMAIN}", ROBOT, "system", "", "", "", "", "", None)
    return [*shared, robot]
