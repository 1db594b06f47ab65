"""A Slack export with planted posts: who speaks to whom, and what is left out."""

import json
import zipfile
from pathlib import Path

import pytest
from tabular_fixture import NOW_US, read_one, refused, rows

from leitweg.domain.imports import ImportOptions
from leitweg.sources.reading import read

USERS = [
    {"id": "U1", "name": "ann", "profile": {"email": "Ann@acme.example", "real_name": "Ann Lee"}},
    {"id": "U2", "name": "bob", "profile": {"email": "bob@acme.example"}},
    {"id": "U3", "name": "cyd", "profile": {}},
    {"id": "U4", "name": "guest", "is_stranger": True, "profile": {"email": "eve@other.example"}},
    {"id": "U5", "name": "helper", "is_bot": True, "profile": {"bot_id": "B5"}},
]
CHANNELS = [{"id": "C1", "name": "general", "members": ["U1", "U2", "U3", "U4"]}]
DMS = [{"id": "D1", "members": ["U1", "U2"]}, {"id": "D2", "members": ["U1"]}]
MPIMS = [{"id": "G1", "name": "mpdm-a--b--c-1", "members": ["U1", "U2", "U3"]}]
NOON = 1_709_294_400  # 2024-03-01T12:00:00Z


def post(second: int, user: str | None, text: str = "secret words", **more: object) -> dict:
    entry = {"type": "message", "user": user, "text": text, "ts": f"{NOON + second}.000100"}
    return {key: value for key, value in (entry | more).items() if value is not None}


def thread(second: int) -> str:
    return f"{NOON + second}.000100"


DAYS = {
    "general/2024-03-01.json": [
        post(0, "U1", "who knows pumps?", thread_ts=thread(0), reply_count=3),
        post(5, "U2", "plain words to all"),
        post(6, "U3", "<@U2> and <@U3|cyd>: look, <!here>"),
        post(7, "U1", "has joined", subtype="channel_join"),
        post(8, None, "deploy done", subtype="bot_message", bot_id="B5"),
        post(9, "U9", "<@U1>"),
    ],
    "general/2024-03-02.json": [
        post(90, "U3", thread_ts=thread(0)),
        post(80, "U2", thread_ts=thread(0)),
        post(99, "U1", "<@U4> thanks", thread_ts=thread(0)),
        post(99, "U1", "<@U4> thanks", thread_ts=thread(0)),
        post(100, "U5", "<@U1> reminder"),
    ],
    "D1/2024-03-01.json": [post(20, "U1"), post(30, "U2", thread_ts=thread(20))],
    "D2/2024-03-01.json": [post(40, "U1", "note to myself")],
    "mpdm-a--b--c-1/2024-03-01.json": [post(50, "U3"), post(51, None), {"type": "message"}],
}


def lists() -> dict[str, object]:
    return {
        "users.json": USERS,
        "channels.json": CHANNELS,
        "dms.json": DMS,
        "mpims.json": MPIMS,
        "integration_logs.json": [],
    }


def as_folder(folder: Path, files: dict[str, object]) -> Path:
    for name, content in files.items():
        path = folder / "export" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, encoding="utf-8")
    return folder / "export"


def as_zip(folder: Path, files: dict[str, object]) -> Path:
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, json.dumps(content))
    return path


