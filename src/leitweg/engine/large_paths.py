"""Which ways through the company are taken most often, of any number of ways."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from leitweg.engine.arrays import Int32, Int64, UInt64
from leitweg.engine.large_loops import path_of_case
from leitweg.engine.large_sums import Part


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
    hashes = np.concatenate([*paths.values(), np.empty(0, np.uint64)])
    hashes.sort()
    starts = np.flatnonzero(np.append(True, hashes[1:] != hashes[:-1])[: hashes.size])
    sizes = np.diff(np.append(starts, hashes.size))
    # enough of the largest, with all that tie with the smallest of them
    least = np.partition(sizes, -n_paths)[-n_paths] if sizes.size > n_paths else 0
    large = np.flatnonzero(sizes >= least)
    order = large[np.lexsort((hashes[starts[large]], -sizes[large]))][:n_paths]
    wanted = {int(hashes[starts[k]]): int(sizes[k]) for k in order}
    examples = _examples(paths, load, set(wanted))
    return tuple(PathCount(examples[value], n_cases) for value, n_cases in wanted.items())


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
