"""Bad input over the whole way: one sentence, a problem document, the workspace as it was."""

import csv
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from bad_files import FILES, GOOD, HEADER, SECRET, Bad
from typer.testing import CliRunner

from leitweg.cli.main import app
from purposes import allow, is_of_log

PROFILES = ("open", "protected")


@pytest.fixture(autouse=True)
def english(monkeypatch):
    for name in ("LEITWEG_WORKSPACE", "LEITWEG_LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")


def run(*arguments: object):
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.fixture
def home(tmp_path):
    """A workspace of two events, and a place for the bad file."""
    (tmp_path / "good.csv").write_text(GOOD)
    workspace = tmp_path / "firm.leitweg"
    assert run("import", tmp_path / "good.csv", "-w", workspace).exit_code == 0
    allow(workspace)
    return tmp_path


def state_of(folder: Path) -> dict[str, str]:
    """Every file of a workspace and of its keys but the log, with a hash of what it holds."""
    return {
        str(path.relative_to(folder.parent)): hashlib.sha256(path.read_bytes()).hexdigest()
        for beside in (folder, folder.with_name("firm.leitweg.keys"))
        for path in sorted(beside.rglob("*"))
        if path.is_file() and not is_of_log(path)
    }


@pytest.mark.parametrize("bad", FILES, ids=lambda bad: bad.what)
def test_a_bad_file_is_refused_and_changes_nothing(home: Path, bad: Bad):
    workspace, path = home / "firm.leitweg", home / bad.name
    bad.write(path)
    before, beside = state_of(workspace), sorted(home.iterdir())
    assert before
    result = run("import", path, "-w", workspace, "--json")
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    problem = json.loads(result.stdout)
    assert problem["code"] == bad.code
    assert (problem["type"], problem["status"]) == (f"urn:leitweg:problem:{bad.code}", 422)
    assert problem["title"] == "The source cannot be read"
    said = problem["detail"]
    assert bad.name in said
    assert [word for word in bad.says if word not in said] == []
    assert said.endswith((".", ".)"))
    assert len(said) < 400
    assert SECRET not in result.output
    # on standard error stands that sentence, nothing before it and nothing after it
    assert result.stderr == f"Error: {said}\n"
    assert state_of(workspace) == before
    assert sorted(home.iterdir()) == beside


@pytest.mark.parametrize("bad", FILES[::4], ids=lambda bad: bad.what)
def test_a_first_import_that_is_refused_leaves_no_workspace(tmp_path: Path, bad: Bad):
    bad.write(tmp_path / bad.name)
    beside = sorted(tmp_path.iterdir())
    result = run("import", tmp_path / bad.name, "-w", tmp_path / "new.leitweg")
    assert (result.exit_code, result.stdout) == (1, "")
    assert sorted(tmp_path.iterdir()) == beside


@pytest.mark.parametrize("bad", FILES[:6:2], ids=lambda bad: bad.what)
def test_one_bad_file_stops_the_good_ones_beside_it(home: Path, bad: Bad):
    bad.write(home / bad.name)
    (home / "more.csv").write_text(GOOD.replace("V1", "V7"))
    before = state_of(home / "firm.leitweg")
    result = run("import", home / "more.csv", home / bad.name, "-w", home / "firm.leitweg")
    assert result.exit_code == 1
    assert bad.name in result.stderr
    assert state_of(home / "firm.leitweg") == before


def test_the_sentence_is_german_where_german_is_spoken(home: Path):
    (home / "leer.csv").write_bytes(b"")
    result = run("import", home / "leer.csv", "-w", home / "firm.leitweg", "--language", "de")
    assert result.exit_code == 1
    assert result.stderr.startswith("Fehler: leer.csv: Die Datei ist leer")


ROWS = {
    "end before start": ("at,started", "2024-01-02T10:00:00Z,2024-01-02T12:00:00Z", "started"),
    "a date of 1970": ("at", "1970-01-01T00:00:00Z", "at"),
    "a date in the future": ("at", "2999-01-01T00:00:00Z", "at"),
    "no time at all": ("at", "yesterday", "at"),
    "an impossible day": ("at", "2024-02-30T10:00:00Z", "at"),
}


