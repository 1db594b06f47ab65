"""What stands in the audit log? Rows that are added and read, never changed."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from sqlalchemy import Row, func, insert, select

from leitweg.store.application.database import Database
from leitweg.store.application.schema import AUDIT


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


def append_row(
    database: Database, end: int, made: Callable[[tuple[AuditRow, ...]], AuditRow]
) -> AuditRow:
    """Add the row that is made from those at the end of the log, while nobody else writes.

    Parameters
    ----------
    end
        The number where the log is said to end: ``made`` is handed the newest row up to it, and
        whatever stands behind it.
    """
    newest = select(func.max(AUDIT.c.number)).where(AUDIT.c.number <= end).scalar_subquery()
    rows = (
        select(AUDIT).where(AUDIT.c.number >= func.coalesce(newest, end)).order_by(AUDIT.c.number)
    )
    with database.writing() as connection:
        row = made(tuple(_row(r) for r in connection.execute(rows)))
        connection.execute(insert(AUDIT).values(**asdict(row)))
    return row


def rows_of_log(database: Database) -> tuple[AuditRow, ...]:
    """Return every row by number."""
    with database.reading() as connection:
        return tuple(_row(r) for r in connection.execute(select(AUDIT).order_by(AUDIT.c.number)))


def _row(row: Row[tuple[object, ...]]) -> AuditRow:
    return AuditRow(**row._mapping)
