"""Tables of events: mapping, cases at the first event, rejects, states."""

from tabular_fixture import read_one, refused, rejected, rows, utc, write

from leitweg.domain.imports import ImportOptions
from leitweg.domain.tables import CASES, EVENTS
from leitweg.sources.reading import read

GERMAN = """
Vorgangsnummer;Zeitpunkt;Beginn;Bearbeiter;Abteilung;Aktivität;Status;Produkt;Priorität;Kunde;Land;Beschreibung
V-1;06.05.2024 10:00;06.05.2024 09:00;Anna;Vertrieb;Anruf;neu;Pumpe;hoch;K7;DE;Text
V-2;06.05.2024 11:00;;Bernd;Technik;Prüfung;in Bearbeitung;Ventil;;K8;AT;Text
V-1;06.05.2024 09:30;06.05.2024 09:10;Carla;;Anruf;wartet auf Kunde;Ventil;normal;K7;CH;Text
V-1;07.05.2024 09:30;;;Technik;Versand;gelöst;Pumpe;hoch;K7;DE;Text
"""


def test_a_german_log_fills_events_and_cases(tmp_path):
    reading = read_one(write(tmp_path, GERMAN), time_zone="Europe/Berlin")
    assert reading.kind == "events"
    assert reading.tables["events"].schema == EVENTS.schema
    assert reading.tables["cases"].schema == CASES.schema
    assert rows(
        reading, "events", "case_id", "at_us", "started_us", "person", "unit", "state", "seq"
    ) == [
        ("V-1", utc("2024-05-06T08:00"), utc("2024-05-06T07:00"), "Anna", "Vertrieb", 1, 0),
        ("V-2", utc("2024-05-06T09:00"), None, "Bernd", "Technik", 2, 1),
        ("V-1", utc("2024-05-06T07:30"), utc("2024-05-06T07:10"), "Carla", None, 3, 2),
        ("V-1", utc("2024-05-07T07:30"), None, None, "Technik", 5, 3),
    ]
    # the first event of V-1 by time is the third row of the file
    assert rows(reading, "cases", "case_id", "topic", "priority", "customer", "attributes") == [
        ("V-1", "Ventil", "normal", "K7", [("Land", "CH")]),
        ("V-2", "Ventil", None, "K8", [("Land", "AT")]),
    ]
    assert reading.mapping == {
        "case_id": "Vorgangsnummer",
        "activity": "Aktivität",
        "at": "Zeitpunkt",
        "started": "Beginn",
        "person": "Bearbeiter",
        "unit": "Abteilung",
        "lifecycle": "Status",
        "customer": "Kunde",
        "topic": "Produkt",
        "priority": "Priorität",
    }
    assert reading.states == {
        "*/neu": "queued",
        "*/in Bearbeitung": "working",
        "*/wartet auf Kunde": "waiting_customer",
        "*/gelöst": "resolved",
    }
    assert reading.attributes == ("Land",)
    assert reading.left_over == ("Beschreibung",)
    assert reading.warnings == ()


def test_headers_of_xes_like_exports_keep_case_and_event_apart(tmp_path):
    text = """
case:concept:name,concept:name,org:resource,org:group,time:timestamp,case:startdate,case:enddate,case:responsible,case:group
c1,Register,Ann,G1,2024-05-06T08:00:00Z,2024-05-01T00:00:00Z,2024-05-09T00:00:00Z,Bob,X
c2,Register,Ann,G1,2024-05-06T08:00:00Z,2024-05-05T00:00:00Z,2024-05-04T00:00:00Z,Bob,X
"""
    reading = read_one(write(tmp_path, text))
    assert rows(reading, "events", "person", "unit", "started_us") == [("Ann", "G1", None)] * 2
    assert rows(reading, "cases", "case_id", "opened_us", "closed_us", "attributes") == [
        ("c1", utc("2024-05-01"), utc("2024-05-09"), [("case:group", "X")]),
        ("c2", utc("2024-05-05"), None, [("case:group", "X")]),
    ]
    assert reading.left_over == ("case:responsible",)
    assert reading.warnings == ("log.csv: 1 closings lie before the opening and were left empty.",)


