"""The chain of the audit log: a row changed, removed, exchanged, put in or cut off is found."""

import random
import sqlite3
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitweg.domain.errors import KeyFileError
from leitweg.privacy.audit import Entry
from leitweg.store import create_workspace, open_workspace
from leitweg.studies.audit_log import AuditLog

N = 12
COLUMNS = (
    "at_us", "who", "role", "action", "purpose", "question", "outcome", "reason", "n_values",
    "n_held_back", "clock", "previous", "hash",
)  # fmt: skip
NUMBERS = ("at_us", "n_values", "n_held_back")


def entry(number, **changed):
    asked = {"from": "2026-01-01", "seed": number}
    fields = {
        "who": "Ada", "role": "analyst", "action": "situation", "purpose": "path-analysis",
        "question": asked, "outcome": "allowed", "reason": "aggregates-only", "values": number,
    }  # fmt: skip
    return Entry(**fields | changed)


@pytest.fixture(scope="module", params=["protected", "open"])
def planted(request, tmp_path_factory):
    """A log of twelve entries, and how to put it back as it was."""
    folder = tmp_path_factory.mktemp("log") / "w"
    place = create_workspace(folder, profile=request.param)
    log = AuditLog(place)
    for number in range(N):
        log.append(entry(number))
    path = folder / "application.sqlite"
    rows = tables(path)
    assert log.check().breaks == ()
    return log, path, rows


def tables(path):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT * FROM audit ORDER BY number").fetchall()


