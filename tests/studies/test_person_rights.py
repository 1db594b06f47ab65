import subprocess
import sys
import textwrap

import pytest
from rights_fixture import PEOPLE, at, bring, events_of, stored, texts_on_disk

from leitweg.domain.access import Asker
from leitweg.domain.errors import AccessError, KeyFileError, QuestionError
from leitweg.domain.imports import ImportOptions
from leitweg.store import open_workspace
from leitweg.store.application.rights import used_rights
from leitweg.store.physical import leftovers
from leitweg.studies.importing import import_files
from leitweg.studies.person_export import export_person, own_data_document, own_data_text
from leitweg.studies.person_rights import correct_person, erase_person, object_person
from leitweg.studies.retaining import retain

NOW = at("2026-03-10T12:00:00")
STAFF = [
    ("anna", "Sales", "clerk", "bert", "Bonn"),
    ("bert", "Sales", "head", "", "Bonn"),
    ("cora", "Claims", "clerk", "anna", "Ulm"),
    ("dora", "Claims", "clerk", "bert", "Ulm"),
]
ROWS = [
    ("c1", "2026-02-01T08:00:00", "anna", "take"),
    ("c1", "2026-02-01T09:00:00", "dora", "solve"),
    ("c2", "2026-02-02T08:00:00", "anna", "take"),
    ("c3", "2026-02-03T08:00:00", "cora", "take"),
]
MAILS = [
    ("m1", "2026-02-01T08:00:00", "anna", "dora"),
    ("m2", "2026-02-01T09:00:00", "dora", "cora"),
    ("m3", "2026-02-01T10:00:00", "cora", "anna"),
]
TIES = [("anna", "cora", 2), ("cora", "dora", 1), ("dora", "anna", -1)]


def company_without(folder, *left_out):
    """Build the company from files in which nobody of those left out appears."""

    def free(rows, *places):
        return [row for row in rows if not {row[place] for place in places} & set(left_out)]

    staff = [(*row[:3], "" if row[3] in left_out else row[3], row[4]) for row in free(STAFF, 0)]
    bring(folder, "people", "person,unit,position,manager,site", staff)
    bring(folder, "events", *events_of(free(ROWS, 2)), front=("anna", "cora")[bool(left_out) :])
    bring(folder, "messages", "message,at,sender,receiver", free(MAILS, 2, 3))
    bring(folder, "ties", "from,to,value", free(TIES, 0, 1))
    bring(folder, "qualifications", "person,skill", free([("anna", "law"), ("cora", "art")], 0))
    away = free([("anna", "2026-01-01", "2026-01-09"), ("dora", "2026-01-01", "2026-01-02")], 0)
    bring(folder, "absences", "person,from,to", away)
    return folder


@pytest.fixture
def company(tmp_path):
    return company_without(tmp_path / "w")


def told(folder, name):
    """Rows of a table, with names in the place of pseudonyms, in an order of their own."""
    names = {stored(folder, p): p for p in PEOPLE}
    rows = open_workspace(folder).read(name).to_pylist()
    plain = [{c: names.get(v, v) for c, v in row.items() if c != "seq"} for row in rows]
    hidden = ("case_id", "message", "survey")
    return sorted(str({c: v for c, v in row.items() if c not in hidden}) for row in plain)


TABLES = ("people", "events", "cases", "messages", "ties", "qualifications", "absences")


def test_after_an_erasure_the_tables_are_those_of_files_without_the_person(company, tmp_path):
    erase_person(company, ["anna"], clock=NOW)
    (tmp_path / "b").mkdir()
    other = company_without(tmp_path / "b" / "w", "anna")
    for name in TABLES:
        assert told(company, name) == told(other, name), name
    fronts = [len(open_workspace(folder).settings["front"]) for folder in (company, other)]
    assert fronts == [1, 1]


def test_an_erased_person_is_in_no_file(company):
    anna = stored(company, "anna")
    assert anna in texts_on_disk(company)
    erase_person(company, ["anna"], clock=NOW)
    told = texts_on_disk(company, company.with_name("w.keys"))
    assert anna not in told
    assert anna[2:] not in told
    assert bytes.fromhex(anna[2:]).decode("latin-1") not in told
    assert leftovers(open_workspace(company)) == []


