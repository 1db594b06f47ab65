"""Who wrote to whom on which day, inside the company?"""

from dataclasses import dataclass

import duckdb
import numpy as np

from leitweg.engine.arrays import Int64
from leitweg.engine.steps import Step

TRAFFIC = (
    Step(
        "traffic",
        "One row per sender, receiver inside and day: sender, receiver, day, n_messages.",
        """
        SELECT sender, receiver, at_us // 86400000000 AS day, count(*) AS n_messages
        FROM (
            SELECT DISTINCT message, at_us, sender, receiver
            FROM messages
            WHERE sender <> receiver
              AND NOT coalesce(sender_outside, false)
              AND NOT coalesce(receiver_outside, false)
        )
        GROUP BY ALL
        """,
    ),
    Step(
        "kinds",
        "One row per account whose kind is named: person, the latest kind.",
        """
        SELECT person,
               last(kind ORDER BY valid_from_us NULLS FIRST, file_index, file_row) AS kind
        FROM people
        WHERE kind IS NOT NULL
        GROUP BY person
        """,
    ),
    Step(
        "writers",
        "One row per person inside: person, unit (latest), code.",
        """
        SELECT p.person, u.unit, (row_number() OVER (ORDER BY p.person) - 1)::BIGINT AS code
        FROM (
            SELECT sender AS person FROM traffic
            UNION SELECT receiver FROM traffic
            UNION SELECT person FROM people
        ) AS p
        LEFT JOIN latest_units AS u ON u.person = p.person
        LEFT JOIN kinds AS k ON k.person = p.person
        WHERE coalesce(k.kind, 'person') = 'person'
        """,
    ),
    Step(
        "traffic_coded",
        "One row per row of traffic between two people: their codes, day, n_messages.",
        """
        SELECT s.code AS sender, r.code AS receiver, t.day, t.n_messages
        FROM traffic AS t
        JOIN writers AS s ON s.person = t.sender
        JOIN writers AS r ON r.person = t.receiver
        ORDER BY ALL
        """,
    ),
)


@dataclass(frozen=True)
class Traffic:
    """Messages between people, machines and shared mailboxes left out.

    ``unit`` is the latest unit of each person, None where unknown. A row of the arrays is one
    sender, receiver and day (days since the epoch, UTC).
    """

    people: tuple[str, ...]
    unit: tuple[str | None, ...]
    sender: Int64
    receiver: Int64
    day: Int64
    n_messages: Int64


def fetch_traffic(connection: duckdb.DuckDBPyConnection) -> Traffic:
    """Read what the steps ``TRAFFIC`` left."""
    writers = connection.execute("SELECT person, unit FROM writers ORDER BY code").fetchall()
    rows = connection.execute("FROM traffic_coded").fetchnumpy()
    names = ("sender", "receiver", "day", "n_messages")
    columns = {name: np.asarray(rows[name]).astype(np.int64) for name in names}
    return Traffic(tuple(w[0] for w in writers), tuple(w[1] for w in writers), **columns)


NO_TRAFFIC = Traffic((), (), *(np.zeros(0, np.int64),) * 4)
