"""Object-centric logs as they should not be: faults of rows are counted, others refused."""

import gzip
import json
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from ocel_fixture import (
    WRITERS,
    Event,
    Thing,
    json_1,
    json_2,
    read_bytes,
    read_log,
    sqlite_2,
    xml_2,
)

from leitweg.domain.errors import SourceError
from leitweg.sources import ocel_json, ocel_sqlite

WHO = {"resource": "Ann"}
EVENTS = [Event(f"e{i}", "work", f"2024-03-01T12:0{i}:00Z", ("c1",), WHO) for i in range(4)]
LOG = (EVENTS, [Thing("c1", "claim")])


def refused(folder: Path, name: str, content: bytes, **options: object) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read_bytes(folder, name, content, **options)
    assert caught.value.detail.startswith(f"{name.removesuffix('.gz')}: ")
    assert caught.value.detail.endswith(".")
    assert len(caught.value.detail) < 400
    return caught.value


def told(reading) -> list[tuple[int, str, str]]:
    return [(reject.row, reject.column, reject.reason) for reject in reading.rejects]


def changed(change) -> bytes:
    document = json.loads(json_2(LOG))
    change(document)
    return json.dumps(document).encode()


def test_faulty_events_are_rejected_with_their_number(tmp_path: Path):
    def spoil(document):
        events = document["events"]
        events.insert(1, {**events[0]})  # the id of e0 again
        events.insert(2, "no event")
        events.insert(3, {**events[0], "id": None})
        events.insert(4, {**events[0], "id": "f1", "attributes": "none"})
        events.insert(5, {**events[0], "id": "f2", "relationships": [3]})
        events.insert(6, {**events[0], "id": "f3", "time": "soon"})
        events.insert(7, {**events[0], "id": "f4", "time": {"at": 3}})

    reading = read_bytes(tmp_path, "log.json", changed(spoil))
    malformed = "it is not written as the standard says"
    assert told(reading) == [
        (2, "id", "an event before it has the same id"),
        (3, "events", malformed),
        (4, "id", "the event has no id"),
        (5, "attributes", malformed),
        (6, "relationships", malformed),
        (7, "ocel:timestamp", "not a time, or a date that does not exist"),
        (8, "ocel:timestamp", "the time is missing"),
    ]
    assert reading.rows_read == 11
    assert reading.tables["events"]["seq"].to_pylist() == [0, 8, 9, 10]


def test_a_repeated_id_is_seen_in_the_first_version_too(tmp_path: Path):
    first = json_1(LOG).replace(b'"e1":', b'"e0":', 1)
    reading = read_bytes(tmp_path, "log.jsonocel", first)
    assert told(reading) == [(2, "id", "an event before it has the same id")]
    assert len(reading.tables["events"]) == 3


@pytest.mark.parametrize(
    "name", ["log.json", "log.xml", "log.sqlite", "log.jsonocel", "log.xmlocel"]
)
def test_objects_that_are_not_there(tmp_path: Path, name: str):
    events = [
        *EVENTS,
        Event("lost", "work", "2024-03-01T12:10:00Z", ("gone",), WHO),
        Event("half", "work", "2024-03-01T12:11:00Z", ("c1", "gone"), WHO),
    ]
    reading = read_log(tmp_path, name, (events, LOG[1]))
    assert told(reading) == [
        (
            5,
            "relationships",
            "it refers to objects that the file does not hold, and to no other case",
        )
    ]
    assert len(reading.tables["events"]) == 5
    assert (
        f"{name}: 2 relations name an object that the file does not hold; they were left out."
        in (reading.warnings)
    )


def test_an_event_of_two_cases_is_rejected_once(tmp_path: Path):
    events = [*EVENTS, Event("x", "work", "never", ("c1", "c2"), WHO)]
    log = (events, [Thing("c1", "claim"), Thing("c2", "claim")])
    reading = read_log(tmp_path, "log.json", log, case_object="claim")
    assert [row for row, *_ in told(reading)] == [5]


def test_loose_values_and_objects_are_counted(tmp_path: Path):
    def spoil(document):
        document["objects"] += [{"id": "c2"}, {"type": "claim"}, 7, document["objects"][0]]
        document["events"][0]["attributes"] += [
            {"name": "tags", "value": ["a", "b"]},
            {"name": "count", "value": 3},
            {"name": "share", "value": 0.5},
            {"name": "late", "value": True},
            {"name": "half", "value": "x\ud800"},
        ]

    reading = read_bytes(tmp_path, "log.json", changed(spoil))
    assert [w.partition(": ")[2] for w in reading.warnings[1:]] == [
        "1 values are lists or tables and were left empty.",
        "3 objects have no id or no type and were left out.",
        "1 objects occur again; their values were joined.",
    ]
    (attributes,) = reading.tables["cases"]["attributes"].to_pylist()
    assert dict(attributes) == {"count": "3", "half": "x?", "late": "true", "share": "0.5"}