def test_a_log_without_states_has_none(tmp_path):
    text = """
case,timestamp,resource,activity,lifecycle:transition
1,2024-05-06T08:00:00Z,Ann,Confirmation of receipt,complete
1,2024-05-06T09:00:00Z,Bob,T05 Print and send confirmation of receipt,complete
"""
    reading = read_one(write(tmp_path, text))
    assert rows(reading, "events", "state") == [(None,), (None,)]
    assert reading.states == {}


def test_patterns_of_the_user_win(tmp_path):
    text = """
case,timestamp,team,activity,status
1,2024-05-06T08:00:00Z,A,Call,new
1,2024-05-06T09:00:00Z,B,Call,in progress
1,2024-05-06T10:00:00Z,B,Send,done
"""
    reading = read_one(write(tmp_path, text), states={"Call/in*": "waiting_third"})
    assert rows(reading, "events", "state") == [(1,), (4,), (5,)]
    sentence = refused(write(tmp_path, text), "unknown-state", states={"*/done": "finished"})
    assert sentence == (
        "--map-state: 'finished' is not a state. Use one of unknown, queued, working, "
        "waiting_customer, waiting_third, resolved, closed."
    )


def test_an_order_stands_in_for_the_clock(tmp_path):
    text = "case,nr,team,timestamp\n1,20,A,\n2,5,B,\n1,10,C,\n"
    mapping = {"case_id": "case", "order": "nr"}
    reading = read_one(write(tmp_path, text), mapping=mapping)
    assert rows(reading, "events", "case_id", "at_us", "unit", "seq") == [
        ("1", None, "A", 20),
        ("2", None, "B", 5),
        ("1", None, "C", 10),
    ]
    assert reading.mapping == {"case_id": "case", "order": "nr", "unit": "team"}


def test_an_order_of_decimals_is_ranked_and_text_is_refused(tmp_path):
    mapping = {"case_id": "case", "order": "step"}
    path = write(tmp_path, "case;step;team\n1;1,5;A\n1;0,5;B\n1;10;C\n")
    assert rows(read_one(path, mapping=mapping), "events", "seq") == [(1,), (0,), (2,)]
    path = write(tmp_path, "case,step,team\n1,first,A\n1,second,B\n")
    assert refused(path, "order-not-a-number", mapping=mapping) == (
        "log.csv: column 'step' cannot order the rows: 'first' is not a number. "
        "Map order to a column of numbers."
    )


def test_rows_that_cannot_be_used_are_rejected_with_their_reason(tmp_path):
    text = """
case,start,end,resource
,2024-05-06T08:00:00Z,2024-05-06T08:30:00Z,Ann
1,2024-05-06T08:00:00Z,,Ann
1,2024-05-06T08:00:00Z,yesterday,Ann
1,2024-05-06T08:00:00Z,2026-03-01T00:00:00Z,Ann
1,2024-05-06T08:00:00Z,1970-01-01T00:00:00Z,Ann
1,2024-05-06T08:31:00Z,2024-05-06T08:30:00Z,Ann
1,2024-05-06T08:30:00Z,2024-05-06T08:30:00Z,
1,1970-01-01T00:00:00Z,2024-05-06T08:30:00Z,Ann
1,2024-05-06T08:00:00Z,2024-05-06T09:30:00Z,Ann
1,2024-05-06T08:00:00Z,2024-05-06T10:30:00Z,Ann
"""
    mapping = {"at": "end", "started": "start"}
    reading = read_one(write(tmp_path, text), mapping=mapping)
    assert rejected(reading) == [
        (1, "case", "the id of the case is missing", ""),
        (2, "end", "the time is missing", ""),
        (3, "end", "not a time, or a date that does not exist", "yesterday"),
        (4, "end", "a date in the future", "2026-03-01T00:00:00Z"),
        (5, "end", "a default date (before 1980)", "1970-01-01T00:00:00Z"),
        (6, "start", "it starts after it ends", "2024-05-06T08:31:00Z"),
    ]
    assert reading.rows_read == 10
    assert rows(reading, "events", "seq", "person", "started_us") == [
        (6, None, utc("2024-05-06T08:30")),
        (7, "Ann", None),
        (8, "Ann", utc("2024-05-06T08:00")),
        (9, "Ann", utc("2024-05-06T08:00")),
    ]
    assert reading.warnings == (
        "log.csv: column 'start': 1 values were left empty (a default date (before 1980)).",
    )


