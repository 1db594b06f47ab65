"""Telephone records of known exchanges: who called whom, answered calls alone."""

import pytest
from tabular_fixture import read_one, refused, rows, utc, write

ASTERISK = """
calldate,clid,src,dst,dcontext,duration,billsec,disposition,uniqueid,linkedid
2024-03-01 12:00:00,"Ann <101>",101,102,from-internal,60,55,ANSWERED,1.1,1.1
2024-03-01 12:01:00,"Ann <101>",101,0049 221-12345,from-internal,60,55,ANSWERED,1.2,1.2
2024-03-01 12:02:00,x,+49221777,102,from-trunk,20,0,NO ANSWER,1.3,1.3
2024-03-01 12:03:00,x,+49221777,102,from-trunk,20,18,ANSWERED,1.4,1.4
"""
CISCO = """
"cdrRecordType","globalCallID_callId","dateTimeOrigination","callingPartyNumber","finalCalledPartyNumber","dateTimeConnect","duration"
INTEGER,INTEGER,INTEGER,VARCHAR(50),VARCHAR(50),INTEGER,INTEGER
1,77,1709294400,2001,2002,1709294405,30
1,78,1709294460,2001,901234567,0,0
1,79,1709294520,02211234567,2002,1709294525,12
"""
THREECX = """
callid,time-start,from-no,to-no,from-type,to-type,duration,time-answered
c1,2024-03-01 12:00:00,Ext.101,102,Extension,Extension,00:01:10,2024-03-01 12:00:05
c2,2024-03-01 12:01:00,10000123,101,Line,Extension,00:00:40,2024-03-01 12:01:05
c3,2024-03-01 12:02:00,101,102,Extension,Extension,00:00:00,
"""
THREECX_LIST = """
Call Time,Caller ID,Destination,Direction,Status,Ringing,Talking
2024-03-01 12:00:00,Ann Lee (101),Bob Ray (102),Internal,Answered,00:00:05,00:01:10
2024-03-01 12:01:00,+49 221 777,Bob Ray (102),Inbound,Answered,00:00:05,00:00:40
2024-03-01 12:02:00,+49 221 777,Bob Ray (102),Inbound,Unanswered,00:00:25,00:00:00
"""
GERMAN = """
Datum;Uhrzeit;Richtung;Anrufer;Angerufener;Dauer
01.03.2024;12:00:00;intern;101;102;65
01.03.2024;12:01:00;ausgehend;101;0221/77-88;30
01.03.2024;12:02:00;eingehend;0221 99;101;0
"""


def calls(reading):
    wanted = ("at_us", "sender", "receiver", "sender_outside", "receiver_outside", "kind")
    return [row[:5] for row in rows(reading, "messages", *wanted)]


def noon(minutes):
    return utc("2024-03-01T12:00") + minutes * 60_000_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            ASTERISK,
            [
                (0, "101", "102", False, False),
                (1, "101", "+4922112345", False, True),
                (3, "+49221777", "102", True, False),
            ],
        ),
        (
            CISCO,
            [(0, "2001", "2002", False, False), (2, "02211234567", "2002", True, False)],
        ),
        (
            THREECX,
            [(0, "101", "102", False, False), (1, "10000123", "101", True, False)],
        ),
        (
            THREECX_LIST,
            [(0, "101", "102", False, False), (1, "+49221777", "102", True, False)],
        ),
        (
            GERMAN,
            [(0, "101", "102", False, False), (1, "101", "02217788", False, True)],
        ),
    ],
    ids=["asterisk", "cisco", "3cx", "3cx-list", "german"],
)
def test_answered_calls_become_messages(tmp_path, text, expected):
    reading = read_one(write(tmp_path, text), time_zone="UTC")
    assert reading.kind == "messages"
    assert calls(reading) == [(noon(minute), *rest) for minute, *rest in expected]
    assert reading.warnings[:2] == (
        "log.csv: recognised as telephone records.",
        "log.csv: 1 calls that nobody answered were left out.",
    )
    whole = str(reading.tables["messages"].to_pydict())
    assert "Ann" not in whole


def test_calls_that_belong_together_are_a_thread(tmp_path):
    reading = read_one(write(tmp_path, ASTERISK), time_zone="UTC")
    assert rows(reading, "messages", "message", "thread")[0] == ("1.1", "1.1")


def test_a_workbook_of_calls_needs_a_zone_as_every_table(tmp_path):
    refused(write(tmp_path, GERMAN), "naive-time")


def test_a_list_of_tickets_with_a_caller_is_no_list_of_calls(tmp_path):
    text = "ticket,caller,opened,assigned to\n1,Ann,2024-03-01T12:00:00Z,bob\n"
    assert read_one(write(tmp_path, text)).kind == "events"
