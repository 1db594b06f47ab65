"""What passes the entrance: exclusions, the allow list of attributes, names in labels."""

import json

import pytest

from leitweg.domain.errors import SourceError
from leitweg.domain.imports import ImportOptions
from leitweg.privacy.pseudonyms import pseudonym
from leitweg.store import open_workspace
from leitweg.studies.importing import import_files

LOG = """case_id,at,person,unit,topic,colour,sponsor
V1,2026-01-01T08:00:00Z,anna@firma.example,Vertrieb,Rechnung,red,Bodo Blau
V1,2026-01-02T08:00:00Z,bodo blau,Service,Rechnung,red,Bodo Blau
V2,2026-01-03T08:00:00Z,vera,Betriebsrat,Beratung,blue,cora@firma.example
V2,2026-01-04T08:00:00Z,vera,Betriebsrat,Beratung,blue,cora@firma.example
V3,2026-01-05T08:00:00Z,doc@praxis.example,Praxis,Beratung,blue,ein langer Text
V3,2026-01-06T08:00:00Z,anna@firma.example,Vertrieb,Beratung,blue,ein langer Text
"""
MAILS = """message,at,sender,receiver
1,2026-01-01T08:00:00Z,anna@firma.example,betriebsrat@firma.example
2,2026-01-01T09:00:00Z,br@firma.example,anna@firma.example
3,2026-01-01T10:00:00Z,anna@firma.example,dan@firma.example
4,2026-01-01T11:00:00Z,anna@firma.example,sub@x.praxis.example
"""
PEOPLE = """person,unit,manager
vera,Betriebsrat,anna@firma.example
rita,Betriebsrat,anna@firma.example
anna@firma.example,Vertrieb,vera
"""


@pytest.fixture
def home(tmp_path):
    for name, text in {"log": LOG, "mails": MAILS, "people": PEOPLE}.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def imported(home, *names, profile=None, **options):
    paths = [home / f"{name}.csv" for name in names]
    return import_files(home / "w", paths, ImportOptions(**options), profile=profile)


def stored(home, table):
    return open_workspace(home / "w").read(table).to_pylist()


def people_in(home, *accounts):
    place = open_workspace(home / "w")
    return [pseudonym("person", account, place.key()) for account in accounts]


def test_offices_of_confidence_stay_outside_a_protected_workspace(home):
    report = imported(home, "log", "mails", "people")
    assert {row["unit"] for row in stored(home, "events")} == {"Vertrieb", "Service", "Praxis"}
    assert len(stored(home, "messages")) == 2
    (anna,) = people_in(home, "anna@firma.example")
    (person,) = stored(home, "people")
    assert (person["person"], person["manager"]) == (anna, None)
    # the case that only the works council worked on has gone with its events
    assert {row["topic"] for row in stored(home, "cases")} == {"Rechnung", "Beratung"}
    assert len(stored(home, "cases")) == 2
    assert any("'Betriebsrat', 'betriebsrat@firma.example', 'br@" in w for w in report.warnings)
    assert (
        "Rows of excluded accounts and units were left out: cases 1, events 2, messages 2, "
        "people 2." in report.warnings
    )


def test_members_of_an_excluded_unit_stay_outside_later_too(home):
    imported(home, "people")
    (home / "later.csv").write_text(
        "case_id,at,person,unit\nV9,2026-02-01T08:00:00Z,rita,Einkauf\n"
        "V9,2026-02-02T08:00:00Z,anna@firma.example,Vertrieb\n",
        encoding="utf-8",
    )
    imported(home, "later")
    assert [row["unit"] for row in stored(home, "events")] == ["Vertrieb"]


@pytest.mark.parametrize("name", ["praxis.example", "@praxis.example"])
def test_a_domain_leaves_with_all_its_accounts(home, name):
    imported(home, "log", "mails", exclude=(name,))
    assert "Praxis" not in {row["unit"] for row in stored(home, "events")}
    # the case keeps what others did in it
    assert len(stored(home, "cases")) == 2
    assert len(stored(home, "messages")) == 1


def test_what_was_excluded_is_remembered_without_naming_anybody(home):
    imported(home, "mails", exclude=("Anna@firma.example",))
    imported(home, "log")
    assert {row["unit"] for row in stored(home, "events")} == {"Service", "Praxis"}
    text = (home / "w/manifest.json").read_text().lower()
    for name in ("anna", "betriebsrat", "br@", "firma"):
        assert name not in text
    assert all(e.startswith("p-") for e in json.loads(text)["settings"]["excluded"])


def test_who_is_excluded_later_leaves_the_disk(home):
    imported(home, "log", "mails")
    assert len(stored(home, "events")) == 4
    report = imported(home, "log", exclude=("bodo blau", "praxis.example"))
    assert {row["unit"] for row in stored(home, "events")} == {"Vertrieb"}
    assert "Stored rows of excluded accounts and units were deleted: events 2." in str(report)
    assert len(list((home / "w/tables/events").glob("*.parquet"))) == 1


