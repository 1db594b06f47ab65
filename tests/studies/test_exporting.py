"""Exports: every format gives the same rows, nothing computes, nothing personal leaves."""

import csv
import json
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import depth_fixture
import faces_fixture
from leitweg.domain.errors import QuestionError
from leitweg.domain.tables import TABLES
from leitweg.store import create_workspace
from leitweg.studies import exporting
from leitweg.studies.export_formats import WRITERS, harmless
from purposes import allow

FORMATS = ("csv", "parquet", "xlsx", "json")


@pytest.fixture
def opened(tmp_path_factory, monkeypatch):
    """A workspace of a profile, whatever folder is named; all its tables hold these rows."""

    def planted(profile: str, rows: pa.Table | None = None) -> None:
        place = create_workspace(tmp_path_factory.mktemp("home") / "w", profile=profile)
        allow(place.folder)
        monkeypatch.setattr(place, "read", lambda name: rows)
        monkeypatch.setattr(exporting, "open_workspace", lambda _: place)

    return planted


@pytest.fixture
def answered(opened, monkeypatch):
    """An answer in the place of the analysis."""

    def planted(released) -> None:
        opened("protected")
        monkeypatch.setattr(exporting, "analysed", lambda *a, **k: released)

    return planted


@pytest.fixture
def released(answered):
    answered(faces_fixture.hostile())


def _events() -> pa.Table:
    rows = [
        {"case_id": "=c1", "at_us": 1_735_689_600_000_000, "unit": "Süd", "state": 1, "seq": -1},
        {"case_id": "c2", "at_us": None, "unit": None, "state": None, "seq": 2},
    ]
    return pa.Table.from_pylist(rows, schema=TABLES["events"].schema)


def _read(path: Path, file_format: str) -> list[dict[str, object]]:
    if file_format == "parquet":
        return pq.read_table(path).to_pylist()
    if file_format == "json":
        return json.loads(path.read_text("utf-8"))
    if file_format == "csv":
        with path.open(encoding="utf-8", newline="") as file:
            return [{k: v or None for k, v in row.items()} for row in csv.DictReader(file)]
    head, *rows = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_loads_and_causes_take_columns_of_their_own(tmp_path, answered):
    answered(depth_fixture.in_depth())
    out = tmp_path / "loads.parquet"
    assert exporting.export(tmp_path, "loads", "parquet", out) == 10
    rows = {(r["unit"], r["position"]): r for r in _read(out, "parquet")}
    appraisal = rows["Schadenprüfung", "Gutachten"]
    assert (appraisal["people"], appraisal["utilisation"]) == (9, 0.97)
    ends = (appraisal["utilisation_low"], appraisal["utilisation_high"])
    assert ends == pytest.approx((0.92, 1.03))
    assert appraisal["working_hours_per_month"] == 1210.0
    assert rows["Vertrieb Süd", None]["why"] == "no-calendar"
    assert rows["Vorstandsbüro", None]["held_back"] == "below-k"
    for what, first in (("units", 402.0), ("links", 1510.2)):
        out = tmp_path / f"{what}.parquet"
        exporting.export(tmp_path, what, "parquet", out)
        row = _read(out, "parquet")[0]
        assert row["waiting_hours_per_month_contention"] == pytest.approx(first * 0.33)


@pytest.mark.parametrize("file_format", FORMATS)
def test_links_in_every_format(tmp_path, released, file_format):
    out = tmp_path / f"links.{file_format}"
    assert exporting.export(tmp_path, "links", file_format, out) == 40
    first = _read(out, file_format)[0]
    assert first["from_unit"] == "<script>alert(1)</script>"
    assert float(str(first["handovers"])) == 1480
    assert float(str(first["waiting_hours_median"])) == 19.5
    held = _read(out, file_format)[-1]
    assert (held["handovers"], held["held_back"]) == (None, "below-k")


def test_findings_carry_price_title_and_evidence(tmp_path, released):
    out = tmp_path / "f.json"
    assert exporting.export(tmp_path, "findings", "json", out, language="de") == 9
    first = json.loads(out.read_text("utf-8"))[0]
    assert (first["waiting_hours_per_month"], first["waiting_hours_per_month_low"]) == (1204.4, 940)
    assert first["title"] == "Bei „Schadenprüfung“ wartet alles lange"
    assert json.loads(first["evidence"])["senders"] == 5
    assert json.loads(first["where"]) == {"topic": "<b>fett</b>"}