def test_a_log_without_a_usable_row_is_refused(tmp_path):
    path = write(tmp_path, "case,timestamp,team\n,2024-05-06T08:00:00Z,A\nNULL,,B\n")
    assert refused(path, "no-usable-rows", kind="events") == (
        "log.csv: no row can be used; row 1, column 'case': the id of the case is missing. "
        "Map other columns or export it again."
    )


def test_repeated_rows_are_kept_and_counted(tmp_path):
    row = "1,2024-05-06T08:00:00Z,A,x\n"
    reading = read_one(write(tmp_path, "case,timestamp,team,activity\n" + row * 3))
    assert reading.tables["events"].num_rows == 3
    assert reading.warnings == (
        "log.csv: 2 rows repeat another row exactly; they were kept. "
        "Remove them from the export if they are copies.",
    )


def test_built_in_and_named_marks_are_missing(tmp_path):
    text = """
case,timestamp,resource,team,activity
1,2024-05-06T08:00:00Z,NA, ,a
1,2024-05-06T09:00:00Z,?,NULL,b
1,2024-05-06T10:00:00Z,Ann,nan,NaN
"""
    reading = read_one(write(tmp_path, text))
    assert rows(reading, "events", "person", "unit", "activity") == [
        (None, None, "a"),
        ("?", None, "b"),
        ("Ann", None, None),
    ]
    assert reading.missing_proposals == {"resource": ("?",)}
    assert reading.warnings == (
        "log.csv: column 'resource' holds '?', which may mean missing. "
        "If so, import with --missing '?'.",
    )
    named = read_one(write(tmp_path, text), missing=("?",))
    assert rows(named, "events", "person") == [(None,), (None,), ("Ann",)]
    assert named.missing_proposals == {}


def test_named_machines_become_people_of_kind_system(tmp_path):
    text = """
case,timestamp,resource,activity
1,2024-05-06T08:00:00Z,Siebel,a
1,2024-05-06T09:00:00Z,noreply@acme.example,b
1,2024-05-06T10:00:00Z,Ann,c
"""
    reading = read_one(write(tmp_path, text), machines=("siebel", "robot 9"))
    assert rows(reading, "people", "person", "kind") == [("Siebel", "system")]
    assert reading.machine_proposals == ("noreply@acme.example",)
    assert reading.warnings == (
        "log.csv: the machine account 'robot 9' does not occur in it.",
        "log.csv: these accounts look like machines: 'noreply@acme.example'. Confirm with "
        "--machine ACCOUNT, so that they do not count as people.",
    )


def test_the_present_time_of_a_fresh_log_is_the_machines_own(tmp_path):
    # the default of the door; the test only asks that a date of last year is no future
    path = write(tmp_path, "case,timestamp,team,activity\n1,2024-05-06T08:00:00Z,A,x\n")
    (reading,) = read(path, ImportOptions())
    assert reading.rejects == ()


def test_a_log_of_ragged_rows_alone_is_refused(tmp_path):
    path = write(tmp_path, "case,timestamp,team,activity\n1,2\n1,2,3\n")
    assert refused(path, "no-usable-rows", kind="events") == (
        "log.csv: no row can be used; row 1: 2 fields instead of 4. "
        "Map other columns or export it again."
    )


def test_the_order_of_the_rows_changes_nothing_but_the_order(tmp_path):
    header, *lines = GERMAN.strip().splitlines()
    forth = read_one(write(tmp_path, "\n".join([header, *lines])), time_zone="UTC")
    back = read_one(write(tmp_path, "\n".join([header, *lines[::-1]])), time_zone="UTC")
    names = ["case_id", "at_us", "started_us", "person", "unit", "activity", "state"]
    assert set(rows(forth, "events", *names)) == set(rows(back, "events", *names))
    cases = ["case_id", "topic", "priority", "customer"]
    assert set(rows(forth, "cases", *cases)) == set(rows(back, "cases", *cases))
