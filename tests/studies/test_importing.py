import csv
import gzip
import json
import multiprocessing
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from canonical_rows import as_set, fixed_clock
from leitweg.domain.errors import KeyFileError, LeitwegError, SourceError, WorkspaceError
from leitweg.domain.imports import ImportOptions
from leitweg.privacy.pseudonyms import pseudonym
from leitweg.store import open_workspace
from leitweg.studies.importing import import_files
from purposes import is_of_log

LOG = """case_id,at,person,unit,topic,colour
V1,2024-01-02T10:00:00Z,Anna Seeded,Vertrieb,Rechnung,red
V1,2024-01-02T11:00:00Z,Bodo Seeded,Service,Rechnung,red
V2,2024-01-03T10:00:00Z,Bodo Seeded,Service,Umzug,blue
"""
MORE = """case_id,at,person,unit,topic,colour
V1,2024-01-04T10:00:00Z,Cora Seeded,Lager,Umzug,green
V3,2024-01-05T10:00:00Z,Cora Seeded,Lager,Umzug,green
"""
OPEN = {"profile": "open", "clock": fixed_clock}
PLAIN = ImportOptions()


@pytest.fixture
def home(tmp_path):
    (tmp_path / "log.csv").write_text(LOG, encoding="utf-8")
    (tmp_path / "more.csv").write_text(MORE, encoding="utf-8")
    return tmp_path


def code_of(action):
    with pytest.raises(LeitwegError) as caught:
        action()
    return caught.value.code


def everything(folder):
    """Return every file of a workspace but the log of questions, with its content."""
    files = (p for p in folder.rglob("*") if p.is_file() and p.name[0] != "." and not is_of_log(p))
    return {path: path.read_bytes() for path in files}


def all_text(folder: Path) -> str:
    """Return all that a curious eye finds in a workspace: names, bytes, and decoded columns."""
    parts = []
    for path in folder.rglob("*"):
        parts.append(str(path.relative_to(folder)))
        if path.suffix == ".parquet":
            parts.append(json.dumps(pq.read_table(path).to_pylist(), default=str))
            parts.append(str(pq.read_metadata(path).to_dict()))
        if path.is_file():
            parts.append(path.read_bytes().decode("latin-1"))
    return "\n".join(parts)


def test_the_first_import_creates_the_workspace_and_stores_the_rows(home):
    report = import_files(home / "w", [home / "log.csv"], PLAIN, **OPEN)
    (file,) = report.imported
    assert (report.profile, file.kind, file.already_imported) == ("open", "events", False)
    assert file.tables == {"events": 3, "cases": 2}
    assert (file.rows_read, file.rows_rejected, file.rejects) == (3, 0, None)
    place = open_workspace(home / "w")
    assert as_set(place.read("events"), "case_id", "person", "unit") == {
        ("V1", "Anna Seeded", "Vertrieb"),
        ("V1", "Bodo Seeded", "Service"),
        ("V2", "Bodo Seeded", "Service"),
    }
    assert place.read("cases").select(["case_id", "topic", "attributes"]).to_pylist() == [
        {"case_id": "V1", "topic": "Rechnung", "attributes": [("colour", "red")]},
        {"case_id": "V2", "topic": "Umzug", "attributes": [("colour", "blue")]},
    ]
    assert place.imports[0].name == "log.csv"


def test_a_known_file_is_reported_and_not_stored_again(home):
    import_files(home / "w", [home / "log.csv"], PLAIN, **OPEN)
    before = everything(home / "w")
    (home / "copy of log.csv").write_text(LOG, encoding="utf-8")
    paths = [home / "log.csv", home / "copy of log.csv"]
    report = import_files(home / "w", paths, PLAIN, clock=fixed_clock)
    assert [file.already_imported for file in report.imported] == [True, True]
    assert report.imported[1].tables == {"events": 3, "cases": 2}
    assert report.imported[1].attributes == ("colour",)
    assert everything(home / "w") == before


def test_the_same_rows_in_another_packing_are_known(home):
    import_files(home / "w", [home / "log.csv"], PLAIN, **OPEN)
    (home / "log.csv.gz").write_bytes(gzip.compress(LOG.encode()))
    (file,) = import_files(home / "w", [home / "log.csv.gz"], PLAIN, **OPEN).imported
    assert file.already_imported
    assert open_workspace(home / "w").rows("events") == 3


def test_one_file_twice_in_one_call_is_stored_once(home):
    (home / "copy.csv").write_text(LOG, encoding="utf-8")
    paths = [home / "log.csv", home / "copy.csv", home / "log.csv"]
    report = import_files(home / "w", paths, PLAIN, **OPEN)
    assert [file.already_imported for file in report.imported] == [False, True]
    assert open_workspace(home / "w").rows("events") == 3


