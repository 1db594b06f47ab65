import signal
import subprocess
import sys
import textwrap

import pytest
from rights_fixture import PEOPLE, at, bring, events_of, stored, texts_on_disk

from leitweg.domain.access import Asker
from leitweg.domain.errors import AccessError, QuestionError
from leitweg.privacy.eras import era_of, least_people
from leitweg.store import open_workspace
from leitweg.store.application.retention_runs import runs
from leitweg.store.physical import leftovers
from leitweg.studies.importing import ImportOptions, import_files
from leitweg.studies.retaining import retain

UNITS = {p: "Sales" if i < 3 else "Claims" for i, p in enumerate(PEOPLE)}
# two events of each person in the last quarter of 2025, one in the first of 2026
ROWS = [
    (f"case {i}", f"{day}T0{8 + i % 2}:00:00", person, "step")
    for day in ("2025-11-03", "2025-12-04", "2026-02-05")
    for i, person in enumerate(PEOPLE)
]


@pytest.fixture
def company(tmp_path):
    folder = tmp_path / "w"
    bring(folder, "people", "person,unit", UNITS.items())
    bring(folder, "events", *events_of(ROWS), machines=("fritz",))
    return folder


def events(folder):
    return open_workspace(folder).read("events").to_pylist()


def persons(folder):
    return {row["person"] for row in events(folder)}


def test_nothing_is_due_until_90_days_after_the_later_of_event_and_import(company):
    before = persons(company)
    # imported on 1 March, 90 days later is 30 May at noon
    certificate = retain(company, as_of="2026-05-30T11:59:59", clock=at("2026-05-30T12:00:00"))
    assert certificate.went == ()
    assert persons(company) == before == {stored(company, p) for p in PEOPLE}
    certificate = retain(company, clock=at("2026-05-30T12:00:00"))
    assert certificate.rows("person-replaced") == 15
    assert not persons(company) & ({stored(company, p) for p in PEOPLE[:5]})


def test_a_row_that_happens_after_its_import_waits_for_itself(company):
    bring(company, "events", *events_of([("late", "2026-03-02T08:00:00", "anna", "step")]))
    retain(company, clock=at("2026-05-31T07:59:59"))
    assert stored(company, "anna") in persons(company)
    retain(company, clock=at("2026-05-31T08:00:00"))
    assert stored(company, "anna") not in persons(company)


def test_counts_of_a_quarter_survive_and_nothing_links_two_quarters_or_a_person(company):
    retain(company, clock=at("2026-06-01T12:00:00"))
    found = events(company)
    by_quarter = {}
    for row in found:
        if row["person"].startswith("q-"):
            quarter = era_of(row["person"])[:6]
            by_quarter.setdefault(quarter, []).append(row["person"])
    assert {q: (len(ids), len(set(ids))) for q, ids in by_quarter.items()} == {
        "2025q4": (10, 5),
        "2026q1": (5, 5),
    }
    digits = [{i.rsplit("-", 1)[1] for i in ids} for ids in by_quarter.values()]
    assert not digits[0] & digits[1]
    # whoever counts people over quarters counts no one twice
    assert least_people(row["person"] for row in found) == 5
    # the unit of every event survives, though only the table of people named it
    assert sorted(row["unit"] for row in found if row["person"].startswith("q-")) == (
        ["Claims"] * 6 + ["Sales"] * 9
    )


def test_a_machine_is_nobody_and_keeps_its_id(company):
    retain(company, clock=at("2026-06-01T12:00:00"))
    rows = [row for row in events(company) if not row["person"].startswith("q-")]
    assert {row["person"] for row in rows} == {stored(company, "fritz")}
    assert len(rows) == 3


def test_the_key_of_a_quarter_dies_when_its_last_day_is_90_days_ago(company):
    keys = company.with_name("w.keys")
    certificate = retain(company, clock=at("2026-06-01T12:00:00"))
    # 2025 ended long ago; the first quarter of 2026 is over on 1 April, and due on 30 June
    assert [era[:6] for era in certificate.eras_destroyed] == ["2025q4"]
    assert certificate.quarters_open == ("2026q1",)
    assert len(list(keys.glob("quarter-*"))) == 1
    certificate = retain(company, clock=at("2026-06-30T00:00:00"))
    assert [era[:6] for era in certificate.eras_destroyed] == ["2026q1"]
    assert list(keys.glob("quarter-*")) == []


