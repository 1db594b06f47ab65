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
    SPECIALISTS,
    UNIT_NAMES,
)
from leitweg.demo.names import PersonName, names_by_lot

TEAM = 10
RANKS = DIRECTOR, HEAD, TEAM_LEAD, WORKER, SPECIALIST = range(5)
TITLES = {
    "de": ("Geschäftsführung", "Abteilungsleitung", "Teamleitung"),
    "en": ("Managing Director", "Head of Department", "Team Lead"),
}
WORK_TITLES = {
    "de": ("Kundenberatung", "Sachbearbeitung", "Technik", "Monteur/in", "Jurist/in"),
    "en": ("Customer Adviser", "Case Officer", "Engineer", "Field Technician", "Legal Counsel"),
}
SPECIALIST_TITLE = {"de": "Netzplanung", "en": "Grid Planner"}
WORK_TITLE = {0: 0, 1: 0, 2: 0, GRID: 2, FIELD: 3, BROADBAND: 2, LEGAL: 4, 11: 2}
MAILBOXES = ("kundenservice", "online", "geschaeftskunden")
ROBOT = "noreply"


@dataclass(frozen=True)
class Person:
    """One row of the people export.

    ``manager`` is the account of the person above, or empty; ``title`` what the ``position`` is
    called, and ``rank`` how high it stands (`seats`; -1 for accounts that are nobody's).
    """

    account: str
    name: str
    kind: str
    unit: str
    position: str
    manager: str
    site: str
    language: str
    hours_per_week: float | None
    title: str
    rank: int


@dataclass(frozen=True)
class Seat:
    unit: int
    rank: int  # of RANKS
    above: int | None


def seats() -> list[Seat]:
    """Return the org chart: first those who work on cases, unit by unit, then who leads them."""
    n_workers = sum(PEOPLE)
    chart: list[Seat] = []
    for unit, size in enumerate(PEOPLE):
        head, first = n_workers + unit, len(chart)
        # the log lets the first people of a unit have the skill that is scarce there
        special = SPECIALISTS if unit == GRID else 0
        for i in range(size):
            lead = max(i // TEAM * TEAM, special)
            is_lead = size > TEAM and i == lead
            above = head if is_lead or size <= TEAM else first + lead
            rank = SPECIALIST if i < special else TEAM_LEAD if is_lead else WORKER
            chart.append(Seat(unit, rank, above))
    director = n_workers + len(PEOPLE)
    chart += [Seat(unit, HEAD, director) for unit in range(len(PEOPLE))]
    return [*chart, Seat(LEGAL, DIRECTOR, None)]


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
            position=_position(seat, language),
            manager="" if seat.above is None else accounts[seat.above],
            site=_site(seat, names[i], float(sites[i])),
            language=names[i].language,
            hours_per_week=float(hours[i]) if seat.rank > HEAD else 39.0,
            title=_title(seat, language),
            rank=seat.rank,
        )
        for i, seat in enumerate(chart)
    ]
    return people + _accounts(language)


def _position(seat: Seat, language: str) -> str:
    """Return the name of a position; of the same title there is one in each department."""
    title = _title(seat, language)
    return title if seat.rank == DIRECTOR else f"{title} {UNIT_NAMES[language][seat.unit]}"


def _title(seat: Seat, language: str) -> str:
    if seat.rank < WORKER:
        return TITLES[language][seat.rank]
    if seat.rank == SPECIALIST:
        return SPECIALIST_TITLE[language]
    return WORK_TITLES[language][WORK_TITLE.get(seat.unit, 1)]


def _site(seat: Seat, name: PersonName, lot: float) -> str:
    if name.language == "en" and seat.unit == ONLINE:
        return SITES[2]
    return SITES[2] if name.language == "en" and lot < 0.6 else SITES[int(lot > 0.7)]


def _accounts(language: str) -> list[Person]:
    units = UNIT_NAMES[language]
    shared = [
        Person(f"{box}@{DOMAIN}", box, "shared", units[unit], "", "", SITES[0], "de", None, "", -1)
        for unit, box in enumerate(MAILBOXES)
    ]
    robot = Person(f"{ROBOT}@{DOMAIN}", ROBOT, "system", "", "", "", "", "", None, "", -1)
    return [*shared, robot]
