"""What went by time, and when? The certificate of deletion, run by run."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import func, insert, select

from leitweg.store.application.database import Database
from leitweg.store.application.schema import RETENTION_RUNS


@dataclass(frozen=True)
class Went:
    """So many rows of a table went in one way; a run that found nothing due notes no table."""

    at_us: int
    as_of_us: int
    table_name: str
    what: str
    rows: int


def add_run(database: Database, went: Iterable[Went]) -> None:
    """Certify a run."""
    with database.writing() as connection:
        connection.execute(insert(RETENTION_RUNS), [asdict(one) for one in went])


def runs(database: Database) -> tuple[Went, ...]:
    """Return what went, oldest first."""
    with database.reading() as connection:
        rows = connection.execute(select(RETENTION_RUNS).order_by(RETENTION_RUNS.c.id)).all()
    return tuple(Went(r.at_us, r.as_of_us, r.table_name, r.what, r.rows) for r in rows)


def last_as_of(database: Database) -> int | None:
    """Return the latest moment that a run was for; None before the first run."""
    with database.reading() as connection:
        latest: int | None = connection.scalar(select(func.max(RETENTION_RUNS.c.as_of_us)))
    return latest
