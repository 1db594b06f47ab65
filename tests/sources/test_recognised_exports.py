"""Exports of known systems, in English and German."""

import openpyxl
from tabular_fixture import read_one, refused, rejected, rows, utc, write

JIRA = """
Issue key,Author,Created,Field,From,To
A-1,lead,2024-05-06T12:00:00.000+0200,status,In Progress,Done
A-1,lead,2024-05-06T11:00:00.000+0200,assignee,ann,bob
A-1,lead,2024-05-06T11:00:00.000+0200,Team,First,Second
A-1,ann,2024-05-06T10:00:00.000+0200,status,To Do,In Progress
A-1,ann,2024-05-06T10:30:00.000+0200,labels,,x
A-2,ann,2024-05-06T09:00:00.000+0200,assignee,,cai
A-2,ann,,status,To Do,Done
"""
JIRA_EVENTS = [
    ("A-1", utc("2024-05-06T10:00"), "bob", "Second", "Done", "resolved"),
    ("A-1", utc("2024-05-06T09:00"), "bob", "Second", "In Progress", "working"),
    ("A-1", utc("2024-05-06T08:00"), "ann", "First", "In Progress", "working"),
    ("A-2", utc("2024-05-06T07:00"), "cai", None, None, "unknown"),
]
STATE = {"queued": 1, "working": 2, "resolved": 5, "closed": 6, "unknown": 0}


def with_numbers(events):
    return sorted((*event[:-1], STATE[event[-1]]) for event in events)


def events_of(reading):
    return sorted(
        rows(reading, "events", "case_id", "at_us", "person", "unit", "lifecycle", "state"),
        key=str,
    )


def test_jira_history_gives_events_by_the_new_holder(tmp_path):
    reading = read_one(write(tmp_path, JIRA))
    assert events_of(reading) == sorted(with_numbers(JIRA_EVENTS), key=str)
    assert rejected(reading) == [(7, "Created", "the time is missing", "")]
    assert reading.rows_read == 7
    assert reading.mapping == {
        "case_id": "Issue key",
        "at": "Created",
        "activity": "Field",
        "person": "To (Field = assignee)",
        "unit": "To (Field = team)",
        "lifecycle": "To (Field = status)",
    }
    assert reading.warnings == (
        "log.csv: recognised as Jira issue history.",
        "log.csv: 1 changes of other fields were left out.",
    )


def test_jira_history_in_german(tmp_path):
    text = JIRA.replace("Issue key,Author,Created,Field,From,To",
                        "Vorgangsschlüssel,Autor,Erstellt,Feld,Von,Nach")  # fmt: skip
    text = text.replace("assignee", "Bearbeiter").replace("status", "Status")
    text = text.replace("In Progress", "In Bearbeitung").replace("Done", "Erledigt")
    reading = read_one(write(tmp_path, text))
    expected = [
        tuple({"In Progress": "In Bearbeitung", "Done": "Erledigt"}.get(v, v) for v in event)
        for event in with_numbers(JIRA_EVENTS)
    ]
    assert events_of(reading) == sorted(expected, key=str)


def test_jira_data_pipeline_takes_accounts_for_people_and_names_for_statuses(tmp_path):
    text = """
issue_id,changelog_id,author_id,author_key,created_date,field,field_type,from,from_string,to,to_string
10,1,7,USER7,2024-05-06T08:00:00Z,status,jira,1,Open,3,In Progress
10,2,7,USER7,2024-05-06T09:00:00Z,assignee,jira,USER1,Ann Lee,USER2,Ann Lee
10,3,7,USER7,2024-05-06T10:00:00Z,status,jira,3,In Progress,5,Resolved
"""
    reading = read_one(write(tmp_path, text))
    assert rows(reading, "events", "person", "lifecycle", "state") == [
        ("USER1", "In Progress", 2),
        ("USER2", "In Progress", 2),
        ("USER2", "Resolved", 5),
    ]


