"""The text of a request comes from the columns named; a file without ids counts its rows."""

import pyarrow as pa
import pyarrow.parquet as pq
from tabular_fixture import read_one, refused, rejected, rows, utc, write

TICKETS = """
ticket,created,team,subject,body,product
7,2024-05-06T08:00:00Z,A,Wheel,It is flat,X
8,2024-05-07T08:00:00Z,B,,Only a body,X
9,2024-05-08T08:00:00Z,A,,,Y
"""


def test_a_column_that_is_mapped_is_the_text(tmp_path):
    reading = read_one(write(tmp_path, TICKETS), mapping={"text": "body"})
    assert rows(reading, "cases", "case_id", "text") == [
        ("7", "It is flat"),
        ("8", "Only a body"),
        ("9", None),
    ]
    assert reading.mapping["text"] == "body"
    assert reading.left_over == ("subject",)
    assert reading.warnings == ()
    assert rows(reading, "cases", "text_features") == [(None,)] * 3


def test_several_columns_are_joined_by_a_plus(tmp_path):
    reading = read_one(write(tmp_path, TICKETS), mapping={"text": "subject + Body"})
    assert rows(reading, "cases", "text") == [("Wheel\nIt is flat",), ("Only a body",), (None,)]
    assert reading.mapping["text"] == "subject+body"
    assert reading.left_over == ()


def test_a_column_whose_name_holds_a_plus_is_one_column(tmp_path):
    path = write(tmp_path, "ticket,created,team,a+b\n7,2024-05-06T08:00:00Z,A,help\n")
    reading = read_one(path, mapping={"text": "a+b"})
    assert rows(reading, "cases", "text") == [("help",)]


def test_a_column_called_text_is_taken_and_told(tmp_path):
    path = write(tmp_path, "ticket,created,team,Text\n7,2024-05-06T08:00:00Z,A,help\n")
    reading = read_one(path)
    assert rows(reading, "cases", "text") == [("help",)]
    assert reading.warnings == (
        "log.csv: column 'Text' was taken as the text of the requests, for the router alone. "
        "Leave the column out of the file if it is none.",
    )


def test_other_names_of_texts_are_left_out_as_ever(tmp_path):
    reading = read_one(write(tmp_path, TICKETS))
    assert reading.left_over == ("subject", "body")
    assert rows(reading, "cases", "text") == [(None,)] * 3


def test_the_text_of_a_log_of_events_is_that_of_the_first_event(tmp_path):
    path = write(
        tmp_path,
        "case,timestamp,team,activity,words\n"
        "1,2024-05-06T09:00:00Z,B,x,an answer\n"
        "1,2024-05-06T08:00:00Z,A,x,help me\n",
    )
    reading = read_one(path, mapping={"text": "words"})
    assert rows(reading, "cases", "text") == [("help me",)]


def test_a_path_of_holders_may_have_a_text(tmp_path):
    path = write(tmp_path, "id,way,words\n5,a>b,help\n6,c,\n")
    mapping = {"case_id": "id", "order": "id", "path": "way", "text": "words"}
    reading = read_one(path, mapping=mapping, path_separator=">")
    assert rows(reading, "cases", "case_id", "text") == [("5", "help"), ("6", None)]
    assert len(rows(reading, "events", "case_id")) == 3


def test_typed_tables_have_texts_too(tmp_path):
    table = pa.table(
        {"ticket": ["7"], "created": ["2024-05-06T08:00:00Z"], "team": ["A"], "t": [5]}
    )
    pq.write_table(table, tmp_path / "log.parquet")
    reading = read_one(tmp_path / "log.parquet", mapping={"text": "t"})
    assert rows(reading, "cases", "text") == [("5",)]


def test_messages_have_no_text_that_could_be_mapped(tmp_path):
    path = write(tmp_path, "sender,receiver,date,body\na,b,2024-05-06T08:00:00Z,secret\n")
    assert "has no column 'text'" in refused(
        path, "unknown-canonical", kind="messages", mapping={"text": "body"}
    )


def test_a_text_column_that_is_not_there_is_named(tmp_path):
    path = write(tmp_path, TICKETS)
    told = refused(path, "unknown-column", kind="events", mapping={"text": "subject+words"})
    assert told.startswith("log.csv: there is no column 'words'.")


def test_rejects_show_no_text(tmp_path):
    path = write(tmp_path, f"{TICKETS}10,never,A,Wheel,Private words,X\n11,Private words\n")
    reading = read_one(path, kind="events", mapping={"text": "subject+body"})
    told = rejected(reading)
    assert [row for row, *_ in told] == [4, 5]
    assert told[0][3] == "never"
    assert told[1][3] == ""
    assert "Private" not in repr(told)


# a file without ids and times


REQUESTS = "document,department\nhelp me,IT\nmy salary,HR\n,HR\n"


def test_the_number_of_the_row_is_the_case_and_the_order(tmp_path):
    mapping = {"case_id": "#row", "order": "#row", "unit": "department", "text": "document"}
    reading = read_one(write(tmp_path, REQUESTS), mapping=mapping)
    assert reading.kind == "events"
    assert rows(reading, "cases", "case_id", "text") == [
        ("log.csv:1", "help me"),
        ("log.csv:2", "my salary"),
        ("log.csv:3", None),
    ]
    assert rows(reading, "events", "case_id", "at_us", "unit", "seq") == [
        ("log.csv:1", None, "IT", 1),
        ("log.csv:2", None, "HR", 2),
        ("log.csv:3", None, "HR", 3),
    ]
    assert reading.mapping["case_id"] == "#row of the file"
    assert reading.mapping["order"] == "#row"
    assert reading.attributes == ()
    assert reading.left_over == ()


def test_rows_of_two_files_are_two_cases(tmp_path):
    mapping = {"case_id": "#row", "order": "#row", "unit": "department"}
    for name in ("one.csv", "two.csv"):
        reading = read_one(write(tmp_path, REQUESTS, name), mapping=mapping)
        assert rows(reading, "cases", "case_id")[0] == (f"{name}:1",)


def test_the_row_can_stand_for_the_id_alone(tmp_path):
    path = write(tmp_path, "created,team\n2024-05-06T08:00:00Z,A\n")
    reading = read_one(path, kind="cases", mapping={"case_id": "#row"})
    assert rows(reading, "cases", "case_id", "opened_us") == [
        ("log.csv:1", utc("2024-05-06T08:00"))
    ]
    assert reading.left_over == ()


def test_a_column_called_so_is_a_column(tmp_path):
    path = write(tmp_path, "#row,created,team\nV9,2024-05-06T08:00:00Z,A\n")
    assert rows(read_one(path, mapping={"case_id": "#row"}), "cases", "case_id") == [("V9",)]


def test_the_row_is_nothing_else(tmp_path):
    mapping = {"case_id": "#row", "order": "#row", "unit": "#row"}
    assert refused(write(tmp_path, REQUESTS), "not-numbered", mapping=mapping) == (
        "log.csv: --map unit=#row: the number of the row can be the case_id and the order, nothing "
        "else. Map a column of the file."
    )


def test_the_sentence_on_missing_columns_shows_the_way(tmp_path):
    mapping = {"unit": "department", "text": "document"}
    told = refused(write(tmp_path, REQUESTS), "missing-column", kind="events", mapping=mapping)
    assert told.endswith("take the number of the row: --map case_id=#row --map order=#row.")
