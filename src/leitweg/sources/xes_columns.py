"""Traces become columns: long lists of keys and values, packed to columns now and then."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from lxml import etree

from leitweg.domain.errors import SourceError
from leitweg.sources.raw import MAX_FIELD_BYTES

Ints = npt.NDArray[np.int64]
Texts = Callable[[etree._Element], list[str]]
Elements = Callable[[etree._Element], list[etree._Element]]

FLUSH_VALUES = 50_000
"""A few megabytes of text: enough to pack in one go, little to hold."""
ROWS = "\0rows"
"""A column that XML cannot name; it keeps the number of rows where no row has any attribute."""
MAX_KEYS = 2_000
"""More attributes than any log has: keys that are made up of values."""


@dataclass(frozen=True)
class XesLog:
    """One XES log as two tables of text, a column for each key that occurs.

    ``events`` has one row per event in the order of the file, ``trace_of`` the number of its
    trace (from 0); ``traces`` has one row per trace, those without events included.
    """

    name: str
    events: pa.Table
    trace_of: Ints
    traces: pa.Table


@dataclass
class _Rows:
    """Rows in long form: keys and values in turn, and how many of them each row has."""

    keys: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)

    def add(self, rows: list[etree._Element], keys: list[str], values: list[str]) -> None:
        counts = [len(row) for row in rows]
        if not len(keys) == len(values) == sum(counts):
            self._add_singly(rows)
            return
        self.keys += keys
        self.values += values
        self.counts += counts

    def _add_singly(self, rows: list[etree._Element]) -> None:
        # lists and containers have a key and no value; a trace has its events beside attributes
        for row in rows:
            pairs = [(child.get("key"), child.get("value")) for child in row]
            kept = [(k, v) for k, v in pairs if k is not None and v is not None]
            self.keys += [key for key, _ in kept]
            self.values += [value for _, value in kept]
            self.counts.append(len(kept))

    def packed(self, name: str) -> pa.Table:
        """Return the rows as columns; a row has null where it lacks a key."""
        keys = pa.array(self.keys, pa.string()).dictionary_encode()
        values = pa.array(self.values, pa.string())
        names = [str(key) for key in keys.dictionary.to_pylist()]
        _refuse_excess(name, names, keys, values)
        rows = len(self.counts)
        row_of = np.repeat(np.arange(rows), self.counts)
        codes = np.asarray(keys.indices)
        columns = [
            _column(np.flatnonzero(codes == c), row_of, values, rows) for c in range(len(names))
        ]
        return pa.table([pa.nulls(rows, pa.string()), *columns], names=[ROWS, *names])


def _column(positions: Ints, row_of: Ints, values: pa.Array, rows: int) -> pa.Array:
    take = np.full(rows, -1, dtype=np.int64)
    # of a key that one row has twice the first counts: it is written last
    take[row_of[positions[::-1]]] = positions[::-1]
    return values.take(pa.array(take, mask=take < 0))


def _refuse_excess(name: str, names: list[str], keys: pa.Array, values: pa.Array) -> None:
    longest = pc.max(pc.binary_length(values)).as_py() or 0
    if longest > MAX_FIELD_BYTES:
        at = pc.index(pc.binary_length(values), longest).as_py()
        raise large_field(name, f"of the attribute '{keys[at].as_py()[:60]}'")
    if len(names) > MAX_KEYS:
        raise SourceError(
            f"{name}: the log has more than {MAX_KEYS:,} different attributes, such as "
            f"'{names[-1][:60]}'. Export it with fewer.",
            code="too-many-columns",
            path=name,
            limit=MAX_KEYS,
        )


def large_field(name: str, where: str) -> SourceError:
    """Return the error for a value that is too large to be an attribute of a log."""
    return SourceError(
        f"{name}: one value {where} is larger than the {MAX_FIELD_BYTES:,} bytes that a field may "
        "have. Leave that attribute out of the export.",
        code="field-too-large",
        path=name,
        limit_bytes=MAX_FIELD_BYTES,
    )


class Collector:
    """Gathers the traces of one log; the memory it needs is that of the columns."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._namespace: str | None = None
        self._sizes: list[int] = []
        self._event_tables: list[pa.Table] = []
        self._trace_tables: list[pa.Table] = []
        self._events, self._traces = _Rows(), _Rows()

    def add(self, trace: etree._Element) -> None:
        """Take the attributes of a trace and of its events."""
        namespace = etree.QName(trace).namespace or ""
        if namespace != self._namespace:
            self._namespace = namespace
            self._compile(namespace)
        events = self._find_events(trace)
        self._sizes.append(len(events))
        self._traces.add([trace], [], [])
        self._events.add(events, self._event_keys(trace), self._event_values(trace))
        if len(self._events.keys) >= FLUSH_VALUES:
            self._pack()

    def _compile(self, namespace: str) -> None:
        event = "x:event" if namespace else "event"
        names = {"x": namespace} if namespace else None

        def found(path: str) -> Any:
            return etree.XPath(path, namespaces=names, smart_strings=False)

        self._find_events: Elements = found(event)
        # one call for all texts of a trace: asking every element costs twice as much
        self._event_keys: Texts = found(f"{event}/*/@key")
        self._event_values: Texts = found(f"{event}/*/@value")

    def _pack(self) -> None:
        self._event_tables.append(self._events.packed(self._name))
        self._trace_tables.append(self._traces.packed(self._name))
        self._events, self._traces = _Rows(), _Rows()

    def log(self) -> XesLog:
        """Return everything as one log; `SourceError` no-traces where there is none."""
        if not any(self._sizes):
            what = "trace (no case)" if not self._sizes else "event in any of its traces"
            raise SourceError(
                f"{self._name}: the log holds no {what}. Export it again with its cases.",
                code="no-traces",
                path=self._name,
            )
        self._pack()
        trace_of = np.repeat(np.arange(len(self._sizes)), self._sizes)
        return XesLog(
            self._name, _joined(self._event_tables), trace_of, _joined(self._trace_tables)
        )


def _joined(parts: list[pa.Table]) -> pa.Table:
    return pa.concat_tables(parts, promote_options="default").combine_chunks()
