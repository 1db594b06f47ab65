"""Which units work on the same cases, and between which does a case go directly?

Stands on the stays before the resolution: a change of label by one person is no transaction.
Shared by the expected links and the socio-technical congruence.
Method: docs/methods/expected-links.md.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

from leitweg.situation.arrays import Flags, Floats, Ints
from leitweg.situation.basis import Basis


@dataclass(frozen=True)
class Transactions:
    """Handovers of the cases in the period: case, sender, receiver, and the people at both ends."""

    case: Ints
    sender: Ints
    receiver: Ints
    sender_person: Ints
    receiver_person: Ints


def transactions_of(basis: Basis) -> Transactions:
    """Collect the handovers between two different holders."""
    return transactions_rows(basis)[0]


def transactions_rows(basis: Basis) -> tuple[Transactions, Ints]:
    """Return the handovers, and the stay that each of them leads into."""
    stays = basis.stays
    rows = np.flatnonzero((stays.previous >= 0) & basis.in_period[stays.case])
    sender, receiver = stays.sender[rows], stays.unit[rows]
    apart = sender != receiver
    rows, sender, receiver = rows[apart], sender[apart], receiver[apart]
    return (
        Transactions(
            stays.case[rows],
            sender,
            receiver,
            stays.last_worker[stays.previous[rows]],
            stays.first_worker[rows],
        ),
        rows,
    )


def members_of(basis: Basis) -> tuple[Ints, Ints]:
    """Return one row per case of the period and holder that worked on it: case and holder.

    Sorted by case, then by holder.
    """
    stays = basis.stays
    rows = np.flatnonzero(basis.in_period[stays.case])
    n = max(len(basis.holders), 1)
    case = np.concatenate([stays.case[rows], stays.case[rows]])
    holder = np.concatenate([stays.unit[rows], stays.unit_left[rows]])
    # sorting beats hashing here: the stays already stand by case
    key = np.sort(case * n + holder, kind="stable")
    key = key[np.append(True, key[1:] != key[:-1])] if key.size else key
    return key // n, key % n


@njit(cache=True)
def _count_following(starts: Ints, place: Ints, out: Floats) -> None:  # pragma: no cover - compiled
    # of each case a pair counts once, however often the case goes to and fro between them
    last = np.full((out.shape[0], out.shape[1]), -1, dtype=np.int64)
    for c in range(starts.size - 1):
        for i in range(starts[c], starts[c + 1]):
            for j in range(i + 1, starts[c + 1]):
                a, b = place[i], place[j]
                if a >= 0 and b >= 0 and a != b and last[a, b] != c:
                    last[a, b] = c
                    out[a, b] += 1.0


def following_cases(basis: Basis, holders: Ints) -> Floats:
    """Count the cases in which the second works at any time after the first, directly or not."""
    stays = basis.stays
    rows = np.flatnonzero(basis.in_period[stays.case])
    place = np.full(len(basis.holders), -1, dtype=np.int64)
    place[holders] = np.arange(holders.size)
    out = np.zeros((holders.size, holders.size))
    _count_following(_starts(stays.case[rows]), place[stays.unit[rows]], out)
    return out


def _starts(case: Ints) -> Ints:
    """First row of each case, and the number of rows."""
    change = np.flatnonzero(np.append(True, case[1:] != case[:-1])) if case.size else case
    return np.append(change, case.size).astype(np.int64)


@dataclass(frozen=True)
class CasePairs:
    """One row per case and unordered pair of holders that both work on it.

    ``direct`` says whether the case went from one of the two to the other without anybody between.
    """

    case: Ints
    low: Ints
    high: Ints
    direct: Flags


@njit(cache=True)
def _fill_pairs(
    starts: Ints, holder: Ints, row: Ints, low: Ints, high: Ints
) -> None:  # pragma: no cover - compiled
    at = 0
    for c in range(starts.size - 1):
        for i in range(starts[c], starts[c + 1]):
            for j in range(i + 1, starts[c + 1]):
                row[at], low[at], high[at] = i, holder[i], holder[j]
                at += 1


def n_case_pairs(members: tuple[Ints, Ints]) -> int:
    """Count the rows that `case_pairs` would return, without making them."""
    size = np.diff(_starts(members[0]))
    return int((size * (size - 1) // 2).sum())


def case_pairs(basis: Basis, members: tuple[Ints, Ints] | None = None) -> CasePairs:
    """List who works with whom on which case; ``members`` as `members_of` returns them."""
    case, holder = members_of(basis) if members is None else members
    starts = _starts(case)
    n_pairs = n_case_pairs((case, holder))
    row, low, high = (np.empty(n_pairs, dtype=np.int64) for _ in range(3))
    _fill_pairs(starts, holder.astype(np.int64), row, low, high)
    on = case[row] if n_pairs else row
    n = max(len(basis.holders), 1)
    moved = transactions_of(basis)
    smaller = np.minimum(moved.sender, moved.receiver)
    larger = np.maximum(moved.sender, moved.receiver)
    direct = np.isin((on * n + low) * n + high, (moved.case * n + smaller) * n + larger)
    return CasePairs(on, low, high, direct)
