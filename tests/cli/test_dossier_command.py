"""`leitweg dossier` from the command line: screens, documents, exit codes."""

import json

import pytest
import typer.main
from typer.testing import CliRunner

from leitweg.cli.main import app
from leitweg.privacy.access import RULES
from leitweg.reports.dossier_controls import LATER

RUN = CliRunner()


def called(*arguments):
    return RUN.invoke(app, ["dossier", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "company.leitweg"


def switch(folder, state):
    basis = ["--basis", "Art. 6"] if state == "on" else []
    done = RUN.invoke(
        app, ["purpose", state, "planning", "-w", str(folder), "--by", "Anna Weber", *basis]
    )
    assert done.exit_code == 0


def test_a_planned_workspace_has_a_dossier_and_stays_planned(folder, tmp_path):
    out = tmp_path / "dossier.pdf"
    done = called("-w", folder, "--out", out, "--language", "de")
    assert done.exit_code == 0
    assert "eines geplanten, geschützten Arbeitsbereichs geschrieben" in done.output
    assert "Angelegt wurde nichts." in done.output
    assert out.read_bytes().startswith(b"%PDF-")
    assert not folder.exists()


def test_a_current_dossier_is_exit_code_0_and_a_stale_one_1_with_what_changed(folder, tmp_path):
    out = tmp_path / "dossier.md"
    switch(folder, "on")
    assert called("-w", folder, "-o", out).exit_code == 0
    current = called("-w", folder, "--check", out)
    assert (current.exit_code, "is current" in current.output) == (0, True)
    switch(folder, "off")
    stale = called("-w", folder, "--check", out, "--language", "de")
    assert stale.exit_code == 1
    assert "ist veraltet" in stale.stderr
    assert "· Zweck Planung wurde ausgeschaltet." in stale.stderr
    assert stale.stdout == ""
    after = called("-w", folder, "-o", out, "--language", "de")
    assert "· Zweck Planung wurde ausgeschaltet." in after.stdout


def test_the_documents(folder, tmp_path):
    out = tmp_path / "dossier.md"
    switch(folder, "on")
    written = json.loads(called("-w", folder, "-o", out, "--json").stdout)
    assert written == {
        "path": str(out),
        "format": "md",
        "language": "en",
        "fingerprint": written["fingerprint"],
        "planned": False,
        "previous": None,
        "changed": [],
    }
    switch(folder, "off")
    checked = called("-w", folder, "--check", out, "--json")
    document = json.loads(checked.stdout)
    assert checked.exit_code == 1
    assert document["current"] is False
    assert document["changed"] == ["Purpose planning was switched off."]
    assert document["made_at"].endswith("+00:00")


def test_what_is_no_dossier_is_a_problem(folder, tmp_path):
    other = tmp_path / "other.md"
    other.write_text("# notes", encoding="utf-8")
    done = called("-w", folder, "--check", other, "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["code"] == "no-dossier"


@pytest.mark.parametrize(
    "arguments", [[], ["--out", "a.md", "--check", "b.md"], ["--check", "b.md", "--format", "md"]]
)
def test_wrong_usage_is_exit_code_2(arguments, folder):
    assert called("-w", folder, *arguments).exit_code == 2


@pytest.mark.parametrize("role", ["analyst", "administrator"])
def test_a_role_that_may_not_gets_none(role, folder, tmp_path):
    done = called("-w", folder, "-o", tmp_path / "a.md", "--role", role, "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["code"] == "not-allowed"
    assert list(tmp_path.iterdir()) == []


def test_what_the_dossier_calls_later_has_no_command_yet():
    commands = typer.main.get_command(app).commands
    assert set(RULES) >= LATER
    assert {action for action in LATER if action.partition("-")[0] in commands} == set()