def test_a_later_import_leaves_out_who_was_erased_and_says_how_many_rows(company):
    erase_person(company, ["Anna "], clock=NOW)
    later = [
        ("c9", "2026-03-02T08:00:00", "ANNA", "take"),
        ("c9", "2026-03-02T09:00:00", "dora", ""),
    ]
    report = bring(company, "events", *events_of(later), clock=NOW)
    assert "Rows of people who were erased were left out: 1." in report.imported[0].warnings
    assert stored(company, "anna") not in texts_on_disk(company / "tables")
    # the file whose rows were changed is known when it comes again
    (path,) = [p for p in company.parent.glob("events-*.csv") if "c9" in p.read_text()]
    again = bring_again(company, path)
    assert again.already_imported


def bring_again(folder, path):
    options = ImportOptions(kind="events", time_zone="UTC")
    return import_files(folder, [path], options, clock=NOW).imported[0]


def test_naming_an_erased_account_as_machine_or_front_brings_nothing_back(company):
    erase_person(company, ["anna"], clock=NOW)
    later = [("c9", "2026-03-02T08:00:00", "dora", "take")]
    bring(company, "events", *events_of(later), clock=NOW, machines=("anna",), front=("anna",))
    assert stored(company, "anna") not in texts_on_disk(company)


def test_the_pseudonyms_of_quarters_still_open_are_erased_too(company):
    retain(company, clock=at("2026-06-10T12:00:00"))
    assert not any(stored(company, "anna") in str(told(company, n)) for n in ("events", "messages"))
    before = open_workspace(company).rows("events")
    done = erase_person(company, ["anna"], clock=at("2026-06-11T12:00:00"))
    assert before - open_workspace(company).rows("events") == 2
    assert done.rows >= 2 + 2 + 2


def test_who_objects_counts_on_for_the_unit_and_is_nobody(company):
    object_person(company, ["anna"], clock=NOW)
    place = open_workspace(company)
    known = {stored(company, p) for p in PEOPLE}
    rows = [r for r in place.read("events").to_pylist() if r["person"] not in known]
    assert len(rows) == 2
    assert {r["unit"] for r in rows} == {"Sales"}
    (new,) = {r["person"] for r in rows}
    (seat,) = [r for r in place.read("people").to_pylist() if r["person"] == new]
    assert (seat["unit"], seat["position"], seat["manager"], seat["site"]) == ("Sales", *[None] * 3)
    assert place.read("qualifications").num_rows == 1
    assert place.read("absences").num_rows == 1
    assert place.read("ties").num_rows == 1
    assert stored(company, "anna") not in texts_on_disk(company)


def test_who_objected_is_another_in_every_later_import(company):
    object_person(company, ["anna"], clock=NOW)
    for day in ("2", "3"):
        rows = [(f"x{day}", f"2026-03-0{day}T08:00:00", "anna", "take")]
        bring(company, "events", *events_of(rows), clock=NOW)
    known = {stored(company, p) for p in PEOPLE}
    persons = open_workspace(company).read("events")["person"].to_pylist()
    assert len({p for p in persons if p not in known}) == 3


def test_a_correction_changes_the_row_that_holds_now(company):
    later = [("anna", "Claims", "2026-03-01")]
    bring(company, "people", "person,unit,valid_from", later, clock=NOW)
    done = correct_person(
        company,
        ["anna"],
        {"unit": "Legal", "hours_per_week": "19,5", "manager": "dora", "site": ""},
        clock=NOW,
    )
    assert (done.rows, done.notes) == (1, ("correct-the-source-too",))
    rows = open_workspace(company).read("people").to_pylist()
    mine = [r for r in rows if r["person"] == stored(company, "anna")]
    assert {r["unit"] for r in mine} == {"Sales", "Legal"}
    (now,) = [r for r in mine if r["unit"] == "Legal"]
    assert (now["hours_per_week"], now["manager"]) == (19.5, stored(company, "dora"))
    assert [r.detail for r in used_rights(open_workspace(company).database)] == [
        "hours_per_week, manager, site, unit"
    ]


@pytest.mark.parametrize(
    ("account", "column", "code"),
    [
        ("anna", ("salary", "1"), "uncorrectable-column"),
        ("anna", ("hours_per_week", "many"), "bad-correction"),
        ("anna", ("hours_per_week", "169"), "bad-correction"),
        ("anna", ("kind", "robot"), "bad-correction"),
        ("nobody", ("unit", "Legal"), "person-unknown"),
    ],
)
def test_a_correction_that_makes_no_sense_changes_nothing(company, account, column, code):
    before = told(company, "people")
    with pytest.raises(QuestionError) as caught:
        correct_person(company, [account], dict([column]), clock=NOW)
    assert caught.value.code == code
    assert told(company, "people") == before


