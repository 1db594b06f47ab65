import io
import json
import shutil
import signal
import subprocess
import sys
import tarfile
import textwrap
import zipfile

import pytest
from rights_fixture import at, bring, events_of, stored, texts_on_disk

from leitweg.domain.access import Asker
from leitweg.domain.errors import AccessError, WorkspaceError
from leitweg.store import open_workspace
from leitweg.store.application.rights import used_rights
from leitweg.studies.audit_log import AuditLog
from leitweg.studies.backups import back_up, restore
from leitweg.studies.person_rights import erase_person
from leitweg.studies.rekeying import rekey
from leitweg.studies.retaining import retain

NOW = at("2026-03-10T12:00:00")
ROWS = [
    (f"c{i}", f"2026-02-0{i}T08:00:00", who, "take")
    for i, who in enumerate(("anna", "bert", "cora"), start=1)
]


@pytest.fixture
def company(tmp_path):
    folder = tmp_path / "w"
    bring(folder, "people", "person,unit", [("anna", "Sales"), ("bert", "Sales"), ("cora", "")])
    bring(folder, "events", *events_of(ROWS))
    return folder


def persons(folder):
    return set(open_workspace(folder).read("events")["person"].to_pylist())


def code_of(file, folder, **options):
    with pytest.raises(WorkspaceError) as caught:
        restore(file, folder, clock=NOW, **options)
    return caught.value.code


def no_traces_beside(folder):
    return [p.name for p in folder.parent.iterdir() if p.name.startswith(".") and p.is_dir()] == []


@pytest.mark.parametrize("ending", ["tar.zst", "tar.gz", "zip"])
def test_what_was_backed_up_comes_back_in_a_new_folder(company, tmp_path, ending):
    done = back_up(company, tmp_path / f"b.{ending}", clock=NOW)
    assert done.sealed
    shutil.copytree(company.with_name("w.keys"), tmp_path / "new.keys")
    restored = restore(tmp_path / f"b.{ending}", tmp_path / "new", clock=NOW)
    assert (restored.database, restored.notes) == ("backup", ())
    for name in ("events", "people", "cases"):
        before, after = (open_workspace(f).read(name) for f in (company, tmp_path / "new"))
        assert after.equals(before)
    bring(tmp_path / "new", "events", *events_of([("c9", "2026-03-01T08:00:00", "anna", "")]))
    assert len(persons(tmp_path / "new")) == 3


def test_a_backup_holds_no_key_and_no_file_that_nothing_names(company, tmp_path):
    back_up(company, tmp_path / "b.tar.gz", clock=NOW)
    with tarfile.open(tmp_path / "b.tar.gz") as archive:
        archive.extractall(tmp_path / "x", filter="data")
    keys = [path.read_bytes() for path in company.with_name("w.keys").glob("*.key")]
    assert len(keys) >= 2
    whole = b"".join(p.read_bytes() for p in (tmp_path / "x").rglob("*") if p.is_file())
    assert [key for key in keys if key in whole or key.hex().encode() in whole] == []
    assert (tmp_path / "b.tar.gz").stat().st_mode & 0o077 == 0


def test_a_restore_does_not_bring_back_who_was_erased_since(company, tmp_path):
    back_up(company, tmp_path / "b.zip", clock=NOW)
    anna = stored(company, "anna")
    erase_person(company, ["anna"], clock=NOW)
    restored = restore(tmp_path / "b.zip", company, clock=NOW)
    assert (restored.database, restored.rights_applied) == ("kept", 1)
    assert len(persons(company)) == 2
    assert anna not in texts_on_disk(company, company.with_name("w.keys"))
    assert no_traces_beside(company)


def test_a_lost_workspace_comes_back_without_who_was_erased_for_the_journal_knows(
    company, tmp_path
):
    back_up(company, tmp_path / "b.zip", clock=NOW)
    anna = stored(company, "anna")
    erase_person(company, ["anna"], clock=NOW)
    shutil.rmtree(company)
    restored = restore(tmp_path / "b.zip", company, clock=NOW)
    assert (restored.database, restored.rights_applied) == ("backup", 1)
    assert anna not in texts_on_disk(company)
    assert [r.kind for r in used_rights(open_workspace(company).database)] == ["erasure"]


def test_without_its_keys_a_backup_comes_back_but_is_not_answered(company, tmp_path):
    back_up(company, tmp_path / "b.zip", clock=NOW)
    restored = restore(tmp_path / "b.zip", tmp_path / "other", clock=NOW)
    assert restored.notes == ("seal-not-checked", "keys-missing")
    assert len(persons(tmp_path / "other")) == 3


