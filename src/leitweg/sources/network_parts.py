"""The nodes and edges of a network file, as the two tables that they are."""

import re
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from leitweg.domain.errors import SourceError
from leitweg.sources.raw import RawTable, cleaned, refuse_large_fields, unique_names

MAX_ATTRIBUTES = 1_000
_MADE_ID = re.compile(r"n?\d+")


@dataclass
class Column:
    """One attribute while it is collected: sparse, for most nodes may lack it."""

    places: list[int] = field(default_factory=list)
    values: list[str] = field(default_factory=list)

    def filled(self, count: int, default: str | None) -> list[str | None]:
        """Return one value per row."""
        filled: list[str | None] = [default] * count
        for place, value in zip(self.places, self.values, strict=True):
            filled[place] = value
        return filled


@dataclass
class Rows:
    """Rows of attributes, collected one by one; attributes are told apart by their keys."""

    name: str
    count: int = 0
    titles: dict[str, str] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    columns: dict[str, Column] = field(default_factory=dict)

    def declare(self, key: str, title: str, default: str | None = None) -> None:
        """Name an attribute, and the value of those that have none of their own."""
        self.titles[key] = title
        self.column(key)
        if default is not None:
            self.defaults[key] = default

    def column(self, key: str) -> Column:
        """Return the column of a key; SourceError where there are more than any network has."""
        found = self.columns.get(key)
        if found is None:
            found = self.columns[key] = Column()
            if len(self.columns) > MAX_ATTRIBUTES:
                raise _too_many(self.name)
        return found

    def add(self, values: MappingOf[str, str | None]) -> None:
        """Add a row."""
        for key, value in values.items():
            if value is not None:
                column = self.column(key)
                column.places.append(self.count)
                column.values.append(value)
        self.count += 1

    def table(self, marks: tuple[str, ...]) -> RawTable:
        """Return the rows as a table whose columns bear the titles of the attributes."""
        names = unique_names([self.titles.get(key, key) for key in self.columns])
        arrays = [
            pa.array(column.filled(self.count, self.defaults.get(key)), pa.string())
            for key, column in self.columns.items()
        ]
        numbers = np.arange(1, self.count + 1, dtype=np.int64)
        raw = RawTable(self.name, pa.table(arrays, names=names), numbers, self.count)
        refuse_large_fields(raw)
        return cleaned(raw, marks)


@dataclass
class Network:
    """What a file says of a network. Nodes have the column ``id``, edges ``source`` and ``target``.

    ``left_out`` counts what is neither node nor edge between two (hyperedges).
    """

    nodes: Rows
    edges: Rows
    left_out: int = 0


def new_network(name: str) -> Network:
    """Return an empty network with the columns that every network has."""
    nodes, edges = Rows(name), Rows(name)
    nodes.declare("id", "id")
    for key in ("source", "target", "directed"):
        edges.declare(key, key)
    return Network(nodes, edges)


def names_of_nodes(nodes: RawTable, chosen: str | None) -> dict[str, str]:
    """Return node id -> what the node is known by outside the file.

    Parameters
    ----------
    nodes
        The table of nodes.
    chosen
        The attribute that the user named, or None: then it is the id, except where a program
        made the ids up (``n0``, ``n1``) and every node has a name of its own.
    """
    ids = nodes.column("id").to_pylist()
    if chosen is None and "name" in nodes.columns and all(_MADE_ID.fullmatch(i or "") for i in ids):
        names = nodes.column("name").to_pylist()
        if None not in names and len(set(names)) == len(names):
            chosen = "name"
    if chosen is None:
        return {}
    names = nodes.column(chosen).to_pylist()
    return {i: name for i, name in zip(ids, names, strict=True) if i is not None and name}


def _too_many(name: str) -> SourceError:
    return SourceError(
        f"{name}: it has more than {MAX_ATTRIBUTES:,} kinds of attributes. Export it with "
        "fewer attributes.",
        code="too-many-columns",
        path=name,
    )
