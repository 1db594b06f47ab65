"""Parquet and workbooks: typed times, several sheets, damage."""

import datetime as dt

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from tabular_fixture import read_one, refused, rows, utc, write


def workbook(path, sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    book.save(path)
    return path


def test_parquet_keeps_typed_times_and_ids(tmp_path):
    at = [dt.datetime(2024, 5, 6, 8, tzinfo=dt.UTC), dt.datetime(2024, 5, 6, 9, tzinfo=dt.UTC)]
    table = pa.table(
        {
            "case_id": pa.array([4711.0, 4711.0]),
            "timestamp": pa.array(at, pa.timestamp("ms", "UTC")),
            "resource": pa.array(["Anna", None]).dictionary_encode(),
            "vip": pa.array([True, False]),
            "tags": pa.array([["a"], []]),
        }
    )
    pq.write_table(table, tmp_path / "log.parquet")
    reading = read_one(tmp_path / "log.parquet")
    assert rows(reading, "events", "case_id", "at_us", "person") == [
        ("4711", utc("2024-05-06T08:00:00"), "Anna"),
        ("4711", utc("2024-05-06T09:00:00"), None),
    ]
    assert rows(reading, "cases", "attributes") == [([("vip", "true")],)]
    assert reading.warnings == ("log.parquet: column 'tags' holds nested values and was left out.",)


def test_naive_parquet_times_need_a_zone(tmp_path):
    table = pa.table({"case": ["1"], "at": [dt.datetime(2024, 7, 1, 12)], "team": ["A"]})
    pq.write_table(table, tmp_path / "log.parquet")
    assert "--time-zone" in refused(tmp_path / "log.parquet", "naive-time")
    reading = read_one(tmp_path / "log.parquet", time_zone="Europe/Berlin")
    assert rows(reading, "events", "at_us") == [(utc("2024-07-01T10:00:00"),)]


def test_a_workbook_reads_its_first_sheet_with_a_header(tmp_path):
    path = workbook(
        tmp_path / "log.xlsx",
        {
            "Deckblatt": [["Auswertung"]],
            "Daten": [
                ["Export 2024"],
                [],
                ["Vorgang", "Zeitpunkt", "Bearbeiter", "Abteilung"],
                [17, dt.datetime(2024, 7, 1, 12, 30), "Anna", "Vertrieb"],
                [],
                [17, dt.datetime(2024, 7, 1, 13), "Bernd", None],
            ],
            "Weitere": [["a", "b"], [1, 2]],
        },
    )
    reading = read_one(path, time_zone="Europe/Berlin")
    assert rows(reading, "events", "case_id", "at_us", "person", "unit") == [
        ("17", utc("2024-07-01T10:30:00"), "Anna", "Vertrieb"),
        ("17", utc("2024-07-01T11:00:00"), "Bernd", None),
    ]
    assert reading.warnings == (
        "log.xlsx: sheet 'Daten' was read; not read: 'Weitere'. "
        "Save a sheet as a file of its own to import it.",
    )


def test_damaged_and_old_files_are_refused(tmp_path):
    good = workbook(tmp_path / "a.xlsx", {"A": [["a", "b"], [1, 2]]}).read_bytes()
    assert "damaged" in refused(write(tmp_path, good[: len(good) // 2], "b.xlsx"), "broken-archive")
    sentence = refused(write(tmp_path, b"PAR1" + b"x" * 100, "c.parquet"), "malformed-table")
    assert sentence.startswith("c.parquet: the Parquet file is damaged (")
    assert refused(write(tmp_path, b"\xd0\xcf\x11\xe0" + b"x" * 600, "d.xls"), "old-workbook") == (
        "d.xls: it is a workbook of the old format (xls). Save it as xlsx or CSV."
    )


def test_a_workbook_without_a_table_is_refused(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"A": [["only one cell"]]})
    assert refused(path, "no-header").startswith("a.xlsx: no sheet has a header line.")
