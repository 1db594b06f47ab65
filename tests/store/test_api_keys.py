"""Keys of the HTTP interface: known by a hash, revoked for good."""

import sqlite3

import pytest

from leitweg.store.application.api_keys import (
    add_key,
    api_keys,
    draw_token,
    hash_of_token,
    key_of_token,
    note_used,
    revoke_all_keys,
    revoke_key,
)
from leitweg.store.application.database import open_database


@pytest.fixture
def database(tmp_path):
    return open_database(tmp_path, "aa11")


def test_a_token_has_256_random_bits_and_is_stored_nowhere(database):
    token, other = draw_token(), draw_token()
    assert token != other
    assert len(token) == len("lw_") + 43
    key = add_key(database, name="Zammad", role="service-agent", token=token, at_us=7)
    assert (key.beginning, key.is_revoked) == (token[:10], False)
    with sqlite3.connect(database.path) as connection:
        written = "\n".join(connection.iterdump())
    connection.close()
    assert token not in written
    assert token[3:] not in written
    assert hash_of_token(token).hex().upper() in written.upper()


def test_a_key_is_known_by_its_token_alone(database):
    token = draw_token()
    key = add_key(database, name="Zammad", role="service-agent", token=token, at_us=7)
    assert key_of_token(database, token) == key
    assert [key_of_token(database, wrong) for wrong in ("", token[:-1], draw_token())] == [None] * 3


def test_a_revoked_key_stays_known_as_revoked(database):
    token = draw_token()
    key = add_key(database, name="old", role="service-agent", token=token, at_us=7)
    assert revoke_key(database, key.id, 9)
    assert not revoke_key(database, key.id, 11)
    assert not revoke_key(database, 99, 11)
    found = key_of_token(database, token)
    assert found.is_revoked
    assert found.revoked_us == 9


def test_all_keys_are_revoked_at_once(database):
    keys = [
        add_key(database, name=str(n), role="owner", token=draw_token(), at_us=n) for n in range(3)
    ]
    revoke_key(database, keys[0].id, 5)
    assert revoke_all_keys(database, 8) == 2
    assert [key.revoked_us for key in api_keys(database)] == [5, 8, 8]


def test_the_day_of_the_last_use_never_goes_back(database):
    key = add_key(database, name="a", role="owner", token=draw_token(), at_us=1)
    note_used(database, {key.id: "2026-03-02"})
    note_used(database, {key.id: "2026-03-01"})
    note_used(database, {})
    assert api_keys(database)[0].last_used_day == "2026-03-02"