def test_a_name_can_be_taken_back(home):
    imported(home, "log", "mails", include=("Betriebsrat", "br@firma.example"))
    assert "Betriebsrat" in {row["unit"] for row in stored(home, "events")}
    # the mailbox of the works council stays outside, the two named do not
    assert len(stored(home, "messages")) == 3
    imported(home, "people")
    assert len(stored(home, "people")) == 3


def test_an_open_workspace_proposes_and_keeps(home):
    report = imported(home, "log", profile="open")
    assert len(stored(home, "events")) == 6
    assert any("leave them out with --exclude" in w for w in report.warnings)
    imported(home, "mails", exclude=("anna@firma.example",))
    assert "anna@firma.example" not in str(stored(home, "events"))
    assert stored(home, "messages") == []


def test_a_file_can_name_the_excluded(home):
    (home / "out.txt").write_text("\ufeffVera\n\npraxis.example\nnobody\n", encoding="utf-8")
    report = imported(home, "log", exclude=(f"@{home / 'out.txt'}",))
    assert {row["unit"] for row in stored(home, "events")} == {"Vertrieb", "Service"}
    assert "No row of these files names 'nobody'; it is left out once one does." in report.warnings


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"], ids=["missing", "binary"])
def test_a_list_that_cannot_be_read_stops_the_import(home, content):
    if content:
        (home / "out.txt").write_bytes(content)
    with pytest.raises(SourceError) as caught:
        imported(home, "log", exclude=(f"@{home / 'out.txt'}",))
    assert caught.value.code == "no-such-list"
    assert not (home / "w").exists()


def test_attributes_stay_only_where_they_are_named(home):
    (file,) = imported(home, "log", keep=("Colour",)).imported
    assert file.attributes == ("colour",)
    assert "sponsor" in file.left_over
    assert [row["attributes"] for row in stored(home, "cases")] == [
        [("colour", "red")],
        [("colour", "blue")],
    ]
    assert open_workspace(home / "w").imports[0].attributes == ("colour",)


@pytest.mark.parametrize("name", ["Religion", "sick_leave", "Gewerkschaft"])
def test_special_categories_are_not_kept(home, name):
    with pytest.raises(SourceError) as error:
        imported(home, "log", keep=("Colour", name))
    assert (error.value.code, error.value.fields["value"]) == ("special-category", name)
    assert not (home / "w").exists()


def test_names_in_kept_attributes_become_pseudonyms(home):
    report = imported(home, "log", keep=("sponsor", "shape"))
    bodo, cora = people_in(home, "bodo blau", "cora@firma.example")
    values = {row["attributes"][0][1] for row in stored(home, "cases")}
    assert values == {bodo, "ein langer Text"}
    assert cora not in values
    assert "Labels that name a person or an address are stored as pseudonyms: attributes 1." in (
        report.warnings
    )
    unknown = next(w for w in report.warnings if "(--keep)" in w)
    assert unknown.startswith("These files hold no free attribute 'shape' (--keep); a column that")


def test_an_attribute_can_be_kept_later_and_no_event_counts_twice(home):
    imported(home, "log")
    imported(home, "log", keep=("colour",))
    assert len(stored(home, "events")) == 4
    assert {str(row["attributes"]) for row in stored(home, "cases")} == {
        "[('colour', 'red')]",
        "[('colour', 'blue')]",
    }


def test_a_file_read_with_the_same_attributes_is_known(home):
    imported(home, "log", keep=("colour",))
    (file,) = imported(home, "log", keep=("colour",)).imported
    assert file.already_imported


def test_a_unit_or_topic_that_bears_a_name_is_stored_as_pseudonym(home):
    (home / "named.csv").write_text(
        "case_id,at,person,unit,topic\n"
        "V1,2026-01-01T08:00:00Z,Anna Alt,Team Alt Anna,Anfrage von bodo@x.example (dringend)\n"
        'V1,2026-01-02T08:00:00Z,"Blau, Bodo",bodo blau,Preise\n'
        "V2,2026-01-02T08:00:00Z,amueller7,Fall amueller7,Value 7\n"
        "V3,2026-01-02T08:00:00Z,Value 7,12,Value 7\n"
        "V3,2026-01-03T08:00:00Z,12,Service,Value 7\n",
        encoding="utf-8",
    )
    imported(home, "named")
    anna, bodo, mail, login = people_in(
        home, "anna alt", "Bodo Blau", "bodo@x.example", "amueller7"
    )
    units = {row["unit"] for row in stored(home, "events")}
    assert units == {f"Team {anna}", bodo, f"Fall {login}", "12", "Service"}
    assert {row["topic"] for row in stored(home, "cases")} == {
        f"Anfrage von {mail} (dringend)",
        "Value 7",
    }


def test_names_known_from_earlier_imports_are_found(home):
    imported(home, "log")
    (home / "later.csv").write_text(
        "case_id,at,unit\nV9,2026-02-01T08:00:00Z,Bodo Blau\n", encoding="utf-8"
    )
    imported(home, "later")
    assert "Bodo Blau" not in {row["unit"] for row in stored(home, "events")}