def test_a_history_without_holders_is_refused(tmp_path):
    text = "Issue key,Author,Created,Field,From,To\nA-1,ann,2024-05-06T12:00:00Z,labels,a,b\n"
    assert refused(write(tmp_path, text), "no-holder-changes") == (
        "log.csv: no row changes an assignee, a team or a status, so no way of a case can be "
        "seen. Export the history with these fields."
    )


AUDIT = """
tablename,documentkey,fieldname,oldvalue,newvalue,user,sys_created_on
incident,INC1,assignment_group,,Service Desk,sys,2024-07-01 08:00:00
incident,INC1,state,1,2,ann,2024-07-01 08:10:00
incident,INC1,assigned_to,,ann,ann,2024-07-01 08:10:00
incident,INC1,assignment_group,Service Desk,Network,ann,2024-07-01 09:00:00
incident,INC1,assigned_to,ann,bob,ann,2024-07-01 09:00:00
incident,INC1,state,2,6,bob,2024-07-01 10:00:00
incident,INC1,urgency,1,2,bob,2024-07-01 10:00:00
"""


def test_servicenow_audit(tmp_path):
    path = write(tmp_path, AUDIT)
    assert "--time-zone" in refused(path, "naive-time")
    reading = read_one(path, time_zone="Europe/Berlin")
    assert events_of(reading) == [
        ("INC1", utc("2024-07-01T06:00"), None, "Service Desk", "New", 1),
        ("INC1", utc("2024-07-01T06:10"), "ann", "Service Desk", "In Progress", 2),
        ("INC1", utc("2024-07-01T07:00"), "bob", "Network", "In Progress", 2),
        ("INC1", utc("2024-07-01T08:00"), "bob", "Network", "Resolved", 5),
    ]
    assert reading.warnings[0] == "log.csv: recognised as ServiceNow audit."


def test_servicenow_audit_in_german(tmp_path):
    text = AUDIT.replace(
        "tablename,documentkey,fieldname,oldvalue,newvalue,user,sys_created_on",
        "Tabellenname,Dokumentenschlüssel,Feldname,Alter Wert,Neuer Wert,Benutzer,Erstellt",
    )
    german = read_one(write(tmp_path, text, "b.csv"), time_zone="UTC")
    english = read_one(write(tmp_path, AUDIT), time_zone="UTC")
    assert events_of(german) == events_of(english)


def test_zammad_history(tmp_path):
    text = """
id,o_id,object,type,attribute,value_from,value_to,id_from,id_to,created_at,created_by_id
1,5,Ticket,created,,,,,,2024-05-06T08:00:00Z,3
2,5,Ticket::Article,created,,,,,,2024-05-06T08:00:00Z,3
3,5,Ticket,updated,owner,-,ann,1,4,2024-05-06T09:00:00Z,4
4,5,Ticket,updated,state,new,open,1,2,2024-05-06T09:00:00Z,4
5,5,Ticket,updated,group,First,Second,1,2,2024-05-06T10:00:00Z,4
6,5,Ticket,updated,owner,ann,-,4,1,2024-05-06T10:00:00Z,4
7,5,Ticket,updated,state,open,closed,2,4,2024-05-06T11:00:00Z,5
"""
    reading = read_one(write(tmp_path, text))
    assert events_of(reading) == [
        ("5", utc("2024-05-06T08:00"), None, "First", "new", 1),
        ("5", utc("2024-05-06T09:00"), "ann", "First", "open", 2),
        ("5", utc("2024-05-06T10:00"), None, "Second", "open", 2),
        # Zammad knows no resolution before the closing: the closing is it
        ("5", utc("2024-05-06T11:00"), None, "Second", "closed", 5),
    ]
    assert reading.warnings == (
        "log.csv: recognised as Zammad ticket history.",
        "log.csv: 1 rows on articles and other objects were left out.",
    )