def test_an_object_of_two_types_is_refused(tmp_path: Path):
    def spoil(document):
        document["objects"].append({"id": "c1", "type": "order"})

    assert refused(tmp_path, "log.json", changed(spoil)).code == "duplicate-ids"


BROKEN = {
    "cut off": (json_2(LOG)[:-9], "broken-json"),
    "nested too deep": (b'{"events": ' + b"[" * 200_000, "broken-json"),
    "too many digits": (b'{"events": [' + b"9" * 5_000 + b'], "objects": []}', "broken-json"),
    "no UTF-8": (json_2(LOG).replace(b"Ann", b"J\xf6rg"), "wrong-encoding"),
    "lists that are none": (b'{"events": {}, "objects": []}', "not-ocel"),
    "objects missing": (b'{"events": [], "eventTypes": []}', "not-ocel"),
    "first version without events": (b'{"ocel:objects": {}}', "not-ocel"),
    "no event": (b'{"events": [], "objects": []}', "no-rows"),
    "no usable event": (b'{"events": [1, 2], "objects": []}', "no-usable-rows"),
    "no object": (changed(lambda d: d["objects"].clear()), "case-object-needed"),
    "event values": (changed(lambda d: d["events"][0].update(type="x" * 1_000_001)),
                     "field-too-large"),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_broken_json_is_refused(tmp_path: Path, what: str):
    content, code = BROKEN[what]
    assert refused(tmp_path, "log.json", content).code == code


def test_other_json_is_no_ocel_where_that_was_said(tmp_path: Path):
    assert refused(tmp_path, "log.json", b"[1, 2]", kind="ocel").code == "not-ocel"
    assert refused(tmp_path, "log.csv", b"a,b\n1,2\n", kind="ocel").code == "not-ocel"


def test_utf_16_is_read(tmp_path: Path):
    content = json_2(LOG).decode().encode("utf-16")
    assert len(read_bytes(tmp_path, "log.json", content).tables["events"]) == 4


BOMB = (
    b'<!DOCTYPE log [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
XML = {
    "entities": (BOMB + xml_2(LOG).replace(b"Ann", b"&c;"), "xml-entities"),
    "entities behind a declaration": (
        b"<?xml version='1.0'?>" + b" " * 70_000 + BOMB + xml_2(LOG), "xml-entities"),
    "cut off": (xml_2(LOG)[:-40], "broken-xml"),
    "nested too deep": (b"<log><events>" + b"<event>" * 300, "broken-xml"),
    "another root": (b"<html><events/></html>", "not-ocel"),
    "no event": (b"<log><events/><objects/></log>", "no-rows"),
}  # fmt: skip


@pytest.mark.parametrize("what", XML)
def test_broken_xml_is_refused(tmp_path: Path, what: str):
    content, code = XML[what]
    assert refused(tmp_path, "log.xml", content, kind="ocel").code == code


def test_events_at_other_places_of_the_xml_are_no_events(tmp_path: Path):
    inner = b'<note><deep><event id="evil" type="x" time="2024-03-01T12:00:00Z"/></deep></note>'
    content = xml_2(LOG).replace(b"</events>", b"</events>" + inner)
    assert read_bytes(tmp_path, "log.xml", content).rows_read == 4


def base_of(*statements: str) -> bytes:
    with closing(sqlite3.connect(":memory:")) as base:
        base.deserialize(sqlite_2(LOG))
        for statement in statements:
            base.execute(statement)
        base.commit()
        return base.serialize()


ENDLESS = (
    "CREATE VIEW event AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
    "SELECT i AS ocel_id, 'work' AS ocel_type FROM n"
)
BASES = {
    "cut off": (sqlite_2(LOG)[:5_000], "broken-database"),
    "damaged": (sqlite_2(LOG)[:2_000] + b"\xff" * 9_000, "broken-database"),
    "only a header": (b"SQLite format 3\0" + b"\0" * 84, "broken-database"),
    "empty": (base_of("DROP TABLE event"), "not-ocel"),
    "a view that never ends": (base_of("DROP TABLE event", ENDLESS), "not-ocel"),
    "a virtual table": (
        base_of("DROP TABLE event", "CREATE VIRTUAL TABLE event USING fts5(ocel_id, ocel_type)"),
        "not-ocel"),
    "a column that computes": (
        base_of("DROP TABLE event", "CREATE TABLE event (ocel_id TEXT, ocel_type TEXT AS "
                "(hex(zeroblob(100000000))))", "INSERT INTO event (ocel_id) VALUES ('e1')"),
        "broken-database"),
    "a column missing": (
        base_of("ALTER TABLE event_object DROP COLUMN ocel_object_id"), "broken-database"),
    "a name that is no text": (
        sqlite_2(LOG).replace(b"ocel_changed_field", b"ocel_changed_f\xff\xfe\xfdd"),
        "broken-database"),
    "version 1": (
        base_of("DROP TABLE event", "CREATE TABLE EVENTS (a)", "CREATE TABLE OBJECTS (a)",
                "CREATE TABLE RELATIONS (a)"), "not-ocel"),
    "bytes that are no text": (
        base_of("UPDATE event SET ocel_type = CAST(x'ff00fe' AS TEXT)"), "broken-database"),
}  # fmt: skip


@pytest.mark.parametrize("what", BASES)
def test_broken_databases_are_refused(tmp_path: Path, what: str):
    content, code = BASES[what]
    assert refused(tmp_path, "log.sqlite", content).code == code
    assert sorted(path.name for path in tmp_path.iterdir()) == ["log.sqlite"]


def test_triggers_and_names_with_quotes_do_nothing(tmp_path: Path):
    content = base_of(
        "CREATE TRIGGER t AFTER INSERT ON event BEGIN DELETE FROM object; END",
        "INSERT INTO event_map_type VALUES ('evil', '`; DROP TABLE object; --')",
        "CREATE TABLE [event_`; DROP TABLE object; --] (ocel_id TEXT, ocel_time TEXT)",
    )
    assert len(read_bytes(tmp_path, "log.sqlite", content).tables["events"]) == 4


def test_rows_on_objects_that_are_not_there_are_counted(tmp_path: Path):
    content = base_of("INSERT INTO object_O0 (ocel_id) VALUES ('gone')")
    reading = read_bytes(tmp_path, "log.sqlite", content)
    assert "log.sqlite: 1 objects have no id or no type and were left out." in reading.warnings


def test_a_database_of_another_journal_is_read(tmp_path: Path):
    content = bytearray(sqlite_2(LOG))
    content[18:20] = b"\2\2"
    assert read_bytes(tmp_path, "log.sqlite.gz", bytes(content)).rows_read == 4
    (tmp_path / "log.sqlite-wal").write_bytes(b"x" * 99)
    error = refused(tmp_path, "log.sqlite", bytes(content))
    assert error.code == "open-database"
    assert "log.sqlite-wal" in error.detail


@pytest.mark.parametrize(
    ("name", "content", "module"),
    [("log.json", json_2(LOG), ocel_json), ("log.sqlite", sqlite_2(LOG), ocel_sqlite)],
)
def test_what_does_not_fit_into_memory_is_refused(tmp_path, monkeypatch, name, content, module):
    monkeypatch.setattr(module, "MAX_BYTES", 100)
    assert refused(tmp_path, name, content).code == "file-too-large"
    assert refused(tmp_path, f"{name}.gz", content).code == "file-too-large"


def test_a_cut_off_archive_is_refused(tmp_path: Path):
    path = tmp_path / "log.sqlite.gz"
    path.write_bytes(gzip.compress(sqlite_2(LOG))[:-50])
    with pytest.raises(SourceError) as caught:
        read_bytes(tmp_path, "x.json", path.read_bytes(), kind="ocel")
    assert caught.value.code == "truncated-file"


def test_a_log_with_too_many_attributes_is_refused(tmp_path: Path):
    values = {f"a{i}": "1" for i in range(2_001)}
    log = ([Event("e1", "work", "2024-03-01T12:00:00Z", ("c1",), values)], LOG[1])
    assert (
        refused(tmp_path, "log.json", json_2(log), case_object="claim").code == "too-many-columns"
    )


@pytest.mark.parametrize("name", WRITERS)
def test_spoiled_bytes_are_read_or_refused_and_nothing_else(tmp_path: Path, name: str):
    chance, whole = random.Random(7), WRITERS[name](LOG)
    refusals = 0
    for _ in range(40):
        spoiled = bytearray(whole)
        for place in chance.choices(range(len(whole)), k=chance.choice((1, 3, 30))):
            spoiled[place] = chance.randrange(256)
        try:
            read_bytes(tmp_path, name, bytes(spoiled), kind="ocel")
        except SourceError:
            refusals += 1
    assert refusals > 0
