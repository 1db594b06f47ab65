"""Where do entries of people live? In one SQLite file inside the workspace, of one known shape."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from sqlalchemy import URL, Connection, create_engine, event, insert, inspect, select, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from leitweg.domain.errors import WorkspaceError
from leitweg.store.application.schema import IDENTITY, METADATA, PURPOSE_KEYS

FILE_NAME = "application.sqlite"
REVISION = "0002"
"""The newest step (`store/application/migrations/versions`)."""
OLDER: tuple[str, ...] = ("0001",)
"""Revisions from which the steps lead to the newest one."""
TIMEOUT_SECONDS = 60
_REVISION = text("SELECT version_num FROM alembic_version")
_OF_ITSELF = (IDENTITY, PURPOSE_KEYS)


class Database:
    """The application database of one workspace.

    Parameters
    ----------
    path
        The file.
    engine
        Connections to it; each one is closed after its block.
    """

    def __init__(self, path: Path, engine: Engine) -> None:
        self.path = path
        self._engine = engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read one consistent state."""
        with self._answering(), self._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            yield connection
            connection.rollback()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Hold the write lock; the block is stored whole, and not at all where it raises."""
        with self._answering(), self._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise _unusable(self.path, error) from None


def open_database(folder: Path, workspace_id: str) -> Database:
    """Open the application database of a workspace; the first time, create it.

    Raises
    ------
    WorkspaceError
        ``database-of-another-workspace``, ``newer-format``, ``damaged-database``,
        ``database-locked`` or ``unwritable``.
    """
    path = folder / FILE_NAME
    is_new = not path.exists()
    if is_new:
        _touch(path)
    database = Database(path, _engine(path))
    with database.reading() as connection:
        is_empty = not inspect(connection).has_table("alembic_version")
    if is_empty:
        with database.writing() as connection:
            # another process may have been faster
            if not inspect(connection).has_table("alembic_version"):
                _create(connection, workspace_id)
    with database.reading() as connection:
        revision = connection.scalar(_REVISION)
    if revision in OLDER:
        with database.writing() as connection:
            # loaded here, for it takes most of a second and is rarely needed
            import_module("leitweg.store.application.migrating").migrate(connection)
    with database.reading() as connection:
        _check(connection, path, workspace_id)
    return database


def has_entries(folder: Path) -> bool:
    """Say whether anybody entered anything in the database of a workspace."""
    path = folder / FILE_NAME
    if not path.exists():
        return False
    with Database(path, _engine(path)).reading() as connection:
        there = set(inspect(connection).get_table_names())
        entered = [t for t in METADATA.sorted_tables if t not in _OF_ITSELF and t.name in there]
        return any(connection.execute(select(t).limit(1)).first() for t in entered)


def _touch(path: Path) -> None:
    # what people enter is nobody else's business, whatever the umask says
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise WorkspaceError(
            f"{path} cannot be written ({error.strerror}); Leitweg notes in it who asked what. "
            "Give yourself the right to write into the workspace.",
            code="unwritable",
            path=str(path),
        ) from None


def _engine(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=NullPool,
        connect_args={"timeout": TIMEOUT_SECONDS, "isolation_level": None},
    )
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    # what is deleted must not stay in free pages; a commit must outlive a power cut
    for pragma in ("secure_delete = ON", "foreign_keys = ON", "synchronous = FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _create(connection: Connection, workspace_id: str) -> None:
    METADATA.create_all(connection)
    connection.execute(insert(IDENTITY).values(workspace_id=workspace_id))
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": REVISION})


def _check(connection: Connection, path: Path, workspace_id: str) -> None:
    revision = connection.scalar(_REVISION)
    if revision != REVISION:
        raise WorkspaceError(
            f"{path} was written by a newer Leitweg (revision {revision}, this one knows "
            f"{REVISION}); update Leitweg.",
            code="newer-format",
            path=str(path),
            format=revision,
        )
    owner = connection.scalar(select(IDENTITY.c.workspace_id))
    if owner != workspace_id:
        raise WorkspaceError(
            f"{path} belongs to another workspace ({owner}, this one is {workspace_id}); put back "
            "the file this workspace was made with, or restore a backup of it.",
            code="database-of-another-workspace",
            path=str(path),
        )


def _unusable(path: Path, error: DBAPIError) -> WorkspaceError:
    reason = str(error.orig)
    if isinstance(error, OperationalError) and "locked" in reason:
        return WorkspaceError(
            f"{path} is being written by another process; waited {TIMEOUT_SECONDS} seconds. Try "
            "again when it has finished.",
            code="database-locked",
            path=str(path),
        )
    if "readonly" in reason or "unable to open" in reason:
        return WorkspaceError(
            f"{path} cannot be written ({reason}); Leitweg notes in it who asked what. Give "
            "yourself the right to write into the workspace.",
            code="unwritable",
            path=str(path),
        )
    return WorkspaceError(
        f"{path} is damaged ({reason}); restore it from a backup of the workspace.",
        code="damaged-database",
        path=str(path),
    )