def tamper(path, *statements, keep_fence=False):
    """Change the log past Leitweg, as somebody with a tool for databases would."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA synchronous = OFF")
        if not keep_fence:
            connection.execute("DROP TRIGGER IF EXISTS audit_keeps_before_update")
            connection.execute("DROP TRIGGER IF EXISTS audit_keeps_before_delete")
        for statement, values in statements:
            connection.execute(statement, values)


def put_back(path, rows):
    marks = ",".join("?" * 14)
    tamper(path, ("DELETE FROM audit", ()))
    tamper(path, *((f"INSERT INTO audit VALUES ({marks})", row) for row in rows))


def kinds(log):
    return {(found.number, found.kind) for found in log.check().breaks}


@pytest.mark.parametrize("statement", ["UPDATE audit SET who = 'Bob'", "DELETE FROM audit"])
def test_the_table_itself_refuses_changes(tmp_path, statement):
    log = AuditLog(create_workspace(tmp_path / "w", profile="open"))
    log.append(entry(0))
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        tamper(tmp_path / "w" / "application.sqlite", (statement, ()), keep_fence=True)
    assert log.check().is_whole


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("number", [1, 7, N])
def test_a_changed_value_is_found_in_every_column_of_every_row(planted, column, number):
    log, path, rows = planted
    change = f"{column} + 1" if column in NUMBERS else f"{column} || ' '"
    tamper(path, (f"UPDATE audit SET {column} = {change} WHERE number = ?", (number,)))
    assert (number, "changed") in kinds(log)
    put_back(path, rows)
    assert log.check().is_whole


def test_a_removed_row_is_found(planted):
    log, path, rows = planted
    for number in (1, 5, N):
        tamper(path, ("DELETE FROM audit WHERE number = ?", (number,)))
        assert kinds(log) == {(number, "removed")}
        put_back(path, rows)


def test_an_end_that_was_cut_off_is_found_and_stays_found(planted):
    log, path, rows = planted
    tamper(path, ("DELETE FROM audit WHERE number > 9", ()))
    assert kinds(log) == {(10, "removed")}
    put_back(path, rows)


def test_exchanged_rows_are_found(planted):
    log, path, rows = planted
    first, second = rows[3], rows[8]
    for row, other in ((first, second), (second, first)):
        marks = ", ".join(f"{c} = ?" for c in COLUMNS)
        tamper(path, (f"UPDATE audit SET {marks} WHERE number = ?", (*other[1:], row[0])))
    assert kinds(log) == {(4, "changed"), (9, "changed")}
    put_back(path, rows)


def test_a_row_put_in_is_found(planted):
    log, path, rows = planted
    marks = ",".join("?" * 14)
    for number in (0, -3, N + 1, 99):
        tamper(path, (f"INSERT INTO audit VALUES ({marks})", (number, *rows[4][1:])))
        assert (number, "changed") in kinds(log)
        put_back(path, rows)


def test_numbers_moved_up_to_close_a_gap_are_found(planted):
    log, path, rows = planted
    tamper(
        path,
        ("DELETE FROM audit WHERE number = 5", ()),
        ("UPDATE audit SET number = -number WHERE number > 5", ()),
        ("UPDATE audit SET number = -number - 1 WHERE number < 0", ()),
    )
    assert (5, "changed") in kinds(log)
    put_back(path, rows)


def random_tampering(seed):
    """One to three changes that somebody could make with a tool for databases."""
    rng = random.Random(seed)
    statements = []
    for _ in range(rng.randint(1, 3)):
        number, other = rng.randint(1, N), rng.randint(-2, N + 5)
        column = rng.choice(COLUMNS)
        value = rng.choice([rng.randint(-5, 10**15), f"x{rng.random()}", "", "0" * 64, b"\x00"])
        statements.append(
            rng.choice(
                [
                    (f"UPDATE audit SET {column} = ? WHERE number = ?", (value, number)),
                    ("DELETE FROM audit WHERE number = ?", (number,)),
                    ("DELETE FROM audit WHERE number >= ?", (number,)),
                    ("UPDATE OR IGNORE audit SET number = ? WHERE number = ?", (other, number)),
                    (
                        f"UPDATE OR IGNORE audit SET {column} = "
                        f"(SELECT {column} FROM audit WHERE number = ?) WHERE number = ?",
                        (rng.randint(1, N), number),
                    ),
                ]
            )
        )
    return statements


@given(seed=st.integers(0, 2**32))
@settings(max_examples=200, deadline=None)
def test_whatever_is_changed_at_random_is_found(planted, seed):
    log, path, rows = planted
    try:
        tamper(path, *random_tampering(seed))
        is_as_it_was = tables(path) == rows
        assert log.check().is_whole == is_as_it_was
    finally:
        put_back(path, rows)


def test_a_chain_made_anew_without_the_key_is_found(tmp_path):
    """Whoever holds the database and the source of Leitweg can compute hashes, but not these."""
    whole = AuditLog(create_workspace(tmp_path / "w", profile="protected"))
    other = AuditLog(create_workspace(tmp_path / "v", profile="protected"))
    for number in range(3):
        whole.append(entry(number))
        other.append(entry(number, who="Nobody"))
    put_back(tmp_path / "w" / "application.sqlite", tables(tmp_path / "v" / "application.sqlite"))
    assert {kind for _, kind in kinds(whole)} == {"changed"}


def test_after_a_cut_the_numbers_that_are_gone_stay_gone(tmp_path):
    log = AuditLog(create_workspace(tmp_path / "w", profile="protected"))
    for number in range(5):
        log.append(entry(number))
    tamper(tmp_path / "w" / "application.sqlite", ("DELETE FROM audit WHERE number > 2", ()))
    assert log.append(entry(9)).number == 6
    log.append(entry(10))
    assert kinds(log) == {(3, "removed")}


def test_a_restore_says_which_entries_its_backup_did_not_hold(tmp_path):
    log = AuditLog(create_workspace(tmp_path / "w", profile="protected"))
    for number in range(5):
        log.append(entry(number))
    path = tmp_path / "w" / "application.sqlite"
    tamper(path, ("DELETE FROM audit WHERE number > 2", ()))
    row = log.append(entry(0, action="restore", question={}))
    assert (row.number, row.question) == (6, '{"entries_lost":[3,5]}')
    assert log.check().is_whole
    # nothing else may hide behind that entry
    tamper(path, ("DELETE FROM audit WHERE number = 2", ()))
    assert kinds(log) == {(2, "removed")}


def test_a_lost_end_is_no_secret(tmp_path):
    log = AuditLog(create_workspace(tmp_path / "w", profile="protected"))
    for number in range(3):
        log.append(entry(number))
    (head,) = (tmp_path / "w.keys").glob("*.head")
    head.unlink()
    assert kinds(log) == {(3, "end-unknown")}
    assert log.append(entry(3)).number == 4
    # it stays to be seen that somebody could have cut something off before this entry
    assert kinds(log) == {(4, "end-unknown")}


def test_a_process_that_died_before_the_end_was_noted_is_no_break(tmp_path):
    log = AuditLog(create_workspace(tmp_path / "w", profile="protected"))
    log.append(entry(0))
    (head,) = (tmp_path / "w.keys").glob("*.head")
    before = head.read_bytes()
    log.append(entry(1))
    head.write_bytes(before)
    assert log.check().is_whole
    assert log.append(entry(2)).number == 3
    assert log.check().is_whole


def test_without_its_key_nobody_can_say_and_nothing_is_noted(tmp_path):
    AuditLog(create_workspace(tmp_path / "w", profile="protected")).append(entry(0))
    (key,) = (tmp_path / "w.keys").glob("audit-*.key")
    key.unlink()
    with pytest.raises(KeyFileError):
        AuditLog(open_workspace(tmp_path / "w"))
