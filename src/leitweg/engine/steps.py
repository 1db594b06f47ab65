"""Named SQL steps: an analysis is a list of tables, each with the sentence what a row is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb


@dataclass(frozen=True)
class Step:
    """One table made by one SELECT.

    Parameters
    ----------
    name
        What one row is, in the plural of the table: later steps read it under this name.
    row
        The sentence: "One row per unit: unit, n_cases."
    sql
        A SELECT; values stand in it as ``$name`` and are bound, never formatted in.
    """

    name: str
    row: str
    sql: str


def run_steps(
    connection: duckdb.DuckDBPyConnection,
    steps: Sequence[Step],
    parameters: Mapping[str, object] | None = None,
) -> None:
    """Make the table of every step in turn; each may read those before it.

    Parameters
    ----------
    connection
        Holds what the first step reads; afterwards it also holds one table per step.
    steps
        In the order of the work.
    parameters
        Values for all steps together; each step is given those it names.

    Examples
    --------
    >>> from leitweg.engine.duck import connect
    >>> half = Step("halves", "One row: half.", "SELECT $whole // 2 AS half")
    >>> with connect() as connection:
    ...     run_steps(connection, [half], {"whole": 84, "unused": 1})
    ...     connection.sql("FROM halves").fetchall()
    [(42,)]
    """
    values = parameters or {}
    for step in steps:
        statement = f"CREATE OR REPLACE TEMP TABLE {step.name} AS {step.sql}"
        names = duckdb.extract_statements(statement)[0].named_parameters
        connection.execute(statement, {name: values[name] for name in names})
