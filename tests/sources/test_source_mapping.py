"""Which columns are taken, which compete, and what the user may say."""

import pytest
from tabular_fixture import read_one, refused, rows, utc, write

from leitweg.sources.mapping import map_columns
from leitweg.sources.words import folded, header_words

LOG = "case,timestamp,resource,activity\n1,2024-05-06T08:00:00Z,Ann,x\n"


@pytest.mark.parametrize(
    ("header", "canonical"),
    [
        ("Ticket-Nr.", "case_id"),
        ("ticket_number", "case_id"),
        ("TICKETNUMMER", "case_id"),
        ("IssueKey", "case_id"),
        ("Case ID", "case_id"),
        ("Erstellt am", "at"),
        ("Change Date+Time", "at"),
        ("Zuständiger", "person"),
        ("zustaendiger", "person"),
        ("Assigned To", "person"),
        ("org:resource", "person"),
        ("Assignment group", "unit"),
        ("ORGANISATIONSEINHEIT", "unit"),
        ("Prioritaet", "priority"),
        ("Priorität", "priority"),
        ("case:channel", "channel"),
        ("Vorgangsart", "kind"),
        ("Kundennummer", "customer"),
        ("Tätigkeit", "activity"),
        ("Geschlossen am", "closed"),
        ("Lösung", "outcome"),
    ],
)
def test_common_headers_are_known(header, canonical):
    assert map_columns("f", "events", [header], {}).columns == {canonical: header}


def test_folding():
    assert folded("Größe – „Wert“_2") == "grosse – „wert“ 2"
    assert header_words("ReportsToID") == "reports to id"


def test_two_columns_for_one_place_the_better_wins_and_the_other_is_told(tmp_path):
    text = """
case,timestamp,resource,owner,product,component,activity
1,2024-05-06T08:00:00Z,Ann,Bob,Pump,Seal,x
"""
    reading = read_one(write(tmp_path, text))
    assert rows(reading, "events", "person") == [("Ann",)]
    assert rows(reading, "cases", "topic", "attributes") == [("Pump", [("component", "Seal")])]
    assert reading.attributes == ("component",)
    # a second name of a person is never an attribute: attributes are not pseudonymised
    assert reading.left_over == ("owner",)
    assert reading.warnings == (
        "log.csv: 'resource' and 'owner' could both be person; 'resource' was taken, 'owner' "
        "left out. Choose with --map person=COLUMN.",
        "log.csv: 'product' and 'component' could both be topic; 'product' was taken, "
        "'component' kept as an attribute. Choose with --map topic=COLUMN.",
    )


def test_the_word_of_the_user_wins(tmp_path):
    text = "case,timestamp,resource,owner,activity\n1,2024-05-06T08:00:00Z,Ann,Bob,x\n"
    reading = read_one(write(tmp_path, text), mapping={"person": "OWNER"})
    assert rows(reading, "events", "person") == [("Bob",)]
    assert reading.mapping["person"] == "owner"


def test_missing_columns_are_named_with_the_way_out(tmp_path):
    path = write(tmp_path, "alpha,timestamp,beta\n1,2024-05-06T08:00:00Z,x\n")
    assert refused(path, "missing-column", kind="events") == (
        "log.csv: cannot fill table 'events', columns missing: case_id, person or unit. "
        "Map them with --map case_id=COLUMN --map person=COLUMN; the file has alpha, timestamp, "
        "beta. Where it has no such column, take the number of the row: --map case_id=#row."
    )
    assert refused(path, "unknown-kind") == (
        "log.csv: its columns fit no kind of table (alpha, timestamp, beta). Say what it is with "
        "--kind and name its columns with --map CANONICAL=COLUMN."
    )


def test_a_mapping_to_nothing_is_refused(tmp_path):
    path = write(tmp_path, LOG)
    assert refused(path, "unknown-column", kind="events", mapping={"unit": "abteilung"}) == (
        "log.csv: there is no column 'abteilung'. The columns are case, timestamp, resource, "
        "activity."
    )
    sentence = refused(path, "unknown-canonical", kind="events", mapping={"team": "resource"})
    assert sentence.startswith("log.csv: table 'events' has no column 'team'. It has case_id, ")