def test_same_rows_with_an_explicit_kind_or_zone_are_known(home):
    import_files(home / "w", [home / "log.csv"], PLAIN, **OPEN)
    options = ImportOptions(kind="events", time_zone="Europe/Berlin")
    (file,) = import_files(home / "w", [home / "log.csv"], options, **OPEN).imported
    assert file.already_imported


def test_the_same_file_read_otherwise_would_count_twice_and_is_refused(home):
    import_files(home / "w", [home / "log.csv"], PLAIN, **OPEN)
    before = everything(home / "w")
    other = ImportOptions(mapping={"activity": "topic"})
    assert (
        code_of(lambda: import_files(home / "w", [home / "log.csv"], other, **OPEN))
        == "imported-differently"
    )
    assert everything(home / "w") == before


def test_a_wider_file_adds_to_the_cases_and_not_to_the_events(home):
    narrow = "\n".join(line.rsplit(",", 2)[0] for line in LOG.splitlines())
    (home / "narrow.csv").write_text(narrow, encoding="utf-8")
    import_files(home / "w", [home / "narrow.csv"], PLAIN, **OPEN)
    (file,) = import_files(home / "w", [home / "log.csv"], PLAIN, **OPEN).imported
    assert (file.already_imported, file.tables) == (False, {"cases": 2})
    assert file.warnings[-1] == "Rows that the workspace holds already were left out: events."
    place = open_workspace(home / "w")
    assert (place.rows("events"), place.rows("cases")) == (3, 2)
    assert place.read("cases")["topic"].to_pylist() == ["Rechnung", "Umzug"]


@pytest.mark.parametrize("profile", ["open", "protected"])
def test_the_order_of_two_imports_does_not_matter(home, profile, monkeypatch):
    monkeypatch.setattr("leitweg.store.keys.secrets.token_bytes", lambda count: b"k" * count)
    found = []
    for number, names in enumerate([("log", "more"), ("more", "log")]):
        folder = home / f"w{number}"
        for name in names:
            import_files(folder, [home / f"{name}.csv"], PLAIN, profile=profile)
        place = open_workspace(folder)
        rows = {
            name: sorted(map(str, place.read(name).to_pylist())) for name in ("events", "cases")
        }
        found.append(rows)
    assert found[0] == found[1]
    assert [len(found[0][name]) for name in ("events", "cases")] == [5, 3]
    topics = open_workspace(home / "w0").read("cases")["topic"].to_pylist()
    assert sorted(topics) == ["Rechnung", "Umzug", "Umzug"]


def test_one_bad_file_stores_nothing_and_leaves_no_workspace(home):
    paths = [home / "log.csv", home / "absent.csv"]
    with pytest.raises(SourceError, match=r"absent\.csv"):
        import_files(home / "w", paths, PLAIN)
    assert sorted(p.name for p in home.iterdir()) == ["log.csv", "more.csv"]
    import_files(home / "w", [home / "log.csv"], PLAIN, **OPEN)
    before = everything(home / "w")
    with pytest.raises(SourceError):
        import_files(home / "w", [home / "more.csv", home / "absent.csv"], PLAIN)
    assert everything(home / "w") == before


