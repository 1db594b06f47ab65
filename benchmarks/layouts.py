"""The same transactions in three layouts: sorted by case, in order of time, shuffled."""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.invented_cases import YEAR_US, draw_cases

LAYOUTS = ("sorted", "time", "shuffled")
CASES_AT_A_TIME = 100_000
ROWS_PER_GROUP = 1 << 20
BUCKET_ROWS = 2_000_000
KINDS = {"case_id": "i4", "at_us": "i8", "person": "i4", "unit": "i4", "state": "i1"}
RECORD = np.dtype({"names": list(KINDS), "formats": list(KINDS.values())})
SCHEMA = pa.schema([(name, pa.from_numpy_dtype(np.dtype(kind))) for name, kind in KINDS.items()])

Records = npt.NDArray[np.void]


def draw_records(n_rows: int, seed: int) -> Iterator[Records]:
    """Draw rows sorted by case, chunk by chunk, exactly ``n_rows`` of them."""
    gap_us, case, left = YEAR_US / (n_rows / 10), 0, n_rows
    while left:
        rows = draw_cases(seed, case, min(CASES_AT_A_TIME, left), gap_us)
        records: Records = np.empty(min(left, rows.case.size), RECORD)
        columns: tuple[npt.NDArray[Any], ...] = (
            *(rows.case, rows.at_us),
            *(rows.person, rows.unit, rows.state),
        )
        for name, column in zip(KINDS, columns, strict=True):
            records[name] = column[: records.size]
        yield records
        case += CASES_AT_A_TIME
        left -= records.size


def write_parquet(path: Path, chunks: Iterator[Records]) -> None:
    """Write records in row groups of a million."""
    coded = ["person", "unit", "state"]
    with pq.ParquetWriter(path, SCHEMA, use_dictionary=coded) as writer:
        kept = np.empty(0, RECORD)
        for chunk in chunks:
            kept = np.concatenate([kept, chunk])
            while kept.size >= ROWS_PER_GROUP:
                writer.write_table(_table(kept[:ROWS_PER_GROUP]))
                kept = kept[ROWS_PER_GROUP:]
        if kept.size:
            writer.write_table(_table(kept))


def in_order_of(
    chunks: Iterator[Records],
    share_of: Callable[[Records, int], npt.NDArray[np.float64]],
    n_rows: int,
    directory: Path,
) -> Iterator[Records]:
    """Yield the records sorted by a key in [0, 1), through one spill file per stretch of it."""
    n_buckets = max(1, n_rows // BUCKET_ROWS)
    with tempfile.TemporaryDirectory(dir=directory) as spill:
        paths = [Path(spill) / f"{bucket}.bin" for bucket in range(n_buckets)]
        keyed = np.dtype([("key", "f8"), ("record", RECORD)])
        _spill(chunks, share_of, paths, keyed)
        for path in paths:
            rows = np.fromfile(path, keyed)
            path.unlink()
            yield rows["record"][np.argsort(rows["key"], kind="stable")]


def by_time(records: Records, _first_row: int) -> npt.NDArray[np.float64]:
    """Return the place in time: events in the order in which they happened."""
    # cases opened on the last day go on beyond the year
    key: npt.NDArray[np.float64] = records["at_us"] / (YEAR_US * 2.0)
    return key


def by_chance(records: Records, first_row: int) -> npt.NDArray[np.float64]:
    """Return a random place, the same for the same row."""
    return np.random.default_rng(first_row).random(records.size)


def write_layout(path: Path, layout: str, n_rows: int, seed: int = 1) -> None:
    """Write one layout of the log of a seed."""
    chunks = draw_records(n_rows, seed)
    if layout == "time":
        chunks = in_order_of(chunks, by_time, n_rows, path.parent)
    if layout == "shuffled":
        chunks = in_order_of(chunks, by_chance, n_rows, path.parent)
    write_parquet(path, chunks)


def _spill(
    chunks: Iterator[Records],
    share_of: Callable[[Records, int], npt.NDArray[np.float64]],
    paths: list[Path],
    keyed: np.dtype[np.void],
) -> None:
    first_row = 0
    with ExitStack() as stack:
        files = [stack.enter_context(path.open("wb")) for path in paths]
        for chunk in chunks:
            rows = np.empty(chunk.size, keyed)
            rows["key"], rows["record"] = share_of(chunk, first_row), chunk
            first_row += chunk.size
            bucket = np.minimum((rows["key"] * len(paths)).astype(np.int64), len(paths) - 1)
            order = np.argsort(bucket, kind="stable")
            ends = np.searchsorted(bucket[order], np.arange(len(paths) + 1))
            for file, first, end in zip(files, ends[:-1], ends[1:], strict=True):
                rows[order[first:end]].tofile(file)


def _table(records: Records) -> pa.Table:
    columns = [pa.array(np.ascontiguousarray(records[name])) for name in SCHEMA.names]
    return pa.Table.from_arrays(columns, schema=SCHEMA)


def main() -> None:
    """Write one layout from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.layouts")
    parser.add_argument("path", type=Path)
    parser.add_argument("--layout", choices=LAYOUTS, default="sorted")
    parser.add_argument("--rows", type=float, default=1e6)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    write_layout(asked.path, asked.layout, int(asked.rows), asked.seed)


if __name__ == "__main__":
    main()
