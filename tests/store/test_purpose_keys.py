import os
import stat

import pytest

from leitweg.domain.errors import KeyFileError
from leitweg.store import create_workspace, open_workspace
from leitweg.store.workspace_key import WorkspaceKey, exchanged, key_of

HEX = bytes(range(32)).hex()


@pytest.fixture
def place(tmp_path):
    return create_workspace(tmp_path / "w", profile="protected")


def file_of(place, purpose):
    return place.folder.with_name("w.keys") / f"{purpose}-{place.id}.key"


def test_each_purpose_has_a_key_of_its_own_that_stays(place):
    ledger, rights = place.purpose_key("ledger"), place.purpose_key("rights")
    assert len({ledger, rights, place.key().hashing}) == 3
    assert len(ledger) == 32
    assert open_workspace(place.folder).purpose_key("ledger") == ledger
    assert stat.S_IMODE(file_of(place, "ledger").stat().st_mode) == 0o600


def test_an_open_workspace_has_keys_of_purposes_too(tmp_path):
    place = create_workspace(tmp_path / "w", profile="open")
    assert place.purpose_key("rights") == open_workspace(place.folder).purpose_key("rights")


def test_a_lost_key_of_a_purpose_is_missed_and_not_drawn_anew(place):
    place.purpose_key("ledger")
    file_of(place, "ledger").unlink()
    with pytest.raises(KeyFileError, match="would not know whom it counted") as caught:
        place.purpose_key("ledger")
    assert caught.value.code == "purpose-key-missing"
    assert not file_of(place, "ledger").exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda path: path.write_bytes(b"x" * 32), "wrong-key"),
        (lambda path: path.write_bytes(b"x" * 31), "key-malformed"),
        (lambda path: path.chmod(0o644), "key-readable-by-others"),
    ],
    ids=["another", "short", "readable"],
)
def test_an_unfit_key_of_a_purpose_is_refused(place, change, code):
    place.purpose_key("ledger")
    change(file_of(place, "ledger"))
    with pytest.raises(KeyFileError) as caught:
        place.purpose_key("ledger")
    assert caught.value.code == code


def test_a_destroyed_key_is_gone_for_good(place):
    place.purpose_key("quarter-2026-1", destroyable=True)
    place.destroy_purpose_key("quarter-2026-1")
    assert not file_of(place, "quarter-2026-1").exists()
    with pytest.raises(KeyFileError) as caught:
        place.purpose_key("quarter-2026-1", destroyable=True)
    assert caught.value.code == "purpose-key-missing"


def test_keys_of_purposes_follow_from_a_key_in_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("LEITWEG_KEY", HEX)
    place = create_workspace(tmp_path / "w", profile="protected")
    ledger = place.purpose_key("ledger")
    assert ledger not in (place.purpose_key("rights"), place.key().hashing)
    assert open_workspace(place.folder).purpose_key("ledger") == ledger
    assert not (tmp_path / "w.keys").exists()
    # what has to be destroyed one day cannot follow from a key that stays
    place.purpose_key("quarter-2026-1", destroyable=True)
    assert file_of(place, "quarter-2026-1").exists()


def test_a_key_moved_into_the_environment_leaves_the_keys_of_purposes_as_they_are(
    place, monkeypatch
):
    ledger = place.purpose_key("ledger")
    monkeypatch.setenv("LEITWEG_KEY", place.key().hashing.hex())
    assert place.purpose_key("ledger") == ledger


def test_without_the_environment_a_derived_key_is_missed(tmp_path, monkeypatch):
    monkeypatch.setenv("LEITWEG_KEY", HEX)
    place = create_workspace(tmp_path / "w", profile="protected")
    place.purpose_key("ledger")
    monkeypatch.delenv("LEITWEG_KEY")
    with pytest.raises(KeyFileError) as caught:
        place.purpose_key("ledger")
    assert caught.value.code == "purpose-key-missing"


def test_an_exchanged_key_says_the_same_of_the_same_id_and_another_digest():
    first = WorkspaceKey(bytes(range(32)))
    second, sealed = exchanged(first, os.urandom(32))
    assert first.unwrapped([first.digest(b"anna")]) == [first.digest(b"anna")]
    assert second.unwrapped([second.digest(b"anna")]) == [first.digest(b"anna")]
    assert second.digest(b"anna") != first.digest(b"anna")
    assert bytes(range(32)).hex() not in sealed


def test_a_sealed_key_opens_under_the_drawn_one_only():
    first, drawn = WorkspaceKey(bytes(range(32))), os.urandom(32)
    second, sealed = exchanged(first, drawn)
    assert key_of(drawn, sealed) == second
    with pytest.raises(KeyFileError) as caught:
        key_of(os.urandom(32), sealed)
    assert caught.value.code == "wrong-key"
