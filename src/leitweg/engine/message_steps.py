"""The named steps that turn messages into cases: threads where they are known, else replies."""

from leitweg.engine.steps import Step

COUNTS = (
    Step(
        "message_counts",
        "One row: n_messages, n_threaded (messages with a thread), n_receipts.",
        """
        SELECT count(DISTINCT message) AS n_messages,
               count(DISTINCT message) FILTER (thread IS NOT NULL) AS n_threaded,
               count(*) AS n_receipts
        FROM messages
        """,
    ),
)

MEMBERS = (
    Step(
        "members",
        "One row per row of the people table: as it is, the unit from the manager where none is.",
        """
        SELECT * REPLACE (
            CASE WHEN $derive AND unit IS NULL AND manager IS NOT NULL
                 THEN 'Team ' || manager
                 ELSE unit
            END AS unit)
        FROM people
        """,
    ),
)

THREADS = (
    Step(
        "cases",
        "One row per thread: it opens with its first message, whoever sent it.",
        """
        SELECT thread AS case_id,
               min(at_us) AS opened_us,
               NULL::BIGINT AS closed_us,
               NULL::VARCHAR AS topic,
               NULL::VARCHAR AS priority,
               NULL::VARCHAR AS channel,
               NULL::VARCHAR AS customer,
               min(file_index) AS file_index,
               min(file_row) AS file_row
        FROM messages
        WHERE thread IS NOT NULL
        GROUP BY thread
        """,
    ),
    Step(
        "events",
        "One row per message of a thread from inside the company: the sender did something.",
        """
        SELECT thread AS case_id,
               min(at_us) AS at_us,
               NULL::BIGINT AS started_us,
               sender AS person,
               NULL::VARCHAR AS unit,
               NULL::VARCHAR AS activity,
               NULL::TINYINT AS state,
               min(file_index) AS file_index,
               min(file_row) AS seq,
               min(file_row) AS file_row
        FROM messages
        WHERE thread IS NOT NULL AND NOT coalesce(sender_outside, false)
        GROUP BY thread, message, sender
        """,
    ),
)

REPLIES = (
    Step(
        "runs",
        "One row per first message of a run of messages in one direction between two people.",
        """
        SELECT *
        FROM (
            SELECT message, at_us, sender, receiver,
                   least(sender, receiver) AS one,
                   greatest(sender, receiver) AS other,
                   lag(sender) OVER (
                       PARTITION BY least(sender, receiver), greatest(sender, receiver)
                       ORDER BY at_us, sender, message
                   ) AS sender_before
            FROM (
                SELECT DISTINCT message, at_us, sender, receiver
                FROM messages
                WHERE sender <> receiver
                  AND NOT coalesce(sender_outside, false)
                  AND NOT coalesce(receiver_outside, false)
            )
        )
        WHERE sender_before IS DISTINCT FROM sender
        """,
    ),
    Step(
        "replies",
        "One row per answer: the message first waited on, who sent it, who answered, when.",
        """
        SELECT *
        FROM (
            SELECT message || '>' || receiver AS case_id,
                   at_us AS sent_us, sender, receiver,
                   lead(at_us) OVER (PARTITION BY one, other ORDER BY at_us, sender) AS answered_us
            FROM runs
        )
        WHERE answered_us IS NOT NULL AND answered_us - sent_us <= $patience
        """,
    ),
    Step(
        "cases",
        "One row per answer.",
        """
        SELECT case_id,
               sent_us AS opened_us,
               answered_us AS closed_us,
               NULL::VARCHAR AS topic,
               NULL::VARCHAR AS priority,
               NULL::VARCHAR AS channel,
               NULL::VARCHAR AS customer,
               0 AS file_index,
               0 AS file_row
        FROM replies
        """,
    ),
    Step(
        "events",
        "Two rows per answer: the message that waited, and its answer.",
        """
        SELECT case_id, sent_us AS at_us, NULL::BIGINT AS started_us, sender AS person,
               NULL::VARCHAR AS unit, NULL::VARCHAR AS activity, NULL::TINYINT AS state,
               0 AS file_index, 0 AS seq, 0 AS file_row
        FROM replies
        UNION ALL
        SELECT case_id, answered_us, NULL, receiver, NULL, NULL, NULL, 0, 1, 1
        FROM replies
        """,
    ),
)

FLOWS = (
    Step(
        "latest_units",
        "One row per person with a unit: person, the unit of its latest row that names one.",
        """
        SELECT person,
               last(unit ORDER BY valid_from_us NULLS FIRST, file_index, file_row) AS unit
        FROM people
        WHERE unit IS NOT NULL
        GROUP BY person
        """,
    ),
    Step(
        "sides",
        "One row per message and receiver: the unit on each side, NULL for the customer's side.",
        """
        SELECT CASE WHEN coalesce(m.sender_outside, false)
                      OR list_contains($front, m.sender)
                      OR list_contains($front, s.unit) THEN NULL
                    ELSE s.unit END AS from_unit,
               CASE WHEN coalesce(m.receiver_outside, false)
                      OR list_contains($front, m.receiver)
                      OR list_contains($front, r.unit) THEN NULL
                    ELSE r.unit END AS to_unit,
               coalesce(m.sender_outside, false) OR list_contains($front, m.sender)
                 OR coalesce(list_contains($front, s.unit), false) AS from_customer,
               coalesce(m.receiver_outside, false) OR list_contains($front, m.receiver)
                 OR coalesce(list_contains($front, r.unit), false) AS to_customer
        FROM (SELECT DISTINCT message, sender, receiver, sender_outside, receiver_outside
              FROM messages) AS m
        LEFT JOIN latest_units AS s ON s.person = m.sender
        LEFT JOIN latest_units AS r ON r.person = m.receiver
        """,
    ),
    Step(
        "flows",
        "One row per pair of sides: from_unit, to_unit (NULL: the customer), n_messages.",
        """
        SELECT from_unit, to_unit, count(*) AS n_messages
        FROM sides
        WHERE (from_unit IS NOT NULL OR from_customer)
          AND (to_unit IS NOT NULL OR to_customer)
          AND (from_unit IS NOT NULL OR to_unit IS NOT NULL)
        GROUP BY ALL
        ORDER BY ALL
        """,
    ),
)

PAIRS = Step(
    "pairs",
    "One row per two people inside who wrote to each other: one, other, n_messages.",
    """
    SELECT least(sender, receiver) AS one,
           greatest(sender, receiver) AS other,
           count(*) AS n_messages
    FROM messages
    WHERE sender <> receiver
      AND NOT coalesce(sender_outside, false)
      AND NOT coalesce(receiver_outside, false)
    GROUP BY ALL
    ORDER BY ALL
    """,
)