def test_rights_that_cannot_be_applied_without_the_key_stop_a_restore(company, tmp_path):
    back_up(company, tmp_path / "b.zip", clock=NOW)
    erase_person(company, ["anna"], clock=NOW)
    (key,) = company.with_name("w.keys").glob("rights-*.key")
    key.unlink()
    before = texts_on_disk(company / "tables")
    assert code_of(tmp_path / "b.zip", company) == "erasures-need-key"
    assert texts_on_disk(company / "tables") == before
    assert no_traces_beside(company)


def test_what_went_by_time_goes_again_after_a_restore(company, tmp_path):
    back_up(company, tmp_path / "b.zip", clock=NOW)
    retain(company, clock=at("2026-07-01T00:00:00"))
    anna = stored(company, "anna")
    restored = restore(tmp_path / "b.zip", company, clock=at("2026-07-02T00:00:00"))
    assert restored.notes == ("retention-applied",)
    assert anna not in texts_on_disk(company / "tables" / "events")


def test_the_audit_log_and_what_was_decided_are_never_rolled_back(company, tmp_path):
    back_up(company, tmp_path / "b.zip", clock=NOW)
    bring(company, "events", *events_of([("c9", "2026-03-01T08:00:00", "anna", "")]), clock=NOW)
    before = AuditLog(open_workspace(company)).rows()
    restore(tmp_path / "b.zip", company, clock=NOW)
    log = AuditLog(open_workspace(company))
    assert log.rows()[: len(before)] == before
    assert [row.action for row in log.rows()[len(before) :]] == ["restore"]
    assert log.check().is_whole
    assert open_workspace(company).rows("events") == 3


def test_a_newer_backup_over_an_older_state_brings_its_own_database(company, tmp_path):
    shutil.copytree(company, tmp_path / "old")
    bring(company, "events", *events_of([("c9", "2026-03-01T08:00:00", "anna", "")]), clock=NOW)
    back_up(company, tmp_path / "b.zip", clock=NOW)
    shutil.rmtree(company)
    shutil.move(tmp_path / "old", company)
    assert restore(tmp_path / "b.zip", company, clock=NOW).database == "backup"
    assert open_workspace(company).rows("events") == 4


def test_histories_that_went_two_ways_are_not_joined(company, tmp_path):
    shutil.copytree(company, tmp_path / "old")
    bring(company, "events", *events_of([("c9", "2026-03-01T08:00:00", "anna", "")]), clock=NOW)
    back_up(company, tmp_path / "b.zip", clock=NOW)
    shutil.rmtree(company)
    shutil.move(tmp_path / "old", company)
    bring(company, "events", *events_of([("c8", "2026-03-01T08:00:00", "anna", "")]), clock=NOW)
    bring(company, "events", *events_of([("c7", "2026-03-01T08:00:00", "anna", "")]), clock=NOW)
    assert code_of(tmp_path / "b.zip", company) == "diverged-histories"
    assert open_workspace(company).rows("events") == 5


def test_a_backup_of_another_workspace_is_refused(company, tmp_path):
    bring(tmp_path / "other", "events", *events_of(ROWS[:1]))
    back_up(tmp_path / "other", tmp_path / "b.zip", clock=NOW)
    assert code_of(tmp_path / "b.zip", company) == "backup-of-another-workspace"
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("mine", encoding="utf-8")
    assert code_of(tmp_path / "b.zip", tmp_path / "full") == "folder-in-use"
    assert (tmp_path / "full" / "letter.txt").read_text(encoding="utf-8") == "mine"


def test_a_backup_under_a_key_exchanged_since_is_refused(company, tmp_path):
    back_up(company, tmp_path / "b.zip", clock=NOW)
    rekey(company, clock=NOW)
    assert code_of(tmp_path / "b.zip", company) == "backup-of-another-key"


def test_a_damaged_manifest_is_mended_by_a_restore(company, tmp_path):
    back_up(company, tmp_path / "b.zip", clock=NOW)
    (company / "manifest.json").write_text("{", encoding="utf-8")
    assert restore(tmp_path / "b.zip", company, clock=NOW).database == "kept"
    assert len(persons(company)) == 3


def members(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)


def with_list(files, /, **changes):
    said = json.loads(files["backup.json"]) | changes
    return files | {"backup.json": json.dumps(said).encode()}


