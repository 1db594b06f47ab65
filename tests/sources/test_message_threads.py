"""Threads of a table of messages come from what each message answers."""

from pathlib import Path

from leitweg.domain.imports import ImportOptions
from leitweg.sources.reading import read

TABLE = """MessageId,InReplyTo,Sender,Recipient,Date
m1,,kim@x.example,lee@own.example,2025-03-03T08:00:00Z
m2,m1,lee@own.example,kim@x.example,2025-03-03T09:00:00Z
m3,m2,lee@own.example,ann@own.example,2025-03-03T10:00:00Z
m3,m2,lee@own.example,bob@own.example,2025-03-03T10:00:00Z
m4,,ann@own.example,bob@own.example,2025-03-03T11:00:00Z
"""


def test_a_thread_is_what_answers_lead_back_to(tmp_path: Path) -> None:
    (tmp_path / "mail.csv").write_text(TABLE)
    (reading,) = read(tmp_path / "mail.csv", ImportOptions(kind="messages"))
    rows = reading.tables["messages"].to_pylist()
    threads = {(row["message"], row["receiver"]): row["thread"] for row in rows}
    assert threads == {
        ("m1", "lee@own.example"): "m1",
        ("m2", "kim@x.example"): "m1",
        ("m3", "ann@own.example"): "m1",
        ("m3", "bob@own.example"): "m1",
        ("m4", "bob@own.example"): "m4",
    }


def test_without_any_answer_no_thread_is_claimed(tmp_path: Path) -> None:
    plain = "\n".join(
        ",".join([line.split(",")[0], "", *line.split(",")[2:]]) if i else line
        for i, line in enumerate(TABLE.splitlines())
    )
    (tmp_path / "mail.csv").write_text(plain)
    (reading,) = read(tmp_path / "mail.csv", ImportOptions(kind="messages"))
    assert set(reading.tables["messages"].column("thread").to_pylist()) == {None}
