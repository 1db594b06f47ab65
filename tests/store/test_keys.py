import os
import shutil
import stat

import pytest

from leitweg.domain.errors import KeyFileError
from leitweg.store import create_workspace, open_workspace
from leitweg.store.workspace_key import WorkspaceKey


@pytest.fixture
def place(tmp_path):
    return create_workspace(tmp_path / "company.leitweg", profile="protected")


def only_key(folder):
    (path,) = folder.iterdir()
    return path


def code_of(place):
    with pytest.raises(KeyFileError) as caught:
        open_workspace(place.folder).key()
    return caught.value.code


def test_the_key_lies_beside_the_workspace_and_is_its_owners_alone(tmp_path, place):
    path = only_key(tmp_path / "company.leitweg.keys")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.stat().st_size == 32
    assert place.key() == WorkspaceKey(path.read_bytes())
    assert place.key().hashing not in [
        f.read_bytes() for f in place.folder.rglob("*") if f.is_file()
    ]


def test_a_loose_umask_does_not_loosen_the_key(tmp_path):
    before = os.umask(0)
    try:
        create_workspace(tmp_path / "w", profile="protected")
    finally:
        os.umask(before)
    assert stat.S_IMODE(only_key(tmp_path / "w.keys").stat().st_mode) == 0o600


def test_no_two_workspaces_share_a_key(tmp_path, place):
    other = create_workspace(tmp_path / "other", profile="protected")
    assert place.key() != other.key()


def test_the_folder_of_keys_can_be_named(tmp_path, monkeypatch):
    monkeypatch.setenv("LEITWEG_KEYS", str(tmp_path / "safe"))
    place = create_workspace(tmp_path / "w", profile="protected")
    assert len(place.key().hashing) == 32
    assert only_key(tmp_path / "safe").name.startswith("pseudonyms-")
    assert not (tmp_path / "w.keys").exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o700 | 0o001])
def test_a_key_that_others_may_read_is_refused(tmp_path, place, mode):
    only_key(tmp_path / "company.leitweg.keys").chmod(mode)
    assert code_of(place) == "key-readable-by-others"


def test_without_its_key_nothing_is_made_up(tmp_path, place):
    only_key(tmp_path / "company.leitweg.keys").unlink()
    assert code_of(place) == "key-missing"


@pytest.mark.parametrize("content", [b"", b"x" * 31, b"x" * 33])
def test_a_key_of_wrong_length_is_refused(tmp_path, place, content):
    only_key(tmp_path / "company.leitweg.keys").write_bytes(content)
    assert code_of(place) == "key-malformed"


def test_the_key_of_another_workspace_is_refused(tmp_path, place):
    only_key(tmp_path / "company.leitweg.keys").write_bytes(b"x" * 32)
    assert code_of(place) == "wrong-key"


def test_an_open_workspace_has_no_key(tmp_path):
    place = create_workspace(tmp_path / "w", profile="open")
    assert not (tmp_path / "w.keys").exists()
    assert code_of(place) == "no-key"


@pytest.mark.parametrize("inside", ["w", "w/keys", "w/tables/../keys"])
def test_a_key_inside_the_workspace_is_refused(tmp_path, monkeypatch, inside):
    monkeypatch.setenv("LEITWEG_KEYS", str(tmp_path / inside))
    with pytest.raises(KeyFileError) as caught:
        create_workspace(tmp_path / "w", profile="protected")
    assert caught.value.code == "key-inside-workspace"
    assert not list((tmp_path).rglob("*.key"))


def test_a_link_into_the_workspace_is_refused_too(tmp_path, monkeypatch, place):
    (tmp_path / "link").symlink_to(place.folder, target_is_directory=True)
    monkeypatch.setenv("LEITWEG_KEYS", str(tmp_path / "link"))
    assert code_of(place) == "key-inside-workspace"


def test_a_key_can_come_from_the_environment(tmp_path, monkeypatch):
    drawn = bytes(range(32))
    monkeypatch.setenv("LEITWEG_KEY", drawn.hex().upper())
    place = create_workspace(tmp_path / "w", profile="protected")
    assert open_workspace(place.folder).key() == WorkspaceKey(drawn)
    assert not (tmp_path / "w.keys").exists()
    assert drawn.hex() not in (place.folder / "manifest.json").read_text()


@pytest.mark.parametrize(
    "named",
    ["", "secret", "0" * 64, "ab" * 31, "ab" * 33, "zz" * 32, "0x" + "ab" * 31, " " + "ab" * 31],
    ids=["empty", "word", "zeros", "short", "long", "no-hex", "prefix", "space"],
)
def test_a_malformed_key_of_the_environment_is_refused_and_not_repeated(
    tmp_path, monkeypatch, named
):
    monkeypatch.setenv("LEITWEG_KEY", named)
    with pytest.raises(KeyFileError) as caught:
        create_workspace(tmp_path / "w", profile="protected")
    assert caught.value.code == "key-malformed"
    if named:
        assert named not in caught.value.detail
    assert not (tmp_path / "w/manifest.json").exists()


def test_a_key_of_the_environment_never_falls_back_to_a_file(place, monkeypatch):
    monkeypatch.setenv("LEITWEG_KEY", bytes(range(32)).hex())
    assert code_of(place) == "wrong-key"


def test_a_workspace_copied_without_its_key_can_be_read_and_not_changed(tmp_path, place):
    shutil.copytree(place.folder, tmp_path / "copy")
    copy = open_workspace(tmp_path / "copy")
    assert copy.rows("events") == 0
    assert code_of(copy) == "key-missing"
