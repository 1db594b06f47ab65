import pytest

from canonical_rows import events, fixed_clock, rows_of
from leitweg.store import create_workspace, open_workspace
from leitweg.store.delta import add_rows, files_of
from leitweg.store.manifest import read_manifest
from leitweg.store.writing import Change


@pytest.fixture
def place(tmp_path):
    return create_workspace(tmp_path / "w", profile="open", clock=fixed_clock)


def cases_of(place):
    return open_workspace(place.folder).read("events")["case_id"].to_pylist()


def put(place, *rows):
    with place.writing() as change:
        change.add({"events": events(*rows)})


def files_on_disk(place):
    return {file for file in place.folder.rglob("*") if file.is_file()}


def test_an_exception_before_the_commit_leaves_nothing(place):
    put(place, ("a", 1, "al", "A"))
    before = files_on_disk(place)

    def fail():
        with place.writing() as change:
            change.add({"events": events(("b", 2, "bo", "B"))})
            change.keep_rejects("x.csv", b"row")
            change.update_settings(front=["A"])
            raise RuntimeError("planted")

    with pytest.raises(RuntimeError, match="planted"):
        fail()
    assert files_on_disk(place) == before
    assert cases_of(place) == ["a"]


def test_a_failure_in_the_middle_of_the_commit_leaves_the_old_state(place, monkeypatch):
    put(place, ("a", 1, "al", "A"))
    before = {f for f in files_on_disk(place) if f.suffix != ".json"}

    def full_disk(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("leitweg.store.writing.write_manifest", full_disk)
        with pytest.raises(OSError, match="No space left"):
            put(place, ("b", 2, "bo", "B"))
    assert cases_of(place) == ["a"]
    # the rows that reached the disk are gone at once, not only at the next import
    assert {f for f in files_on_disk(place) if f.suffix != ".json"} == before
    put(place, ("c", 3, "cy", "C"))
    assert cases_of(place) == ["a", "c"]


def test_rows_of_a_killed_writer_never_come_back(place):
    put(place, ("a", 1, "al", "A"))
    folder = place.folder / "tables" / "events"
    # what a writer leaves that is killed between the tables and the manifest
    left_version = add_rows(folder, events(("ghost", 2, "gh", "G")))
    left = set(files_of(folder, left_version)) - set(place.files("events"))
    orphan = place.folder / "tables" / "cases"
    add_rows(orphan, rows_of("cases", case_id=["ghost"]))
    (place.folder / "rejects").mkdir()
    (place.folder / "rejects" / "ghost.csv").write_text("1,person,Anna")
    (place.folder / ".manifest.json.1.tmp").write_text("{")
    assert cases_of(place) == ["a"]
    put(place, ("b", 3, "bo", "B"))
    assert cases_of(place) == ["a", "b"]
    assert open_workspace(place.folder).read("cases").num_rows == 0
    assert not any(file.exists() for file in left)
    assert not orphan.exists()
    assert not (place.folder / "rejects" / "ghost.csv").exists()
    assert not (place.folder / ".manifest.json.1.tmp").exists()


def test_a_reader_of_the_state_before_survives_compaction(place):
    for number in range(16):
        put(place, (f"c{number:02d}", number, "al", "A"))
    reader = open_workspace(place.folder)
    assert len(reader.files("events")) == 16
    put(place, ("c16", 16, "al", "A"))
    assert len(place.files("events")) == 1
    assert reader.read("events").num_rows == 16
    assert place.read("events").num_rows == 17
    put(place, ("c17", 17, "al", "A"))
    # the state of the reader is two changes old now: its files are gone
    on_disk = set((place.folder / "tables" / "events").glob("*.parquet"))
    assert on_disk == set(place.files("events"))
    assert len(on_disk) == 2


def test_files_stand_in_the_order_of_the_imports_before_and_after_compaction(place):
    # same case, same time: which came first is told by the order of the imports alone
    for number in range(18):
        put(place, ("a", 1, f"p{number:02d}", "A"))
        persons = open_workspace(place.folder).read("events")["person"].to_pylist()
        assert persons == [f"p{n:02d}" for n in range(number + 1)]


def test_required_values_are_checked_before_anything_is_written(place):
    with pytest.raises(ValueError, match=r"events\.case_id is required"), place.writing() as change:
        change.add({"events": rows_of("events", case_id=[None], seq=[0])})
    with pytest.raises(ValueError, match="no canonical table"), place.writing() as change:
        change.add({"salaries": rows_of("units", unit=["A"])})


def test_rejects_are_kept_and_named_by_the_manifest(place):
    with place.writing() as change:
        assert change.keep_rejects("a.csv", b"row\n1\n") == "rejects/a.csv"
        change.undo()
    assert not (place.folder / "rejects" / "a.csv").exists()


def test_a_table_of_an_older_version_reads_with_the_columns_of_today(place):
    folder = place.folder / "tables" / "units"
    with place.writing() as change:
        change.add({"units": rows_of("units", unit=["A"], name=["Amt"], parent=["Z"])})
    version = add_rows(folder, rows_of("units", unit=["B"]).drop_columns(["parent"]))
    assert version == 1
    change = Change(place.folder, read_manifest(place.folder), now="")
    assert change.read("units").to_pylist() == [
        {"unit": "A", "name": "Amt", "parent": "Z", "purpose": None}
    ]


def test_no_minima_or_maxima_of_ids_reach_the_log(place):
    put(place, ("a", 1, "anna.seeded", "A"))
    for entry in (place.folder / "tables" / "events" / "_delta_log").glob("*.json"):
        assert b"anna.seeded" not in entry.read_bytes()
