"""What is a case called in a file without ids? By the row it stands in, where the user says so."""

from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.errors import SourceError
from leitweg.sources.raw import RawTable

ROW = "#row"
"""What the user maps: ``--map case_id=#row --map order=#row``."""
ID_OF_ROW = "#row of the file"
_NUMBERED = ("case_id", "order")


def with_row_numbers(raw: RawTable, mapping: Mapping[str, str]) -> tuple[RawTable, dict[str, str]]:
    """Give rows the number of their row as a column, where the user maps it.

    As the id of a case it bears the name of the file, so that row 7 of one file is not the case of
    row 7 of another; as an order it is the number alone.

    Raises
    ------
    SourceError
        not-numbered where another column than the id of a case or the order shall be the number.
    """
    wanted = [name for name, column in mapping.items() if column == ROW]
    if not wanted or ROW in raw.columns:
        return raw, dict(mapping)
    for name in wanted:
        if name not in _NUMBERED:
            raise SourceError(
                f"{raw.name}: --map {name}=#row: the number of the row can be the case_id and the "
                "order, nothing else. Map a column of the file.",
                code="not-numbered",
                path=raw.name,
                canonical=name,
            )
    number = pa.array(raw.rows).cast(pa.string())
    ids = pc.binary_join_element_wise(raw.name, number, ":")
    columns = {"case_id": (ID_OF_ROW, ids), "order": (ROW, number)}
    table, mapped = raw.table, dict(mapping)
    for canonical in wanted:
        name, values = columns[canonical]
        table = table.append_column(name, values)
        mapped[canonical] = name
    return replace(raw, table=table), mapped
