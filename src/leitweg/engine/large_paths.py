"""Which ways through the company are taken most often, of any number of ways."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from leitweg.engine.arrays import Int32, Int64, UInt64
from leitweg.engine.compiled import compiled
from leitweg.engine.large_loops import path_of_case
from leitweg.engine.large_sums import Part

# hashes are counted group by group of equal first bits: a group fits into the fast cache
GROUP_BITS = 10
GROUP_SHIFT = 64 - GROUP_BITS


@dataclass(frozen=True)
class PathCount:
    """One way through the company: holders after repeats are collapsed, and its cases."""

    path: tuple[int, ...]
    n_cases: int


def most_frequent_paths(
    paths: dict[Part, UInt64], load: Callable[[Part], tuple[Int64, Int32]], n_paths: int
) -> tuple[PathCount, ...]:
    """Count equal hashes and read one case of each of the most frequent.

    Parameters
    ----------
    paths
        Per part the hash of the path of each of its cases.
    load
        Reads a part again: case offsets and holders.
    n_paths
        How many; paths of one frequency stand by their hash, which no order of rows changes.
    """
    hashes, counts = frequent_hashes(list(paths.values()), n_paths)
    wanted = dict(zip(hashes.tolist(), counts.tolist(), strict=True))
    examples = _examples(paths, load, set(wanted))
    return tuple(PathCount(examples[value], n_cases) for value, n_cases in wanted.items())


def frequent_hashes(parts: Sequence[UInt64], n_top: int) -> tuple[UInt64, Int64]:
    """Return the most frequent hashes and how often each occurs, most frequent first."""
    places = np.zeros((1 << GROUP_BITS) + 1, np.int64)
    for part in parts:
        count_groups(part, places)
    np.cumsum(places, out=places)
    grouped, ends = np.empty(places[-1], np.uint64), places.copy()
    for part in parts:
        scatter_groups(part, places, grouped)
    top, counts = np.zeros(n_top, np.uint64), np.zeros(n_top, np.int64)
    for first, end in pairwise(ends.tolist()):
        count_equal(grouped[first:end], top, counts)
    return top[counts > 0], counts[counts > 0]


@compiled
def count_groups(hashes: UInt64, places: Int64) -> None:
    """Add how many hashes each group gets, one place after its own."""
    for value in hashes:
        places[np.int64(value >> np.uint64(GROUP_SHIFT)) + 1] += 1


@compiled
def scatter_groups(hashes: UInt64, places: Int64, grouped: UInt64) -> None:
    """Write every hash to the next free place of its group."""
    for value in hashes:
        group = np.int64(value >> np.uint64(GROUP_SHIFT))
        grouped[places[group]] = value
        places[group] += 1


@compiled
def count_equal(hashes: UInt64, top: UInt64, counts: Int64) -> None:
    """Count equal hashes in an open table and let each take its rank among the most frequent."""
    size = 16
    while size < 2 * hashes.size:
        size *= 2
    values, seen = np.empty(size, np.uint64), np.zeros(size, np.int32)
    for value in hashes:
        slot = np.int64(value & np.uint64(size - 1))
        while seen[slot] > 0 and values[slot] != value:
            slot = (slot + 1) & (size - 1)
        values[slot] = value
        seen[slot] += 1
    for place in range(size):
        if seen[place] >= counts[-1] and seen[place] > 0:
            take_rank(values[place], seen[place], top, counts)


@compiled
def take_rank(value: np.uint64, count: int, top: UInt64, counts: Int64) -> None:
    """Insert a hash by (count falling, hash rising); the last one drops out."""
    rank = counts.size
    while rank > 0 and (
        counts[rank - 1] < count or (counts[rank - 1] == count and top[rank - 1] > value)
    ):
        rank -= 1
    if rank == counts.size:
        return
    for place in range(counts.size - 1, rank, -1):
        top[place], counts[place] = top[place - 1], counts[place - 1]
    top[rank], counts[rank] = value, count


def _examples(
    paths: dict[Part, UInt64], load: Callable[[Part], tuple[Int64, Int32]], wanted: set[int]
) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    for part, hashes in paths.items():
        here = np.flatnonzero(np.isin(hashes, np.array(sorted(wanted), np.uint64)))
        values, first = np.unique(hashes[here], return_index=True)
        if values.size:
            offsets, holder = load(part)
            for value, case in zip(values.tolist(), here[first].tolist(), strict=True):
                ends = int(offsets[case]), int(offsets[case + 1])
                found[value] = tuple(path_of_case(holder, *ends).tolist())
        wanted -= set(values.tolist())
        if not wanted:
            break
    return found
