"""How do messages read as an event log? Threads as cases; without threads, answers.

Cases are threads where at least half of the messages have one. Otherwise nothing is claimed
about cases: a row of the log is then one answer, from the first unanswered message of one person to
another until the other writes back (docs/methods/mail.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from leitweg.domain.tables import MESSAGES, PEOPLE
from leitweg.engine.arrays import MISSING
from leitweg.engine.communities import communities_of
from leitweg.engine.duck import connect, show_tables
from leitweg.engine.event_log import FOREVER, EventLog, log_of
from leitweg.engine.event_log_steps import STEPS
from leitweg.engine.message_steps import COUNTS, FLOWS, MEMBERS, PAIRS, REPLIES, THREADS
from leitweg.engine.message_traffic import NO_TRAFFIC, TRAFFIC, Traffic, fetch_traffic
from leitweg.engine.steps import run_steps

# an answer later than this is a new conversation
PATIENCE_US = 14 * 24 * 3_600_000_000


@dataclass(frozen=True)
class MessageLog:
    """Messages as an event log.

    ``threaded``: cases are threads; otherwise each is one answer. ``units_from`` says where units
    come from: ``people`` (the table names them), ``managers`` (direct reports of one manager),
    ``communities`` (who writes to whom) or ``nothing``. ``flows`` holds (from unit, to unit,
    number of messages); None is the customer's side: accounts outside, or named as front.
    ``n_unthreaded``: messages without a thread; where cases are threads, these are in no case.
    ``traffic``: who wrote to whom inside.
    """

    log: EventLog
    n_messages: int
    threaded: bool
    units_from: str
    flows: tuple[tuple[str | None, str | None, int], ...] = ()
    n_unthreaded: int = 0
    traffic: Traffic = NO_TRAFFIC


def count_messages(files: Mapping[str, Sequence[Path]]) -> int:
    """Return the number of distinct messages."""
    with connect() as connection:
        show_tables(connection, (MESSAGES,), files)
        run_steps(connection, COUNTS)
        return int(_one(connection, "SELECT n_messages FROM message_counts"))


def load_message_log(
    files: Mapping[str, Sequence[Path]], *, front: Sequence[str] = (), seed: int = 0
) -> MessageLog:
    """Load messages and people as one event log.

    Parameters
    ----------
    files
        Canonical table (``messages``, ``people``) to its Parquet files in the order of imports.
    front
        Accounts and units that speak with customers, beside all accounts outside.
    seed
        For the communities, where nothing else tells units.
    """
    with connect() as connection:
        show_tables(connection, (MESSAGES, PEOPLE), files)
        run_steps(connection, COUNTS)
        n_messages = int(_one(connection, "SELECT n_messages FROM message_counts"))
        n_threaded = int(_one(connection, "SELECT n_threaded FROM message_counts"))
        # a few threads among many messages would drop all the others
        threaded = 0 < n_messages <= 2 * n_threaded
        units_from = _units(connection, seed)
        steps = (*(THREADS if threaded else REPLIES), *STEPS)
        run_steps(
            connection,
            steps,
            {"missing": MISSING, "forever": FOREVER, "patience": PATIENCE_US},
        )
        run_steps(connection, FLOWS, {"front": list(front) or [""]})
        flows = tuple(connection.execute("FROM flows").fetchall())
        run_steps(connection, TRAFFIC)
        return MessageLog(
            log_of(connection),
            n_messages,
            threaded,
            units_from,
            flows,
            n_messages - n_threaded,
            fetch_traffic(connection),
        )


def _one(connection: duckdb.DuckDBPyConnection, question: str) -> int:
    row = connection.execute(question).fetchone()
    return row[0] if row else 0


def _units(connection: duckdb.DuckDBPyConnection, seed: int) -> str:
    """Put a table `people` in place whose units are known or derived, and say from what."""
    named = _one(connection, "SELECT count(unit) FROM people")
    managed = _one(connection, "SELECT count(manager) FROM people")
    run_steps(connection, MEMBERS, {"derive": not named})
    if not named and not managed:
        _add_communities(connection, seed)
    connection.execute("CREATE OR REPLACE TEMP TABLE people AS FROM members")
    if named:
        return "people"
    if managed:
        return "managers"
    return "communities" if _one(connection, "SELECT count(unit) FROM people") else "nothing"


def _add_communities(connection: duckdb.DuckDBPyConnection, seed: int) -> None:
    run_steps(connection, (PAIRS,))
    pairs = connection.sql("FROM pairs").to_arrow_table()
    members = communities_of(
        pairs.column("one").to_pylist(),
        pairs.column("other").to_pylist(),
        pairs.column("n_messages").to_pylist(),
        seed=seed,
    )
    names = pa.table(
        {
            "person": pa.array(list(members), pa.string()),
            "unit": pa.array([f"Group {c}" for c in members.values()], pa.string()),
        }
    )
    connection.register("communities", names)
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE members AS
        SELECT * FROM (
            SELECT m.* REPLACE (c.unit AS unit)
            FROM members AS m
            LEFT JOIN communities AS c ON c.person = m.person
        )
        UNION ALL BY NAME
        SELECT c.person, c.unit, 0 AS file_index, 0 AS file_row
        FROM communities AS c
        WHERE c.person NOT IN (SELECT person FROM members)
        """
    )
