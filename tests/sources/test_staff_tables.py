"""Lists of positions, skills, required skills and absences."""

import datetime as dt

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook
from tabular_fixture import read_one, refused, rejected, rows, utc, write

POSITIONS = """
Planstelle;Bezeichnung;Organisationseinheit;Schlüsselstelle;Kommentar
P1;Disponentin;Netz;ja;x
P2;Monteur;Netz;;y
P3;Leitung;Vertrieb;vielleicht;
P1;Disponentin;Netz;ja;x
;Ohne Nummer;Netz;nein;
"""


def test_positions_with_unit_title_and_key(tmp_path):
    reading = read_one(write(tmp_path, POSITIONS))
    assert reading.kind == "positions"
    assert rows(reading, "positions", "position", "unit", "title", "key") == [
        ("P1", "Netz", "Disponentin", True),
        ("P2", "Netz", "Monteur", None),
        ("P3", "Vertrieb", "Leitung", None),
    ]
    assert rejected(reading) == [(5, "Planstelle", "the position is missing", "")]
    assert reading.left_over == ("Kommentar",)
    assert reading.warnings == (
        "log.csv: column 'Schlüsselstelle': 1 values were left empty (neither yes nor no).",
        "log.csv: 1 rows repeat another row exactly; they were taken once.",
    )
    english = "position id,unit,title,key\nP1,Net,Dispatcher,x\nP1,Sales,Dispatcher,x\n"
    assert refused(write(tmp_path, english), "duplicate-ids") == (
        "log.csv: 1 ids stand for different rows, such as 'P1' in rows 1, 2. Keep one row per id."
    )


def test_a_list_of_people_with_positions_stays_one(tmp_path):
    text = "Personalnummer;Planstelle;Abteilung;Titel\n1;P1;Netz;Dr.\n"
    assert read_one(write(tmp_path, text)).kind == "people"


def test_skills_of_people_and_of_positions(tmp_path):
    text = """
Mitarbeiter;Qualifikation;Niveau;Nachweis
anna;SAP;2,5;Kurs
anna;SAP;4;Prüfung
anna;Recht;Experte;
bernd;SAP;;
bernd;;3;
"""
    reading = read_one(write(tmp_path, text))
    assert reading.kind == "qualifications"
    assert rows(reading, "qualifications", "person", "skill", "level", "source") == [
        ("anna", "SAP", 4.0, "Prüfung"),
        ("anna", "Recht", None, None),
        ("bernd", "SAP", None, None),
    ]
    assert rejected(reading) == [(5, "Qualifikation", "the skill is missing", "")]
    assert reading.warnings == (
        "log.csv: column 'Niveau': 1 values were left empty (not a number).",
        "log.csv: 1 rows name a skill again; the highest level was taken.",
    )
    needed = read_one(write(tmp_path, "position,skill,required level\nP1,SAP,3\nP1,SAP,3\n"))
    assert needed.kind == "requirements"
    assert rows(needed, "requirements", "position", "skill", "level") == [("P1", "SAP", 3.0)]


ABSENCES = """
Personalnummer;Beginn;Ende;Abwesenheitsart
100;01.07.2024;14.07.2024;Urlaub
100;30.03.2024;30.03.2024;krank
101;05.08.2024;01.08.2024;Urlaub
101;01.09.2024;31.12.9999;Elternzeit
;01.09.2024;02.09.2024;Urlaub
102;;02.09.2024;Urlaub
102;32.09.2024;02.09.2024;Urlaub
100;01.07.2024;14.07.2024;Urlaub
"""


def test_absences_in_days_hold_their_last_day_and_no_reason(tmp_path):
    reading = read_one(write(tmp_path, ABSENCES), time_zone="Europe/Berlin")
    assert reading.kind == "absences"
    assert rows(reading, "absences", "person", "from_us", "to_us") == [
        ("100", utc("2024-06-30T22:00"), utc("2024-07-14T22:00")),
        # the clock changes in the night that follows, and the day still ends at midnight
        ("100", utc("2024-03-29T23:00"), utc("2024-03-30T23:00")),
        ("101", utc("2024-08-31T22:00"), utc("2200-01-01")),
    ]
    assert rejected(reading) == [
        (3, "Ende", "it ends before it begins", "01.08.2024"),
        (5, "Personalnummer", "the person is missing", ""),
        (6, "Beginn", "the time is missing", ""),
        (7, "Beginn", "not a time, or a date that does not exist", "32.09.2024"),
    ]
    assert reading.left_over == ("Abwesenheitsart",)
    assert not any("Urlaub" in str(table.to_pydict()) for table in reading.tables.values())
    assert reading.warnings == (
        "log.csv: column 'Ende' holds days: the last day counts as absent.",
        "log.csv: 1 rows repeat another row exactly; they were taken once.",
    )


def test_absences_in_hours_end_when_they_end(tmp_path):
    text = "person,from,to\na,2024-07-01T08:00:00Z,2024-07-01T12:00:00Z\n"
    reading = read_one(write(tmp_path, text))
    assert rows(reading, "absences", "person", "from_us", "to_us") == [
        ("a", utc("2024-07-01T08:00"), utc("2024-07-01T12:00"))
    ]


@pytest.mark.parametrize("form", ["xlsx", "parquet"])
def test_absences_of_a_workbook_and_of_parquet(tmp_path, form):
    path = tmp_path / f"a.{form}"
    days = [dt.date(2024, 7, 1), dt.date(2024, 7, 2)]
    if form == "parquet":
        pq.write_table(pa.table({"person": ["a"], "from": days[:1], "to": days[1:]}), path)
    else:
        book = Workbook()
        book.active.append(["person", "from", "to"])
        book.active.append(["a", *days])
        book.save(path)
    reading = read_one(path, time_zone="UTC")
    assert rows(reading, "absences", "person", "from_us", "to_us") == [
        ("a", utc("2024-07-01"), utc("2024-07-03"))
    ]


def test_a_list_of_people_with_validity_is_no_list_of_absences(tmp_path):
    text = "person;unit;von;bis\na;Netz;01.01.2024;31.12.2024\n"
    assert read_one(write(tmp_path, text), time_zone="UTC").kind == "people"
    assert read_one(write(tmp_path, text), time_zone="UTC", kind="absences").kind == "absences"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("employee,department,skill,level\na,x,SAP,2\na,x,Law,1\n", "qualifications"),
        ("employee,department,skill\na,x,SAP\nb,x,Law\n", "people"),
        ("employee,position,skill\na,P1,SAP\na,P1,Law\n", "qualifications"),
        ("ticket,created,assignee,skill\n1,2024-05-06,a,SAP\n", "events"),
        ("position,unit,skill,level\nP1,x,SAP,2\n", "requirements"),
        ("position,unit,title\nP1,x,Fitter\n", "positions"),
        ("id,position,unit,title\n1,P1,x,Fitter\n", "people"),
        ("name,position,unit\nAnn,P1,x\n", "people"),
    ],
)
def test_what_a_table_of_staff_is_its_columns_say(tmp_path, text, kind):
    assert read_one(write(tmp_path, text), time_zone="UTC").kind == kind


def test_tickets_with_a_beginning_and_an_end_are_no_absences(tmp_path):
    text = "Ticket;Bearbeiter;Von;Bis\n1;a;01.03.2024;02.03.2024\n"
    refused(write(tmp_path, text), "unknown-kind")


def test_a_time_without_a_zone_is_refused(tmp_path):
    refused(write(tmp_path, "person,from,to\na,2024-07-01,2024-07-02\n"), "naive-time")
