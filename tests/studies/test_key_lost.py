"""The key is lost: what is stored can still be read, and nothing is changed or made up."""

import shutil

import pytest

from leitweg.domain.errors import KeyFileError
from leitweg.domain.imports import ImportOptions
from leitweg.store import open_workspace
from leitweg.studies.importing import import_files
from leitweg.studies.person_rights import erase_person
from leitweg.studies.rekeying import rekey
from leitweg.studies.situation import analyse

LOG = "case_id,at,person,unit\nV1,2026-01-01T08:00:00Z,anna,Vertrieb\n"
PLAIN = ImportOptions()


@pytest.fixture
def home(tmp_path):
    (tmp_path / "log.csv").write_text(LOG, encoding="utf-8")
    (tmp_path / "more.csv").write_text(LOG.replace("V1", "V2"), encoding="utf-8")
    import_files(tmp_path / "w", [tmp_path / "log.csv"], PLAIN)
    return tmp_path


def lose(home, pattern):
    for path in (home / "w.keys").glob(pattern):
        path.unlink()


CHANGES = {
    "import": lambda home: import_files(home / "w", [home / "more.csv"], PLAIN),
    "the same import": lambda home: import_files(home / "w", [home / "log.csv"], PLAIN),
    "erase": lambda home: erase_person(home / "w", ["anna"]),
    "rekey": lambda home: rekey(home / "w"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_without_the_key_of_the_workspace_nothing_is_changed(home, change):
    lose(home, "pseudonyms-*.key")
    before = (home / "w/manifest.json").read_bytes()
    with pytest.raises(KeyFileError) as caught:
        CHANGES[change](home)
    assert caught.value.code == "key-missing"
    assert "nothing can be imported, erased or given a new key" in caught.value.detail
    assert "what is stored can still be read" in caught.value.detail
    assert (home / "w/manifest.json").read_bytes() == before
    assert not list((home / "w.keys").glob("pseudonyms-*"))


def test_without_the_key_of_the_workspace_what_is_stored_can_be_read(home):
    lose(home, "pseudonyms-*.key")
    assert open_workspace(home / "w").read("events")["unit"].to_pylist() == ["Vertrieb"]


@pytest.mark.parametrize("change", ["import", "erase", "rekey"])
def test_a_workspace_copied_without_any_key_answers_and_changes_nothing(home, change):
    shutil.copytree(home / "w", home / "copy/w")
    (home / "copy/more.csv").write_bytes((home / "more.csv").read_bytes())
    with pytest.raises(KeyFileError) as caught:
        CHANGES[change](home / "copy")
    assert caught.value.code in ("purpose-key-missing", "key-missing")
    with pytest.raises(KeyFileError):
        analyse(home / "copy/w")
    assert not list((home / "copy").rglob("*.key"))
