"""Which pieces of cases do earlier answers and this one tell apart?

A case that was the same in all answers is one piece. Of one that has grown since an earlier answer,
what it was then is a piece, and what was added is another: subtracted, the answers tell of what was
added, not of the case. Method: docs/methods/earlier-answers.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leitweg.domain.traces import Traces

Ints = NDArray[np.signedinteger[Any]]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.uint64]
EVER, NEVER = np.iinfo(np.int64).max, np.iinfo(np.int64).min


@dataclass(frozen=True)
class Told:
    """An earlier answer: its cases, what they held, and until when the log then went.

    ``ids`` and ``content`` are 64-bit numbers, ids ascending. ``units`` and ``links`` stayed
    inside.
    """

    ids: Numbers
    content: Numbers
    until_us: int
    units: frozenset[str] = frozenset()
    links: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Pieces:
    """Pieces of cases: which answers hold each, who stands behind it.

    ``members`` has a row for each earlier answer and one, the last, for this question.
    ``worked`` and ``handed`` are those of the traces with ``piece`` beside ``case``. Behind an
    ``unknown`` piece somebody stands of whom the log says nothing any more.
    """

    members: Flags
    worked: Mapping[str, Ints]
    handed: Mapping[str, Ints]
    unknown: Flags


@dataclass(frozen=True)
class _Piece:
    """What a case is between two times: after the first, until the second."""

    case: int
    after_us: int
    until_us: int
    members: tuple[bool, ...]


def pieces_of(traces: Traces, ids: Numbers, scope: Flags, earlier: Sequence[Told]) -> Pieces:
    """Cut the cases into pieces.

    Parameters
    ----------
    traces
        Who worked where on which case.
    ids
        The number of each case.
    scope
        Whether each case stands behind this question.
    earlier
        The earlier answers, the oldest first.
    """
    members, versions = _members(ids, scope, earlier)
    changed = np.flatnonzero((members[:-1] & (versions != traces.content)).any(axis=0))
    later = [p for c in changed.tolist() for p in _parts(c, members, versions, traces, earlier)]
    gone = _gone(ids, earlier)
    base_until = np.full(traces.n_cases, EVER)
    for c in changed.tolist():
        base_until[c] = _first_version(c, members, versions, earlier)
    worked = _cut(traces.worked, ("first_us", "last_us"), base_until, later)
    handed = _cut(traces.handed, ("at_us", "at_us"), base_until, later)
    parts = np.array([p.members for p in later], dtype=bool).reshape(len(later), len(members))
    unknown = np.zeros(traces.n_cases + len(later) + gone.shape[1], dtype=bool)
    unknown[traces.n_cases :] = True
    # that somebody worked on it later is known of a case to which events were added
    unknown[worked["piece"]] = False
    return Pieces(np.hstack([members, parts.T, gone]), worked, handed, unknown)


def _members(ids: Numbers, scope: Flags, earlier: Sequence[Told]) -> tuple[Flags, Numbers]:
    """Return which answers hold each case of today, and what it held then."""
    order = np.argsort(ids)
    members = np.zeros((len(earlier) + 1, ids.size), dtype=bool)
    versions = np.zeros((len(earlier), ids.size), np.uint64)
    for i, told in enumerate(earlier):
        known = np.isin(told.ids, ids)
        case = order[np.searchsorted(ids, told.ids[known], sorter=order)]
        members[i, case] = True
        versions[i, case] = told.content[known]
    members[-1] = scope
    return members, versions


def _first_version(case: int, members: Flags, versions: Numbers, earlier: Sequence[Told]) -> int:
    return _versions(case, members, versions, earlier)[0][1]


def _versions(
    case: int, members: Flags, versions: Numbers, earlier: Sequence[Told]
) -> list[tuple[int, int, list[int]]]:
    """Return what a case held, one after another: the content, until when, in which answers."""
    found: list[tuple[int, int, list[int]]] = []
    for i in np.flatnonzero(members[:-1, case]).tolist():
        content, until = int(versions[i, case]), earlier[i].until_us
        if found and found[-1][0] == content:
            found[-1] = content, max(until, found[-1][1]), [*found[-1][2], i]
        else:
            found.append((content, until, [i]))
    return found


def _parts(
    case: int, members: Flags, versions: Numbers, traces: Traces, earlier: Sequence[Told]
) -> list[_Piece]:
    """Return what was added to a case from version to version, up to today."""
    held = _versions(case, members, versions, earlier)
    if held[-1][0] != int(traces.content[case]):
        held.append((int(traces.content[case]), EVER, []))
    parts = []
    for i in range(1, len(held)):
        inside = [j for version in held[i:] for j in version[2]]
        row = [j in inside for j in range(len(earlier))]
        parts.append(_Piece(case, held[i - 1][1], held[i][1], (*row, bool(members[-1, case]))))
    return parts


def _cut(
    table: Mapping[str, Ints], times: tuple[str, str], base_until: Ints, later: Sequence[_Piece]
) -> Mapping[str, Ints]:
    """Give each row the pieces in whose time it lies; a row may lie in several."""
    first, last = table[times[0]], table[times[1]]
    n_cases = base_until.size
    kept = np.flatnonzero(first <= base_until[table["case"]])
    rows, piece = [kept], [table["case"][kept]]
    if later:
        order = np.argsort(table["case"], kind="stable")
        starts = np.searchsorted(table["case"][order], [p.case for p in later])
        ends = np.searchsorted(table["case"][order], [p.case for p in later], side="right")
        for i, (part, start, end) in enumerate(zip(later, starts, ends, strict=True)):
            mine = order[start:end]
            mine = mine[(last[mine] > part.after_us) & (first[mine] <= part.until_us)]
            rows.append(mine)
            piece.append(np.full(mine.size, n_cases + i))
    index = np.concatenate(rows)
    return {n: column[index] for n, column in table.items()} | {"piece": np.concatenate(piece)}


def _gone(ids: Numbers, earlier: Sequence[Told]) -> Flags:
    """Return which answers hold cases that are gone: one column for each choice of answers."""
    gone = [told.ids[~np.isin(told.ids, ids)] for told in earlier]
    every = np.unique(np.concatenate(gone)) if gone else np.zeros(0, np.uint64)
    members = np.array([np.isin(every, g) for g in gone], dtype=bool).reshape(len(gone), every.size)
    kinds = np.unique(members, axis=1)
    return np.vstack([kinds, np.zeros((1, kinds.shape[1]), dtype=bool)])