def test_rows_of_one_quarter_that_age_in_two_runs_keep_one_pseudonym(company):
    late = [("late", "2026-02-20T08:00:00", "anna", "step")]
    bring(company, "events", *events_of(late), clock=at("2026-03-15T00:00:00"))
    retain(company, clock=at("2026-06-01T12:00:00"))
    retain(company, clock=at("2026-06-20T12:00:00"))
    ids = {row["person"] for row in events(company) if row["person"].startswith("q-2026q1")}
    assert len(ids) == 5


def test_a_quarter_that_gets_rows_after_its_key_died_begins_a_new_era(company):
    retain(company, clock=at("2026-06-30T00:00:00"))
    late = [("late", "2025-11-20T08:00:00", "anna", "step")]
    bring(company, "events", *events_of(late), clock=at("2026-07-01T00:00:00"))
    retain(company, clock=at("2026-10-01T00:00:00"))
    eras = {era_of(row["person"]) for row in events(company)} - {""}
    assert sorted(era[:6] + era[-2:] for era in eras) == ["2025q4.1", "2025q4.2", "2026q1.1"]


def test_after_24_months_rows_and_cases_go(company):
    retain(company, clock=at("2028-02-29T23:00:00"))
    assert len(events(company)) == 18
    certificate = retain(company, clock=at("2028-03-01T12:00:00"))
    assert ("events", "row-deleted", 18) in certificate.went
    assert ("cases", "row-deleted", 6) in certificate.went
    assert events(company) == []
    assert open_workspace(company).rows("cases") == 0


def test_settings_shorten_and_never_lengthen(company):
    for option in ({"days": 91}, {"months": 25}, {"days": 0}):
        with pytest.raises(QuestionError) as caught:
            retain(company, **option, clock=at("2026-06-01T00:00:00"))
        assert caught.value.code == "retention-too-long"
    retain(company, days=10, clock=at("2026-03-11T12:00:00"))
    assert stored(company, "anna") not in persons(company)
    assert open_workspace(company).settings["retention_days"] == 10


def test_people_who_left_and_appear_nowhere_go_with_their_skills(company):
    left = [("gerda", "Sales", "2025-01-01", "2025-12-31"), ("hans", "Sales", "2025-01-01", "")]
    bring(company, "people", "person,unit,valid_from,valid_to", left)
    bring(company, "qualifications", "person,skill", [("gerda", "law"), ("hans", "law")])
    retain(company, clock=at("2026-06-01T00:00:00"))
    place = open_workspace(company)
    known = set(place.read("people")["person"].to_pylist())
    assert stored(company, "gerda") not in known
    assert stored(company, "hans") in known
    assert place.read("qualifications")["person"].to_pylist() == [stored(company, "hans")]


def test_messages_keep_unit_and_side_under_the_pseudonym_of_the_quarter(company):
    mails = [
        ("m1", "2026-01-05T08:00:00", "anna", "dora"),
        ("m2", "2026-01-06T08:00:00", "dora", "anna"),
    ]
    bring(company, "messages", "message,at,sender,receiver", mails)
    retain(company, clock=at("2026-06-01T00:00:00"))
    place = open_workspace(company)
    rows = place.read("messages").to_pylist()
    ends = {(row["sender"][:7], row["receiver"][:7]) for row in rows}
    assert ends == {("q-2026q", "q-2026q")}
    assert rows[0]["sender"] == rows[1]["receiver"] != rows[0]["receiver"] == rows[1]["sender"]
    unit = {r["person"]: r["unit"] for r in place.read("people").to_pylist()}
    assert {unit[rows[0]["sender"]], unit[rows[0]["receiver"]]} == {"Sales", "Claims"}


