"""Which unit did a person belong to at a time, and of which kind is an account?

The rules are those of the event log (`engine/event_log_steps.py`): the latest row that holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Ints = NDArray[np.int64]
_FIRST, _LAST = -(2**63), 2**63 - 1


@dataclass(frozen=True)
class Seat:
    """One row of the table of people, as far as it tells where its person stood."""

    unit: str | None
    manager: str | None
    from_us: int
    to_us: int


@dataclass(frozen=True)
class Memberships:
    """Seats of every person, the latest first, and the latest kind of each account."""

    seats: dict[str, list[Seat]]
    kinds: dict[str, str]
    names_units: bool

    def is_machine(self, person: str) -> bool:
        """Say whether an account is a machine, and so nobody's."""
        return self.kinds.get(person) == "system"

    def unit(self, person: str, at_us: int | None) -> str | None:
        """Return the unit of a person at a time; without a clock the latest."""
        for seat in self.seats.get(person, ()):
            if seat.unit is not None and (at_us is None or seat.from_us <= at_us < seat.to_us):
                return seat.unit
        return None

    def latest(self, person: str) -> tuple[str | None, str | None]:
        """Return the unit of a person, or where no unit is named at all, the manager."""
        for seat in self.seats.get(person, ()):
            if self.names_units and seat.unit is not None:
                return seat.unit, None
            if not self.names_units and seat.manager is not None:
                return None, seat.manager
        return None, None


def memberships_of(people: pa.Table) -> Memberships:
    """Read the memberships from the table of people."""
    place = pa.array(np.arange(len(people)))
    rows = people.append_column("place", place).sort_by(
        [("valid_from_us", "descending"), ("place", "descending")]
    )
    seats: dict[str, list[Seat]] = {}
    kinds: dict[str, str] = {}
    for row in rows.select(
        ["person", "kind", "unit", "manager", "valid_from_us", "valid_to_us"]
    ).to_pylist():
        if row["kind"] is not None:
            kinds.setdefault(row["person"], row["kind"])
        begin = _FIRST if row["valid_from_us"] is None else row["valid_from_us"]
        end = _LAST if row["valid_to_us"] is None else row["valid_to_us"]
        seat = Seat(row["unit"], row["manager"], begin, end)
        seats.setdefault(row["person"], []).append(seat)
    return Memberships(seats, kinds, bool(people["unit"].null_count < len(people)))


def with_units(events: pa.Table, chosen: NDArray[np.bool_], members: Memberships) -> pa.Table:
    """Write into chosen events that name no unit the one their person belonged to then."""
    bare = pc.and_(pc.is_null(events["unit"]), pc.is_valid(events["person"]))
    mask = np.asarray(bare) & chosen
    if not mask.any():
        return events
    picked = events.filter(pa.array(mask)).select(["person", "at_us"])
    units = [
        members.unit(person, at_us)
        for person, at_us in zip(
            picked["person"].to_pylist(), picked["at_us"].to_pylist(), strict=True
        )
    ]
    return with_values(events, "unit", mask, units)


def with_values(
    rows: pa.Table, name: str, mask: NDArray[np.bool_], values: Sequence[str | float | None]
) -> pa.Table:
    """Put values, in order, where a mask is set in a column."""
    place = rows.schema.get_field_index(name)
    field = rows.schema.field(place)
    column = rows[name].combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], field.type)
    new = pc.replace_with_mask(column, pa.array(mask), pa.array(list(values), field.type))
    return rows.set_column(place, field, new)