def test_kinds_that_are_unknown_or_not_read_are_refused(tmp_path):
    path = write(tmp_path, LOG)
    sentence = refused(path, "kind-not-read", kind="answers")
    assert sentence.startswith("--kind: kind 'answers' is not read by this version. It reads auto,")
    assert refused(path, "unknown-kind", kind="log").startswith(
        "--kind: 'log' is not a kind of file."
    )


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("case,timestamp,team,activity\n1,2024-05-06T08:00:00Z,A,x\n", "events"),
        ("case,timestamp,team\n1,2024-05-06T08:00:00Z,A\n2,2024-05-06T08:00:00Z,A\n", "cases"),
        ("case,timestamp,team\n1,2024-05-06T08:00:00Z,A\n1,2024-05-06T08:00:00Z,A\n", "events"),
        ("case,at,started,team\n1,2024-05-06,2024-05-05,A\n2,2024-05-06,2024-05-05,A\n", "events"),
        ("case,start time,team\n1,2024-05-06,A\n2,2024-05-06,A\n", "events"),
        ("id,name,manager\na,Anna,b\n", "people"),
        ("Mitarbeiter;Abteilung\nAnna;Vertrieb\n", "people"),
        ("Abteilung;Bezeichnung;übergeordnete Einheit\nV1;Vertrieb;V\n", "units"),
        ("Von;An;Datum\na;b;2024-05-06T08:00:00Z\n", "messages"),
    ],
)
def test_the_kind_is_told_by_the_columns(tmp_path, text, kind):
    assert read_one(write(tmp_path, text), time_zone="UTC").kind == kind


def test_lists_of_tickets_of_common_systems_need_no_mapping(tmp_path):
    jira = """
Summary,Issue key,Issue Type,Status,Assignee,Reporter,Priority,Created,Resolved,Component
x,A-1,Bug,Done,ann,kim,High,2024-05-06T08:00:00Z,2024-05-07T08:00:00Z,Core
"""
    servicenow = """
number,opened_at,assigned_to,assignment_group,state,caller_id,priority,category,closed_at,contact_type
INC1,2024-05-06T08:00:00Z,ann,Desk,Closed,kim,High,Core,2024-05-07T08:00:00Z,Phone
"""
    german = """
Vorgangsschlüssel;Vorgangstyp;Zugewiesene Person;Erstellt;Erledigt;Priorität;Komponente
A-1;Bug;ann;06.05.2024 08:00;07.05.2024 08:00;High;Core
"""
    for text in (jira, servicenow, german):
        reading = read_one(write(tmp_path, text), kind="cases", time_zone="UTC")
        ((opened, closed, priority, topic),) = rows(
            reading, "cases", "opened_us", "closed_us", "priority", "topic"
        )
        assert (opened, closed) == (utc("2024-05-06T08:00"), utc("2024-05-07T08:00"))
        assert (priority, topic) == ("High", "Core")
        assert rows(reading, "events", "person") == [("ann",)]


def test_a_log_of_updates_is_read_by_the_time_of_the_update(tmp_path):
    text = """
number,incident_state,sys_updated_at,opened_at,assigned_to,assignment_group
INC1,New,2024-05-06T09:00:00Z,2024-05-06T08:00:00Z,,Desk
INC1,Resolved,2024-05-06T10:00:00Z,2024-05-06T08:00:00Z,ann,Desk
"""
    reading = read_one(write(tmp_path, text), mapping={"lifecycle": "incident_state"})
    assert rows(reading, "events", "at_us", "state") == [
        (utc("2024-05-06T09:00"), 1),
        (utc("2024-05-06T10:00"), 5),
    ]
    assert rows(reading, "cases", "opened_us") == [(utc("2024-05-06T08:00"),)]
