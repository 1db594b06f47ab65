"""Purposes and the audit log on the command line: what is asked for, shown and refused."""

import json

import pytest
from typer.testing import CliRunner

from leitweg.cli import purpose
from leitweg.cli.main import app

LOG = "case_id,at,person,unit\n" + "\n".join(
    f"V{case},2026-01-{1 + case % 28:02d}T{8 + hour:02d}:00:00Z,{unit}{case % 7},{unit}"
    for case in range(60)
    for hour, unit in enumerate(("Desk", "Back"))
)
GIVEN = ("--by", "Dr. A. Meier", "--basis", "Art. 6(1)(f) GDPR")


@pytest.fixture(autouse=True)
def surroundings(monkeypatch):
    for name in ("LEITWEG_WORKSPACE", "LEITWEG_LANGUAGE", "LEITWEG_ROLE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.setenv("LEITWEG_USER", "Grace")
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def w(tmp_path):
    (tmp_path / "log.csv").write_text(LOG)
    return tmp_path / "w"


def run(*arguments, **options):
    return CliRunner().invoke(app, [str(argument) for argument in arguments], **options)


def test_the_way_from_an_import_to_the_first_answer(w):
    first = run("import", w.parent / "log.csv", "-w", w)
    command = f"leitweg purpose on path-analysis --workspace {w} --by NAME --basis TEXT"
    assert command in first.stdout
    assert f"leitweg situation --workspace {w}" in first.stdout
    refused = run("situation", "-w", w)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert command in refused.stderr
    assert run("purpose", "on", "path-analysis", "-w", w, *GIVEN).exit_code == 0
    assert run("situation", "-w", w).exit_code == 0
    again = run("import", w.parent / "log.csv", "-w", w)
    assert "purpose on" not in again.stdout


@pytest.mark.parametrize(
    ("given", "code"),
    [((), "purpose-needs-name"), (("--by", "Ada"), "purpose-needs-basis")],
)
def test_a_program_that_names_nobody_gets_a_clear_error(w, given, code):
    result = run("purpose", "on", "survey", "-w", w, *given, "--json", input="Ada\nlaw\n")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["code"] == code
    assert not w.exists()


def test_at_a_terminal_a_purpose_is_explained_and_what_is_missing_is_asked_for(w, monkeypatch):
    monkeypatch.setattr(purpose, "at_terminal", lambda: True)
    result = run("purpose", "on", "path-analysis", "-w", w, "--language", "de", input="Ada\nBV 7\n")
    assert result.exit_code == 0, result.output
    said = " ".join(result.stdout.split())
    assert "wie Anfragen zwischen Einheiten laufen" in said
    assert "Art. 6 Abs. 1 lit. f DSGVO" in said
    assert "§ 87 Abs. 1 Nr. 6 BetrVG" in said
    assert "keine Rechtsberatung" in said
    assert "Weganalyse ist eingeschaltet; entschieden hat Ada." in said
    document = json.loads(run("purpose", "list", "-w", w, "--json").stdout)
    (state,) = [p for p in document["purposes"] if p["on"]]
    assert (state["purpose"], state["by"], state["basis"]) == ("path-analysis", "Ada", "BV 7")


def test_nothing_is_asked_for_that_was_said_and_nothing_for_a_purpose_that_is_none(w, monkeypatch):
    monkeypatch.setattr(purpose, "at_terminal", lambda: True)
    assert run("purpose", "on", "survey", "-w", w, *GIVEN).exit_code == 0
    result = run("purpose", "on", "spying", "-w", w)
    assert result.exit_code == 1
    assert "There is no purpose 'spying'" in result.stderr


def test_the_list_of_purposes_says_who_decided(w):
    run("purpose", "on", "survey", "-w", w, *GIVEN)
    run("purpose", "off", "survey", "-w", w, "--by", "Ada")
    run("purpose", "on", "planning", "-w", w, *GIVEN)
    said = run("purpose", "list", "-w", w).stdout
    assert "Survey (survey): off" in said
    assert "Planning (planning): on" in said
    assert "Dr. A. Meier: Art. 6(1)(f) GDPR" in said
    assert said.count("Nobody has switched it on yet.") == 3


def test_a_refusal_is_a_problem_document_with_its_reason(w):
    run("import", w.parent / "log.csv", "-w", w)
    for role, code, why in (
        ("owner", "purpose-off", "purpose-off"),
        ("administrator", "not-allowed", "not-of-role"),
        ("boss", "unknown-role", "unknown-role"),
    ):
        problem = json.loads(run("situation", "-w", w, "--role", role, "--json").stdout)
        assert (problem["code"], problem["why"], problem["status"]) == (code, why, 403)
        assert problem["type"] == f"urn:leitweg:problem:{code}"
    german = run("situation", "-w", w, "--language", "de").stderr
    assert german.startswith("Fehler: Der Zweck path-analysis ist in")


def test_the_role_may_come_from_the_surroundings(w, monkeypatch):
    run("import", w.parent / "log.csv", "-w", w)
    monkeypatch.setenv("LEITWEG_ROLE", "works-council")
    assert "role works-council may not" in run("situation", "-w", w).stderr
    assert run("audit", "list", "-w", w).exit_code == 0


def test_the_log_on_the_screen_and_as_json(w):
    run("import", w.parent / "log.csv", "-w", w)
    run("purpose", "on", "path-analysis", "-w", w, *GIVEN)
    run("situation", "-w", w, "--from", "2026-01-02")
    run("compare", "-w", w, "--at", "2026-01-15", "--role", "administrator")
    document = json.loads(run("audit", "list", "-w", w, "--role", "works-council", "--json").stdout)
    told = [(e["action"], e["outcome"], e["reason"]) for e in document["entries"]]
    assert told == [
        ("import", "allowed", "holds-the-data"),
        ("purpose-switch", "allowed", "decides-purposes"),
        ("situation", "allowed", "aggregates-only"),
        ("compare", "refused", "not-of-role"),
    ]
    assert {e["who"] for e in document["entries"]} == {"Grace"}
    assert document["entries"][2]["question"]["from"] == "2026-01-02"
    screen = " ".join(run("audit", "list", "-w", w, "--language", "de").stdout.split())
    assert "Ist-Zustand abgefragt (ab 2026-01-02)" in screen
    assert "Zweck geschaltet (Zweck: Weganalyse, geschaltet: ein)" in screen
    assert "abgelehnt: die Rolle darf das nicht" in screen
    assert "Grace" in screen


def test_the_end_of_the_check_is_its_exit_code(w):
    run("purpose", "on", "path-analysis", "-w", w, *GIVEN)
    assert run("audit", "verify", "-w", w).exit_code == 0
    (head,) = w.with_name("w.keys").glob("*.head")
    head.unlink()
    result = run("audit", "verify", "-w", w, "--language", "de")
    assert result.exit_code == 1
    assert "NICHT unversehrt" in result.stdout
    document = json.loads(run("audit", "verify", "-w", w, "--json").stdout)
    assert (document["whole"], document["breaks"][0]["kind"]) == (False, "end-unknown")
