import json
import os
import shutil
import signal
import time

import pytest

from canonical_rows import fixed_clock
from leitweg.domain.errors import KeyFileError
from leitweg.domain.imports import ImportOptions
from leitweg.privacy.pseudonyms import pseudonym
from leitweg.store import open_workspace
from leitweg.store.keys import key_folder
from leitweg.studies.importing import import_files
from leitweg.studies.rekeying import rekey

PLAIN = ImportOptions(machines=("robot",), front=("Vertrieb", "anna"))
LOG = """case_id,at,person,unit,customer
V1,2026-01-01T08:00:00Z,anna,Vertrieb,Kunde 1
V1,2026-01-02T08:00:00Z,bodo,Service,Kunde 1
V2,2026-01-03T08:00:00Z,robot,Service,Kunde 2
V2,never,bodo,Service,Kunde 2
"""
LATER = """case_id,at,person,unit,customer
V2,2026-01-04T08:00:00Z,anna,Vertrieb,Kunde 2
"""


@pytest.fixture
def home(tmp_path):
    (tmp_path / "log.csv").write_text(LOG, encoding="utf-8")
    (tmp_path / "later.csv").write_text(LATER, encoding="utf-8")
    import_files(tmp_path / "w", [tmp_path / "log.csv"], PLAIN)
    return tmp_path


