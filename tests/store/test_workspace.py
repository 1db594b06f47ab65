import json
from pathlib import Path

import pytest

from canonical_rows import events, fixed_clock, rows_of
from leitweg.domain.errors import WorkspaceError
from leitweg.store import RememberedFile, create_workspace, open_workspace
from leitweg.store.manifest import read_manifest


@pytest.fixture
def place(tmp_path):
    # a name with everything that an address would have to escape
    return create_workspace(
        tmp_path / "Müller & Söhne 100%.leitweg", profile="open", clock=fixed_clock
    )


def code_of(action):
    with pytest.raises(WorkspaceError) as caught:
        action()
    return caught.value.code


def test_a_new_workspace_is_empty_and_open_to_a_first_import(place):
    assert place.profile == "open"
    assert place.is_untouched
    assert place.files("events") == []
    assert place.read("events").num_rows == 0
    assert place.read("events").schema.names[0] == "case_id"


def test_rows_are_read_as_they_were_stored(place):
    given = events(("b", 5, "bo", "B"), ("a", 9, "al", "A"), ("a", 3, "al", "A"))
    with place.writing() as change:
        change.add({"events": given})
    again = open_workspace(place.folder)
    assert again.rows("events") == 3
    # by case and time, so that what walks along a case finds its events side by side
    assert again.read("events").select(["case_id", "at_us", "seq"]).to_pylist() == [
        {"case_id": "a", "at_us": 3, "seq": 2},
        {"case_id": "a", "at_us": 9, "seq": 1},
        {"case_id": "b", "at_us": 5, "seq": 0},
    ]
    assert [file.parent.name for file in again.files("events")] == ["events"]
    assert all(file.is_file() for file in again.files("events"))


def test_an_opened_workspace_does_not_change_under_its_reader(place):
    with place.writing() as change:
        change.add({"events": events(("a", 1, "al", "A"))})
    reader = open_workspace(place.folder)
    with place.writing() as change:
        change.add({"events": events(("b", 2, "bo", "B"))})
    assert reader.read("events")["case_id"].to_pylist() == ["a"]
    assert place.read("events")["case_id"].to_pylist() == ["a", "b"]
    assert (reader.generation, place.generation) == (1, 2)


def test_settings_and_imports_are_kept(place):
    file = RememberedFile("c1", "b1", {"units": "r1"}, "u.csv", "units", {"units": 1}, 1, 0)
    with place.writing() as change:
        change.add({"units": rows_of("units", unit=["A"])})
        change.update_settings(time_zone="Europe/Berlin")
        change.remember(file)
    again = open_workspace(place.folder)
    assert again.settings == {"time_zone": "Europe/Berlin"}
    assert again.has("c1")
    assert not again.has("c2")
    assert again.imports[0].imported_at == "2026-03-01T12:00:00Z"
    assert again.imports[0].rows_hashes == {"units": "r1"}


def test_a_change_of_nothing_leaves_the_manifest_alone(place):
    before = (place.folder / "manifest.json").read_bytes()
    with place.writing():
        pass
    assert (place.folder / "manifest.json").read_bytes() == before


def test_clear_errors_for_what_is_no_workspace(tmp_path, place):
    assert code_of(lambda: open_workspace(tmp_path / "none")) == "workspace-missing"
    assert code_of(lambda: open_workspace(tmp_path)) == "no-workspace"
    assert code_of(lambda: create_workspace(tmp_path, profile="open")) == "folder-in-use"
    assert code_of(lambda: create_workspace(tmp_path / "x", profile="all")) == "unknown-profile"
    file = tmp_path / "file.csv"
    file.write_text("x")
    assert code_of(lambda: create_workspace(file, profile="open")) == "folder-in-use"


def test_a_workspace_that_another_creates_meanwhile_is_no_other_file(tmp_path, monkeypatch):
    folder = tmp_path / "w"
    folder.mkdir()
    listing = Path.iterdir

    def after_another(path):
        monkeypatch.setattr(Path, "iterdir", listing)
        create_workspace(folder, profile="open")
        (folder / "application.sqlite").touch()
        return listing(path)

    monkeypatch.setattr(Path, "iterdir", after_another)
    assert create_workspace(folder, profile="open").is_untouched


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[: len(text) // 2],
        lambda text: "",
        lambda text: "[]",
        lambda text: text.replace('"profile": "open"', '"profile": "public"'),
        lambda text: text.replace('"version": 0', '"version": "0"'),
        lambda text: text.replace('"settings"', '"set"'),
        lambda text: text.replace('"format": 1', '"format": "one"'),
    ],
)
def test_a_damaged_manifest_is_refused(place, damage):
    with place.writing() as change:
        change.add({"units": rows_of("units", unit=["A"])})
    path = place.folder / "manifest.json"
    text = path.read_text(encoding="utf-8")
    assert damage(text) != text
    path.write_text(damage(text), encoding="utf-8")
    assert code_of(lambda: open_workspace(place.folder)) == "damaged-manifest"


def test_a_newer_format_asks_for_an_update(place):
    path = place.folder / "manifest.json"
    document = json.loads(path.read_text(encoding="utf-8")) | {"format": 2, "new": True}
    path.write_text(json.dumps(document), encoding="utf-8")
    assert code_of(lambda: open_workspace(place.folder)) == "newer-format"


def test_a_table_whose_files_are_gone_is_refused(place):
    with place.writing() as change:
        change.add({"units": rows_of("units", unit=["A"])})
    place.files("units")[0].unlink()
    assert code_of(lambda: place.read("units")) == "damaged-table"


def test_the_profile_is_fixed_by_the_first_import_only(place):
    taken_over = create_workspace(place.folder, profile="protected", clock=fixed_clock)
    assert open_workspace(place.folder).profile == "protected"
    assert code_of(lambda: place.writing().__enter__()) == "workspace-replaced"
    with taken_over.writing() as change:
        change.add({"units": rows_of("units", unit=["A"])})
    assert code_of(lambda: create_workspace(place.folder, profile="open")) == "workspace-exists"


def test_discard_removes_folder_and_key_of_a_workspace_without_imports(tmp_path):
    folder = tmp_path / "company.leitweg"
    create_workspace(folder, profile="protected").discard()
    assert list(tmp_path.iterdir()) == []


def test_discard_keeps_what_was_imported(place):
    with place.writing() as change:
        change.add({"units": rows_of("units", unit=["A"])})
    place.discard()
    assert open_workspace(place.folder).rows("units") == 1


def test_the_manifest_names_versions_and_no_key(tmp_path):
    place = create_workspace(tmp_path / "w", profile="protected", clock=fixed_clock)
    with place.writing() as change:
        change.add({"units": rows_of("units", unit=["A"])})
    manifest = read_manifest(place.folder)
    assert {name: table.version for name, table in manifest.tables.items()} == {"units": 0}
    text = (place.folder / "manifest.json").read_text(encoding="utf-8")
    assert place.key().hashing.hex() not in text
    assert len(manifest.key_fingerprint) == 16
