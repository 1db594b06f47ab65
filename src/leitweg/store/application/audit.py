"""What stands in the audit log? Rows that are added and read, never changed."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, Row, func, insert, select

from leitweg.store.application.database import Database
from leitweg.store.application.schema import AUDIT

Beside = Callable[[Connection], None]
"""Writes more rows into the application database, within one step that stores them all."""


@dataclass(frozen=True)
class AuditRow:
    """One row of the log as it is stored; ``question`` is JSON, ``hash`` covers all the others."""

    number: int
    at_us: int
    who: str
    role: str
    action: str
    purpose: str
    question: str
    outcome: str
    reason: str
    n_values: int
    n_held_back: int
    clock: str
    previous: str
    hash: str


def append_rows(
    database: Database,
    end: int,
    made: Callable[[tuple[AuditRow, ...]], tuple[AuditRow, ...]],
    *,
    beside: Beside | None = None,
) -> tuple[AuditRow, ...]:
    """Add the rows that are made from those at the end of the log, while nobody else writes.

    Parameters
    ----------
    end
        The number where the log is said to end: ``made`` is handed the newest row up to it, and
        whatever stands behind it.
    beside
        Writes what belongs to the same questions: both are stored, or neither.
    """
    newest = select(func.max(AUDIT.c.number)).where(AUDIT.c.number <= end).scalar_subquery()
    rows = (
        select(AUDIT).where(AUDIT.c.number >= func.coalesce(newest, end)).order_by(AUDIT.c.number)
    )
    with database.writing() as connection:
        new = made(tuple(_row(r) for r in connection.execute(rows)))
        if new:
            connection.execute(insert(AUDIT), [vars(row) for row in new])
        if beside is not None:
            beside(connection)
    return new


def rows_of_log(database: Database) -> tuple[AuditRow, ...]:
    """Return every row by number."""
    with database.reading() as connection:
        return tuple(_row(r) for r in connection.execute(select(AUDIT).order_by(AUDIT.c.number)))


def _row(row: Row[tuple[object, ...]]) -> AuditRow:
    return AuditRow(**row._mapping)
