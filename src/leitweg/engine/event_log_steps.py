"""The named steps that turn canonical tables into one ordered stream of events."""

from leitweg.engine.steps import Step

# ids are sorted here only to number them; canonical_order.py replaces these numbers
STEPS = (
    Step(
        "clock",
        "One row: n_events, n_timed, has_states, has_started.",
        """
        SELECT count(*) AS n_events,
               count(at_us) AS n_timed,
               coalesce(bool_or(state > 0), false) AS has_states,
               count(started_us) > 0 AS has_started
        FROM events
        """,
    ),
    Step(
        "cases_numbered",
        "One row per case with events: case_id, case_code.",
        """
        SELECT case_id,
               (row_number() OVER (ORDER BY case_id) - 1)::INTEGER AS case_code
        FROM (SELECT DISTINCT case_id FROM events)
        """,
    ),
    Step(
        "cases_merged",
        "One row per case of all imports: per column the first value that is not null.",
        """
        SELECT case_id,
               any_value(opened_us ORDER BY file_index, file_row) AS opened_us,
               any_value(closed_us ORDER BY file_index, file_row) AS closed_us,
               any_value(topic ORDER BY file_index, file_row) AS topic,
               any_value(priority ORDER BY file_index, file_row) AS priority,
               any_value(channel ORDER BY file_index, file_row) AS channel,
               any_value(customer ORDER BY file_index, file_row) AS customer
        FROM cases
        GROUP BY case_id
        """,
    ),
    Step(
        "cases_in_order",
        "One row per case with events: what the case tables say of it, by case_code.",
        """
        SELECT n.case_id,
               coalesce(c.opened_us, $missing) AS opened_us,
               coalesce(c.closed_us, $missing) AS closed_us,
               c.topic,
               c.priority,
               c.channel,
               c.customer
        FROM cases_numbered AS n
        LEFT JOIN cases_merged AS c ON c.case_id = n.case_id
        ORDER BY n.case_code
        """,
    ),
    Step(
        "persons_numbered",
        "One row per person with events: person, person_code.",
        """
        SELECT person,
               (row_number() OVER (ORDER BY person) - 1)::INTEGER AS person_code
        FROM (SELECT DISTINCT person FROM events WHERE person IS NOT NULL)
        """,
    ),
    Step(
        "units_numbered",
        "One row per unit named by an event or by the row of a person: unit, unit_code.",
        """
        SELECT unit,
               (row_number() OVER (ORDER BY unit) - 1)::INTEGER AS unit_code
        FROM (
            SELECT unit FROM events WHERE unit IS NOT NULL
            UNION
            SELECT unit FROM people WHERE unit IS NOT NULL
        )
        """,
    ),
    Step(
        "activities_numbered",
        "One row per activity: activity, activity_code.",
        """
        SELECT activity,
               (row_number() OVER (ORDER BY activity) - 1)::INTEGER AS activity_code
        FROM (SELECT DISTINCT activity FROM events WHERE activity IS NOT NULL)
        """,
    ),
    Step(
        "memberships",
        "One row per row of a person with events, the latest first: person_code, unit_code, times.",
        """
        SELECT n.person_code,
               u.unit_code,
               coalesce(p.valid_from_us, $missing) AS valid_from_us,
               coalesce(p.valid_to_us, $forever) AS valid_to_us
        FROM people AS p
        JOIN persons_numbered AS n ON n.person = p.person
        JOIN units_numbered AS u ON u.unit = p.unit
        ORDER BY n.person_code,
                 p.valid_from_us DESC NULLS LAST,
                 p.file_index DESC,
                 p.file_row DESC
        """,
    ),
    Step(
        "machines",
        "One row per machine account with events: person_code. The latest word on its kind holds.",
        """
        SELECT n.person_code
        FROM people AS p
        JOIN persons_numbered AS n ON n.person = p.person
        WHERE p.kind IS NOT NULL
        GROUP BY n.person_code
        HAVING last(p.kind ORDER BY p.valid_from_us ASC NULLS FIRST, p.file_index, p.file_row)
               = 'system'
        """,
    ),
    Step(
        "events_in_order",
        "One row per event: codes, times and state, by (case_code, time, file, order in it).",
        """
        SELECT c.case_code,
               coalesce(e.at_us, e.seq) AS at_us,
               coalesce(e.started_us, $missing) AS started_us,
               coalesce(p.person_code, -1) AS person,
               coalesce(u.unit_code, -1) AS unit,
               coalesce(e.state, 0)::TINYINT AS state,
               coalesce(a.activity_code, -1) AS activity
        FROM events AS e
        JOIN cases_numbered AS c ON c.case_id = e.case_id
        LEFT JOIN persons_numbered AS p ON p.person = e.person
        LEFT JOIN units_numbered AS u ON u.unit = e.unit
        LEFT JOIN activities_numbered AS a ON a.activity = e.activity
        ORDER BY c.case_code,
                 coalesce(e.at_us, e.seq),
                 e.file_index,
                 e.seq,
                 e.file_row
        """,
    ),
)
