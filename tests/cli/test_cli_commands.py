"""The commands: what they ask for, what they print, and how they fail."""

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.testing import CliRunner

import faces_fixture
from leitweg.cli.main import app
from leitweg.domain.errors import SourceError, WorkspaceError
from leitweg.domain.imports import ImportedFile
from leitweg.domain.situation import ReleasedSituation

RUNNER = CliRunner()
LOG = ImportedFile(
    "in/log.csv",
    "events",
    {"events": 65533, "cases": 7554},
    65540,
    7,
    "in/log.rejects.csv",
    False,
    {"person": "Bearbeiter", "unit": "Abteilung"},
    {"Queued/*": "queued", "*/Wait": "queued"},
    ("Produkt",),
    ("Notiz",),
    ("'-' in Bearbeiter may mean missing.",),
    ("Siebel",),
)


@dataclass(frozen=True)
class Report:
    profile: str = "protected"
    imported: tuple[ImportedFile, ...] = (LOG,)
    samples: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ("Rows that the workspace holds already were left out: 3 cases.",)
    purpose_off: str | None = None


@dataclass(frozen=True)
class DemoResult:
    workspace: Path
    released: ReleasedSituation
    report: Path


class Calls:
    """Stands in for the studies and remembers what it was asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: dict[str, Any] = {}
        self.answer: Any = None
        for name, functions in {
            "situation": ["analyse"],
            "importing": ["import_files"],
            "reporting": ["write_report"],
            "exporting": ["export"],
            "demo": ["run_demo"],
        }.items():
            module = ModuleType(f"leitweg.studies.{name}")
            for function in functions:
                setattr(module, function, self._remember)
            monkeypatch.setitem(sys.modules, module.__name__, module)
            package = sys.modules.get("leitweg.studies")
            if package is not None:
                monkeypatch.setattr(package, name, module, raising=False)

    def _remember(self, *args: Any, **named: Any) -> Any:
        self.asked = {"args": args, **named}
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def calls(monkeypatch):
    import leitweg.studies  # noqa: F401, PLC0415 - the package whose modules are replaced

    for name in ("LEITWEG_WORKSPACE", "LEITWEG_LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.setenv("COLUMNS", "100")
    return Calls(monkeypatch)


def _run(*arguments: str):
    return RUNNER.invoke(app, list(arguments))


def test_alone_it_says_where_to_begin(calls):
    result = _run()
    assert result.exit_code == 0
    assert "leitweg demo --out demo" in result.stdout
    # a terminal has 24 lines, and the prompt takes one
    assert len(result.stdout.splitlines()) < 23


def test_help_names_every_command(calls):
    result = _run("--help")
    for command in ("demo", "import", "situation", "report", "export", "version"):
        assert f"  {command} " in result.stdout


def test_version_as_json(calls):
    assert set(json.loads(_run("version", "--json").stdout)) == {"version", "python"}


def test_situation_asks_and_shows(calls):
    calls.answer = faces_fixture.situation()
    result = _run(
        "situation", "-w", "w", "--from", "2025-01-01", "--to", "2026-01-01", "--as-of",
        "2025-12-01", "--seed", "4", "--language", "de",
    )  # fmt: skip
    assert result.exit_code == 0
    asked = {name: calls.asked[name] for name in ("start", "end", "as_of", "seed")}
    assert asked == {"start": "2025-01-01", "end": "2026-01-01", "as_of": "2025-12-01", "seed": 4}
    assert calls.asked["args"] == (Path("w"),)
    assert "Bei „Schadenprüfung“ wartet alles lange" in result.stdout


def test_the_workspace_may_come_from_the_surroundings(calls, monkeypatch):
    monkeypatch.setenv("LEITWEG_WORKSPACE", "from-env")
    calls.answer = faces_fixture.empty()
    assert _run("situation").exit_code == 0
    assert calls.asked["args"] == (Path("from-env"),)


def test_json_is_exactly_one_document(calls):
    calls.answer = faces_fixture.situation()
    result = _run("situation", "-w", "w", "--json")
    document = json.loads(result.stdout)
    assert document["findings"][0]["waiting_hours_per_month"]["value"] == 1204.4
    assert document["findings"][0]["title"] == "Everything waits long at Schadenprüfung"


def test_import_hands_every_option_on(calls):
    calls.answer = Report()
    result = _run(
        "import", "a.csv", "b.csv", "-w", "w", "--kind", "events", "--map", "person=Bearbeiter",
        "--map", "at = Zeit", "--map-state", "Prio=1/Queued=queued", "--path-separator", ">",
        "--time-zone", "Europe/Berlin", "--day-first", "--missing", "?", "--missing", "-",
        "--machine", "bot", "--front", "Hotline", "--profile", "open", "--dry-run",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    workspace, paths, options = calls.asked["args"]
    assert (workspace, paths) == (Path("w"), [Path("a.csv"), Path("b.csv")])
    assert options.kind == "events"
    assert options.mapping == {"person": "Bearbeiter", "at": "Zeit"}
    assert options.states == {"Prio=1/Queued": "queued"}
    assert options.path_separator == ">"
    assert options.time_zone == "Europe/Berlin"
    assert options.day_first is True
    assert options.missing == ("?", "-")
    assert (options.machines, options.front) == (("bot",), ("Hotline",))
    assert (calls.asked["profile"], calls.asked["dry_run"]) == ("open", True)


def test_nothing_is_assumed_where_nothing_was_said(calls):
    calls.answer = Report()
    _run("import", "a.csv", "-w", "w")
    options = calls.asked["args"][2]
    assert (options.kind, options.day_first, options.time_zone) == ("auto", None, None)
    assert (calls.asked["profile"], calls.asked["dry_run"]) == (None, False)
    _run("import", "a.csv", "-w", "w", "--month-first")
    assert calls.asked["args"][2].day_first is False


def test_the_import_report_says_what_was_made_of_the_file(calls):
    calls.answer = Report()
    out = _run("import", "log.csv", "-w", "w").stdout
    assert "65,540 rows read, 7 rejected" in out
    assert "events 65,533, cases 7,554" in out
    assert "person ← Bearbeiter, unit ← Abteilung" in out
    assert "queued: Queued/*, */Wait" in out
    assert "Siebel (confirm with --machine ACCOUNT)" in out
    assert "Left over" in out
    assert "in/log.rejects.csv" in out
    assert "were left out: 3 cases." in out
    german = _run("import", "log.csv", "-w", "w", "--language", "de").stdout
    assert "Zeilen, die der Arbeitsbereich schon enthält, wurden weggelassen: 3 cases." in german


def test_a_dry_run_shows_samples_and_says_so(calls):
    sample = {"case_id": "c1", "at_us": 1_735_689_600_000_000, "person": None, "unit": "Süd"}
    calls.answer = Report(samples={"events": [sample]})
    out = _run("import", "log.csv", "-w", "w", "--dry-run", "--language", "de").stdout
    assert "Probelauf: Es wurde nichts gespeichert." in out
    assert "2025-01-01 00:00:00" in out
    assert "Was in events gespeichert würde" in out
    document = json.loads(_run("import", "log.csv", "-w", "w", "--dry-run", "--json").stdout)
    assert document["samples"]["events"][0]["unit"] == "Süd"


def test_import_json_has_the_shape_of_the_contract(calls):
    calls.answer = Report()
    file = json.loads(_run("import", "log.csv", "-w", "w", "--json").stdout)["imported"][0]
    assert file["tables"] == {"events": 65533, "cases": 7554}
    assert file["mapping"] == {"person": "Bearbeiter", "unit": "Abteilung"}
    assert (file["rows_rejected"], file["already_imported"]) == (7, False)
    assert file["attributes"] == ["Produkt"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["situation"],
        ["situation", "-w", "w", "--nonsense"],
        ["import", "-w", "w"],
        ["import", "a", "-w", "w", "--kind", "nonsense"],
        ["import", "a", "-w", "w", "--map", "nonsense"],
        ["import", "a", "-w", "w", "--map", "at=x", "--map", "at=y"],
        ["import", "a", "-w", "w", "--profile", "public"],
        ["situation", "-w", "w", "--language", "fr"],
        ["nonsense"],
    ],
)
def test_wrong_usage_is_exit_code_2(calls, arguments):
    assert _run(*arguments).exit_code == 2


def test_a_domain_error_is_one_sentence_and_exit_code_1(calls):
    calls.answer = SourceError(
        "a.csv: columns missing: person.", code="missing-column", path="a.csv", columns=["person"]
    )
    result = _run("import", "a.csv", "-w", "w")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == "Error: a.csv: columns missing: person.\n"


def test_with_json_a_domain_error_is_a_problem_document(calls):
    calls.answer = WorkspaceError("w is locked.", code="workspace-locked", path="w")
    result = _run("situation", "-w", "w", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "type": "urn:leitweg:problem:workspace-locked",
        "title": "The workspace cannot be used",
        "status": 409,
        "detail": "w is locked.",
        "code": "workspace-locked",
        "path": "w",
    }
    assert result.stderr == "Error: w is locked.\n"


def test_a_slip_never_shows_a_traceback_unless_asked(calls):
    calls.answer = ZeroDivisionError("secret detail")
    result = _run("situation", "-w", "w")
    assert result.exit_code == 1
    assert "ZeroDivisionError" in result.stderr
    assert "Traceback" not in result.stderr
    assert "secret" not in result.stderr
    assert "secret detail" in _run("situation", "-w", "w", "--debug").stderr
    document = json.loads(_run("situation", "-w", "w", "--json").stdout)
    assert (document["status"], document["code"]) == (500, "internal")


def test_errors_of_the_faces_speak_german(calls):
    result = _run("demo", "--serve", "--language", "de")
    assert result.exit_code == 1
    assert result.stderr.startswith("Fehler: Die Webseite gibt es in dieser Version nicht.")


def test_report_hands_on_and_names_the_file(calls):
    calls.answer = Path("out.html")
    result = _run("report", "-w", "w", "--out", "out.html", "--language", "de", "--seed", "3")
    assert result.stdout == "Bericht: out.html\n"
    assert (calls.asked["out"], calls.asked["format"]) == (Path("out.html"), "html")
    assert (calls.asked["language"], calls.asked["seed"]) == ("de", 3)
    document = json.loads(_run("report", "-w", "w", "--out", "out.html", "--json").stdout)
    assert document == {"path": "out.html", "format": "html", "language": "en"}


def test_export_counts_its_rows(calls):
    calls.answer = 39
    result = _run("export", "-w", "w", "--what", "links", "--format", "xlsx", "--out", "l.xlsx")
    assert result.stdout == "39 rows written to l.xlsx\n"
    assert calls.asked["args"] == (Path("w"), "links", "xlsx", Path("l.xlsx"))


def test_demo_ends_with_findings_and_the_report(calls):
    calls.answer = DemoResult(Path("d/w"), faces_fixture.situation(), Path("d/report.html"))
    result = _run("demo", "--out", "d", "--seed", "5", "--profile", "open")
    assert result.exit_code == 0
    assert (calls.asked["args"], calls.asked["seed"]) == ((Path("d"),), 5)
    assert (calls.asked["profile"], calls.asked["language"]) == ("open", "en")
    assert "Everything waits long at Schadenprüfung" in result.stdout
    assert result.stdout.endswith("Workspace: d/w\nReport: d/report.html\n")
    document = json.loads(_run("demo", "--out", "d", "--json").stdout)
    assert document["report"] == "d/report.html"
    assert len(document["findings"]) == 9
