"""Which purposes are on? Every switch is kept; the last one of a purpose holds."""

from dataclasses import dataclass

from sqlalchemy import insert, select

from leitweg.store.application.database import Database
from leitweg.store.application.schema import SWITCHES


@dataclass(frozen=True)
class Switch:
    """One switch of a purpose: on or off, when, by whom, on which legal basis."""

    purpose: str
    is_on: bool
    at_us: int
    by: str
    basis: str


def add_switch(database: Database, switch: Switch) -> None:
    """Keep a switch."""
    row = {
        "purpose": switch.purpose,
        "is_on": int(switch.is_on),
        "at_us": switch.at_us,
        "by": switch.by,
        "basis": switch.basis,
    }
    with database.writing() as connection:
        connection.execute(insert(SWITCHES).values(**row))


def switches(database: Database) -> tuple[Switch, ...]:
    """Return every switch, oldest first by its time, whatever the order of the rows."""
    with database.reading() as connection:
        rows = connection.execute(select(SWITCHES).order_by(SWITCHES.c.at_us)).all()
    return tuple(Switch(r.purpose, bool(r.is_on), r.at_us, r.by, r.basis) for r in rows)


def last_switches(database: Database) -> dict[str, Switch]:
    """Return the switch that holds, by purpose; a purpose never switched is missing."""
    return {switch.purpose: switch for switch in switches(database)}
