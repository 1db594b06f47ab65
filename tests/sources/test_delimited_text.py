"""Delimited text: delimiters, encodings, quoting, and what is refused."""

import gzip
import zipfile

import pytest
from tabular_fixture import read_one, refused, rejected, rows, utc, write

from leitweg.domain.imports import ImportOptions
from leitweg.sources.headers import best_delimiter
from leitweg.sources.opening import open_source
from leitweg.sources.reading import read
from leitweg.sources.text_tables import read_text_table

LOG = """
case_id{d}timestamp{d}resource{d}team{d}activity
1{d}2024-05-06T08:00:00Z{d}Anna{d}Vertrieb{d}Anruf
1{d}2024-05-06T09:30:00Z{d}Björn{d}Technik{d}Prüfung
"""
EVENTS = [
    ("1", utc("2024-05-06T08:00:00"), "Anna", "Vertrieb", "Anruf", 0),
    ("1", utc("2024-05-06T09:30:00"), "Björn", "Technik", "Prüfung", 1),
]
COLUMNS = ("case_id", "at_us", "person", "unit", "activity", "seq")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_delimiter_gives_the_same_events(tmp_path, delimiter):
    reading = read_one(write(tmp_path, LOG.format(d=delimiter)))
    assert rows(reading, "events", *COLUMNS) == EVENTS
    assert reading.rows_read == 2


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_every_encoding_gives_the_same_events(tmp_path, encoding):
    reading = read_one(write(tmp_path, LOG.format(d=";"), encoding=encoding))
    assert rows(reading, "events", *COLUMNS) == EVENTS
    expected = ("log.csv: it is not UTF-8 and was read as Windows-1252. Check the umlauts.",)
    assert reading.warnings == (expected if encoding == "cp1252" else ())


def test_windows_line_ends_and_a_line_of_excel_change_nothing(tmp_path):
    text = "sep=;\n" + LOG.format(d=";").lstrip("\n")
    reading = read_one(write(tmp_path, text.replace("\n", "\r\n")))
    assert rows(reading, "events", *COLUMNS) == EVENTS


def test_gzip_and_zip_are_unpacked(tmp_path):
    (tmp_path / "log.csv.gz").write_bytes(gzip.compress(LOG.format(d=",").lstrip().encode()))
    with zipfile.ZipFile(tmp_path / "logs.zip", "w") as archive:
        archive.writestr("b.csv", LOG.format(d=";").lstrip())
        archive.writestr("a.csv", LOG.format(d="|").lstrip())
    assert rows(read_one(tmp_path / "log.csv.gz"), "events", *COLUMNS) == EVENTS
    both = read(tmp_path / "logs.zip", ImportOptions())
    assert [rows(one, "events", *COLUMNS) for one in both] == [EVENTS, EVENTS]


