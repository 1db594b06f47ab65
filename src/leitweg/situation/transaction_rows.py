"""What the network is made of: rows of transactions, in an order that ids have no say in.

Method: docs/methods/network.md.
"""

from dataclasses import dataclass, replace

import numpy as np

from leitweg.engine.network_graph import Graph, graph_of
from leitweg.engine.network_order import canonical_order
from leitweg.situation.arrays import Flags, Floats, Ints

NOBODY = -1


@dataclass(frozen=True)
class Rows:
    """Transactions between nodes of one kind.

    ``group`` is what a bootstrap resamples as a whole: the case, the week, or who named the tie.
    ``from_person`` and ``to_person`` are the people behind a row between units, -1 where unknown.
    """

    group: Ints
    source: Ints
    target: Ints
    weight: Floats
    from_person: Ints
    to_person: Ints

    def graph(self, n: int) -> Graph:
        """Return the network of these rows with ``n`` nodes."""
        return graph_of(self.source, self.target, self.weight, n)

    def only(self, keep: Flags) -> "Rows":
        """Return some of the rows."""
        return self._taken(np.flatnonzero(keep))

    def in_order(self) -> "Rows":
        """Return the rows by source, target, group and weight: in an order of their own."""
        return self._taken(np.lexsort((self.weight, self.group, self.target, self.source)))

    def between(self, new: Ints) -> "Rows":
        """Give the nodes other numbers."""
        return replace(self, source=new[self.source], target=new[self.target])

    def with_people(self, new: Ints) -> "Rows":
        """Give the people behind the rows other numbers; -1 stays."""
        padded = np.append(new, NOBODY)
        return replace(self, from_person=padded[self.from_person], to_person=padded[self.to_person])

    def _taken(self, at: Ints) -> "Rows":
        return Rows(
            self.group[at],
            self.source[at],
            self.target[at],
            self.weight[at],
            self.from_person[at],
            self.to_person[at],
        )


@dataclass(frozen=True)
class Transactions:
    """All transactions, of people and of units.

    ``person_unit`` is the unit of each person and ``unit_parent`` the group of each unit, -1 where
    unknown. ``unit_people`` counts the people behind the transactions of each unit, -1 where
    people are unknown. ``person_rows`` is None where people are unknown, ``unit_rows`` where units
    are. ``derived_units``: units were made from these transactions, so that groups say nothing
    about them. ``listed_once``: no pair stands in both directions.
    """

    weight: str
    people: tuple[str, ...]
    person_unit: Ints
    person_rows: Rows | None
    units: tuple[str, ...]
    unit_parent: Ints
    unit_people: Ints
    unit_rows: Rows | None
    derived_units: bool = False
    from_ties: bool = False
    listed_once: bool = False


def in_canonical_order(found: Transactions) -> Transactions:
    """Order people, units and rows so that neither ids nor the file decide a draw."""
    return _units_in_order(_people_in_order(found))


def _people_in_order(found: Transactions) -> Transactions:
    if found.person_rows is None:
        return found
    order = canonical_order(found.person_rows.graph(len(found.people)))
    new = np.empty_like(order)
    new[order] = np.arange(order.size)
    rows, units = found.person_rows, found.unit_rows
    rows = rows.between(new).with_people(new)
    if found.from_ties:
        rows = replace(rows, group=rows.source)
    if units is not None:
        units = units.with_people(new)
        units = replace(units, group=units.from_person) if found.from_ties else units
    return replace(
        found,
        people=tuple(found.people[i] for i in order),
        person_unit=found.person_unit[order],
        person_rows=rows.in_order(),
        unit_rows=units,
    )


def _units_in_order(found: Transactions) -> Transactions:
    n = len(found.units)
    rows = found.unit_rows
    order = np.arange(n) if rows is None else canonical_order(rows.graph(n))
    new = np.empty_like(order)
    new[order] = np.arange(n)
    person_unit = np.append(new, NOBODY)[found.person_unit]
    if rows is not None:
        rows = rows.between(new).in_order()
        if found.from_ties and found.person_rows is None:
            rows = replace(rows, group=rows.source)
    parents = found.unit_parent[order]
    return replace(
        found,
        units=tuple(found.units[i] for i in order),
        unit_parent=_by_appearance(parents),
        unit_people=_people_behind(rows, person_unit, found.unit_people[order]),
        unit_rows=rows,
        person_unit=person_unit,
    )


def _by_appearance(codes: Ints) -> Ints:
    """Give numbers to codes by their first appearance; -1 stays."""
    _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))[inverse.reshape(-1)]
    return np.where(codes < 0, NOBODY, rank)


def _people_behind(rows: Rows | None, person_unit: Ints, told: Ints) -> Ints:
    """People behind the transactions of each unit; without any, the people who belong to it."""
    n = told.size
    belonging = np.bincount(person_unit[person_unit >= 0], minlength=n)
    if person_unit.size == 0:
        return told
    if rows is None:
        return belonging
    ends = ((rows.source, rows.from_person), (rows.target, rows.to_person))
    pairs = np.concatenate([unit[person >= 0] * (person_unit.size + 1) + person[person >= 0]
                            for unit, person in ends])  # fmt: skip
    behind = np.bincount(np.unique(pairs) // (person_unit.size + 1), minlength=n)
    linked = np.zeros(n, dtype=bool)
    linked[rows.source] = linked[rows.target] = True
    return np.where(linked, behind, belonging)
