import json

import pytest
from typer.testing import CliRunner

from leitweg.cli.main import app
from leitweg.domain.imports import ImportOptions
from leitweg.studies.importing import import_files

runner = CliRunner()


@pytest.fixture
def company(tmp_path):
    log = tmp_path / "log.csv"
    log.write_text(
        "case_id,at,person,unit\n"
        "a,2026-01-05T08:00:00,anna@example.org,Sales\n"
        "a,2026-01-05T09:00:00,bert@example.org,Claims\n",
        encoding="utf-8",
    )
    people = tmp_path / "people.csv"
    people.write_text("person,unit\nanna@example.org,Sales\n", encoding="utf-8")
    import_files(tmp_path / "w", [log, people], ImportOptions(time_zone="UTC"))
    return tmp_path / "w"


def call(*words, code=0):
    result = runner.invoke(app, [*map(str, words)])
    assert result.exit_code == code, result.output
    return result


def said(*words, code=0):
    return json.loads(call(*words, "--json", code=code).stdout)


def test_a_person_is_told_what_is_stored(company, tmp_path):
    document = said("person", "export", "anna@example.org", "-w", company)
    assert (document["rows"], sorted(document["tables"])) == (2, ["events", "people"])
    assert "bert" not in json.dumps(document)
    out = tmp_path / "anna.txt"
    call("person", "export", "Anna@Example.org", "-w", company, "-o", out, "--language", "de")
    assert out.read_text(encoding="utf-8").startswith("# Was über Sie gespeichert ist")
    assert out.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("what", ["erase", "object"])
def test_what_cannot_be_taken_back_is_asked_before(company, what):
    problem = said("person", what, "anna@example.org", "-w", company, code=1)
    assert problem["code"] == "not-confirmed"
    done = said("person", what, "anna@example.org", "-w", company, "--yes")
    assert (done["right"], done["rows"]) == ({"erase": "erasure", "object": "objection"}[what], 2)
    again = said("person", what, "anna@example.org", "-w", company, "--yes")
    assert again["notes"] == ["nothing-stored"]


def test_what_is_wrong_is_set_right(company):
    words = ("person", "correct", "anna@example.org", "-w", company, "--yes")
    done = said(*words, "--column", "unit=Legal", "--column", "site=Bonn")
    assert done["columns"] == ["site", "unit"]
    problem = said(*words, "--column", "salary=1", code=1)
    assert problem["code"] == "uncorrectable-column"


def test_what_is_due_goes_and_is_certified_in_both_languages(company):
    words = ("retain", "-w", company, "--as-of", "2099-01-01")
    assert said(*words, code=1)["code"] == "as-of-in-future"
    document = said(*words, "--ahead", "--dry-run")
    assert {"table": "events", "what": "row-deleted", "rows": 2} in document["went"]
    assert "Löschnachweis" in call("retain", "-w", company, "--language", "de").stdout
    assert "Nothing is due" in call("retain", "-w", company, "--language", "en").stdout
    assert said("retain", "-w", company, "--days", "91", code=1)["code"] == "retention-too-long"


def test_a_workspace_is_backed_up_and_brought_back(company, tmp_path):
    out = tmp_path / "b.tar.zst"
    assert said("backup", "-w", company, "-o", out)["sealed"] is True
    call("person", "erase", "anna@example.org", "-w", company, "--yes")
    result = call("restore", out, "-w", company, "--language", "de")
    assert "ausgeübt haben, wurden angewendet: 1" in result.stdout
    assert said("person", "export", "anna@example.org", "-w", company)["rows"] == 0


def test_errors_are_told_in_german(company, tmp_path):
    result = call("backup", "-w", company, "-o", tmp_path / "b.rar", "--language", "de", code=1)
    assert "nennt keine Art von Archiv" in result.stderr
    result = call("restore", tmp_path / "x.zip", "-w", company, "--language", "de", code=1)
    assert "Die Datei" in result.stderr
