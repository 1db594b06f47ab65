"""Tables of messages: receivers, ids, inside and outside."""

from tabular_fixture import read_one, rejected, rows, utc, write

from leitweg.domain.tables import MESSAGES

MAILS = """
Absender;Empfänger;Gesendet am;Betreff
Anna <Anna@Acme.example>;b@acme.example;2024-05-06T08:00:00Z;x
anna@acme.example;"c@sub.acme.example; kunde@else.example";2024-05-06T08:00:00Z;x
b@acme.example;17;2024-05-06T08:00:00.4Z;x
b@acme.example;18;2024-05-06T08:00:00.9Z;x
b@acme.example;;2024-05-06T09:00:00Z;x
;b@acme.example;2024-05-06T09:00:00Z;x
kunde@else.example;b@acme.example;;x
"""


def test_rows_of_one_sender_at_one_second_are_one_message(tmp_path):
    reading = read_one(write(tmp_path, MAILS))
    assert reading.kind == "messages"
    assert reading.tables["messages"].schema == MESSAGES.schema
    first, second = "anna@acme.example|1714982400", "b@acme.example|1714982400"
    assert rows(
        reading, "messages", "message", "receiver", "sender_outside", "receiver_outside"
    ) == [
        (first, "b@acme.example", False, False),
        (first, "c@sub.acme.example", False, False),
        (first, "kunde@else.example", False, True),
        (second, "17", False, None),
        (second, "18", False, None),
    ]
    assert rows(reading, "messages", "at_us")[3] == (utc("2024-05-06T08:00:00.4"),)
    assert rejected(reading) == [
        (5, "Empfänger", "the receiver is missing", ""),
        (6, "Absender", "the sender is missing", ""),
        (7, "Gesendet am", "the time is missing", ""),
    ]
    assert reading.left_over == ("Betreff",)
    assert reading.warnings == (
        "log.csv: the company's own domain is taken to be 'acme.example', the most frequent "
        "among the senders; accounts of other domains are outside.",
    )


def test_ids_threads_and_kinds_are_taken_where_they_are(tmp_path):
    text = """
from,to,date,message_id,in_reply_to,conversation_id,type
1,2,2024-05-06T08:00:00Z,m1,,t,To
1,3,2024-05-06T08:00:00Z,m1,,t,CC
2,1,2024-05-06T09:00:00Z,m2,m1,t,An
2,1,2024-05-06T09:00:00Z,m2,m1,t,other
"""
    reading = read_one(write(tmp_path, text))
    assert rows(
        reading, "messages", "message", "thread", "sender", "receiver", "kind", "reply_to"
    ) == [
        ("m1", "t", "1", "2", "to", None),
        ("m1", "t", "1", "3", "cc", None),
        ("m2", "t", "2", "1", "to", "m1"),
        ("m2", "t", "2", "1", None, "m1"),
    ]
    assert reading.warnings == (
        "log.csv: 1 rows name a receiver of the same message again; they were kept.",
    )


def test_commas_between_bare_addresses_part_receivers(tmp_path):
    text = """
sender;receiver;date
1;a@x.example, b@x.example;2024-05-06T08:00:00Z
1;Lee, Ann <c@x.example>;2024-05-06T08:00:00Z
"""
    reading = read_one(write(tmp_path, text))
    assert rows(reading, "messages", "receiver") == [
        ("a@x.example",),
        ("b@x.example",),
        ("c@x.example",),
    ]
