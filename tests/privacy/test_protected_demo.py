"""The protected demo company: no name and no address of its people is in anything that leaves."""

import csv
import json
import random
import re

import openpyxl
import pyarrow.parquet as pq
import pytest

from leitweg.demo.staff import staff_of
from leitweg.domain.errors import QuestionError
from leitweg.domain.tables import TABLES
from leitweg.studies.auditing import audit_entries, verify_audit
from leitweg.studies.demo import run_demo
from leitweg.studies.documents import situation_document
from leitweg.studies.exporting import NETWORK, RELEASED, STORED, export
from leitweg.studies.json_forms import json_text
from leitweg.studies.purposes import list_purposes

SEED = 1
ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+\w")


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    return run_demo(tmp_path_factory.mktemp("demo"), seed=SEED, language="de")


@pytest.fixture(scope="module")
def names(demo):
    """Names and addresses of everybody in the company, and of customers who wrote to it."""
    staff = staff_of(SEED, "de")
    accounts = {person.account for person in staff}
    full = {person.name for person in staff if person.kind == "person"}
    with (demo.exports / "nachrichten.csv").open(encoding="utf-8", newline="") as file:
        seen = {value for row in csv.DictReader(file) for value in row.values() if "@" in value}
    customers = sorted(name for value in seen for name in ADDRESS.findall(value))
    customers = [name for name in dict.fromkeys(customers) if name not in accounts]
    accounts |= set(random.Random(1).sample(customers, 60))
    assert len(accounts) >= 300
    assert len(full) >= 200
    # the first half of an address is a name only where it is made of two
    halves = {account.split("@")[0] for account in accounts}
    return accounts | full | {half for half in halves if "." in half}


def hits(text, names):
    lower = text.lower()
    return sorted(name for name in names if name.lower() in lower)


def written(path):
    """All text of an exported file, packed or not."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path, read_only=True)
        cells = [str(v) for s in book for row in s.iter_rows(values_only=True) for v in row]
        book.close()
        return "\n".join(cells)
    if path.suffix == ".parquet":
        return json.dumps(pq.read_table(path).to_pylist(), default=str)
    return path.read_text(encoding="utf-8")


def test_the_exports_of_the_company_do_hold_the_names(demo, names):
    text = "".join(
        path.read_text(encoding="utf-8", errors="replace") for path in demo.exports.glob("*.csv")
    )
    assert len(hits(text, names)) >= 200


def test_report_and_json_name_nobody(demo, names):
    assert hits(demo.report.read_text(encoding="utf-8"), names) == []
    for language in ("de", "en"):
        text = json_text(situation_document(demo.released, language))
        assert hits(text, names) == []
        assert "p-" not in {word[:2] for word in text.split('"')}


FORMATS = {
    **{"findings": "xlsx", "figures": "json", "links": "parquet", "units": "csv"},
    **{"loads": "csv", "network": "graphml"},
}


@pytest.mark.parametrize("what", [*RELEASED, NETWORK])
def test_exports_name_nobody(demo, names, tmp_path, what):
    # every export analyses anew, so that each table takes one format and all formats are seen
    out = tmp_path / f"{what}.{FORMATS[what]}"
    assert export(demo.workspace, what, FORMATS[what], out, language="de") > 0
    text = written(out)
    assert hits(text, names) == []
    assert "case_ids" not in text


PERSONAL = tuple(name for name in STORED if any(c.personal for c in TABLES[name].columns))


@pytest.mark.parametrize("what", PERSONAL)
def test_tables_about_single_persons_do_not_leave(demo, tmp_path, what):
    out = tmp_path / "out.csv"
    with pytest.raises(QuestionError) as caught:
        export(demo.workspace, what, "csv", out)
    assert caught.value.code == "personal-table"
    assert not out.exists()


def test_the_workspace_itself_names_nobody(demo, names):
    for path in demo.workspace.rglob("*"):
        assert hits(str(path.relative_to(demo.workspace)), names) == []
        if path.suffix == ".parquet":
            columns = pq.read_table(path).to_pydict().values()
            seen = {str(value).lower() for column in columns for value in column}
            assert seen & {name.lower() for name in names} == set()
        elif path.is_file():
            assert hits(path.read_bytes().decode("latin-1"), names) == []


def test_the_purposes_of_an_invented_company_are_on_and_all_it_was_asked_is_noted(demo):
    states = list_purposes(demo.workspace)
    assert {(s.is_on, s.by, s.basis) for s in states} == {(True, "Leitweg demo", "invented data")}
    noted = [entry.action for entry in audit_entries(demo.workspace)]
    assert noted[:7] == ["import", *["purpose-switch"] * 5, "situation"]
    assert verify_audit(demo.workspace).is_whole
