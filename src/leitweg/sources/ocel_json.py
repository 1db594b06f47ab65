"""OCEL in JSON: version 1.0 (keys that begin with ``ocel:``) and version 2.0."""

from collections.abc import Iterator
from typing import Any

from leitweg.domain.errors import SourceError
from leitweg.domain.progress import Progress
from leitweg.sources.guarded import CHUNK_BYTES
from leitweg.sources.json_reading import read_json
from leitweg.sources.ocel_collector import MALFORMED, OcelCollector
from leitweg.sources.source_file import SourceFile

MAX_BYTES = 512 * 2**20
"""Objects of Python take about eight times the room of the text; SQLite and XML have no limit."""


class _Repeated(dict[str, Any]):
    """A JSON object in which a key occurs twice; ``pairs`` holds all of them."""

    pairs: list[tuple[str, Any]]


def read_json_log(source: SourceFile, collector: OcelCollector, progress: Progress) -> None:
    """Read an OCEL log in JSON into a collector.

    Raises
    ------
    SourceError
        file-too-large, broken-json, wrong-encoding, not-ocel; and what the stream raises.
    """
    document = read_json(source.name, _content(source, progress), object_of=_object)
    if not isinstance(document, dict):
        raise not_ocel(source.name, "its outermost value is no object")
    if any(key.startswith("ocel:") for key in document):
        _read_first_version(source.name, document, collector)
    else:
        _read_second_version(source.name, document, collector)


def not_ocel(name: str, found: str) -> SourceError:
    """Return the error for a file that is no object-centric log."""
    return SourceError(
        f"{name}: this is not an OCEL log: {found}. Export the log as OCEL 2.0 (SQLite, JSON or "
        "XML) or OCEL 1.0 (JSON or XML).",
        code="not-ocel",
        path=name,
    )


def _content(source: SourceFile, progress: Progress) -> bytes:
    content = bytearray()
    with source.open() as stream:
        while chunk := stream.read(CHUNK_BYTES):
            content += chunk
            progress(f"reading {source.name}", len(content), source.size)
            if len(content) > MAX_BYTES:
                raise SourceError(
                    f"{source.name}: it is larger than {MAX_BYTES >> 20} MiB, the limit for JSON, "
                    "which is held in memory whole. Export the log as OCEL in SQLite or XML.",
                    code="file-too-large",
                    path=source.name,
                    limit_bytes=MAX_BYTES,
                )
    return bytes(content)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    whole = dict(pairs)
    if len(whole) == len(pairs):
        return whole
    repeated = _Repeated(whole)
    repeated.pairs = pairs
    return repeated


def _items(value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from value.pairs if isinstance(value, _Repeated) else value.items()


def _read_first_version(name: str, document: dict[str, Any], collector: OcelCollector) -> None:
    events, objects = document.get("ocel:events"), document.get("ocel:objects")
    if not isinstance(events, dict) or not isinstance(objects, dict):
        raise not_ocel(name, "it lacks 'ocel:events' or 'ocel:objects', or they are no objects")
    for ident, entry in _items(objects):
        values = entry.get("ocel:ovmap") if isinstance(entry, dict) else None
        if not isinstance(entry, dict) or not isinstance(values, dict | None):
            collector.add_faulty_object()
            continue
        timeless = ((key, value, None) for key, value in (values or {}).items())
        collector.add_object(ident, entry.get("ocel:type"), timeless)
    for ident, entry in _items(events):
        _add_first_version(ident, entry, collector)


def _add_first_version(ident: str, entry: Any, collector: OcelCollector) -> None:
    if not isinstance(entry, dict):
        collector.add_fault("ocel:events", MALFORMED, ident)
        return
    values, related = entry.get("ocel:vmap"), entry.get("ocel:omap")
    if not isinstance(values, dict | None):
        collector.add_fault("ocel:vmap", MALFORMED, ident)
    elif not isinstance(related, list | None):
        collector.add_fault("ocel:omap", MALFORMED, ident)
    else:
        collector.add_event(
            ident,
            entry.get("ocel:activity"),
            entry.get("ocel:timestamp"),
            (values or {}).items(),
            ((other, None) for other in related or ()),
        )


def _read_second_version(name: str, document: dict[str, Any], collector: OcelCollector) -> None:
    events, objects = document.get("events"), document.get("objects")
    if not isinstance(events, list) or not isinstance(objects, list):
        raise not_ocel(name, "it lacks 'events' or 'objects', or they are no lists")
    for entry in objects:
        values, related = _entries(entry, "attributes"), _entries(entry, "relationships")
        if values is None or related is None:
            collector.add_faulty_object()
            continue
        collector.add_object(
            entry.get("id"),
            entry.get("type"),
            ((v.get("name"), v.get("value"), v.get("time")) for v in values),
            (other.get("objectId") for other in related),
        )
    for entry in events:
        _add_second_version(entry, collector)


def _add_second_version(entry: Any, collector: OcelCollector) -> None:
    if not isinstance(entry, dict):
        collector.add_fault("events", MALFORMED, entry)
        return
    values, related = _entries(entry, "attributes"), _entries(entry, "relationships")
    if values is None:
        collector.add_fault("attributes", MALFORMED, entry.get("id"))
    elif related is None:
        collector.add_fault("relationships", MALFORMED, entry.get("id"))
    else:
        collector.add_event(
            entry.get("id"),
            entry.get("type"),
            entry.get("time"),
            ((v.get("name"), v.get("value")) for v in values),
            ((other.get("objectId"), other.get("qualifier")) for other in related),
        )


def _entries(entry: Any, field: str) -> list[dict[str, Any]] | None:
    """Return the list of objects under a field, empty where there is none, None if malformed."""
    if not isinstance(entry, dict):
        return None
    listed = entry.get(field)
    if listed is None:
        return []
    if isinstance(listed, list) and all(isinstance(each, dict) for each in listed):
        return listed
    return None