@pytest.mark.parametrize("packed", [as_folder, as_zip])
def test_posts_become_messages_to_those_they_speak_to(tmp_path, packed):
    reading = read_one(packed(tmp_path, lists() | DAYS))
    assert reading.kind == "slack"
    found = rows(reading, "messages", "at_us", "sender", "receiver", "thread")
    ann, bob, cyd, eve = "ann@acme.example", "bob@acme.example", "U3", "eve@other.example"
    question = f"C1:{thread(0)}"

    def at(second: int) -> int:
        return (NOON + second) * 1_000_000 + 100

    assert sorted(found, key=str) == sorted(
        [
            # a question goes to those who answered it, an answer to all who wrote before
            (at(0), ann, bob, question),
            (at(0), ann, cyd, question),
            (at(80), bob, ann, question),
            (at(90), cyd, ann, question),
            (at(90), cyd, bob, question),
            (at(99), ann, eve, question),
            # mentions, without oneself and without marks for everybody
            (at(6), cyd, bob, f"C1:{thread(6)}"),
            (at(9), "U9", ann, f"C1:{thread(9)}"),
            (at(100), "U5", ann, f"C1:{thread(100)}"),
            # direct messages
            (at(20), ann, bob, f"D1:{thread(20)}"),
            (at(30), bob, ann, f"D1:{thread(20)}"),
            (at(50), cyd, ann, None),
            (at(50), cyd, bob, None),
        ],
        key=str,
    )
    answers = dict(rows(reading, "messages", "at_us", "reply_to"))
    assert answers[at(80)] == question
    assert answers[at(90)] == f"C1:{thread(80)}"
    assert answers[at(0)] is None


def test_what_is_left_out_is_counted_and_no_word_is_kept(tmp_path):
    reading = read_one(as_folder(tmp_path, lists() | DAYS))
    assert reading.warnings == (
        "export: 3 posts speak to nobody in particular (no mention, no thread, no direct message) "
        "and were left out.",
        "export: 1 entries are notices of Slack and no posts; they were left out.",
        "export: 2 of 5 accounts that wrote have no mail address in the export; they are known by "
        "their id in Slack.",
        "export: the company's own domain is taken to be 'acme.example', the most frequent among "
        "the senders; accounts of other domains are outside.",
    )
    assert [(r.column, r.reason) for r in reading.rejects] == [
        ("user", "the sender is missing"),
        ("ts", "not a time, or a date that does not exist"),
    ]
    assert reading.left_over == ("integration_logs.json",)
    assert rows(reading, "people", "person", "kind") == [("U5", "system")]
    outside = dict(rows(reading, "messages", "receiver", "receiver_outside"))
    assert outside["eve@other.example"] is True
    assert outside["ann@acme.example"] is False
    whole = str([table.to_pydict() for table in reading.tables.values()]) + str(reading)
    assert not any(word in whole for word in ("secret", "words", "pumps", "thanks", "Ann Lee"))


def test_named_machines_join_the_bots(tmp_path):
    path = as_folder(tmp_path, lists() | DAYS)
    reading = read_one(path, machines=("BOB@acme.example",), kind="slack")
    assert rows(reading, "people", "person") == [("U5",), ("bob@acme.example",)]


def test_other_files_beside_an_export_are_read_as_what_they_are(tmp_path):
    path = as_folder(tmp_path, lists() | DAYS)
    (path / "org.csv").write_text("id,department,manager\n1,x,\n", encoding="utf-8")
    readings = read(path, ImportOptions(), now_us=NOW_US)
    assert [reading.kind for reading in readings] == ["people", "slack"]


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"channels.json": CHANNELS}, "not-slack"),
        ({"users.json": {"no": "list"}, "channels.json": CHANNELS}, "not-slack"),
        ({"users.json": '[{"id": "U1"', "channels.json": "[]"}, "broken-json"),
        ({"users.json": "[" * 100_000, "channels.json": "[]"}, "broken-json"),
        (lists(), "no-usable-rows"),
        (lists() | {"general/1.json": [post(0, "U1")]}, "no-usable-rows"),
        (lists() | {"general/1.json": [post(0, "U1", ts="12")]}, "no-usable-rows"),
        (lists() | {"general/1.json": [post(10**9, "U1", "<@U2>")]}, "no-usable-rows"),
    ],
)
def test_bad_exports_are_refused_in_a_sentence(tmp_path, files, code):
    assert refused(as_folder(tmp_path, files), code, kind="slack")


def test_files_of_no_export_are_not_taken_for_one(tmp_path):
    as_folder(tmp_path, {"users.json": []})
    (tmp_path / "export" / "users.json").unlink()
    (tmp_path / "export" / "log.csv").write_text("from,to\na,b\n", encoding="utf-8")
    assert refused(tmp_path / "export", "not-slack", kind="slack")
    assert read_one(tmp_path / "export").kind == "ties"
