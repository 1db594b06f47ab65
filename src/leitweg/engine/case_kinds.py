"""The kind of each case (request, complaint, project ...), as the case tables say."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow.compute as pc

from leitweg.domain.tables import CASES
from leitweg.engine.arrays import Int32
from leitweg.engine.duck import connect, show_tables
from leitweg.engine.event_log import EventLog
from leitweg.engine.steps import Step, run_steps

STEPS = (
    Step(
        "kinds_of_cases",
        "One row per case that has a kind: case_id, kind; the first import that names one holds.",
        """
        SELECT case_id,
               any_value(kind ORDER BY file_index, file_row) AS kind
        FROM cases
        WHERE kind IS NOT NULL
        GROUP BY case_id
        ORDER BY case_id
        """,
    ),
)


def kinds_of_cases(
    files: Mapping[str, Sequence[Path]], log: EventLog
) -> tuple[Int32, tuple[str, ...]]:
    """Code of the kind of every case of the log (-1 for none), and the kinds by name."""
    with connect() as connection:
        show_tables(connection, (CASES,), files)
        run_steps(connection, STEPS, {})
        table = connection.sql("FROM kinds_of_cases").to_arrow_table()
    kinds = pc.unique(table["kind"]).sort()
    of_row = pc.index_in(table["kind"].combine_chunks(), kinds)
    row = pc.index_in(log.case_ids, table["case_id"].combine_chunks())
    codes = pc.fill_null(of_row.take(row), -1).to_numpy(zero_copy_only=False)
    return codes.astype(np.int32), tuple(kinds.to_pylist())
