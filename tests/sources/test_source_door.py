"""The one door: what a path holds is told by content, and a folder may hold everything."""

import pytest
from tabular_fixture import NOW_US, rows, write

from leitweg.domain.errors import SourceError
from leitweg.domain.imports import ImportOptions
from leitweg.sources.opening import open_source
from leitweg.sources.reading import form_of, read

MAIL = (
    "From: ann@acme.example\nTo: bob@acme.example\nDate: Mon, 6 May 2024 10:00:00 +0200\n"
    "Message-ID: <{id}@acme.example>\nSubject: x\n\nHello\n"
)
XES = """<?xml version="1.0"?>
<log><trace><string key="concept:name" value="c1"/><event>
<string key="concept:name" value="Call"/><string key="org:resource" value="Ann"/>
<date key="time:timestamp" value="2024-05-06T08:00:00Z"/></event></trace></log>
"""


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (b"PAR1...", "parquet"),
        (XES.encode(), "xml"),
        (XES.encode("utf-16"), "xml"),
        (MAIL.format(id=1).encode(), "mail"),
        (b"From ann Mon May  6 10:00:00 2024\n" + MAIL.format(id=1).encode(), "mail"),
        (b"From;To;Date\na;b;2024-05-06T08:00:00Z\n", "text"),
        (b"case,timestamp\n", "text"),
    ],
)
def test_the_form_is_told_by_the_first_bytes(tmp_path, content, form):
    (source,) = open_source(write(tmp_path, content, "file.bin"))
    assert form_of(source) == form


def test_a_folder_gives_one_reading_per_table_and_one_for_all_mails(tmp_path):
    write(tmp_path, MAIL.format(id=1), "1.eml")
    write(tmp_path, MAIL.format(id=2), "2.eml")
    write(tmp_path, XES, "log.xes")
    write(tmp_path, "id,name,manager\na,Anna,\n", "people.csv")
    readings = read(tmp_path, ImportOptions(), now_us=NOW_US)
    assert [reading.kind for reading in readings] == ["xes", "people", "mbox"]
    assert rows(readings[0], "events", "case_id", "person", "activity") == [("c1", "Ann", "Call")]
    assert [row[0] for row in rows(readings[2], "messages", "sender")] == ["ann@acme.example"] * 2


def test_one_bad_file_refuses_the_path(tmp_path):
    write(tmp_path, "id,name,manager\na,Anna,\n", "a.csv")
    write(tmp_path, "x,y\n1,2\n", "b.csv")
    with pytest.raises(SourceError, match=r"^b\.csv: its columns fit no kind of table"):
        read(tmp_path, ImportOptions(), now_us=NOW_US)
