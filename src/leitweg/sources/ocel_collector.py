"""Events and objects come in one by one, as loose as files are, and leave as a log in columns."""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from leitweg.domain.errors import SourceError
from leitweg.domain.imports import Reject
from leitweg.sources.ocel_log import LONG, TIMED, Ints, LongRows, OcelLog
from leitweg.sources.raw import MAX_FIELD_BYTES
from leitweg.sources.xes_columns import large_field

MALFORMED = "it is not written as the standard says"
NO_ID = "the event has no id"
SAME_ID = "an event before it has the same id"


class OcelCollector:
    """Gathers one log. Values are of any type that JSON or SQLite can give."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._read = 0
        self._events: dict[str, int] = {}
        self._rows: list[int] = []
        self._activities: list[str | None] = []
        self._times: list[str | None] = []
        self._event_values = LongRows(LONG)
        self._objects: dict[str, str] = {}
        self._places: dict[str, int] = {}
        self._object_values = LongRows(TIMED)
        self._relations = LongRows(LONG)
        self._links: list[tuple[str, str]] = []
        self._rejects: list[Reject] = []
        self._loose = {"values": 0, "objects": 0, "repeats": 0}

    def add_event(
        self,
        ident: object,
        activity: object,
        time: object,
        attributes: Iterable[tuple[object, object]] = (),
        objects: Iterable[tuple[object, object]] = (),
    ) -> None:
        """Take an event: attributes as (key, value), objects as (id, qualifier)."""
        name = self._text(ident, "id")
        if name is None or name in self._events:
            self.add_fault("id", SAME_ID if name else NO_ID, name)
            return
        self._read += 1
        place = len(self._rows)
        self._events[name] = place
        self._rows.append(self._read)
        self._activities.append(self._text(activity, "type"))
        self._times.append(self._text(time, "time"))
        for key, value in attributes:
            self._add_value(self._event_values, place, key, value)
        for other, qualifier in objects:
            self._relate(place, other, qualifier)

    def add_fault(self, column: str, reason: str, text: object = None) -> None:
        """Take an event that cannot be used, with the field and the reason."""
        self._read += 1
        self._rejects.append(Reject(self._read, column, reason, str(text or "")[:200]))

    def relate(self, event: object, other: object, qualifier: object) -> None:
        """Take a relation of an event that was read to an object."""
        place = self._events.get(self._text(event, "id") or "")
        if place is not None:
            self._relate(place, other, qualifier)

    def add_value(self, ident: object, key: object, value: object, time: object) -> None:
        """Take a value of an attribute of an object that was read."""
        place = self._places.get(self._text(ident, "id") or "")
        if place is not None:
            self._add_value(self._object_values, place, key, value, time)

    def add_object(
        self,
        ident: object,
        kind: object,
        values: Iterable[tuple[object, object, object]] = (),
        related: Iterable[object] = (),
    ) -> None:
        """Take an object: values as (key, value, from when on), and the ids of related objects."""
        name, kind = self._text(ident, "id"), self._text(kind, "type")
        if not name or not kind:
            self._loose["objects"] += 1
            return
        if name in self._objects:
            self._refuse_two_types(name, str(kind))
            self._loose["repeats"] += 1
        else:
            self._places[name] = len(self._objects)
            self._objects[name] = str(kind)
        for key, value, time in values:
            self.add_value(name, key, value, time)
        for other in related:
            self.link(name, other)

    def link(self, one: object, other: object) -> None:
        """Take a relation between two objects, whether or not they were read before."""
        pair = self._text(one, "id"), self._text(other, "id")
        if pair[0] and pair[1]:
            self._links.append((pair[0], pair[1]))

    def add_faulty_object(self) -> None:
        """Count an object that cannot be used."""
        self._loose["objects"] += 1

    def _relate(self, place: int, other: object, qualifier: object) -> None:
        name = self._text(other, "object")
        if name:
            self._relations.add(place, name, self._text(qualifier, "qualifier"))

    def _add_value(
        self, rows: LongRows, place: int, key: object, value: object, *time: object
    ) -> None:
        name = self._text(key, "name")
        if not name:
            return
        text = self._text(value, name)
        if text is not None or time:
            rows.add(place, name, text, *(self._text(t, "time") for t in time))

    def _text(self, value: object, key: str) -> str | None:
        if isinstance(value, str):
            if len(value) > MAX_FIELD_BYTES:
                raise large_field(self._name, f"of the attribute '{key[:60]}'")
            # half characters, which JSON can write, have no place in any encoding
            return value if value.isascii() else value.encode("utf-8", "replace").decode()
        if value is None:
            return None
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int | float):
            return str(value)
        self._loose["values"] += 1
        return None

    def _refuse_two_types(self, name: str, kind: str) -> None:
        if self._objects[name] == kind:
            return
        raise SourceError(
            f"{self._name}: the object '{name[:60]}' is of two types, '{self._objects[name][:60]}' "
            f"and '{kind[:60]}'. Give every object its own id and one type.",
            code="duplicate-ids",
            path=self._name,
            objects=[name[:200]],
        )

    def log(self) -> OcelLog:
        """Return everything as one log.

        Raises
        ------
        SourceError
            no-rows where there is no event, no-usable-rows where none can be used.
        """
        self._refuse_nothing()
        relations = self._relations.table()
        places = self._places_of(relations["key"])
        known = places >= 0
        event = np.asarray(relations["row"], dtype=np.int64)
        return OcelLog(
            name=self._name,
            rows=np.array(self._rows, dtype=np.int64),
            activity=pa.array(self._activities, pa.string()),
            time=pa.array(self._times, pa.string()),
            event_values=self._event_values.table(),
            object_id=pa.array(list(self._objects), pa.string()),
            object_type=pa.array(list(self._objects.values()), pa.string()),
            relation_event=event[known],
            relation_object=places[known],
            qualifier=relations["value"].combine_chunks().filter(pa.array(known)),
            links=self._known_links(),
            object_values=self._object_values.table(),
            dangling=event[~known],
            events_read=self._read,
            rejects=tuple(self._rejects),
            warnings=self._warnings(),
        )

    def _places_of(self, names: pa.ChunkedArray) -> Ints:
        encoded = names.combine_chunks().dictionary_encode()
        place = [self._places.get(name, -1) for name in encoded.dictionary.to_pylist()]
        places: Ints = np.array(place, dtype=np.int64)[np.asarray(encoded.indices, dtype=np.int64)]
        return places

    def _known_links(self) -> Ints:
        place = self._places
        pairs = [(place[a], place[b]) for a, b in self._links if a in place and b in place]
        return np.array(pairs, dtype=np.int64).reshape(-1, 2)

    def _refuse_nothing(self) -> None:
        if self._rows:
            return
        if not self._rejects:
            raise SourceError(
                f"{self._name}: the log holds no event. Export it again with its events.",
                code="no-rows",
                path=self._name,
            )
        first = self._rejects[0]
        raise SourceError(
            f"{self._name}: no event can be used; event {first.row}, '{first.column}': "
            f"{first.reason}. Export it again.",
            code="no-usable-rows",
            path=self._name,
            row=first.row,
            column=first.column,
        )

    def _warnings(self) -> tuple[str, ...]:
        name, loose = self._name, self._loose
        notes = []
        if loose["values"]:
            notes.append(
                f"{name}: {loose['values']:,} values are lists or tables and were left empty."
            )
        if loose["objects"]:
            notes.append(
                f"{name}: {loose['objects']:,} objects have no id or no type and were left out."
            )
        if loose["repeats"]:
            notes.append(
                f"{name}: {loose['repeats']:,} objects occur again; their values were joined."
            )
        return tuple(notes)