@pytest.mark.parametrize("profile", ["open", "protected"])
def test_a_first_import_that_fails_while_storing_leaves_no_trace(home, monkeypatch, profile):
    def full_disk(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("leitweg.store.writing.write_manifest", full_disk)
        with pytest.raises(OSError, match="No space left"):
            import_files(home / "w", [home / "log.csv"], PLAIN, profile=profile)
    assert sorted(p.name for p in home.iterdir()) == ["log.csv", "more.csv"]


def test_the_profile_is_fixed_at_the_first_import(home):
    import_files(home / "w", [home / "log.csv"], PLAIN)
    assert open_workspace(home / "w").profile == "protected"
    again = [home / "w", [home / "more.csv"], PLAIN]
    assert code_of(lambda: import_files(*again, profile="open")) == "profile-fixed"
    import_files(*again, profile="protected")
    assert open_workspace(home / "w").rows("events") == 5


def test_a_dry_run_shows_rows_and_stores_nothing(home):
    report = import_files(home / "w", [home / "log.csv"], PLAIN, dry_run=True, **OPEN)
    assert [row["person"] for row in report.samples["events"]] == [
        "Anna Seeded",
        "Bodo Seeded",
        "Bodo Seeded",
    ]
    assert report.samples["cases"][0]["attributes"] == {"colour": "red"}
    assert report.imported[0].tables == {"events": 3, "cases": 2}
    assert not (home / "w").exists()
    hidden = import_files(home / "w", [home / "log.csv"], PLAIN, dry_run=True)
    assert hidden.profile == "protected"
    assert all(row["person"].startswith("p-") for row in hidden.samples["events"])
    assert not (home / "w.keys").exists()


def test_a_dry_run_shows_the_pseudonyms_that_would_be_stored(home):
    import_files(home / "w", [home / "log.csv"], PLAIN)
    report = import_files(home / "w", [home / "more.csv"], PLAIN, dry_run=True)
    key = open_workspace(home / "w").key()
    assert report.samples["events"][0]["person"] == pseudonym("person", "Cora Seeded", key)
    assert open_workspace(home / "w").rows("events") == 3


def test_rejects_are_listed_row_by_row_and_escaped(home):
    bad = LOG + "V4,=cmd(),Anna Seeded,Vertrieb,x,y\n"
    (home / "bad.csv").write_text(bad, encoding="utf-8")
    (file,) = import_files(home / "w", [home / "bad.csv"], PLAIN, **OPEN).imported
    assert (file.rows_read, file.rows_rejected) == (4, 1)
    path = Path(file.rejects)
    assert path.parent == home / "w" / "rejects"
    assert path.name.startswith("bad.csv-")
    with path.open(encoding="utf-8", newline="") as handle:
        (row,) = csv.DictReader(handle)
    assert (row["row"], row["column"], row["text"]) == ("4", "at", "'=cmd()")
    (again,) = import_files(home / "w", [home / "bad.csv"], PLAIN, **OPEN).imported
    assert (again.already_imported, again.rejects) == (True, file.rejects)


def test_rejects_of_a_protected_workspace_hold_no_text(home):
    bad = LOG + "V4,Dora Seeded,Anna Seeded,Vertrieb,x,y\n"
    (home / "Dora Seeded.csv").write_text(bad, encoding="utf-8")
    (file,) = import_files(home / "w", [home / "Dora Seeded.csv"], PLAIN).imported
    assert Path(file.rejects).name.startswith("events-")
    header, row = Path(file.rejects).read_text(encoding="utf-8").splitlines()
    assert header == "row,column,reason"
    assert row.startswith("4,at,")
    assert "Dora" not in row


def test_a_protected_workspace_holds_no_seeded_name_anywhere(home):
    wide = (
        "case_id,at,person,unit,Dora Seeded\n"
        "Case Seeded,2024-02-01T10:00:00Z,anna.seeded@firma.example,Vertrieb,7\n"
        "Case Seeded,not Seeded,bodo.seeded@firma.example,Service,8\n"
    )
    (home / "Emil Seeded.csv").write_text(wide, encoding="utf-8")
    people = "person,unit,manager\nAnna Seeded,Vertrieb,Bodo Seeded\n"
    (home / "people.csv").write_text(people, encoding="utf-8")
    options = ImportOptions(machines=("Bodo Seeded",), front=("Anna Seeded", "Vertrieb"))
    paths = [home / name for name in ("log.csv", "Emil Seeded.csv", "people.csv")]
    report = import_files(home / "w", paths, options)
    import_files(home / "w", [home / "more.csv"], PLAIN)
    assert "colour" in report.imported[0].left_over
    assert "colour" in report.imported[0].warnings[-1]
    assert report.imported[0].attributes == ()
    text = all_text(home / "w").lower()
    assert "seeded" not in text
    # what is no id stays readable, so the search above sees what it should see
    assert "vertrieb" in text
    assert "rechnung" in text


def test_an_open_workspace_does_hold_them(home):
    import_files(home / "w", [home / "log.csv"], PLAIN, **OPEN)
    assert "anna seeded" in all_text(home / "w").lower()


@pytest.mark.parametrize("profile", ["open", "protected"])
def test_named_machines_become_people_of_kind_system(home, profile):
    options = ImportOptions(machines=("bodo SEEDED",))
    import_files(home / "w", [home / "log.csv"], options, profile=profile)
    place = open_workspace(home / "w")
    bodo = "Bodo Seeded"
    if profile == "protected":
        bodo = pseudonym("person", bodo, place.key())
    assert as_set(place.read("people"), "person", "kind", "unit") == {(bodo, "system", None)}
    assert place.settings["machines"] == [bodo]
    # a list of people that comes later fills the row and leaves the machine one
    people = "person,unit,kind\nBodo Seeded,Service,person\n"
    (home / "people.csv").write_text(people, encoding="utf-8")
    import_files(home / "w", [home / "people.csv"], PLAIN)
    rows = open_workspace(home / "w").read("people")
    assert as_set(rows, "person", "kind", "unit") == {(bodo, "system", "Service")}


def test_a_machine_named_for_a_known_file_is_still_marked(home):
    import_files(home / "w", [home / "log.csv"], PLAIN, **OPEN)
    options = ImportOptions(machines=("bodo seeded",))
    for _ in range(2):
        (file,) = import_files(home / "w", [home / "log.csv"], options, **OPEN).imported
        assert file.already_imported
    place = open_workspace(home / "w")
    assert as_set(place.read("people"), "person", "kind") == {("Bodo Seeded", "system")}
    assert place.rows("events") == 3
    assert place.generation == 2


@pytest.mark.parametrize("profile", ["open", "protected"])
def test_the_front_holds_accounts_units_and_every_account_of_a_domain(home, profile):
    log = (
        "case_id,at,person,unit\n"
        "V1,2024-01-02T10:00:00Z,info@firma.example,Vertrieb\n"
        "V1,2024-01-02T11:00:00Z,a@hotline.example,Service\n"
    )
    (home / "log.csv").write_text(log, encoding="utf-8")
    options = ImportOptions(front=("INFO@firma.example", "service", "hotline.example", "Lager"))
    report = import_files(home / "w", [home / "log.csv"], options, profile=profile)
    place = open_workspace(home / "w")

    def stored(account):
        return account if profile == "open" else pseudonym("person", account, place.key())

    expected = {stored("info@firma.example"), stored("a@hotline.example"), stored("Lager")}
    assert set(place.settings["front"]) == expected | {"Service", "@hotline.example"}
    assert ["Lager" in warning for warning in report.warnings] == [True]
    later = "case_id,at,person,unit\nV2,2024-01-02T10:00:00Z,b@hotline.example,Lager\n"
    (home / "later.csv").write_text(later, encoding="utf-8")
    import_files(home / "w", [home / "later.csv"], PLAIN)
    front = set(open_workspace(home / "w").settings["front"])
    assert front - set(place.settings["front"]) <= {stored("b@hotline.example"), "Lager"}
    assert {stored("b@hotline.example"), "Lager"} <= front


def test_the_time_zone_becomes_a_setting_for_later_files(home):
    naive = "case_id,at,person,unit\nV9,2024-01-02 10:00:00,Anna,Vertrieb\n"
    (home / "naive.csv").write_text(naive, encoding="utf-8")
    berlin = ImportOptions(time_zone="Europe/Berlin")
    import_files(home / "w", [home / "naive.csv"], berlin, **OPEN)
    assert open_workspace(home / "w").settings["time_zone"] == "Europe/Berlin"
    (home / "next.csv").write_text(naive.replace("V9", "V8"), encoding="utf-8")
    import_files(home / "w", [home / "next.csv"], PLAIN, **OPEN)
    (file,) = import_files(home / "w", [home / "naive.csv"], PLAIN, **OPEN).imported
    assert file.already_imported
    # ten o'clock in Berlin in winter is nine in UTC
    assert open_workspace(home / "w").read("events")["at_us"].to_pylist() == [1704186000000000] * 2


def test_without_its_key_a_protected_workspace_takes_nothing_in(home):
    import_files(home / "w", [home / "log.csv"], PLAIN)
    (key,) = (home / "w.keys").glob("pseudonyms-*.key")
    key.chmod(0o644)
    with pytest.raises(KeyFileError) as caught:
        import_files(home / "w", [home / "more.csv"], PLAIN)
    assert caught.value.code == "key-readable-by-others"
    assert open_workspace(home / "w").rows("events") == 3


def test_a_damaged_manifest_is_not_taken_for_a_new_workspace(home):
    import_files(home / "w", [home / "log.csv"], PLAIN, **OPEN)
    (home / "w" / "manifest.json").write_text("{")
    with pytest.raises(WorkspaceError) as caught:
        import_files(home / "w", [home / "log.csv"], PLAIN, **OPEN)
    assert caught.value.code == "damaged-manifest"


def import_when_all_are_ready(folder, path, ready):
    """Run in a process of its own."""
    ready.wait()
    import_files(folder, [path], PLAIN, profile="protected")


@pytest.mark.parametrize("names", [("log.csv", "more.csv"), ("log.csv", "log.csv")])
def test_two_first_imports_at_once_both_succeed(home, names):
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(2)
    processes = [
        context.Process(target=import_when_all_are_ready, args=(home / "w", home / name, ready))
        for name in names
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    place = open_workspace(home / "w")
    assert place.rows("events") == (5 if len(set(names)) == 2 else 3)
    assert place.rows("cases") == (3 if len(set(names)) == 2 else 2)
    assert len(place.imports) == len(set(names))
    assert len(list((home / "w.keys").glob("pseudonyms-*.key"))) == 1


def test_a_zone_that_is_none_is_refused_before_anything_is_kept(tmp_path):
    log = tmp_path / "log.csv"
    log.write_text("case_id,at,unit\nc1,2025-03-03T08:00:00Z,A\nc1,2025-03-03T09:00:00Z,B\n")
    with pytest.raises(SourceError, match="'Berlin' is not a time zone"):
        import_files(tmp_path / "w.leitweg", [log], ImportOptions(time_zone="Berlin"))
    assert not (tmp_path / "w.leitweg").exists()