@pytest.mark.parametrize(
    "change", ["byte", "missing", "extra", "outside", "seal", "order", "empty"]
)
def test_a_backup_that_was_changed_restores_nothing(company, tmp_path, change):
    back_up(company, tmp_path / "b.zip", clock=NOW)
    files = members(tmp_path / "b.zip")
    name = next(n for n in files if n.endswith(".parquet"))
    if change == "byte":
        files[name] = files[name][:-1] + b"x"
    elif change == "missing":
        del files[name]
    elif change == "extra":
        files["tables/events/more.parquet"] = b"x"
    elif change == "outside":
        listed = json.loads(files["backup.json"])["files"]
        digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
        files = with_list(files, files=listed | {"../outside.csv": digest})
        files["../outside.csv"] = b"x"
    elif change == "seal":
        files = with_list(files, made_at="2020-01-01T00:00:00+00:00")
    elif change == "order":
        files = dict(reversed(files.items()))
    else:
        files = {}
    packed(tmp_path / "b.zip", files)
    before = texts_on_disk(company / "tables")
    assert code_of(tmp_path / "b.zip", company) == "damaged-backup"
    assert texts_on_disk(company / "tables") == before
    assert not (tmp_path / "outside.csv").exists()
    assert no_traces_beside(company)


def test_a_link_in_an_archive_is_no_file_of_a_workspace(company, tmp_path):
    back_up(company, tmp_path / "b.tar.gz", clock=NOW)
    with tarfile.open(tmp_path / "b.tar.gz") as archive:
        content = archive.extractfile("backup.json").read()
    with tarfile.open(tmp_path / "bad.tar.gz", "w:gz") as archive:
        info = tarfile.TarInfo("backup.json")
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
        link = tarfile.TarInfo("manifest.json")
        link.type, link.linkname = tarfile.SYMTYPE, "../secret"
        archive.addfile(link)
    assert code_of(tmp_path / "bad.tar.gz", tmp_path / "new") == "damaged-backup"
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("ending", ["tar.zst", "tar.gz", "zip"])
def test_an_archive_that_is_cut_off_or_none_restores_nothing(company, tmp_path, ending):
    path = tmp_path / f"b.{ending}"
    back_up(company, path, clock=NOW)
    whole = path.read_bytes()
    for content in (whole[: len(whole) // 2], b"", b"no archive at all"):
        path.write_bytes(content)
        assert code_of(path, tmp_path / "new") == "damaged-backup"
        assert not (tmp_path / "new").exists()


def test_bad_places_are_refused(company, tmp_path):
    for out, code in (
        (tmp_path / "b.rar", "unknown-archive"),
        (company / "b.zip", "backup-inside-workspace"),
        (tmp_path / "none" / "b.zip", "no-folder"),
    ):
        with pytest.raises(WorkspaceError) as caught:
            back_up(company, out, clock=NOW)
        assert caught.value.code == code
    assert code_of(tmp_path / "none.zip", company) == "no-backup"


def test_who_may_not_neither_backs_up_nor_restores(company, tmp_path):
    analyst = Asker("x", "analyst")
    with pytest.raises(AccessError):
        back_up(company, tmp_path / "a.zip", asker=analyst, clock=NOW)
    assert not (tmp_path / "a.zip").exists()
    back_up(company, tmp_path / "b.zip", clock=NOW)
    for folder in (company, tmp_path / "new"):
        with pytest.raises(AccessError):
            restore(tmp_path / "b.zip", folder, asker=analyst, clock=NOW)
    assert not (tmp_path / "new").exists()


KILLED = textwrap.dedent(
    """
    import os, signal, sys
    from pathlib import Path
    from leitweg.store import restoring
    from leitweg.studies.backups import restore

    def die(*_, **__):
        os.kill(os.getpid(), signal.SIGKILL)

    real = Path.rename
    count = 0

    def rename(self, target):
        global count
        if "restore" in str(self) or "restore" in str(target):
            count += 1
            if count == int(sys.argv[1]):
                die()
        return real(self, target)

    Path.rename = rename
    restore(Path(sys.argv[2]), Path(sys.argv[3]))
    """
)


@pytest.mark.parametrize("moment", [1, 2])
def test_a_restore_that_is_killed_is_put_right_by_the_next(company, tmp_path, moment):
    back_up(company, tmp_path / "b.zip", clock=NOW)
    bring(company, "events", *events_of([("c9", "2026-03-01T08:00:00", "anna", "")]), clock=NOW)
    run = subprocess.run(
        [sys.executable, "-c", KILLED, str(moment), str(tmp_path / "b.zip"), str(company)],
        check=False,
    )
    assert run.returncode == -signal.SIGKILL
    assert restore(tmp_path / "b.zip", company, clock=NOW).database == "kept"
    assert open_workspace(company).rows("events") == 3
    assert AuditLog(open_workspace(company)).check().is_whole
    assert no_traces_beside(company)
