"""The ordered events as DuckDB hands them over, numbered by id."""

from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from leitweg.domain.errors import QuestionError
from leitweg.engine.arrays import NOBODY, Flags, Int32, Int64
from leitweg.engine.compiled import compiled

BATCH_ROWS = 1 << 17
EVENT_COLUMNS: dict[str, type[np.generic]] = {
    "case_code": np.int32,
    "at_us": np.int64,
    "started_us": np.int64,
    "person": np.int32,
    "unit": np.int32,
    "state": np.int8,
    "activity": np.int32,
}


@dataclass(frozen=True)
class Clock:
    """What the events of a log tell about time and state."""

    n_events: int
    has_clock: bool
    has_states: bool
    has_started: bool


@dataclass(frozen=True)
class Memberships:
    """Which unit a person belonged to and when, the latest row of each person first."""

    offsets: Int64
    unit: Int32
    from_us: Int64
    to_us: Int64

    def latest_units(self) -> Int32:
        """Return the unit of the latest row of every person, -1 without one."""
        latest = np.full(self.offsets.size - 1, NOBODY, np.int32)
        known = self.offsets[1:] > self.offsets[:-1]
        latest[known] = self.unit[self.offsets[:-1][known]]
        return latest


def fetch_clock(connection: duckdb.DuckDBPyConnection) -> Clock:
    """Read the step ``clock``; QuestionError ``mixed-clock`` if only some events have a time."""
    row = connection.sql("FROM clock").fetchall()[0]
    n_events, n_timed, has_states, has_started = row
    if 0 < n_timed < n_events:
        raise QuestionError(
            f"table 'events': {n_events - n_timed} of {n_events} events have an order but no "
            "time; import logs with and without a clock into workspaces of their own.",
            code="mixed-clock",
            table="events",
            n_events=n_events,
            n_without_time=n_events - n_timed,
        )
    return Clock(n_events, n_timed > 0, has_states, has_started)


def fetch_events(
    connection: duckdb.DuckDBPyConnection, n_events: int
) -> dict[str, npt.NDArray[np.generic]]:
    """Read the step ``events_in_order`` batch by batch into arrays of their final size."""
    columns = {name: np.empty(n_events, kind) for name, kind in EVENT_COLUMNS.items()}
    place = 0
    for batch in connection.sql("FROM events_in_order").to_arrow_reader(BATCH_ROWS):
        end = place + batch.num_rows
        for name, column in columns.items():
            column[place:end] = batch.column(name).to_numpy()
        place = end
    return columns


def fetch_labels(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> pa.Array:
    """Read the labels of a step that numbers them, by number."""
    labels = connection.table(table).order(f"{column}_code").project(column)
    return labels.to_arrow_table()[column].combine_chunks()


def fetch_memberships(connection: duckdb.DuckDBPyConnection, n_persons: int) -> Memberships:
    """Read the step ``memberships``."""
    rows = connection.sql("FROM memberships").to_arrow_table()
    offsets = np.zeros(n_persons + 1, np.int64)
    counts = np.bincount(rows["person_code"].to_numpy(), minlength=n_persons)
    np.cumsum(counts, out=offsets[1:])
    return Memberships(
        offsets,
        rows["unit_code"].to_numpy(),
        rows["valid_from_us"].to_numpy(),
        rows["valid_to_us"].to_numpy(),
    )


def fetch_machines(connection: duckdb.DuckDBPyConnection, n_persons: int) -> Flags:
    """Read the step ``machines`` as one flag per person."""
    machine = np.zeros(n_persons, np.bool_)
    machine[connection.sql("FROM machines").to_arrow_table()["person_code"].to_numpy()] = True
    return machine


def fill_units(
    unit: Int32, person: Int32, at_us: Int64, members: Memberships, *, has_clock: bool
) -> None:
    """Give events that name no unit the one their person belonged to at the time."""
    _fill_units(
        unit, person, at_us, has_clock, members.offsets, members.unit, members.from_us,
        members.to_us,
    )  # fmt: skip


@compiled
def _fill_units(
    unit: Int32,
    person: Int32,
    at_us: Int64,
    has_clock: bool,
    offsets: Int64,
    member_unit: Int32,
    from_us: Int64,
    to_us: Int64,
) -> None:
    for event in range(unit.size):
        if unit[event] >= 0 or person[event] < 0:
            continue
        for row in range(offsets[person[event]], offsets[person[event] + 1]):
            # without a clock nobody can say which row held: the latest does
            if not has_clock or from_us[row] <= at_us[event] < to_us[row]:
                unit[event] = member_unit[row]
                break
