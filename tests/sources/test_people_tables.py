"""Lists of people and units."""

import pytest
from tabular_fixture import read_one, refused, rejected, rows, utc, write

PEOPLE = """
Personalnummer;Name;Abteilung;Vorgesetzter;Standort;Wochenstunden;Gültig ab;Gültig bis;Kontoart
100;Anna Alt;Vertrieb;;Köln;38,5;01.01.2020;31.12.9999;
101;Bernd Neu;Technik;100;Bonn;40;01.01.2021;30.06.2023;Funktionspostfach
101;Bernd Neu;Einkauf;100;Bonn;20,0;01.07.2023;31.12.9999;
100;Anna Alt;Vertrieb;;Köln;38,5;01.01.2020;31.12.9999;
;Ohne Nummer;Technik;100;Bonn;40;01.01.2020;;
102;Carl;Technik;100;Bonn;40;01.01.2024;01.01.2023;
batch_7;;Technik;;;;01.01.2020;;
"""


def test_people_with_validity_and_decimal_comma(tmp_path):
    reading = read_one(write(tmp_path, PEOPLE), time_zone="UTC")
    assert reading.kind == "people"
    assert rows(
        reading, "people", "person", "kind", "unit", "manager", "site", "hours_per_week"
    ) == [
        ("100", "person", "Vertrieb", None, "Köln", 38.5),
        ("101", "shared", "Technik", "100", "Bonn", 40.0),
        ("101", "person", "Einkauf", "100", "Bonn", 20.0),
        ("batch_7", "person", "Technik", None, None, None),
    ]
    assert rows(reading, "people", "valid_from_us", "valid_to_us")[1:3] == [
        (utc("2021-01-01"), utc("2023-06-30")),
        (utc("2023-07-01"), None),
    ]
    assert rejected(reading) == [
        (5, "Personalnummer", "the person is missing", ""),
        (6, "Gültig bis", "it ends before it begins", "01.01.2023"),
    ]
    # names are not stored: a person is known by its id
    assert reading.left_over == ("Name",)
    assert reading.machine_proposals == ("batch_7",)
    assert reading.warnings == (
        "log.csv: 1 rows repeat another row exactly; they were taken once.",
        "log.csv: these accounts look like machines: 'batch_7'. Confirm with --machine ACCOUNT, "
        "so that they do not count as people.",
    )
    named = read_one(write(tmp_path, PEOPLE), time_zone="UTC", machines=("BATCH_7",))
    assert rows(named, "people", "kind")[-1] == ("system",)
    assert named.machine_proposals == ()


def test_two_people_under_one_id_are_refused(tmp_path):
    text = "id,name,department,manager\n1,A,x,\n2,B,x,1\n1,C,y,\n"
    assert refused(write(tmp_path, text), "duplicate-ids") == (
        "log.csv: 1 ids stand for different rows, such as '1' in rows 1, 3. Keep one row per id, "
        "or map the begin of validity with --map valid_from=COLUMN."
    )


@pytest.mark.parametrize("header", ["purpose", "Zweck", "Aufgabe", "description"])
def test_units_with_their_purpose(tmp_path, header):
    text = f"unit,name,{header}\nV1,Sales,Answers offers.\n"
    reading = read_one(write(tmp_path, text), kind="units")
    assert rows(reading, "units", "name", "purpose") == [("Sales", "Answers offers.")]


def test_units_with_their_parents(tmp_path):
    text = "Kürzel;Bezeichnung;übergeordnete Einheit\nV1;Vertrieb Nord;V\nV;Vertrieb;\n"
    reading = read_one(write(tmp_path, text, encoding="cp1252"))
    assert rows(reading, "units", "unit", "name", "parent") == [
        ("V1", "Vertrieb Nord", "V"),
        ("V", "Vertrieb", None),
    ]
    doubled = text + "V;Verkauf;\n"
    assert "such as 'V' in rows 2, 3" in refused(write(tmp_path, doubled), "duplicate-ids")
