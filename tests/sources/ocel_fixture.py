"""One object-centric log in plain Python, and how each of the five forms writes it."""

import gzip
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import quoteattr

from leitweg.domain.imports import ImportOptions, Reading
from leitweg.sources.reading import read

NOW_US = 1_800_000_000_000_000
EPOCH = "1970-01-01T00:00:00Z"


@dataclass(frozen=True)
class Event:
    """``objects`` holds ids, or (id, qualifier)."""

    id: str
    activity: str
    at: str
    objects: tuple[str | tuple[str, str], ...] = ()
    values: dict[str, str] = field(default_factory=dict)

    @property
    def related(self) -> list[tuple[str, str]]:
        return [o if isinstance(o, tuple) else (o, "") for o in self.objects]


@dataclass(frozen=True)
class Thing:
    """An object; ``changes`` holds (attribute, value, from when on)."""

    id: str
    kind: str
    values: dict[str, str] = field(default_factory=dict)
    changes: tuple[tuple[str, str, str], ...] = ()
    linked: tuple[str, ...] = ()


Log = tuple[list[Event], list[Thing]]


def json_2(log: Log) -> bytes:
    events, things = log
    document = {
        "eventTypes": [{"name": a, "attributes": []} for a in {e.activity for e in events}],
        "objectTypes": [{"name": k, "attributes": []} for k in {t.kind for t in things}],
        "events": [
            {
                "id": e.id,
                "type": e.activity,
                "time": e.at,
                "attributes": [{"name": k, "value": v} for k, v in e.values.items()],
                "relationships": [{"objectId": o, "qualifier": q} for o, q in e.related],
            }
            for e in events
        ],
        "objects": [
            {
                "id": t.id,
                "type": t.kind,
                "attributes": [
                    {"name": k, "value": v, "time": at}
                    for k, v, at in (*((k, v, EPOCH) for k, v in t.values.items()), *t.changes)
                ],
                "relationships": [{"objectId": o, "qualifier": "has"} for o in t.linked],
            }
            for t in things
        ],
    }
    return json.dumps(document).encode()


def json_1(log: Log) -> bytes:
    events, things = log
    document = {
        "ocel:global-event": {"ocel:activity": "__INVALID__"},
        "ocel:global-log": {"ocel:version": "1.0"},
        "ocel:events": {
            e.id: {
                "ocel:activity": e.activity,
                "ocel:timestamp": e.at,
                "ocel:omap": [o for o, _ in e.related],
                "ocel:vmap": e.values,
            }
            for e in events
        },
        "ocel:objects": {t.id: {"ocel:type": t.kind, "ocel:ovmap": t.values} for t in things},
    }
    return json.dumps(document).encode()


def xml_1(log: Log) -> bytes:
    events, things = log
    parts = ['<?xml version="1.0" encoding="UTF-8"?><log><global scope="log">']
    parts += [_key("string", "version", "1.0"), '</global><global scope="event"/><events>']
    for e in events:
        parts += ["<event>", _key("string", "id", e.id), _key("string", "activity", e.activity)]
        parts += [_key("date", "timestamp", e.at), '<list key="omap">']
        parts += [_key("string", "object-id", o) for o, _ in e.related]
        parts += ['</list><list key="vmap">']
        parts += [_key("string", k, v) for k, v in e.values.items()]
        parts += ["</list></event>"]
    parts += ["</events><objects>"]
    for t in things:
        parts += ["<object>", _key("string", "id", t.id), _key("string", "type", t.kind)]
        parts += ['<list key="ovmap">', *(_key("string", k, v) for k, v in t.values.items())]
        parts += ["</list></object>"]
    return "".join([*parts, "</objects></log>"]).encode()


def _key(tag: str, key: str, value: str) -> str:
    return f"<{tag} key={quoteattr(key)} value={quoteattr(value)}/>"


