"""Which rows of a table with ids come twice: copies are dropped, contradictions refused."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.errors import SourceError
from leitweg.sources.raw import RawTable

_SHOWN_ROWS = 5


def once(raw: RawTable, keys: Sequence[str], table: pa.Table) -> tuple[pa.Table, tuple[str, ...]]:
    """Return every row once, and a sentence on copies.

    Parameters
    ----------
    raw
        The kept rows of the file, for their numbers.
    keys
        The columns that tell rows apart.
    table
        The canonical rows, in the order of the file.

    Raises
    ------
    SourceError
        duplicate-ids where one key stands for two different rows.
    """
    table, places, repeats = distinct_rows(table)
    _refuse_duplicates(raw, table, list(keys), places)
    return table, copies_note(raw.name, repeats)


def distinct_rows(table: pa.Table) -> tuple[pa.Table, npt.NDArray[np.int64], int]:
    """Return the first of each set of equal rows, their places, and how many were copies."""
    numbered = table.append_column("place", pa.array(np.arange(table.num_rows)))
    firsts = numbered.group_by(table.column_names, use_threads=False).aggregate([("place", "min")])
    places = np.sort(np.asarray(firsts["place_min"]))
    return table.take(pa.array(places)), places, table.num_rows - len(places)


def copies_note(file: str, repeats: int) -> tuple[str, ...]:
    """Return the sentence on rows that were taken once."""
    note = f"{file}: {repeats} rows repeat another row exactly; they were taken once."
    return (note,) if repeats else ()


def _refuse_duplicates(
    raw: RawTable, table: pa.Table, keys: list[str], places: npt.NDArray[np.int64]
) -> None:
    counts = table.group_by(keys, use_threads=False).aggregate([([], "count_all")])
    doubled = counts.filter(pc.greater(counts["count_all"], 1))
    if doubled.num_rows == 0:
        return
    example = doubled[keys[0]][0].as_py()
    found = np.flatnonzero(np.asarray(pc.equal(table[keys[0]], example)))
    numbers = [int(raw.rows[int(places[place])]) for place in found[:_SHOWN_ROWS]]
    listed, count = ", ".join(map(str, numbers)), doubled.num_rows
    if "valid_from_us" not in keys:
        raise SourceError(
            f"{raw.name}: {count} ids stand for different rows, such as '{example}' in rows "
            f"{listed}. Keep one row per id.",
            code="duplicate-ids",
            path=raw.name,
            rows=numbers,
        )
    raise SourceError(
        f"{raw.name}: {count} ids stand for different rows, such as '{example}' in rows "
        f"{listed}. Keep one row per id, or map the begin of validity with "
        "--map valid_from=COLUMN.",
        code="duplicate-ids",
        path=raw.name,
        rows=numbers,
    )
