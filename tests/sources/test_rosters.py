"""Rosters: who takes requests, read from what a company has."""

import datetime as dt
import json
from pathlib import Path

import openpyxl
import pytest

from leitweg.domain.errors import SourceError
from leitweg.language.sentences import told_sentence
from leitweg.sources.rosters import read_roster, roster_template

NOW_US = 1_795_000_000_000_000
HOUR_US = 3_600_000_000


def us(*when):
    return int(dt.datetime(*when, tzinfo=dt.UTC).timestamp()) * 1_000_000


def read(folder, text, name="roster.csv", **options):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_roster(path, now_us=NOW_US, **options)


def faults(folder, text, **options):
    with pytest.raises(SourceError) as caught:
        read(folder, text, **options)
    assert caught.value.code == "faulty-rows"
    return caught.value, [
        (f["row"], f["column"], f["reason"]) for f in caught.value.fields["faults"]
    ]


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_template_is_read_as_it_stands(tmp_path, language):
    person, unit = read(tmp_path, roster_template(language)).contacts
    assert person.contact == "a.weber"
    assert person.languages == {"de", "en"}
    assert (person.capacity, person.load) == (8.0, 3.0)
    assert person.hours.zone == "Europe/Berlin"
    assert person.hours.days[0] == ((480, 1020),)
    assert person.hours.days[5] == ()
    # the last day belongs to the absence, on the clock of Berlin
    assert person.absences == ((us(2027, 2, 7, 23), us(2027, 2, 19, 23)),)
    assert person.customers == {"C-1042", "C-2210"}
    assert person.is_member
    assert not unit.is_member
    assert unit.purpose.endswith(".")


def test_both_templates_say_the_same(tmp_path):
    (english, _), (german, _) = (read(tmp_path, roster_template(t)).contacts for t in ("en", "de"))
    assert english.absences == german.absences
    assert english.hours == german.hours
    assert english.customers == german.customers


def test_several_rows_of_a_contact_add_up(tmp_path):
    text = (
        "contact,unit,absent_from,absent_to,capacity\n"
        "a,X,2026-12-01T08:00Z,2026-12-02T08:00Z,5\n"
        "a,,2026-12-10T08:00Z,,\n"
    )
    (contact,) = read(tmp_path, text).contacts
    assert contact.unit == "X"
    assert contact.capacity == 5
    assert contact.absences[0] == (us(2026, 12, 1, 8), us(2026, 12, 2, 8))
    assert contact.absences[1][0] == us(2026, 12, 10, 8)
    assert contact.absences[1][1] > us(2199, 1, 1)


def test_a_roster_of_units_needs_no_contacts(tmp_path):
    contacts = read(tmp_path, "Team,Kapazität\nClaims,40\nBilling,25 pro Tag\n").contacts
    assert [(c.contact, c.capacity, c.is_member) for c in contacts] == [
        ("Claims", 40.0, False),
        ("Billing", 25.0, False),
    ]


def test_all_faults_are_told_at_once_with_their_rows(tmp_path):
    text = (
        "contact,languages,hours,capacity,absent_from,absent_to\n"
        "a,Klingonish,Mo-Xx 8-9,many,2026-01-01,2025-01-01\n"
        ",de,,5,,\n"
        "b,de,Mo 8-9,5,2026-13-01,\n"
        "b,en,,,,\n"
    )
    error, found = faults(tmp_path, text, time_zone="UTC")
    assert found == [
        (1, "absent_to", "it ends before it begins"),
        (1, "capacity", "not a number of cases"),
        (1, "hours", "a word that is no weekday"),
        (1, "languages", "not a language"),
        (2, "contact", "the contact is missing"),
        (3, "absent_from", "not a time, or a date that does not exist"),
        (4, "languages", "another row of the contact says otherwise"),
    ]
    assert error.detail.startswith("roster.csv: 7 faults (row, column and what is wrong): 1, ")
    german = told_sentence("de", error.detail)
    assert german.startswith("roster.csv: 7 Fehler (Zeile, Spalte")
    assert "3, 'absent_from': keine Zeit oder ein Datum, das es nicht gibt" in german
    assert "4, 'languages': eine andere Zeile" in german


def test_a_long_list_of_faults_is_cut_in_the_sentence_alone(tmp_path):
    text = "contact,capacity\n" + "".join(f"c{i},much\n" for i in range(30))
    error, found = faults(tmp_path, text)
    assert len(found) == 30
    assert error.detail.count("not a number") == 20


def test_hours_without_a_zone_are_refused(tmp_path):
    _, found = faults(tmp_path, "contact,hours\na,Mo-Fr 8-17\n")
    assert found == [(1, "hours", "hours without a time zone")]
    (contact,) = read(tmp_path, "contact,hours\na,Mo-Fr 8-17\n", time_zone="UTC").contacts
    assert contact.hours.zone == "UTC"


def test_a_file_without_contacts_names_what_it_has(tmp_path):
    with pytest.raises(SourceError) as caught:
        read(tmp_path, "colour,size\nred,5\n")
    assert caught.value.code == "missing-columns-of-file"
    assert caught.value.detail == (
        "roster.csv: columns missing: contact or unit; the file has colour, size. Name the "
        "columns as the template does."
    )


def test_json_and_workbooks_say_the_same_as_csv(tmp_path):
    row = {"contact": "a", "unit": "X", "languages": ["de", "en"], "capacity": 4}
    listed = read(tmp_path, json.dumps({"contacts": [row]}), "r.json")
    book = openpyxl.Workbook()
    book.active.append(["contact", "unit", "languages", "capacity", "absent_from", "absent_to"])
    book.active.append(["a", "X", "de, en", 4, dt.date(2026, 12, 1), dt.date(2026, 12, 1)])
    book.save(tmp_path / "r.xlsx")
    sheet = read_roster(tmp_path / "r.xlsx", now_us=NOW_US, time_zone="UTC")
    assert sheet.contacts[0].absences == ((us(2026, 12, 1), us(2026, 12, 2)),)
    for found in (listed.contacts[0], sheet.contacts[0]):
        assert (found.contact, found.languages, found.capacity) == ("a", {"de", "en"}, 4.0)


@pytest.mark.parametrize("content", ["[]", '{"a": 1}', "[1, 2]", "[[1]]"])
def test_json_that_holds_no_rows_is_refused(tmp_path, content):
    with pytest.raises(SourceError) as caught:
        read(tmp_path, content, "r.json")
    assert caught.value.code == "not-records"


def test_a_contact_who_leaves_counts_to_the_end_of_the_day(tmp_path):
    (contact,) = read(tmp_path, "contact,Austritt\na,31.12.2026\n", time_zone="UTC").contacts
    assert contact.valid_to_us == us(2027, 1, 1)


def test_the_templates_to_download_are_those_of_the_program():
    folder = Path(__file__).parents[2] / "docs" / "templates"
    for language in ("en", "de"):
        text = (folder / f"roster_{language}.csv").read_text(encoding="utf-8")
        assert text == roster_template(language)