def report(path, header):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["2024-5"])
    sheet.append([])
    sheet.append(header)
    line = ["81001", "Pumpe", "closed", "2 normal", "First", "ann", "K1", "", "email"]
    sheet.append([*line, "2024-05-06T08:00:00Z", "2024-05-07T08:00:00Z"])
    sheet.append(["81002", "Rohr", "new", "2 normal", "Second", "-", "K2", "", "phone",
                  "2024-05-06T09:00:00Z", None])  # fmt: skip
    book.save(path)
    return path


def test_zammad_report_in_english_and_german(tmp_path):
    english = ["#", "Title", "State", "Priority", "Group", "Owner", "Customer", "Organization",
               "Create Channel", "Created At", "Closed At"]  # fmt: skip
    german = ["#", "Titel", "Status", "Priorität", "Gruppe", "Besitzer", "Kunde", "Organisation",
              "Kanal", "Erstellt am", "Geschlossen am"]  # fmt: skip
    for name, header in (("a.xlsx", english), ("b.xlsx", german)):
        reading = read_one(report(tmp_path / name, header))
        assert reading.kind == "cases"
        assert rows(reading, "cases", "case_id", "customer", "channel", "outcome", "closed_us") == [
            ("81001", "K1", "email", "closed", utc("2024-05-07T08:00")),
            ("81002", "K2", "phone", "new", None),
        ]
        assert rows(reading, "events", "case_id", "person", "unit", "at_us") == [
            ("81001", "ann", "First", utc("2024-05-06T08:00")),
            ("81002", None, "Second", utc("2024-05-06T09:00")),
        ]
        assert reading.warnings == (f"{name}: recognised as Zammad ticket report.",)


OTRS = """
TicketNumber;HistoryType;CreateTime;CreateBy;Queue;Owner;State
2024001;NewTicket;2024-07-01 08:00:00;1;Eingang;root@localhost;new
2024001;OwnerUpdate;2024-07-01 09:00:00;7;Eingang;ann;open
2024001;Move;2024-07-01 10:00:00;7;Technik;bob;open
2024001;StateUpdate;2024-07-02 10:00:00;8;Technik;bob;closed successful
"""


def test_otrs_history_in_english_and_german(tmp_path):
    german = OTRS.replace(
        "TicketNumber;HistoryType;CreateTime;CreateBy;Queue;Owner;State",
        "Ticketnummer;Historientyp;Erstellt;Erstellt von;Queue;Besitzer;Status",
    )
    german = german.replace("closed successful", "erfolgreich geschlossen")
    german = german.replace(";new", ";neu").replace(";open", ";offen")
    for name, text in (("a.csv", OTRS), ("b.csv", german)):
        reading = read_one(write(tmp_path, text, name), time_zone="Europe/Berlin")
        assert rows(reading, "events", "at_us", "person", "unit", "activity", "state") == [
            (utc("2024-07-01T06:00"), "root@localhost", "Eingang", "NewTicket", 1),
            (utc("2024-07-01T07:00"), "ann", "Eingang", "OwnerUpdate", 2),
            (utc("2024-07-01T08:00"), "bob", "Technik", "Move", 2),
            (utc("2024-07-02T08:00"), "bob", "Technik", "StateUpdate", 5),
        ]
        assert reading.machine_proposals == ("root@localhost",)
        assert len(reading.left_over) == 1  # who created the row


def test_message_trace_splits_its_receivers(tmp_path):
    text = """
origin_timestamp_utc,sender_address,recipient_status,message_subject,total_bytes,message_id,dir
2024-05-06T08:00:00.0000000Z,Ann@acme.example,"bob@acme.example##Receive, Deliver;\
c@else.example##Receive, Send",Hello,7,<m1@x>,2
2024-05-06T09:00:00.0000000Z,bob@acme.example,ann@acme.example##Receive,Re,7,<m2@x>,1
"""
    reading = read_one(write(tmp_path, text))
    assert rows(
        reading, "messages", "message", "at_us", "sender", "receiver", "receiver_outside"
    ) == [
        ("<m1@x>", utc("2024-05-06T08:00"), "ann@acme.example", "bob@acme.example", False),
        ("<m1@x>", utc("2024-05-06T08:00"), "ann@acme.example", "c@else.example", True),
        ("<m2@x>", utc("2024-05-06T09:00"), "bob@acme.example", "ann@acme.example", False),
    ]
    assert reading.warnings[0] == "log.csv: recognised as Microsoft 365 message trace."
    assert "message_subject" in reading.left_over