@pytest.mark.parametrize(("what", "rows"), [("figures", 23), ("units", 12)])
def test_figures_and_units(tmp_path, released, what, rows):
    out = tmp_path / "x.parquet"
    assert exporting.export(tmp_path, what, "parquet", out) == rows
    table = pq.read_table(out)
    if what == "units":
        assert table["waiting_hours_per_month_high"][0].as_py() == 431.0
        assert table["people"][11].as_py() is None
    else:
        assert table["value"][0].as_py() == 8122.0


def test_an_empty_export_still_has_its_columns(tmp_path, answered):
    answered(faces_fixture.empty())
    out = tmp_path / "f.csv"
    assert exporting.export(tmp_path, "findings", "csv", out) == 0
    assert out.read_text("utf-8").startswith("id,kind,level,title,")


def test_text_that_computes_is_escaped_and_numbers_are_not(tmp_path, released):
    out = tmp_path / "l.csv"
    exporting.export(tmp_path, "links", "csv", out)
    assert ",'=1+1," in out.read_text("utf-8") or "'=1+1," in out.read_text("utf-8")
    book = tmp_path / "l.xlsx"
    exporting.export(tmp_path, "links", "xlsx", book)
    cells = [c for row in openpyxl.load_workbook(book).active.iter_rows() for c in row]
    assert {c.data_type for c in cells if c.value == "=1+1"} == {"s"}
    assert not any(c.data_type == "f" for c in cells)


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx", "\nx"])
def test_every_formula_mark_is_met(text):
    assert harmless(text) == f"'{text}"
    assert harmless(f"x{text}") == f"x{text}"


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_stored_table_leaves_an_open_workspace(tmp_path, opened, file_format):
    opened("open", _events())
    out = tmp_path / f"e.{file_format}"
    assert exporting.export(tmp_path, "events", file_format, out) == 2
    first, second = _read(out, file_format)
    assert first["case_id"] == ("'=c1" if file_format == "csv" else "=c1")
    assert str(first["at"]).replace(" ", "T") == "2025-01-01T00:00:00+00:00"
    assert (first["state"], second["state"], second["at"]) == ("queued", None, None)
    assert int(str(first["seq"])) == -1  # a number below zero is no formula


@pytest.mark.parametrize("what", ["events", "messages", "people", "cases"])
def test_rows_about_persons_stay_in_a_protected_workspace(tmp_path, opened, what):
    opened("protected", _events())
    out = tmp_path / "e.csv"
    with pytest.raises(QuestionError) as raised:
        exporting.export(tmp_path, what, "csv", out)
    assert raised.value.code == "personal-table"
    assert not out.exists()


@pytest.mark.parametrize(
    ("what", "file_format", "code"),
    [
        ("links", "graphml", "network-format"),
        ("links", "gexf", "network-format"),
        ("links", "pdf", "unknown-format"),
        ("secrets", "csv", "unknown-export"),
    ],
)
def test_what_there_is_not_is_a_sentence(tmp_path, what, file_format, code):
    with pytest.raises(QuestionError) as raised:
        exporting.export(tmp_path, what, file_format, tmp_path / "x")
    assert raised.value.code == code


def test_a_failing_writer_leaves_what_was_there(tmp_path, released, monkeypatch):
    def fail(table: pa.Table, out: Path) -> None:
        out.write_text("half")
        raise OSError(28, "No space left on device")

    out = tmp_path / "l.csv"
    out.write_text("before")
    monkeypatch.setitem(WRITERS, "csv", fail)
    with pytest.raises(QuestionError, match="No space left") as raised:
        exporting.export(tmp_path, "links", "csv", out)
    assert raised.value.code == "unwritable"
    assert out.read_text() == "before"
    assert [p.name for p in tmp_path.iterdir()] == ["l.csv"]


def test_a_place_that_takes_no_file_is_a_sentence(tmp_path, released):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(QuestionError) as raised:
        exporting.export(tmp_path, "links", "csv", blocked / "l.csv")
    assert raised.value.code == "unwritable"


@pytest.mark.parametrize(("name", "file_format"), [("f.xlsx", "csv"), ("f.PDF", "csv")])
def test_a_name_that_promises_another_format_is_refused(tmp_path, name, file_format):
    with pytest.raises(QuestionError, match="would be written") as refused:
        exporting.export(tmp_path / "none.leitweg", "findings", file_format, tmp_path / name)
    assert refused.value.code == "suffix-format"
    assert not (tmp_path / name).exists()
