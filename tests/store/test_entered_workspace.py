"""A workspace that somebody entered something in is no leftover of an import that failed."""

import pytest

from leitweg.domain.errors import WorkspaceError
from leitweg.store import create_workspace, open_workspace
from leitweg.store.application.switches import Switch, add_switch
from leitweg.store.audit_head import Head, only_noting, read_head, write_head

TEXT = '{"number": "1", "hash": "ab", "at_us": 5}'


def entered(folder):
    place = create_workspace(folder, profile="protected")
    add_switch(place.database, Switch("survey", True, 1, "Ada", "law"))
    return place


def test_an_entry_fixes_the_profile_and_the_key(tmp_path):
    key = entered(tmp_path / "w").key()
    assert not open_workspace(tmp_path / "w").is_untouched
    for profile in ("open", "protected"):
        with pytest.raises(WorkspaceError) as caught:
            create_workspace(tmp_path / "w", profile=profile)
        assert caught.value.code == "workspace-exists"
    assert open_workspace(tmp_path / "w").key() == key


def test_an_entry_is_not_discarded(tmp_path):
    entered(tmp_path / "w").discard()
    assert not open_workspace(tmp_path / "w").is_untouched
    open_workspace(tmp_path / "w").key()


def test_a_database_without_entries_keeps_nobody_from_another_profile(tmp_path):
    """An import that was killed may have opened it; it belongs to a number that is gone then."""
    place = create_workspace(tmp_path / "w", profile="protected")
    place.purpose_key("audit")
    assert open_workspace(tmp_path / "w").is_untouched
    other = create_workspace(tmp_path / "w", profile="open")
    assert other.id != place.id
    assert list((tmp_path / "w.keys").iterdir()) == []
    # it opens a database of its own
    add_switch(other.database, Switch("survey", True, 1, "Ada", "law"))
    assert not open_workspace(tmp_path / "w").is_untouched


def test_the_head_of_the_log_is_readable_by_its_owner_alone_and_swapped_whole(tmp_path):
    path = tmp_path / "keys" / "audit-aa.head"
    assert read_head(path) is None
    for number in (1, 2):
        write_head(path, Head(number, "ab" * 32, 5))
    assert read_head(path) == Head(2, "ab" * 32, 5)
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    for damaged in ("", "{", "[]", '{"number": 1}', '{"number": 1, "x": 2}', TEXT):
        path.write_text(damaged)
        assert read_head(path) is None


def test_a_log_that_another_process_holds_is_a_sentence(tmp_path):
    with only_noting(tmp_path), pytest.raises(WorkspaceError) as caught:  # noqa: SIM117
        with only_noting(tmp_path, timeout_seconds=0.05):
            pass
    assert caught.value.code == "database-locked"
    with pytest.raises(WorkspaceError) as gone, only_noting(tmp_path / "gone"):
        pass
    assert gone.value.code == "workspace-missing"