def test_a_truncated_gzip_is_refused(tmp_path):
    packed = gzip.compress("".join(f"{i},{i * 7919}\n" for i in range(20_000)).encode())
    (tmp_path / "log.csv.gz").write_bytes(packed[: len(packed) // 2])
    assert "the compressed file is cut off" in refused(tmp_path / "log.csv.gz", "truncated-file")


def test_quoted_delimiters_quotes_and_line_breaks_stay_in_their_field(tmp_path):
    text = """
case_id;at;person;activity
7;2024-05-06T08:00:00Z;"Meier; Anna";"Erste
Zeile ""zitiert\"""
"""
    reading = read_one(write(tmp_path, text))
    assert rows(reading, "events", "person", "activity") == [
        ("Meier; Anna", 'Erste\nZeile "zitiert"')
    ]


def test_a_decimal_comma_does_not_make_the_comma_the_delimiter():
    assert best_delimiter("Name;Menge;Preis\nAnna;1,5;2,5\nBernd;2,5;3,5\n") == ";"
    assert best_delimiter("Name,Menge\nAnna,1;5\n") == ","
    assert best_delimiter("only one column\n") == ","


def test_ragged_rows_are_rejected_with_their_number(tmp_path):
    text = """
case_id,at,person
1,2024-05-06T08:00:00Z,Anna
1,2024-05-06T09:00:00Z

2,2024-05-06T10:00:00Z,Bernd,too much
2,2024-05-06T11:00:00Z,Carla
"""
    reading = read_one(write(tmp_path, text))
    assert rejected(reading) == [
        (2, "", "2 fields instead of 3", "1,2024-05-06T09:00:00Z"),
        (3, "", "4 fields instead of 3", "2,2024-05-06T10:00:00Z,Bernd,too much"),
    ]
    assert reading.rows_read == 4
    assert rows(reading, "events", "person", "seq") == [("Anna", 0), ("Carla", 3)]


def test_repeated_and_empty_column_names_are_told_apart(tmp_path):
    text = "case_id,at,person,,note,note\n1,2024-05-06T08:00:00Z,Anna,x,y,z\n"
    raw = read_text_table(next(open_source(write(tmp_path, text))), lambda *_: None)
    assert raw.columns == ["case_id", "at", "person", "column 4", "note", "note (2)"]


def test_progress_is_told_in_bytes(tmp_path):
    path = write(tmp_path, LOG.format(d=","))
    told = []
    read(path, ImportOptions(), progress=lambda *a: told.append(a))
    size = path.stat().st_size
    assert told[-1] == ("reading log.csv", size, size)


@pytest.mark.parametrize("size", [1_000_001, 12_000_000])
def test_a_huge_field_is_refused_by_row_and_column(tmp_path, size):
    text = (
        "case_id,at,person,note\n1,2024-05-06T08:00:00Z,Anna,x\n"
        f"2,2024-05-06T08:00:00Z,Anna,{'y' * size}\n"
    )
    assert refused(write(tmp_path, text), "field-too-large") == (
        f"log.csv: row 2, column 'note' holds {size:,} bytes in one field, more than the "
        "1,000,000 allowed. Close the quotes of that row or leave the column out."
    )


def test_a_quote_that_is_never_closed_is_found(tmp_path):
    lines = "".join(f"{i},2024-05-06T08:00:00Z,Anna\n" for i in range(400_000))
    text = 'case_id,at,person\n1,2024-05-06T08:00:00Z,"Anna\n' + lines
    sentence = refused(write(tmp_path, text), "field-too-large")
    assert sentence.startswith("log.csv: row 1, column 'person' holds ")


def test_a_quote_that_is_open_at_the_end_is_found(tmp_path):
    text = 'case_id,at,person\n1,2024-05-06T08:00:00Z,Ann\n2,2024-05-06T08:00:00Z,"Bob\n3,x,y\n'
    assert refused(write(tmp_path, text), "open-quote") == (
        "log.csv: row 2 opens a quote that is never closed. Close it or remove it."
    )
    text = 'case_id,at,"person\n1,2024-05-06T08:00:00Z,Ann\n'
    assert refused(write(tmp_path, text), "open-quote") == (
        "log.csv: the header line opens a quote that is never closed. Close it or remove it."
    )


@pytest.mark.parametrize("place", [10, 200_000])
def test_a_binary_file_is_refused(tmp_path, place):
    content = bytearray(b"case_id,at,person\n" + b"1,2024-05-06T08:00:00Z,Anna\n" * 10_000)
    content[place] = 0
    assert refused(write(tmp_path, bytes(content)), "binary-file") == (
        "log.csv: it holds bytes that no text has (a binary file). Export it as CSV, xlsx, "
        "Parquet, XES or mbox and import that."
    )


def test_damaged_utf8_is_not_taken_for_windows_1252(tmp_path):
    content = "case_id,at,person\n1,2024-05-06T08:00:00Z,Jürgen Größer\n".encode()
    damaged = content + b"2,2024-05-06T08:00:00Z,M\xfcller\n"
    assert refused(write(tmp_path, damaged), "wrong-encoding") == (
        "log.csv: byte 82 is not UTF-8, and the file does not read as Windows-1252 either. "
        "Export it as UTF-8 and import that."
    )


@pytest.mark.parametrize("name", ["Анна Каренина", "Ђорђе"])
def test_an_unknown_single_byte_encoding_is_refused(tmp_path, name):
    # Cyrillic would read as accented letters in runs that no Western text has
    content = f"case_id,at,person\n1,2024-05-06T08:00:00Z,{name}\n".encode("cp1251")
    assert "byte 41 is not UTF-8" in refused(write(tmp_path, content), "wrong-encoding")


def test_files_without_rows_or_header_are_refused(tmp_path):
    assert refused(write(tmp_path, b"case_id,at,person\n"), "no-rows") == (
        "log.csv: it has a header but no rows. Export it again or leave it out."
    )
    assert "no rows" in refused(write(tmp_path, b"case_id,at,person"), "no-rows")
    assert refused(write(tmp_path, b"\n\n  \n"), "no-header") == (
        "log.csv: it has no header line. The first line has to name the columns."
    )
    assert "the file is empty" in refused(write(tmp_path, b""), "empty-file")


def test_a_missing_file_is_refused(tmp_path):
    assert "there is no such file" in refused(tmp_path / "none.csv", "missing-file")