def test_no_file_holds_a_person_any_more_not_even_one_that_nothing_names(company):
    retain(company, clock=at("2026-06-30T00:00:00"))
    # master data are kept while they are valid: read the tables of raw rows alone
    told = texts_on_disk(company / "tables" / "events", company / "rejects")
    assert leftovers(open_workspace(company)) == []
    for person in PEOPLE[:5]:
        assert stored(company, person)[2:] not in told


def test_what_went_is_certified(company):
    retain(company, clock=at("2026-06-30T00:00:00"))
    found = [(r.table_name, r.what, r.rows) for r in runs(open_workspace(company).database)]
    assert found == [("events", "person-replaced", 15), ("keys", "key-destroyed", 2)]


def test_a_trial_changes_nothing(company):
    before = texts_on_disk(company / "tables")
    certificate = retain(company, dry_run=True, clock=at("2026-06-01T12:00:00"))
    assert certificate.rows("person-replaced") == 15
    assert texts_on_disk(company / "tables") == before
    assert runs(open_workspace(company).database) == ()


def test_a_clock_set_back_does_nothing_and_one_far_ahead_has_to_be_meant(company):
    retain(company, clock=at("2026-06-01T12:00:00"))
    with pytest.raises(QuestionError) as caught:
        retain(company, clock=at("2026-05-01T12:00:00"))
    assert caught.value.code == "clock-set-back"
    with pytest.raises(QuestionError) as caught:
        retain(company, as_of="2026-12-01", clock=at("2026-06-01T12:00:00"))
    assert caught.value.code == "as-of-in-future"
    assert retain(
        company, as_of="2026-12-01", ahead=True, clock=at("2026-06-01T12:00:00")
    ).eras_destroyed


def test_an_open_workspace_forgets_only_when_asked(tmp_path):
    folder, path = tmp_path / "o", tmp_path / "log.csv"
    path.write_text("case_id,at,person\na,2025-01-01T08:00:00,Anna\n", encoding="utf-8")
    options = ImportOptions(time_zone="UTC")
    import_files(folder, [path], options, profile="open", clock=at("2026-03-01T12:00:00"))
    later = at("2027-01-01T00:00:00")
    assert retain(folder, clock=later).note == "retention-open-profile"
    assert persons(folder) == {"Anna"}
    assert retain(folder, days=90, clock=later).rows("person-replaced") == 1
    assert "Anna" not in texts_on_disk(folder / "tables")


def test_who_may_not_deletes_nothing(company):
    with pytest.raises(AccessError):
        retain(company, asker=Asker("x", "analyst"), clock=at("2026-06-01T12:00:00"))
    assert stored(company, "anna") in persons(company)


def test_imports_after_retention_still_know_what_came_before(company):
    retain(company, clock=at("2026-06-30T00:00:00"))
    (path,) = company.parent.glob("events-*.csv")
    n = len(events(company))
    options = ImportOptions(kind="events", time_zone="UTC")
    report = import_files(company, [path], options, clock=at("2026-07-01T00:00:00"))
    assert report.imported[0].already_imported
    assert len(events(company)) == n


KILLED = textwrap.dedent(
    """
    import os, signal, sys
    from pathlib import Path
    from datetime import datetime, UTC
    from leitweg.store import writing
    from leitweg.studies.retaining import retain

    def die(*_, **__):
        os.kill(os.getpid(), signal.SIGKILL)

    moment, folder = sys.argv[1], Path(sys.argv[2])
    if moment == "before":
        writing.write_manifest = die
    else:
        writing.Change._sweep = die
    retain(folder, clock=lambda: datetime(2026, 6, 30, tzinfo=UTC))
    """
)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_run_that_is_killed_leaves_one_state_and_the_next_completes_it(company, moment):
    run = subprocess.run([sys.executable, "-c", KILLED, moment, str(company)], check=False)
    assert run.returncode == -signal.SIGKILL
    whole = {stored(company, p) for p in PEOPLE}
    assert (persons(company) == whole) == (moment == "before")
    retain(company, clock=at("2026-06-30T01:00:00"))
    assert persons(company) & whole == {stored(company, "fritz")}
    told = texts_on_disk(company / "tables" / "events")
    assert [p for p in PEOPLE[:5] if stored(company, p) in told] == []
    assert list(company.with_name("w.keys").glob("quarter-*")) == []