def all_bytes(folder):
    return {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def stored_ids(place):
    found = set()
    for table, columns in {
        "events": ["case_id", "person"],
        "cases": ["case_id", "customer"],
        "people": ["person"],
    }.items():
        rows = place.read(table)
        for column in columns:
            found |= set(rows[column].drop_null().to_pylist())
    return found


def test_every_stored_id_becomes_that_of_the_new_key_and_rows_stay_equal(home):
    before = open_workspace(home / "w")
    ids, rows = stored_ids(before), before.read("events")
    assert len(ids) == 7
    rekey(home / "w")
    after = open_workspace(home / "w")
    now = after.read("events")
    assert not ids & stored_ids(after)
    assert len(stored_ids(after)) == len(ids)
    assert sorted(now["person"].to_pylist()) == sorted(
        pseudonym("person", name, after.key()) for name in ("anna", "bodo", "robot")
    )
    assert sorted(now["at_us"].to_pylist()) == sorted(rows["at_us"].to_pylist())
    assert set(after.ids_before_exchanges(sorted(stored_ids(after)))) == ids


def test_a_label_that_names_somebody_does_so_under_the_new_key(home):
    log = "case_id,at,person,unit,topic\nV3,2026-01-05T08:00:00Z,bodo,Service,Klage ueber {}\n"
    (home / "label.csv").write_text(log.format("a.lenz@firma.example"), encoding="utf-8")
    import_files(home / "w", [home / "label.csv"], PLAIN)
    for _ in range(2):
        rekey(home / "w")
        place = open_workspace(home / "w")
        who = pseudonym("person", "a.lenz@firma.example", place.key())
        assert f"Klage ueber {who}" in place.read("cases")["topic"].to_pylist()


def test_nothing_of_the_state_before_stays_on_the_disk(home):
    place = open_workspace(home / "w")
    old_ids, old_key = stored_ids(place), place.key().hashing
    hashes = [h[:12] for f in place.imports for h in (f.content_hash, f.bytes_hash)]
    rekey(home / "w")
    left = {**all_bytes(home / "w"), **all_bytes(home / "w.keys")}
    for path, content in left.items():
        for gone in (*old_ids, *hashes):
            assert gone.encode() not in content, path
            assert gone not in path.name
        assert old_key not in content
        assert old_key.hex().encode() not in content
    # text in parquet is compressed: ids of the tables on the disk are those that are read
    assert len(list((home / "w/tables/events").glob("*.parquet"))) == 1


def test_files_stay_known_and_later_files_join(home):
    rekey(home / "w")
    (again,) = import_files(home / "w", [home / "log.csv"], PLAIN).imported
    assert again.already_imported
    import_files(home / "w", [home / "later.csv"], PLAIN)
    place = open_workspace(home / "w")
    anna = pseudonym("person", "ANNA", place.key())
    assert place.read("events")["person"].to_pylist().count(anna) == 2
    assert place.rows("cases") == 2
    assert place.settings["machines"] == [pseudonym("person", "robot", place.key())]
    assert place.settings["front"] == sorted(["Vertrieb", anna])
    (rejects,) = (home / "w/rejects").iterdir()
    assert "never" not in rejects.read_text()
    assert open_workspace(home / "w").imports[0].rejects == f"rejects/{rejects.name}"


def test_a_key_can_be_exchanged_again_and_again(home):
    ids = stored_ids(open_workspace(home / "w"))
    seen = set(ids)
    for _ in range(3):
        rekey(home / "w")
        place = open_workspace(home / "w")
        now = stored_ids(place)
        assert not now & seen
        assert set(place.ids_before_exchanges(sorted(now))) == ids
        seen |= now
    assert len(list((home / "w.keys").glob("pseudonyms-*"))) == 1


def test_keys_of_purposes_outlive_the_exchange(home):
    ledger = open_workspace(home / "w").purpose_key("ledger")
    rekey(home / "w")
    assert open_workspace(home / "w").purpose_key("ledger") == ledger


def test_the_old_key_opens_nothing_any_more(home):
    place = open_workspace(home / "w")
    path = key_folder(place.folder) / f"pseudonyms-{place.id}.key"
    old = path.read_bytes()
    rekey(home / "w")
    path.write_bytes(old)
    with pytest.raises(KeyFileError) as caught:
        open_workspace(home / "w").key()
    assert caught.value.code == "wrong-key"


def test_an_open_workspace_has_no_key_to_exchange(home):
    import_files(home / "o", [home / "log.csv"], PLAIN, profile="open")
    with pytest.raises(KeyFileError) as caught:
        rekey(home / "o")
    assert caught.value.code == "no-key"


def test_without_its_key_nothing_is_exchanged(home):
    before = all_bytes(home / "w/tables")
    for path in (home / "w.keys").glob("pseudonyms-*"):
        path.unlink()
    with pytest.raises(KeyFileError) as caught:
        rekey(home / "w")
    assert caught.value.code == "key-missing"
    assert all_bytes(home / "w/tables") == before


def test_a_key_of_the_environment_is_exchanged_for_the_next_one(home, monkeypatch):
    one, two = bytes(range(32)).hex(), bytes(range(1, 33)).hex()
    monkeypatch.setenv("LEITWEG_KEY", one)
    import_files(home / "e", [home / "log.csv"], PLAIN)
    ledger = open_workspace(home / "e").purpose_key("ledger")
    with pytest.raises(KeyFileError) as caught:
        rekey(home / "e")
    assert caught.value.code == "new-key-missing"
    monkeypatch.setenv("LEITWEG_NEW_KEY", two)
    rekey(home / "e")
    with pytest.raises(KeyFileError) as caught:
        open_workspace(home / "e").key()
    assert caught.value.code == "wrong-key"
    monkeypatch.setenv("LEITWEG_KEY", two)
    place = open_workspace(home / "e")
    assert place.purpose_key("ledger") == ledger
    (again,) = import_files(home / "e", [home / "log.csv"], PLAIN).imported
    assert again.already_imported
    assert not list((home / "e.keys").glob("*.key"))


def interrupted_at(monkeypatch, name):
    def fail(*_args, **_named):
        raise KeyboardInterrupt

    monkeypatch.setattr(name, fail)


@pytest.mark.parametrize(
    "place_of_failure",
    ["leitweg.store.writing.Change.put", "leitweg.store.writing.write_manifest"],
)
def test_an_exchange_that_fails_leaves_everything_as_it_was(home, monkeypatch, place_of_failure):
    ids = stored_ids(open_workspace(home / "w"))
    with monkeypatch.context() as patch:
        interrupted_at(patch, place_of_failure)
        with pytest.raises(KeyboardInterrupt):
            rekey(home / "w")
    place = open_workspace(home / "w")
    assert stored_ids(place) == ids
    assert pseudonym("person", "anna", place.key()) in ids
    assert len(list((home / "w.keys").glob("pseudonyms-*"))) == 1


def test_a_power_cut_before_the_old_key_is_destroyed_leaves_the_new_one_in_use(home, monkeypatch):
    with monkeypatch.context() as patch:
        calls = []
        real = open_workspace.__globals__["settle_key"]

        def settle(*args):
            calls.append(args)
            if len(calls) == 2:
                raise SystemExit
            real(*args)

        patch.setitem(open_workspace.__globals__, "settle_key", settle)
        with pytest.raises(SystemExit):
            rekey(home / "w")
    assert len(list((home / "w.keys").glob("pseudonyms-*"))) == 2
    place = open_workspace(home / "w")
    assert pseudonym("person", "anna", place.key()) in stored_ids(place)
    rekey(home / "w")
    place = open_workspace(home / "w")
    assert pseudonym("person", "anna", place.key()) in stored_ids(place)
    assert len(list((home / "w.keys").glob("pseudonyms-*"))) == 1


@pytest.mark.verify
def test_killed_at_any_moment_old_or_new_holds(home):
    for round_ in range(40):
        for name in ("w", "w.keys"):
            shutil.rmtree(home / f"k{name[1:]}", ignore_errors=True)
            shutil.copytree(home / name, home / f"k{name[1:]}")
        child = os.spawnlp(
            os.P_NOWAIT, "leitweg", "leitweg", "rekey", "--workspace", str(home / "k"), "--json"
        )
        time.sleep(0.6 + 0.03 * round_)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        place = open_workspace(home / "k")
        assert pseudonym("person", "anna", place.key()) in stored_ids(place)
        import_files(home / "k", [home / "later.csv"], PLAIN, clock=fixed_clock)
        place = open_workspace(home / "k")
        anna = pseudonym("person", "anna", place.key())
        assert place.read("events")["person"].to_pylist().count(anna) == 2
        json.loads((home / "k/manifest.json").read_text())