def xml_2(log: Log) -> bytes:
    events, things = log
    parts = ["<log><object-types/><event-types/><events>"]
    for e in events:
        head = f"id={quoteattr(e.id)} type={quoteattr(e.activity)} time={quoteattr(e.at)}"
        parts += [f"<event {head}><attributes>"]
        parts += [f"<attribute name={quoteattr(k)}>{v}</attribute>" for k, v in e.values.items()]
        parts += ["</attributes><objects>", *(_relation(o, q) for o, q in e.related)]
        parts += ["</objects></event>"]
    parts += ["</events><objects>"]
    for t in things:
        parts += [f"<object id={quoteattr(t.id)} type={quoteattr(t.kind)}><attributes>"]
        for k, v, at in (*((k, v, EPOCH) for k, v in t.values.items()), *t.changes):
            parts += [f"<attribute name={quoteattr(k)} time={quoteattr(at)}>{v}</attribute>"]
        parts += ["</attributes><objects>", *(_relation(o, "has") for o in t.linked)]
        parts += ["</objects></object>"]
    return "".join([*parts, "</objects></log>"]).encode()


def _relation(other: str, qualifier: str) -> str:
    return f"<relationship object-id={quoteattr(other)} qualifier={quoteattr(qualifier)}/>"


def sqlite_2(log: Log) -> bytes:
    events, things = log
    with closing(sqlite3.connect(":memory:")) as base:
        base.executescript(
            """
            CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT);
            CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT);
            CREATE TABLE event_map_type (ocel_type TEXT, ocel_type_map TEXT);
            CREATE TABLE object_map_type (ocel_type TEXT, ocel_type_map TEXT);
            CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT,
                                       ocel_qualifier TEXT);
            CREATE TABLE object_object (ocel_source_id TEXT, ocel_target_id TEXT,
                                        ocel_qualifier TEXT);
            """
        )
        base.executemany("INSERT INTO event VALUES (?, ?)", [(e.id, e.activity) for e in events])
        base.executemany("INSERT INTO object VALUES (?, ?)", [(t.id, t.kind) for t in things])
        related = [(e.id, o, q) for e in events for o, q in e.related]
        base.executemany("INSERT INTO event_object VALUES (?, ?, ?)", related)
        links = [(t.id, o, "has") for t in things for o in t.linked]
        base.executemany("INSERT INTO object_object VALUES (?, ?, ?)", links)
        for number, activity in enumerate(sorted({e.activity for e in events})):
            mine = [e for e in events if e.activity == activity]
            rows = [{"ocel_id": e.id, "ocel_time": e.at, **e.values} for e in mine]
            _typed_table(base, "event", activity, f"E{number}", rows)
        for number, kind in enumerate(sorted({t.kind for t in things})):
            rows = [row for t in things if t.kind == kind for row in _rows_of(t)]
            _typed_table(base, "object", kind, f"O{number}", rows)
        base.commit()
        return base.serialize()


def _rows_of(thing: Thing) -> list[dict[str, str]]:
    own = {"ocel_id": thing.id, "ocel_time": EPOCH, "ocel_changed_field": None, **thing.values}
    changed = [
        {"ocel_id": thing.id, "ocel_time": at, "ocel_changed_field": k, k: v}
        for k, v, at in thing.changes
    ]
    return [own, *changed]


def _typed_table(
    base: sqlite3.Connection, prefix: str, kind: str, suffix: str, rows: list[dict[str, str]]
) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    table = f"{prefix}_{suffix}"
    base.execute(f"INSERT INTO {prefix}_map_type VALUES (?, ?)", (kind, suffix))
    base.execute(f"CREATE TABLE {table} ({', '.join(f'[{name}] TEXT' for name in names)})")
    marks = ", ".join("?" * len(names))
    values = [[row.get(name) for name in names] for row in rows]
    base.executemany(f"INSERT INTO {table} VALUES ({marks})", values)


WRITERS: dict[str, Callable[[Log], bytes]] = {
    "log.sqlite": sqlite_2,
    "log.json": json_2,
    "log.xml": xml_2,
    "log.jsonocel": json_1,
    "log.xmlocel": xml_1,
}
SECOND_VERSION = ("log.sqlite", "log.json", "log.xml")


def read_bytes(folder: Path, name: str, content: bytes, **options: object) -> Reading:
    path = folder / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    (reading,) = read(path, ImportOptions(**options), now_us=NOW_US)  # type: ignore[arg-type]
    return reading


def read_log(folder: Path, name: str, log: Log, **options: object) -> Reading:
    return read_bytes(folder, name, WRITERS[name.removesuffix(".gz")](log), **options)
