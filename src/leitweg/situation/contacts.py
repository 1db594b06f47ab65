"""Who was in contact with whom, when, and in which company: the rows that predictions stand on.

Method: docs/methods/gap-prediction.md.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

from leitweg.situation.arrays import Flags, Floats, Ints
from leitweg.situation.basis import Basis
from leitweg.situation.common_cases import transactions_rows

HALF_LIFE_DAYS = 30.0
"""A contact counts half as much for what comes after so many days."""
DAY_US = 86_400_000_000


@dataclass(frozen=True)
class Contacts:
    """One row per transaction between two different nodes (persons or units).

    ``group`` is the message with all its receivers, or the case. ``manager`` is the node each node
    reports to, -1 where that is unknown.
    """

    at_us: Ints
    group: Ints
    sender: Ints
    receiver: Ints
    manager: Ints

    @property
    def n_nodes(self) -> int:
        """Number of nodes, with and without contacts."""
        return int(self.manager.size)


@dataclass(frozen=True)
class Counts:
    """Contacts of a stretch of time as matrices of shape (nodes, nodes), sender by receiver.

    ``all`` counts them, ``recent`` counts them by age (`HALF_LIFE_DAYS`). ``together`` is how
    often two nodes received from the same group (message or case), each group counting once for
    every receiver, shared among the others.
    """

    all: Floats
    recent: Floats
    together: Floats

    @property
    def present(self) -> Flags:
        """Nodes that sent or received anything."""
        return np.asarray((self.all.sum(axis=0) + self.all.sum(axis=1)) > 0)


def contacts_of(basis: Basis, *, manager: Ints | None = None) -> Contacts:
    """Handovers of the period as contacts: between units, or persons in a log without units."""
    moved, rows = transactions_rows(basis)
    nobody = np.full(len(basis.holders), -1, dtype=np.int64)
    return Contacts(
        basis.stays.enter_us[rows],
        moved.case,
        moved.sender,
        moved.receiver,
        nobody if manager is None else manager,
    )


def counts_between(contacts: Contacts, from_us: int, to_us: int) -> Counts:
    """Count the contacts from ``from_us`` (inclusive) to ``to_us`` (exclusive)."""
    rows = np.flatnonzero(
        (contacts.at_us >= from_us)
        & (contacts.at_us < to_us)
        & (contacts.sender != contacts.receiver)
    )
    n = contacts.n_nodes
    sender, receiver = contacts.sender[rows], contacts.receiver[rows]
    age = (to_us - contacts.at_us[rows]) / (HALF_LIFE_DAYS * DAY_US)
    return Counts(
        _matrix(sender, receiver, np.ones(rows.size), n),
        _matrix(sender, receiver, np.exp2(-age), n),
        _together(contacts.group[rows], receiver, n),
    )


def _matrix(sender: Ints, receiver: Ints, weights: Floats, n: int) -> Floats:
    flat = np.bincount(sender * n + receiver, weights=weights, minlength=n * n)
    return np.asarray(flat, dtype=np.float64).reshape(n, n)


def _together(group: Ints, receiver: Ints, n: int) -> Floats:
    """Distinct receivers of each group; a pair of them counts 1 / (receivers - 1)."""
    key = np.unique(group.astype(np.int64) * n + receiver)
    starts = np.flatnonzero(np.append(True, np.diff(key // n) != 0)) if key.size else key
    out = np.zeros((n, n))
    _add_together(np.append(starts, key.size).astype(np.int64), key % n, out)
    return out


@njit(cache=True)
def _add_together(starts: Ints, receiver: Ints, out: Floats) -> None:  # pragma: no cover - compiled
    for g in range(starts.size - 1):
        size = starts[g + 1] - starts[g]
        for i in range(starts[g], starts[g + 1]):
            for j in range(starts[g], starts[g + 1]):
                if i != j:
                    out[receiver[i], receiver[j]] += 1.0 / (size - 1)
