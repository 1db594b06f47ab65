"""How many people stand on the two sides of an edge, and which transactions may leave?

Method: docs/methods/network.md, docs/methods/privacy.md.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from leitweg.situation.arrays import Flags, Ints
from leitweg.situation.transaction_rows import NOBODY, Rows

Leaves = Callable[[int | None, int | None], bool]


@dataclass(frozen=True)
class Sides:
    """The directed edges of some rows: ``pair`` is source * n + target, in ascending order.

    ``edge`` is the position of each row's pair (-1: no edge). ``senders`` and ``receivers`` count
    distinct people per edge, None where unknown.
    """

    pair: Ints
    edge: Ints
    senders: list[int | None]
    receivers: list[int | None]

    def visible(self, leaves: Leaves, among: Ints | None = None) -> Flags:
        """Say which rows belong to an edge that may leave, and to one of the pairs in ``among``."""
        counts = zip(self.senders, self.receivers, strict=True)
        allowed = np.array([leaves(a, b) for a, b in counts], dtype=bool)
        if among is not None:
            allowed &= np.isin(self.pair, among)
        return np.append(allowed, False)[self.edge]


def sides_of(rows: Rows, n: int, *, told: Ints | None = None) -> Sides:
    """Count the people on both sides of every edge.

    Parameters
    ----------
    n
        Number of nodes.
    told
        People of each node as the source tells them (-1: it does not), where the rows know none.
    """
    key = np.where(
        (rows.source != rows.target) & (rows.weight > 0),
        rows.source.astype(np.int64) * n + rows.target,
        -1,
    )
    pair, edge = np.unique(key, return_inverse=True)
    edge = edge.reshape(-1)
    if pair.size and pair[0] < 0:
        pair, edge = pair[1:], edge - 1
    if told is not None:
        known = [None if count == NOBODY else int(count) for count in told]
        return Sides(pair, edge, [known[p // n] for p in pair], [known[p % n] for p in pair])
    return Sides(
        pair,
        edge,
        _distinct(edge, rows.from_person, pair.size),
        _distinct(edge, rows.to_person, pair.size),
    )


def _distinct(place: Ints, person: Ints, n_places: int) -> list[int | None]:
    """Distinct people at each place; rows without a place or a person count nowhere."""
    known = (place >= 0) & (person >= 0)
    most = int(person.max(initial=0)) + 1
    pairs = np.unique(place[known].astype(np.int64) * most + person[known])
    return [int(count) for count in np.bincount(pairs // most, minlength=n_places)]


def leaving_rows(
    rows: Rows, unit: Ints, n_units: int, leaves: Leaves, among: Ints | None = None
) -> tuple[Rows, Flags]:
    """Return the transactions between people that may stand behind figures of their units.

    Transactions between two units count where enough people stand on each side of that pair.

    Returns
    -------
    Rows
        Without rows of people whose unit is unknown, of pairs that may not leave, and of people
        with themselves.
    array of bool
        Per unit: whether enough people stand behind what is left of it, and behind what passes
        inside it, where anything does.
    """
    one, other = unit[rows.source], unit[rows.target]
    known = (one >= 0) & (other >= 0) & (rows.source != rows.target) & (rows.weight > 0)
    rows, one, other = rows.only(known), one[known], other[known]
    between = Rows(rows.group, one, other, rows.weight, rows.source, rows.target)
    inside = one == other
    keep = inside | sides_of(between, n_units).visible(leaves, among)
    of_all = _people_at(between.only(keep), n_units)
    of_inside = _people_at(between.only(inside), n_units)
    enough = [
        leaves(a, a) and (i == 0 or leaves(i, i)) for a, i in zip(of_all, of_inside, strict=True)
    ]
    return rows.only(keep), np.array(enough, dtype=bool)


def _people_at(rows: Rows, n_units: int) -> list[int | None]:
    """Distinct people on either side of the rows of each unit."""
    return _distinct(
        np.concatenate([rows.source, rows.target]),
        np.concatenate([rows.from_person, rows.to_person]),
        n_units,
    )
