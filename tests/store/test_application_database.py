"""The application database: created once, bound to its workspace, safe against two writers."""

import sqlite3
import stat
import threading

import pytest
from sqlalchemy import func, insert, select

from leitweg.domain.errors import WorkspaceError
from leitweg.store import create_workspace, open_workspace
from leitweg.store.application.database import FILE_NAME, open_database
from leitweg.store.application.schema import RETENTION_RUNS


@pytest.fixture
def database(tmp_path):
    return open_database(tmp_path, "aa11")


def a_row(number):
    return {"at_us": number, "as_of_us": 0, "table_name": "events", "what": "rows", "rows": 1}


def count(database):
    with database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(RETENTION_RUNS))


def test_it_is_readable_by_its_owner_alone(database):
    assert stat.S_IMODE(database.path.stat().st_mode) == 0o600


def test_it_keeps_what_was_written_over_a_restart(database, tmp_path):
    with database.writing() as connection:
        connection.execute(insert(RETENTION_RUNS).values(**a_row(1)))
    assert count(open_database(tmp_path, "aa11")) == 1


def test_a_block_that_fails_leaves_nothing(database):
    def fail():
        with database.writing() as connection:
            connection.execute(insert(RETENTION_RUNS).values(**a_row(1)))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert count(database) == 0


def test_writers_wait_for_each_other(database):
    def write(number):
        for step in range(5):
            with database.writing() as connection:
                seen = connection.scalar(select(func.count()).select_from(RETENTION_RUNS))
                connection.execute(insert(RETENTION_RUNS).values(id=seen + 1, **a_row(step)))

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(database) == 20


def test_that_of_another_workspace_is_refused(tmp_path, database):
    with pytest.raises(WorkspaceError) as error:
        open_database(tmp_path, "bb22")
    assert error.value.code == "database-of-another-workspace"


def test_a_newer_one_is_refused(tmp_path, database):
    with sqlite3.connect(database.path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(WorkspaceError) as error:
        open_database(tmp_path, "aa11")
    assert error.value.code == "newer-format"


def test_a_damaged_one_says_so(tmp_path):
    (tmp_path / FILE_NAME).write_bytes(b"this is no database at all, whatever its name says" * 40)
    with pytest.raises(WorkspaceError) as error:
        open_database(tmp_path, "aa11")
    assert error.value.code == "damaged-database"


def test_a_workspace_hands_out_its_own(tmp_path):
    place = create_workspace(tmp_path / "a.leitweg", profile="open")
    place.database.path.stat()
    again = open_workspace(tmp_path / "a.leitweg")
    assert again.database.path == place.database.path
