"""The journal of the router follows rights, exclusions, time and keys, down to the last byte."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap

import numpy as np
import pytest
from rights_fixture import at, bring, events_of, stored, texts_on_disk, us

from leitweg.domain.errors import AccessError, QuestionError, WorkspaceError
from leitweg.domain.routing import Candidate, Ranking, Request
from leitweg.domain.routing_journal import JournalEntry, Suggested
from leitweg.privacy.pseudonyms import pseudonym
from leitweg.store import open_workspace
from leitweg.store.application.api_keys import add_key, api_keys, draw_token
from leitweg.store.application.retention_runs import runs
from leitweg.store.application.routing_journal import entries_after
from leitweg.studies.backups import back_up, restore
from leitweg.studies.journal_life import complete_exchange
from leitweg.studies.noting import Known, close_case, hand_over, note_routed, override
from leitweg.studies.person_export import export_person, own_data_document, own_data_text
from leitweg.studies.person_rights import erase_person, object_person
from leitweg.studies.rekeying import rekey
from leitweg.studies.retaining import retain
from leitweg.studies.routing_journal import RoutingJournal
from purposes import allow

NOW = at("2026-03-10T12:00:00")
ROWS = [
    ("c1", "2026-02-01T08:00:00", "anna", "take"),
    ("c1", "2026-02-01T09:00:00", "dora", "solve"),
    ("c2", "2026-02-02T08:00:00", "cora", "take"),
]
STAFF = [("anna", "Sales"), ("bert", "Sales"), ("cora", "Claims"), ("dora", "Claims")]


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("life") / "w"
    bring(folder, "people", "person,unit", STAFF)
    bring(folder, "events", *events_of(ROWS))
    allow(folder, "routing")
    return folder


@pytest.fixture
def company(template, tmp_path):
    for name in ("w", "w.keys"):
        shutil.copytree(template.with_name(name), tmp_path / name)
    return tmp_path / "w"


def entries(folder):
    place = open_workspace(folder)
    return entries_after(place.database, key_fingerprint=place.key_fingerprint).entries


def note(folder, *given):
    return RoutingJournal(open_workspace(folder, clock=NOW)).append(given)


def told(folder):
    """Kind, unit and person of each entry, people by name."""
    names = {stored(folder, name): name for name, _ in STAFF}
    return [(e.kind, e.unit, names.get(e.person, e.person)) for e in entries(folder)]


def closing(case_id, unit, person, day="2026-03-09", **other):
    return JournalEntry(
        us(f"{day}T08:00:00"), "closed", case_id=case_id, unit=unit, person=person, **other
    )


def routed(case_id, *people):
    suggested = tuple(Suggested(who, 0.3) for who in people)
    return JournalEntry(
        us("2026-03-09T07:00:00"), "routed", Request(tried=("bert",)), case_id, "person", suggested
    )


def test_what_comes_in_follows_the_rules_of_the_entrance(company):
    known = Known("Rechnung von Anna", {"topic": "see anna.a@firma.example", "colour": "red"})
    close_case(company, "T-1", unit="Sales", person="ANNA ", known=known, clock=NOW)
    (entry,) = entries(company)
    key = open_workspace(company).key()
    assert entry.case_id == pseudonym("case", "T-1", key)
    assert (entry.person, entry.unit) == (stored(company, "anna"), "Sales")
    assert entry.request.attributes == {
        "topic": f"see {pseudonym('person', 'anna.a@firma.example', key)}"
    }
    assert entry.request.text.size > 5
    written = texts_on_disk(company, company.with_name("w.keys"))
    for trace in ("T-1", "Rechnung", "firma.example", "colour", "red,", "ANNA"):
        assert trace not in written, trace


def test_a_closing_knows_what_the_routed_request_said(company):
    journal = RoutingJournal(open_workspace(company, clock=NOW))
    request = journal.request(level="unit", text="Zähler defekt", attributes={"topic": "meter"})
    ranking = Ranking("unit", (Candidate("Sales", 0.6),), 0.1, 0.5, False, 1.0)
    note_routed(company, request, ranking, case_id="T-1", propensity=0.95, clock=NOW)
    hand_over(company, "T-1", from_contact="Sales", to_contact="Claims", clock=NOW)
    override(company, "T-1", suggested="Sales", chosen="Claims", clock=NOW)
    close_case(company, "T-1", unit="Claims", clock=NOW)
    found = entries(company)
    assert [entry.kind for entry in found] == ["routed", "handover", "override", "closed"]
    assert found[0].suggested == (Suggested("Sales", 0.6),)
    assert (found[0].propensity, found[0].someone_new) == (0.95, 0.1)
    for entry in found:
        assert entry.request.attributes == {"topic": "meter"}
        np.testing.assert_array_equal(entry.request.text, request.text)
        assert entry.request.at_us == us("2026-03-10T12:00:00")


@pytest.mark.parametrize(
    ("act", "named", "code"),
    [
        (close_case, {}, "note-needs-contact"),
        (close_case, {"unit": " "}, "note-needs-contact"),
        (hand_over, {"from_contact": "", "to_contact": "Sales"}, "note-needs-contact"),
        (close_case, {"unit": "Sales", "at": at("2026-03-12T12:00:00")()}, "note-of-future"),
    ],
)
def test_what_makes_no_sense_is_not_noted(company, act, named, code):
    with pytest.raises(QuestionError) as caught:
        act(company, "T-1", clock=NOW, **named)
    assert caught.value.code == code
    with pytest.raises(QuestionError) as caught:
        close_case(company, " ", unit="Sales", clock=NOW)
    assert caught.value.code == "note-needs-case"
    assert entries(company) == ()


def test_without_the_purpose_nothing_is_noted(template, tmp_path):
    folder = tmp_path / "w"
    bring(folder, "people", "person,unit", STAFF)
    with pytest.raises(AccessError):
        close_case(folder, "T-1", unit="Sales", clock=NOW)
    assert entries(folder) == ()


def test_an_erased_person_leaves_the_journal_and_every_file(company):
    note(
        company,
        closing("a", "Sales", "anna"),
        closing("b", "Claims", "dora", person_path=("anna", "dora")),
        closing("c", "Claims", "cora"),
        routed("d", "cora", "anna"),
        routed("e", "cora"),
    )
    anna = stored(company, "anna")
    assert anna in texts_on_disk(company)
    done = erase_person(company, ["anna"], clock=NOW)
    # one row of people, one event, three entries
    assert done.rows == 5
    assert told(company) == [("closed", "Claims", "cora"), ("routed", None, None)]
    assert entries_after(open_workspace(company).database, 3).was_rewritten
    assert anna[2:] not in texts_on_disk(company, company.with_name("w.keys"))


def test_what_is_noted_later_of_an_erased_person_is_left_out(company):
    erase_person(company, ["anna"], clock=NOW)
    note(company, closing("a", "Sales", "Anna"), closing("b", "Sales", "bert"))
    assert told(company) == [("closed", "Sales", "bert")]
    assert stored(company, "anna") not in texts_on_disk(company)


def of_topic(case_id, topic):
    return JournalEntry(
        us("2026-03-08T08:00:00"),
        "handover",
        Request(attributes={"topic": topic, "channel": "mail"}),
        case_id,
        "unit",
        from_contact="Sales",
        to_contact="Claims",
    )


def topics(folder):
    return [entry.request.attributes.get("topic") for entry in entries(folder)]


@pytest.mark.parametrize("act", ["erase", "object", "retain", "rekey"])
def test_a_person_whom_a_label_names_is_treated_alike(company, act):
    note(company, of_topic("a", "complaint about anna.a@firma.example"), of_topic("b", "bill"))
    account = "anna.a@firma.example"
    before = stored(company, account)
    assert topics(company) == [f"complaint about {before}", "bill"]
    if act == "erase":
        erase_person(company, [account], clock=NOW)
        assert topics(company) == ["bill"]
    elif act == "object":
        object_person(company, [account], clock=NOW)
        assert topics(company) == [None, "bill"]
    elif act == "retain":
        retain(company, clock=at("2026-06-20T12:00:00"))
        assert topics(company) == [None, "bill"]
    else:
        rekey(company, clock=NOW)
        assert topics(company) == [f"complaint about {stored(company, account)}", "bill"]
    assert before not in texts_on_disk(company)
    assert len(entries(company)) == (1 if act == "erase" else 2)


def test_who_is_erased_while_something_waits_to_be_noted_is_left_out(company):
    place = open_workspace(company, clock=NOW)
    waiting = RoutingJournal(place).keeping([closing("a", "Sales", "anna")])
    erase_person(company, ["anna"], clock=NOW)
    with place.database.writing() as connection:
        waiting(connection)
    assert entries(company) == ()


def test_of_who_objected_only_the_unit_counts_on(company):
    note(company, closing("a", "Sales", "anna"), routed("d", "anna"), closing("b", None, "anna"))
    object_person(company, ["anna"], clock=NOW)
    note(company, closing("e", "Sales", "anna"), closing("f", None, "anna"))
    assert told(company) == [("closed", "Sales", None)] * 2
    assert stored(company, "anna") not in texts_on_disk(company)


def test_who_is_excluded_later_leaves_the_journal(company):
    note(
        company,
        closing("a", "Sales", "anna"),
        closing("b", "Claims", "cora"),
        closing("c", "Legal", None),
        closing("d", "Claims", None, unit_path=("Legal", "Claims")),
    )
    later = [("c9", "2026-03-02T08:00:00", "dora", "take")]
    bring(company, "events", *events_of(later), clock=NOW, exclude=("anna", "Legal"))
    assert told(company) == [("closed", "Claims", "cora")]
    note(company, closing("e", "Sales", "anna"), closing("f", "Legal", None), routed("g", "anna"))
    assert told(company) == [("closed", "Claims", "cora")]


def test_after_days_the_person_goes_and_after_months_the_row(company):
    note(
        company,
        closing("a", "Sales", "anna", "2026-03-08"),
        closing("b", None, "anna", "2026-03-08"),
        closing("c", "Claims", None, "2026-03-08"),
        closing("d", "Claims", "cora", "2026-06-01"),
    )
    trial = retain(company, dry_run=True, clock=at("2026-06-20T12:00:00"))
    certificate = retain(company, clock=at("2026-06-20T12:00:00"))
    assert trial.went == certificate.went
    of_journal = [(what, n) for table, what, n in certificate.went if table == "routing_journal"]
    assert of_journal == [("person-removed", 1), ("row-deleted", 1)]
    noted = [(r.what, r.rows) for r in runs(open_workspace(company).database)]
    assert set(of_journal) <= set(noted)
    assert told(company) == [
        ("closed", "Sales", None),
        ("closed", "Claims", None),
        ("closed", "Claims", "cora"),
    ]
    assert stored(company, "anna") not in texts_on_disk(company / "application.sqlite")
    retain(company, clock=at("2028-06-20T12:00:00"))
    assert told(company) == []


def test_a_new_key_brings_the_journal_under_it(company):
    journal = RoutingJournal(open_workspace(company, clock=NOW))
    request = journal.request(level="unit", text="Zähler defekt", attributes={"topic": "meter"})
    note(
        company,
        JournalEntry(
            us("2026-03-09T08:00:00"),
            "closed",
            request,
            "T-1",
            unit="Sales",
            person="anna",
            person_path=("dora", "cora", "anna"),
        ),
        routed("T-2", "dora", "cora"),
    )
    ids = [stored(company, name) for name, _ in STAFF]
    rekey(company, clock=NOW)
    database = company / "application.sqlite"
    with sqlite3.connect(database) as connection:
        written = "\n".join(connection.iterdump())
    connection.close()
    assert [id_ for id_ in ids if id_[2:] in written] == []
    closed, other = entries(company)
    place = open_workspace(company)
    assert closed.case_id == pseudonym("case", "T-1", place.key())
    assert closed.person_path == tuple(stored(company, n) for n in ("dora", "cora", "anna"))
    assert [s.contact for s in other.suggested] == [stored(company, n) for n in ("dora", "cora")]
    again = RoutingJournal(place).request(level="unit", text="Zähler defekt")
    np.testing.assert_array_equal(closed.request.text, again.text)
    assert request.text.tolist() != again.text.tolist()
    assert RoutingJournal(place).request_of(closed.case_id) is None


def test_who_opened_the_workspace_before_the_new_key_notes_nothing_under_the_old(company):
    held = RoutingJournal(open_workspace(company, clock=NOW))
    rekey(company, clock=NOW)
    with pytest.raises(WorkspaceError) as caught:
        held.append([closing("a", "Sales", "anna")])
    assert caught.value.code == "workspace-replaced"
    assert entries(company) == ()


KILLED = textwrap.dedent(
    """
    import os, signal, sys
    from pathlib import Path
    from leitweg.store import workspace, writing
    from leitweg.studies.rekeying import rekey

    def die(*_, **__):
        os.kill(os.getpid(), signal.SIGKILL)

    if sys.argv[1] == "before":
        writing.write_manifest = die
    else:
        writing.Change._sweep = die
    rekey(Path(sys.argv[2]))
    """
)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_rekey_that_is_killed_loses_nothing_of_the_journal(company, moment):
    note(company, closing("T-1", "Sales", "anna"), routed("T-2", "dora"))
    run = subprocess.run([sys.executable, "-c", KILLED, moment, str(company)], check=False)
    assert run.returncode == -signal.SIGKILL
    complete_exchange(open_workspace(company))
    assert told(company) == [("closed", "Sales", "anna"), ("routed", None, None)]
    rekey(company, clock=NOW)
    assert told(company) == [("closed", "Sales", "anna"), ("routed", None, None)]
    assert entries(company)[0].case_id == pseudonym("case", "T-1", open_workspace(company).key())


def test_a_person_is_told_what_the_journal_holds(company):
    note(
        company,
        closing("a", "Sales", "anna"),
        closing("b", "Claims", "dora", person_path=("anna", "dora")),
        routed("d", "cora", "anna"),
        closing("c", "Claims", "cora"),
    )
    own = export_person(company, ["anna"], clock=NOW)
    rows = own.tables["routing_journal"]
    assert [(row["kind"], row["role"]) for row in rows] == [
        ("closed", "person"),
        ("closed", "person_path"),
        ("routed", "suggested"),
    ]
    assert rows[2]["probability"] == 0.3
    whole = str(own_data_document(own, "en"))
    for other in ("bert", "cora", "dora"):
        assert stored(company, other) not in whole
    for language in ("de", "en"):
        assert "own." not in own_data_text(own, language)
    assert "routing_journal" not in export_person(company, ["emil"], clock=NOW).tables


def test_a_restored_backup_brings_back_nobody_and_no_revoked_key(company, tmp_path):
    note(company, closing("a", "Sales", "anna"), closing("b", "Claims", "cora"))
    place = open_workspace(company, clock=NOW)
    add_key(place.database, name="desk", role="service-agent", token=draw_token(), at_us=1)
    back_up(company, tmp_path / "b.zip", clock=NOW)
    erase_person(company, ["anna"], clock=NOW)
    anna = stored(company, "anna")
    shutil.rmtree(company)
    restored = restore(tmp_path / "b.zip", company, clock=NOW)
    assert told(company) == [("closed", "Claims", "cora")]
    assert anna not in texts_on_disk(company)
    (key,) = api_keys(open_workspace(company).database)
    assert key.is_revoked
    assert "api-keys-revoked" in restored.notes


def test_a_backup_over_the_workspace_keeps_the_journal_of_today(company, tmp_path):
    note(company, closing("a", "Sales", "bert"))
    back_up(company, tmp_path / "b.zip", clock=NOW)
    note(company, closing("b", "Claims", "cora"))
    restored = restore(tmp_path / "b.zip", company, clock=NOW)
    assert [unit for _, unit, _ in told(company)] == ["Sales", "Claims"]
    assert "api-keys-revoked" not in restored.notes


def test_entries_survive_any_kill_once_they_were_answered(company, tmp_path):
    script = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from leitweg.domain.routing_journal import JournalEntry
        from leitweg.store import open_workspace
        from leitweg.studies.routing_journal import RoutingJournal

        journal = RoutingJournal(open_workspace(Path(sys.argv[1])))
        for number in range(10_000):
            journal.append([JournalEntry(number, "closed", case_id=f"T-{number}", unit="Sales")])
            print(number, flush=True)
        """
    )
    chance = np.random.default_rng(5)
    for _ in range(3):
        before = len(entries(company))
        run = subprocess.Popen(
            [sys.executable, "-c", script, str(company)], stdout=subprocess.PIPE, text=True
        )
        last = -1
        stop = int(chance.integers(3, 30))
        for line in run.stdout:
            last = int(line)
            if last >= stop:
                break
        os.kill(run.pid, signal.SIGKILL)
        last = max([last, *(int(line) for line in run.stdout if line.strip().isdigit())])
        run.wait()
        run.stdout.close()
        after = len(entries(company))
        # answered are all up to the last one printed; one more may have been noted
        assert after - before in (last + 1, last + 2)