def test_an_answer_to_a_person_tells_everything_of_her_and_nobody_else(company):
    own = export_person(company, ["anna"], clock=NOW)
    document = own_data_document(own, "en")
    assert {name: len(rows) for name, rows in own.tables.items()} == {
        "people": 1,
        "events": 2,
        "messages": 2,
        "absences": 1,
        "qualifications": 1,
        "ties": 1,
    }
    assert document["tables"]["events"][0] == {
        "case": 1,
        "at": "2026-02-01T08:00:00+00:00",
        "started": None,
        "unit": None,
        "activity": "take",
        "lifecycle": None,
    }
    assert document["named_as"] == ["front"]
    place = open_workspace(company)
    whole = str(document)
    for person in PEOPLE[1:]:
        assert person not in whole
        assert stored(company, person) not in whole
    ids = set(place.read("cases")["case_id"].to_pylist())
    assert [case for case in ids if case in whole] == []
    # one named her, one has her as manager: both fewer than ten
    assert [row["people"] for row in own.by_others] == [None, None]


def test_two_people_named_by_the_same_others_learn_nothing_by_comparing(tmp_path):
    raters = [f"r{i}" for i in range(5)]
    ties = [(rater, who, i % 3) for who in ("anna", "bert") for i, rater in enumerate(raters)]
    bring(tmp_path / "w", "ties", "from,to,value", [*ties, ("r9", "bert", 2)])
    one, other = (export_person(tmp_path / "w", [who], clock=NOW) for who in ("anna", "bert"))
    assert one.by_others == other.by_others
    assert one.tables == other.tables == {}


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_text_says_what_for_how_long_and_by_which_logic(company, language):
    own = export_person(company, ["anna"], clock=NOW)
    text = own_data_text(own, language)
    assert "own." not in text
    wanted = {
        "de": ("Artikel 15", "nichts automatisch entschieden", "Nach 90 Tagen", "2 Zeilen"),
        "en": ("Article 15", "Nothing about you is decided", "After 90 days", "2 rows"),
    }
    assert [part for part in wanted[language] if part not in text] == []


def test_of_somebody_unknown_the_answer_says_so(company):
    own = export_person(company, ["nobody@example.org"], clock=NOW)
    assert own.n_rows == 0
    assert "Nothing is stored" in own_data_text(own, "en")
    assert erase_person(company, ["nobody@example.org"], clock=NOW).notes == ("nothing-stored",)


def test_without_the_key_of_rights_nothing_is_imported_that_could_bring_somebody_back(company):
    erase_person(company, ["anna"], clock=NOW)
    (key,) = company.with_name("w.keys").glob("rights-*.key")
    key.unlink()
    with pytest.raises(KeyFileError):
        bring(company, "events", *events_of([("c9", "2026-03-02T08:00:00", "anna", "")]), clock=NOW)
    assert stored(company, "anna") not in texts_on_disk(company / "tables")


@pytest.mark.parametrize("act", [erase_person, object_person, export_person])
def test_roles_without_the_right_are_refused_and_nothing_happens(company, act):
    before = told(company, "events")
    with pytest.raises(AccessError):
        act(company, ["anna"], asker=Asker("x", "analyst"), clock=NOW)
    assert told(company, "events") == before
    assert used_rights(open_workspace(company).database) == ()


ERASE = (
    "import sys; from pathlib import Path; from leitweg.studies.person_rights import erase_person"
)
ERASE += "; erase_person(Path(sys.argv[1]), [sys.argv[2]])"


def test_two_erasures_at_once_both_take_effect(company):
    runs = [
        subprocess.Popen([sys.executable, "-c", ERASE, str(company), who])
        for who in ("anna", "cora")
    ]
    assert [run.wait() for run in runs] == [0, 0]
    told = texts_on_disk(company)
    assert [p for p in ("anna", "cora") if stored(company, p) in told] == []
    assert stored(company, "dora") in told


KILLED = textwrap.dedent(
    """
    import os, signal, sys
    from pathlib import Path
    from leitweg.store import writing
    from leitweg.studies.person_rights import erase_person

    def die(*_, **__):
        os.kill(os.getpid(), signal.SIGKILL)

    if sys.argv[1] == "before":
        writing.write_manifest = die
    else:
        writing.Change._sweep = die
    erase_person(Path(sys.argv[2]), ["anna"])
    """
)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_an_erasure_that_is_killed_is_completed_by_the_next_retention_run(company, moment):
    run = subprocess.run([sys.executable, "-c", KILLED, moment, str(company)], check=False)
    assert run.returncode < 0
    anna = stored(company, "anna")
    assert anna in texts_on_disk(company)
    retain(company, clock=NOW)
    assert anna not in texts_on_disk(company, company.with_name("w.keys"))
