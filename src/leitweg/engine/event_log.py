"""The event log as dense arrays, in an order that ids and rows have no say in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from leitweg.domain.states import State
from leitweg.domain.tables import CASES, EVENTS, PEOPLE
from leitweg.engine.arrays import MISSING, Flags, Int8, Int32, Int64
from leitweg.engine.canonical_order import (
    codes_by_first_appearance,
    count_ties,
    events_in_new_order,
    order_of_cases,
    recoded,
)
from leitweg.engine.duck import connect, show_tables
from leitweg.engine.event_log_steps import STEPS
from leitweg.engine.fetched_log import (
    Clock,
    fetch_clock,
    fetch_events,
    fetch_labels,
    fetch_machines,
    fetch_memberships,
    fill_units,
)
from leitweg.engine.steps import run_steps

FOREVER = 2**63 - 1
CASE_LABELS = {
    "topic": "topics",
    "priority": "priorities",
    "channel": "channels",
    "customer": "customers",
}

Labels = tuple[str, ...]


@dataclass(frozen=True)
class EventLog:
    """All cases that have events, one after another, the events of each in order.

    Times are microseconds UTC, ``MISSING`` where unknown. In a log without a clock
    (``has_clock`` false) ``at_us`` is the place in the order of the case and no time. Codes are
    positions in the tuple of labels beside them, -1 for none.

    Attributes
    ----------
    case_ids
        Id of every case. Cases stand by (first time, last time, number of events, shape), so
        that neither ids nor the order of rows decide (docs/methods/case-kernel.md).
    offsets
        Events of case ``c`` are ``offsets[c]`` to ``offsets[c + 1]``; every case has one or more.
    at_us, started_us, person, unit, state, activity
        Per event. A unit that the event does not name is the one its person belonged to then.
    machine, person_unit
        Per person: is it a machine account; the latest unit of the people table.
    opened_us, closed_us, topic, priority, channel, customer
        Per case, as the case tables say.
    has_queue
        The log tells when a case lies in a queue: a state then lasts until the next event.
    n_tied_events
        Events that share case and time with another: the order in the file decides there.
    """

    case_ids: pa.Array
    offsets: Int64
    at_us: Int64
    started_us: Int64
    person: Int32
    unit: Int32
    state: Int8
    activity: Int32
    persons: Labels
    units: Labels
    activities: Labels
    machine: Flags
    person_unit: Int32
    opened_us: Int64
    closed_us: Int64
    topic: Int32
    priority: Int32
    channel: Int32
    customer: Int32
    topics: Labels
    priorities: Labels
    channels: Labels
    customers: Labels
    has_clock: bool
    has_states: bool
    has_queue: bool
    has_started: bool
    n_tied_events: int

    @property
    def n_cases(self) -> int:
        """Number of cases that have events."""
        return self.offsets.size - 1

    @property
    def n_events(self) -> int:
        """Number of events."""
        return self.at_us.size


def load_event_log(
    files: Mapping[str, Sequence[Path]],
    *,
    memory_limit: str = "1GB",
    threads: int | None = None,
) -> EventLog:
    """Load the canonical tables as one event log.

    Parameters
    ----------
    files
        Canonical table (``events``, ``cases``, ``people``) to its Parquet files in the order of
        the imports. A table may be absent or without files; other tables are not read.
    memory_limit, threads
        Bounds for the database that joins and sorts.

    Returns
    -------
    EventLog
        The same whatever the ids, the order of the rows and the number of imports, as far as no
        two events of a case share a time (``n_tied_events`` says how many do).

    Raises
    ------
    QuestionError
        ``mixed-clock`` where some events have a time and others have an order only.
    """
    with connect(memory_limit=memory_limit, threads=threads) as connection:
        show_tables(connection, (EVENTS, CASES, PEOPLE), files)
        run_steps(connection, STEPS, {"missing": MISSING, "forever": FOREVER})
        return log_of(connection)


def log_of(connection: duckdb.DuckDBPyConnection) -> EventLog:
    """Return the log that the tables of `event_log_steps.STEPS` hold."""
    clock = fetch_clock(connection)
    events: dict[str, Any] = fetch_events(connection, clock.n_events)
    cases = connection.sql("FROM cases_in_order").to_arrow_table().combine_chunks()
    offsets = np.zeros(cases.num_rows + 1, np.int64)
    np.cumsum(np.bincount(events.pop("case_code"), minlength=cases.num_rows), out=offsets[1:])
    people = _people(connection, events, has_clock=clock.has_clock)
    units = fetch_labels(connection, "units_numbered", "unit")
    activities = fetch_labels(connection, "activities_numbered", "activity")
    n_codes = {"person": len(people["persons"]), "unit": len(units), "activity": len(activities)}
    offsets, cases = _put_in_order(offsets, events, cases, n_codes, clock)
    return EventLog(
        offsets=offsets,
        **_events_by_appearance(events, people, units, activities),
        **_cases_by_appearance(cases),
        has_clock=clock.has_clock,
        has_states=clock.has_states,
        has_queue=bool((events["state"] == State.QUEUED).any()),
        has_started=clock.has_started,
        n_tied_events=count_ties(offsets, events["at_us"]),
    )


def _people(
    connection: duckdb.DuckDBPyConnection, events: dict[str, Any], *, has_clock: bool
) -> dict[str, Any]:
    persons = fetch_labels(connection, "persons_numbered", "person")
    members = fetch_memberships(connection, len(persons))
    fill_units(events["unit"], events["person"], events["at_us"], members, has_clock=has_clock)
    return {
        "persons": persons,
        "machine": fetch_machines(connection, len(persons)),
        "person_unit": members.latest_units(),
    }


def _put_in_order(
    offsets: Int64,
    events: dict[str, Any],
    cases: pa.Table,
    n_codes: Mapping[str, int],
    clock: Clock,
) -> tuple[Int64, pa.Table]:
    coded = [_coded(cases[name]) for name in CASE_LABELS]
    order = order_of_cases(
        offsets,
        events["at_us"],
        events["started_us"],
        (cases["opened_us"].to_numpy(), cases["closed_us"].to_numpy()),
        events["state"],
        tuple((events[name], n) for name, n in n_codes.items()),
        tuple((codes, len(labels)) for codes, labels in coded),
        has_clock=clock.has_clock,
    )
    offsets, index = events_in_new_order(offsets, order)
    for name, column in events.items():
        events[name] = column[index]
    return offsets, cases.take(pa.array(order))


def _events_by_appearance(
    events: dict[str, Any], people: dict[str, Any], units: pa.Array, activities: pa.Array
) -> dict[str, Any]:
    person, persons, person_order = _by_appearance(events["person"], people["persons"])
    # a unit that has people but no event comes after those that have events
    in_units = np.append(events["unit"], people["person_unit"][person_order])
    unit, unit_names, _ = _by_appearance(in_units, units)
    activity, activity_names, _ = _by_appearance(events["activity"], activities)
    return {
        "at_us": events["at_us"],
        "started_us": events["started_us"],
        "state": events["state"],
        "person": person,
        "persons": persons,
        "machine": people["machine"][person_order],
        "unit": unit[: person.size],
        "person_unit": unit[person.size :],
        "units": unit_names,
        "activity": activity,
        "activities": activity_names,
    }


def _cases_by_appearance(cases: pa.Table) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "case_ids": cases["case_id"].combine_chunks(),
        "opened_us": cases["opened_us"].to_numpy(),
        "closed_us": cases["closed_us"].to_numpy(),
    }
    for name, plural in CASE_LABELS.items():
        columns[name], columns[plural], _ = _by_appearance(*_coded(cases[name]))
    return columns


def _coded(column: pa.ChunkedArray) -> tuple[Int32, pa.Array]:
    encoded = column.combine_chunks().dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return codes.astype(np.int32), encoded.dictionary


def _by_appearance(codes: Int32, labels: pa.Array) -> tuple[Int32, Labels, Int32]:
    new_code, old_code = codes_by_first_appearance(codes, len(labels))
    names: list[str] = labels.take(pa.array(old_code)).to_pylist()
    return recoded(codes, new_code), tuple(names), old_code
