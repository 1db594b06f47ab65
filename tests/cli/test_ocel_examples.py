"""The public object-centric logs over the whole way: import, situation, a second import."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from leitweg.cli.main import app
from purposes import allow

DATA = (Path(__file__).parents[2] / "../shared/data/ocel").resolve()
PURCHASES = DATA / "ocel20_example.sqlite"
APPLICATIONS = DATA / "recruiting-red.jsonocel.gz"
BUYERS = "pr_creator,pr_approver,po_creator,po_editor"


def run(*arguments: object):
    return CliRunner().invoke(app, [*(str(a) for a in arguments), "--json"])


def there(path: Path) -> Path:
    if not path.is_file():
        pytest.skip(f"{path.name} is not at hand (looked in ../shared/data/ocel)")
    return path


def imported(*arguments: object) -> dict:
    result = run("import", *arguments)
    assert result.exit_code == 0, result.output
    (file,) = json.loads(result.stdout)["imported"]
    return file


def problem(*arguments: object) -> dict:
    result = run(*arguments)
    assert result.exit_code == 1
    return json.loads(result.stdout)


def test_the_purchases_of_the_standard(tmp_path: Path):
    path, way = there(PURCHASES), ("-w", tmp_path / "w", "--profile", "open")
    asked = (path, *way, "--case-object", "Purchase Order")
    assert problem("import", *asked, "--time-zone", "UTC")["code"] == "missing-column"
    named = (*asked, "--map", f"person={BUYERS},invoice_inserter")
    assert problem("import", *named)["code"] == "naive-time"
    file = imported(*named, "--time-zone", "UTC")
    assert (file["kind"], file["rows_read"], file["rows_rejected"]) == ("ocel", 13, 0)
    # PO1: created, changed, two invoices; PO2: created after its invoice
    assert file["tables"] == {"events": 5, "cases": 2}
    # the quantity of PO1 rose from 500 to 600 after its first event
    out = tmp_path / "cases.json"
    export = ("export", "-w", tmp_path / "w", "--what", "cases", "--format", "json", "--out", out)
    assert run(*export).exit_code == 0
    cases = {row["case_id"]: row for row in json.loads(out.read_text())}
    assert json.loads(cases["PO1"]["attributes"])["case:po_quantity"] == "500"
    assert set(cases) == {"PO1", "PO2"}
    situation = run("situation", "-w", tmp_path / "w")
    assert situation.exit_code == 0, situation.output
    assert json.loads(situation.stdout)["coverage"]["people"] == 3


def test_the_applications_of_a_recruiting_process(tmp_path: Path):
    path, place = there(APPLICATIONS), tmp_path / "w"
    refused = problem("import", path, "-w", place)
    assert (refused["code"], "ocel:activity" in refused["detail"]) == ("missing-column", True)
    # the file names nobody: each activity stands for the place where it is done
    named = ("-w", place, "--map", "unit=ocel:activity", "--case-object", "applications")
    file = imported(path, *named)
    assert file["tables"] == {"events": 6607, "cases": 916}
    assert imported(path, *named)["already_imported"] is True
    other = problem("import", path, "-w", place, "--map", "unit=ocel:activity",
                    "--case-object", "offers")  # fmt: skip
    assert other["code"] == "imported-differently"
    situation = run("situation", "-w", allow(place))
    assert situation.exit_code == 0, situation.output
    figures = json.loads(situation.stdout)
    assert (figures["coverage"]["cases"], figures["coverage"]["events"]) == (916, 6607)
    assert figures["profile"] == "protected"
