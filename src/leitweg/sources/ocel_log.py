"""An object-centric log as columns, whatever form it was written in."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.imports import Reject

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class OcelLog:
    """Events, objects, and what relates them.

    Parameters
    ----------
    name
        What the user knows the file by.
    rows
        The number of each event in the file, from 1; events without a usable id are not here.
    activity, time
        One text per event.
    event_values
        One row per attribute of an event: ``row`` (place of the event), ``key``, ``value``.
    object_id, object_type
        One text per object.
    relation_event, relation_object, qualifier
        One entry per relation of an event to an object: their places, and the role.
    links
        One row per relation of an object to another: two places.
    object_values
        One row per value of an attribute of an object: ``row`` (place of the object), ``key``,
        ``value``, ``time`` (from when on; null is from the beginning).
    dangling
        The events (places) of relations to objects that the file does not hold.
    events_read, rejects, warnings
        As in `RawTable`.
    """

    name: str
    rows: Ints
    activity: pa.Array
    time: pa.Array
    event_values: pa.Table
    object_id: pa.Array
    object_type: pa.Array
    relation_event: Ints
    relation_object: Ints
    qualifier: pa.Array
    links: Ints
    object_values: pa.Table
    dangling: Ints
    events_read: int
    rejects: tuple[Reject, ...] = ()
    warnings: tuple[str, ...] = ()

    def of_type(self, name: str) -> npt.NDArray[np.bool_]:
        """Say for every object whether it is of that type."""
        return np.asarray(pc.equal(self.object_type, name))

    @property
    def types(self) -> list[str]:
        """Types of the objects that there are, by name."""
        return sorted(pc.unique(self.object_type).to_pylist())

    def keys_of_events(self) -> list[str]:
        """Names of the attributes of events, by name."""
        return sorted(pc.unique(self.event_values["key"]).to_pylist())

    def keys_of_objects(self, kind: str) -> list[str]:
        """Names of the attributes of the objects of a type, by name."""
        mine = self.of_type(kind)[np.asarray(self.object_values["row"])]
        return sorted(pc.unique(self.object_values["key"].filter(pa.array(mine))).to_pylist())


LONG = pa.schema([("row", pa.int64()), ("key", pa.string()), ("value", pa.string())])
TIMED = LONG.append(pa.field("time", pa.string()))
FLUSH_VALUES = 50_000


class LongRows:
    """Gathers values one by one and packs them into columns now and then."""

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema
        self._lists: tuple[list[object], ...] = tuple([] for _ in schema)
        self._parts: list[pa.Table] = []

    def add(self, *values: object) -> None:
        """Add one row, its values in the order of the schema."""
        for column, value in zip(self._lists, values, strict=True):
            column.append(value)
        if len(self._lists[0]) >= FLUSH_VALUES:
            self._pack()

    def _pack(self) -> None:
        columns = [
            pa.array(values, field.type)
            for values, field in zip(self._lists, self._schema, strict=True)
        ]
        self._parts.append(pa.table(columns, schema=self._schema))
        for values in self._lists:
            values.clear()

    def table(self) -> pa.Table:
        """Return all rows."""
        self._pack()
        return pa.concat_tables(self._parts).combine_chunks()