@pytest.mark.parametrize("what", ROWS)
@pytest.mark.parametrize("profile", PROFILES)
def test_a_bad_row_is_kept_out_with_its_number_and_the_reason(tmp_path, what, profile):
    header, cell, column = ROWS[what]
    good = ",".join(["2024-01-02T10:00:00Z", "2024-01-02T09:00:00Z"][: cell.count(",") + 1])
    lines = [f"V{i},{good},Anna,Vertrieb" for i in range(6)]
    lines.insert(3, f"V9,{cell},Anna,Vertrieb")
    path = tmp_path / "log.csv"
    path.write_text("\n".join([f"case_id,{header},person,unit", *lines]))
    result = run("import", path, "-w", tmp_path / "w", "--profile", profile, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    (file,) = json.loads(result.stdout)["imported"]
    assert (file["rows_read"], file["rows_rejected"], file["tables"]["events"]) == (7, 1, 6)
    with Path(file["rejects"]).open(encoding="utf-8", newline="") as handle:
        (reject,) = csv.DictReader(handle)
    assert (reject["row"], reject["column"]) == ("4", column)
    assert len(reject["reason"]) > 10
    # the text of the row itself stays out of a protected workspace
    assert ("text" in reject) == (profile == "open")


FORMULAS = ('=HYPERLINK("http://x.example")', "+49 170", "-1+1", "@SUM(A1)")


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_in_a_name_is_escaped_at_every_exit(tmp_path, formula):
    quoted = '"' + formula.replace('"', '""') + '"'
    lines = [
        f"V{i},2024-01-{2 + i % 25:02d}T{9 + j:02d}:00:00Z,Anna,{unit}"
        for i in range(30)
        for j, unit in enumerate((quoted, "Service"))
    ]
    path = tmp_path / "log.csv"
    path.write_text("\n".join([HEADER, *lines]))
    workspace = tmp_path / "w"
    assert run("import", path, "-w", workspace, "--profile", "open").exit_code == 0
    for what in ("events", "links", "units"):
        for file_format in ("csv", "xlsx"):
            out = tmp_path / f"{what}.{file_format}"
            result = run(
                *("export", "-w", workspace, "--what", what),
                *("--format", file_format, "--out", out),
            )
            assert result.exit_code == 0, result.output
            if file_format == "csv":
                with out.open(encoding="utf-8-sig", newline="") as handle:
                    cells = [cell for row in csv.reader(handle) for cell in row]
                assert f"'{formula}" in cells
                assert formula not in cells
            else:
                assert formulas_in(out) == []
    # the report is a page: the formula is text there, and no tag
    assert run("report", "-w", workspace, "--out", tmp_path / "r.html").exit_code == 0


def formulas_in(path: Path) -> list[str]:
    """Cells that a spreadsheet would compute."""
    book = openpyxl.load_workbook(path)
    found = [
        str(cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    book.close()
    return found


def test_a_name_cannot_put_a_tag_into_the_report(tmp_path):
    tag = "<script>alert(1)</script>"
    lines = [
        f"V{i},2024-01-{2 + i % 25:02d}T{9 + j:02d}:00:00Z,{tag},{unit}"
        for i in range(30)
        for j, unit in enumerate((tag, "Service"))
    ]
    path = tmp_path / "log.csv"
    path.write_text("\n".join([HEADER, *lines]))
    assert run("import", path, "-w", tmp_path / "w", "--profile", "open").exit_code == 0
    assert run("report", "-w", tmp_path / "w", "--out", tmp_path / "r.html").exit_code == 0
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert tag not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("situation",), "workspace-missing", "import"),
        (("report", "--out", "r.html"), "workspace-missing", "import"),
        (("export", "--what", "links", "--out", "x.csv"), "workspace-missing", "import"),
    ],
)
def test_a_workspace_that_is_not_there(tmp_path, monkeypatch, arguments, code, says):
    monkeypatch.chdir(tmp_path)
    result = run(*arguments, "-w", tmp_path / "absent.leitweg", "--json")
    assert result.exit_code == 1
    problem = json.loads(result.stdout)
    assert (problem["code"], problem["status"]) == (code, 409)
    assert says in problem["detail"]
    assert result.stderr == f"Error: {problem['detail']}\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--from", "soon"), "not-a-date"),
        (("--from", "2024-05-01", "--to", "2024-01-01"), "empty-period"),
        (("--as-of", "2024-13-01"), "not-a-date"),
    ],
)
def test_questions_that_make_no_sense(home, options, code):
    result = run("situation", "-w", home / "firm.leitweg", *options, "--json")
    assert result.exit_code == 1
    problem = json.loads(result.stdout)
    assert (problem["code"], problem["status"]) == (code, 400)
    assert result.stderr == f"Error: {problem['detail']}\n"


def test_in_a_process_of_its_own_there_is_no_traceback_either(home):
    (home / "log.csv.gz").write_bytes(b"\x1f\x8b\x08\x00 and then nothing")
    before = state_of(home / "firm.leitweg")
    script = "from leitweg.cli.main import main; main()"
    command = [sys.executable, "-c", script, "import", str(home / "log.csv.gz")]
    done = subprocess.run(
        [*command, "-w", str(home / "firm.leitweg"), "--json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert json.loads(done.stdout)["code"] in ("broken-archive", "truncated-file")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    assert state_of(home / "firm.leitweg") == before
