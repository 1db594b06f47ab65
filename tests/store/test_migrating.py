"""The steps from an older application database lead to the same shape as a new one has."""

import sqlite3

from sqlalchemy import insert, select

from leitweg.store.application.database import FILE_NAME, REVISION, Database, _engine, open_database
from leitweg.store.application.migrating import migrate
from leitweg.store.application.schema import IDENTITY, RETENTION_RUNS


def shape(path):
    """Columns with type and rule of every table, indices and triggers."""
    with sqlite3.connect(path) as connection:
        names = connection.execute(
            "SELECT type, name FROM sqlite_master WHERE name <> 'alembic_version' "
            "AND name NOT LIKE 'sqlite_autoindex_alembic%' ORDER BY type, name"
        ).fetchall()
        tables = {
            name: (
                connection.execute(f"PRAGMA table_info({name})").fetchall(),
                sorted(row[2:4] for row in connection.execute(f"PRAGMA index_list({name})")),
            )
            for kind, name in names
            if kind == "table"
        }
        revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    connection.close()
    return names, tables, revision


def test_the_steps_from_nothing_lead_to_the_shape_of_a_new_database(tmp_path):
    new, grown = tmp_path / "new", tmp_path / "grown"
    new.mkdir()
    grown.mkdir()
    open_database(new, "aa11")
    database = Database(grown / FILE_NAME, _engine(grown / FILE_NAME))
    with database.writing() as connection:
        migrate(connection)
    assert shape(grown / FILE_NAME) == shape(new / FILE_NAME)
    assert shape(new / FILE_NAME)[2] == (REVISION,)


def test_a_database_of_an_earlier_revision_is_brought_on_when_it_is_opened(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    open_database(new, "aa11")
    database = Database(old / FILE_NAME, _engine(old / FILE_NAME))
    with database.writing() as connection:
        migrate(connection, to="0001")
        connection.execute(insert(IDENTITY).values(workspace_id="aa11"))
    at = {"at_us": 1, "as_of_us": 0, "table_name": "events", "what": "rows", "rows": 7}
    with database.writing() as connection:
        connection.execute(insert(RETENTION_RUNS).values(**at))
    opened = open_database(old, "aa11")
    assert shape(old / FILE_NAME) == shape(new / FILE_NAME)
    with opened.reading() as connection:
        assert connection.scalar(select(RETENTION_RUNS.c.rows)) == 7
