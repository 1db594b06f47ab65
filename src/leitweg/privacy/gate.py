"""Which places may be told in an answer, with all that was told in earlier answers?

An earlier answer and this one can be subtracted; what is left is about the cases in which they
differ, and may be about few people. Method: docs/methods/release-ledger.md.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leitweg.domain.traces import Traces
from leitweg.privacy.derivable import Matrix, tells_of_few
from leitweg.privacy.pieces import Numbers, Pieces, Told, pieces_of

Ints = NDArray[np.signedinteger[Any]]
Flags = NDArray[np.bool_]
Link = tuple[str, str]
ENDS = ("sender", "receiver")


SOMEBODY = -2
"""Stands for whoever worked on what is gone or was altered: one person, for want of knowledge."""


@dataclass(frozen=True)
class Gate:
    """What earlier answers leave of a question.

    Parameters
    ----------
    names
        Names of the units.
    pieces
        Pieces of cases, and who stands behind each.
    sums
        One row for each earlier answer and one, the last, for this question: the cells that it is
        about. Pieces that the same answers are about form one cell.
    cell
        The cell of each piece, -1 where no answer is about it.
    earlier
        The earlier answers.
    k
        People that must stand behind whatever is known.
    """

    names: tuple[str, ...]
    pieces: Pieces
    sums: Matrix
    cell: Ints
    earlier: tuple[Told, ...]
    k: int

    @property
    def is_first(self) -> bool:
        """Whether no earlier answer is about any of the cases."""
        return bool(self.sums.shape[0] < 2)

    @cached_property
    def everything(self) -> bool:
        """Whether the company as a whole must not be told of."""
        worked = self.pieces.worked
        rows = np.arange(worked["piece"].size)
        return self._refused(worked, rows, ("person",), self._usable([]))

    @cached_property
    def units(self) -> frozenset[str]:
        """Units that must not be told of, though enough people stand behind them here."""
        worked = self.pieces.worked
        found = set[str]()
        for (unit,), rows in self._places(worked, ("unit",), ("person",)):
            name = self.names[unit]
            usable = self._usable(name in e.units for e in self.earlier)
            if self._refused(worked, rows, ("person",), usable):
                found.add(name)
        return frozenset(found)

    @cached_property
    def links(self) -> frozenset[Link]:
        """Links that must not be told of, though enough people stand behind them on each side."""
        handed, names = self.pieces.handed, self.names
        found = set[Link]()
        for (a, b), rows in self._places(handed, ("from_unit", "to_unit"), ENDS):
            link = names[a], names[b]
            usable = self._usable(link in e.links for e in self.earlier)
            if self._refused(handed, rows, ENDS, usable):
                found.add(link)
        return frozenset(found)

    def allows_units(self, units: Collection[str]) -> bool:
        """Whether these units may be told of together, as one row.

        Units that an earlier answer had to merge are looked at with them: where some of those stand
        alone now, that row is told again as a sum.
        """
        if self.is_first:
            return True
        codes = frozenset(self._codes(units).tolist())
        every = {codes, *(codes | few for few in self._few_before)} - {frozenset[int]()}
        return not any(self._refuses_units(group) for group in every)

    def _refuses_units(self, codes: frozenset[int]) -> bool:
        worked = self.pieces.worked
        rows = np.flatnonzero(np.isin(worked["unit"], sorted(codes)))
        return self._refused(worked, rows, ("person",), self._usable([]))

    @cached_property
    def _few_before(self) -> frozenset[frozenset[int]]:
        """Units of fewer than k people in each earlier answer."""
        worked, cell = self.pieces.worked, self.cell[self.pieces.worked["piece"]]
        inside = (cell >= 0) & (worked["unit"] >= 0) & (worked["person"] >= 0)
        found = set[frozenset[int]]()
        for answer in self.sums[:-1]:
            rows = inside & (answer[np.maximum(cell, 0)] > 0)
            width = int(worked["person"].max(initial=0)) + 1
            units = np.unique(
                worked["unit"][rows].astype(np.int64) * width + worked["person"][rows]
            )
            people = np.bincount(units // width, minlength=len(self.names))
            found.add(frozenset(np.flatnonzero((people > 0) & (people < self.k)).tolist()))
        return frozenset(found)

    def allows_links(self, links: Collection[Link]) -> bool:
        """Whether these links may be told of together, as one row: enough people on each side."""
        if self.is_first:
            return True
        handed, n = self.pieces.handed, len(self.names)
        a, b = (self._codes([link[side] for link in links]) for side in (0, 1))
        rows = np.flatnonzero(np.isin(handed["from_unit"] * n + handed["to_unit"], a * n + b))
        return not self._refused(handed, rows, ENDS, self._usable([]))

    def _usable(self, refused: Any) -> Flags:
        """Whether the place left in each earlier answer; this question always counts."""
        usable = np.ones(self.sums.shape[0], dtype=bool)
        for i, stayed_inside in enumerate(refused):
            usable[i] = not stayed_inside
        return usable

    def _places(
        self, table: Any, keys: Sequence[str], people: Sequence[str]
    ) -> Iterator[tuple[tuple[int, ...], Ints]]:
        """Yield the places with k people or more on each side here, and their rows of the table."""
        if self.is_first:
            return
        here = self._here()[table["piece"]]
        columns = [table[key] for key in keys]
        known = np.all([column >= 0 for column in columns], axis=0)
        code = columns[0].astype(np.int64)
        for column in columns[1:]:
            code = code * max(len(self.names), 1) + column
        order = np.flatnonzero(known)
        order = order[np.argsort(code[order], kind="stable")]
        cuts = np.flatnonzero(np.diff(code[order])) + 1
        for rows in np.split(order, cuts):
            if rows.size and all(
                _distinct(table[side][rows[here[rows]]]) >= self.k for side in people
            ):
                yield tuple(int(column[rows[0]]) for column in columns), rows

    def _here(self) -> Flags:
        inside = self.sums[-1] > 0
        return np.asarray((self.cell >= 0) & inside[np.maximum(self.cell, 0)])

    def _refused(self, table: Any, rows: Ints, people: Sequence[str], usable: Flags) -> bool:
        """Whether what was told of a place, and what would be told here, tells of few on a side."""
        cell = self.cell[table["piece"][rows]]
        sides = [self._people_of_cells(cell, table[side][rows]) for side in people]
        # what is about few was never told, and is not told here
        told = usable & np.all([self._enough(side) for side in sides], axis=0)
        if not told[-1]:
            return bool(self._somebody(sides))
        return told.sum() > 1 and any(tells_of_few(self.sums[told], side, self.k) for side in sides)

    def _people_of_cells(self, cell: Ints, person: Ints) -> list[frozenset[int]]:
        n_cells, seen = self.sums.shape[1], (cell >= 0) & (person >= 0)
        pairs = np.unique(person[seen].astype(np.int64) * max(n_cells, 1) + cell[seen])
        cells, people = pairs % max(n_cells, 1), pairs // max(n_cells, 1)
        order = np.argsort(cells, kind="stable")
        cuts = np.searchsorted(cells[order], np.arange(1, n_cells))
        parts = [frozenset(part.tolist()) for part in np.split(people[order], cuts)][:n_cells]
        return [p | {SOMEBODY} if c in self._unknown else p for c, p in enumerate(parts)]

    @cached_property
    def _unknown(self) -> frozenset[int]:
        return frozenset(self.cell[self.pieces.unknown & (self.cell >= 0)].tolist())

    def _enough(self, people: Sequence[frozenset[int]]) -> Flags:
        """Whether k people or more stand behind the place in each answer."""
        behind = [
            frozenset[int]().union(*(people[c] for c in np.flatnonzero(row).tolist()))
            for row in self.sums
        ]
        return np.array([len(b) >= self.k for b in behind])

    def _somebody(self, sides: Sequence[Sequence[frozenset[int]]]) -> bool:
        inside = np.flatnonzero(self.sums[-1]).tolist()
        return any(side[c] for side in sides for c in inside)

    def _codes(self, units: Collection[str]) -> Ints:
        return np.array([self._code.get(u, -1) for u in units], np.int64)

    @cached_property
    def _code(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.names)}


def _distinct(person: Ints) -> int:
    return int(np.unique(person[person >= 0]).size)


def gate_of(traces: Traces, ids: Numbers, scope: Flags, earlier: Sequence[Told], k: int) -> Gate:
    """Return what may be told about a set of cases.

    Parameters
    ----------
    traces
        Who worked where on which case.
    ids
        The number of each case.
    scope
        Whether each case stands behind the answer.
    earlier
        The earlier answers, the oldest first.
    k
        People that must stand behind whatever is known.
    """
    pieces = pieces_of(traces, ids, scope, earlier)
    sums, cell = _cells(pieces.members)
    return Gate(traces.units, pieces, sums, cell, tuple(earlier), k)


def _cells(members: Flags) -> tuple[Matrix, Ints]:
    """Group pieces by the answers that hold them: rows of 0 and 1 per answer, cell per piece."""
    inside = members.any(axis=0)
    if not inside.any():
        return np.zeros((members.shape[0], 0), np.int64), np.full(members.shape[1], -1)
    packed = np.packbits(members[:, inside], axis=0).T
    _, first, cell = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    out = np.full(members.shape[1], -1)
    out[inside] = cell.ravel()
    return members[:, inside][:, first].astype(np.int64), out