def test_extended_message_trace_counts_a_receipt_once_and_is_in_utc(tmp_path):
    text = """
date_time_utc,event_id,sender_address,recipient_address,message_id
1/31/2024 12:34:56 PM,RECEIVE,a@x.example,b@x.example,m1
1/31/2024 12:34:57 PM,DELIVER,a@x.example,b@x.example,m1
"""
    reading = read_one(write(tmp_path, text))
    assert rows(reading, "messages", "at_us", "receiver") == [
        (utc("2024-01-31T12:34:56"), "b@x.example")
    ]
    assert "log.csv: 1 rows on further stations of a message were left out." in reading.warnings


def test_message_trace_list_in_german(tmp_path):
    text = """
Empfangen;Absenderadresse;Empfängeradresse;Betreff;Status
06.05.2024 08:00:00;a@x.example;b@x.example;Hallo;Zugestellt
"""
    reading = read_one(write(tmp_path, text))
    assert rows(reading, "messages", "at_us", "sender", "receiver") == [
        (utc("2024-05-06T08:00"), "a@x.example", "b@x.example")
    ]


def test_entra_users(tmp_path):
    text = """
userPrincipalName,displayName,surname,mail,givenName,objectId,userType,jobTitle,department,\
accountEnabled,physicalDeliveryOfficeName,manager
ann@acme.example,Ann Lee,Lee,,Ann,1,Member,Engineer,Service,True,Köln,bob@acme.example
bob@acme.example,Bob Ray,Ray,bob@acme.example,Bob,2,Member,Lead,Service,True,Bonn,
"""
    reading = read_one(write(tmp_path, text))
    assert rows(reading, "people", "person", "kind", "unit", "position", "manager", "site") == [
        ("ann@acme.example", "person", "Service", "Engineer", "bob@acme.example", "Köln"),
        ("bob@acme.example", "person", "Service", "Lead", None, "Bonn"),
    ]
    assert reading.warnings[0] == "log.csv: recognised as Entra ID user list."
    german = "Benutzerprinzipalname;Anzeigename;Abteilung;Titel;Büro\nann@x;Ann;Service;Lead;Ulm\n"
    reading = read_one(write(tmp_path, german, encoding="cp1252"))
    assert rows(reading, "people", "person", "unit", "position", "site") == [
        ("ann@x", "Service", "Lead", "Ulm")
    ]


def test_sap_list_of_people(tmp_path):
    text = """
Personalnummer;Name;Organisationseinheit;Planstelle;Vorgesetzter;Personalteilbereich;\
Wochenstunden;Beginn;Ende
00001234;Alt, Anna;50000017;Leitung Service;;Köln;39,5;01.01.2020;31.12.9999
00001235;Neu, Bernd;50000017;Service;00001234;Köln;20;01.04.2021;31.12.9999
"""
    reading = read_one(write(tmp_path, text, encoding="utf-16"), time_zone="Europe/Berlin")
    assert rows(
        reading, "people", "person", "unit", "position", "manager", "hours_per_week", "valid_to_us"
    ) == [
        ("00001234", "50000017", "Leitung Service", None, 39.5, None),
        ("00001235", "50000017", "Service", "00001234", 20.0, None),
    ]
    assert reading.warnings == ("log.csv: recognised as SAP list of people.",)
    assert reading.left_over == ("Name",)


def test_a_mapping_of_ones_own_overrules_the_recognition(tmp_path):
    reading = read_one(write(tmp_path, OTRS), time_zone="UTC", mapping={"person": "CreateBy"})
    assert rows(reading, "events", "person") == [("1",), ("7",), ("7",), ("8",)]
    assert not any("recognised" in warning for warning in reading.warnings)
