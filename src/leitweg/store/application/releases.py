"""Which sets of people did aggregates leave about? Rows of the ledger, people as numbers."""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select

from leitweg.store.application.schema import MEMBERS, SETS

Period = tuple[int | None, int | None]
"""From (inclusive) and to (exclusive), microseconds UTC; None is open."""

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ReleasedSet:
    """One set: the numbers of its members in rising order."""

    id: int
    fingerprint: bytes
    members: Numbers


class Releases:
    """The sets of one variable and period, within one transaction.

    Parameters
    ----------
    connection
        From `Database.reading`, or from `Database.writing` for what enters rows.
    variable
        What the aggregates are about.
    period
        When.
    """

    def __init__(self, connection: Connection, variable: str, period: Period) -> None:
        self._connection = connection
        self.variable = variable
        self.period = period

    def fingerprints(self) -> list[bytes]:
        """Return the fingerprints of the sets, oldest first."""
        found = select(SETS.c.fingerprint).where(self._of(self.period)).order_by(SETS.c.id)
        return list(self._connection.execute(found).scalars())

    def newest(self) -> tuple[int, int, bytes]:
        """Return how many sets there are, and the number and fingerprint of the last one."""
        of = self._of(self.period)
        n_sets, last_id = self._connection.execute(
            select(func.count(), func.max(SETS.c.id)).where(of)
        ).one()
        if last_id is None:
            return 0, 0, b""
        last = select(SETS.c.fingerprint).where(SETS.c.id == last_id)
        return n_sets, last_id, self._connection.execute(last).scalar_one()

    def after(self, last_id: int) -> list[ReleasedSet]:
        """Return the sets that left after a number, oldest first."""
        return self._sets(and_(self._of(self.period), SETS.c.id > last_id))

    def periods(self) -> list[Period]:
        """Return the periods for which something about the variable left."""
        found = select(SETS.c.start_us, SETS.c.end_us).where(SETS.c.variable == self.variable)
        return [(start, end) for start, end in self._connection.execute(found.distinct())]

    def of_size(self, periods: Sequence[Period], smallest: int, largest: int) -> list[ReleasedSet]:
        """Return the sets of other periods that have this many members."""
        if not periods:
            return []
        of_periods = or_(*(self._of(period) for period in periods))
        return self._sets(and_(of_periods, SETS.c.n_members.between(smallest, largest)))

    def members(self) -> dict[bytes, int]:
        """Return the number of every person of the ledger by keyed hash."""
        found = self._connection.execute(select(MEMBERS.c.hash, MEMBERS.c.number))
        return {row.hash: row.number for row in found}

    def add_members(self, members: Iterable[tuple[int, bytes]]) -> None:
        """Enter people: number and keyed hash."""
        rows = [{"number": number, "hash": hash_} for number, hash_ in members]
        if rows:
            self._connection.execute(insert(MEMBERS), rows)

    def add(self, fingerprint: bytes, members: Numbers, *, at_us: int) -> int:
        """Enter a set that leaves and return its number."""
        start, end = self.period
        entered = self._connection.execute(
            insert(SETS).values(
                variable=self.variable,
                start_us=start,
                end_us=end,
                fingerprint=fingerprint,
                members=_compressed(members),
                n_members=members.size,
                released_at_us=at_us,
            )
        )
        (id_,) = entered.inserted_primary_key or (0,)
        return int(id_)

    def _of(self, period: Period) -> ColumnElement[bool]:
        start, end = period
        return and_(
            SETS.c.variable == self.variable,
            SETS.c.start_us.is_not_distinct_from(start),
            SETS.c.end_us.is_not_distinct_from(end),
        )

    def _sets(self, of: ColumnElement[bool]) -> list[ReleasedSet]:
        wanted = select(SETS.c.id, SETS.c.fingerprint, SETS.c.members).where(of).order_by(SETS.c.id)
        rows = self._connection.execute(wanted)
        return [ReleasedSet(id_, hash_, _unpacked(members)) for id_, hash_, members in rows]


def _compressed(members: Numbers) -> bytes:
    steps = np.diff(members, prepend=0).astype("<u4")
    return zlib.compress(steps.tobytes())


def _unpacked(content: bytes) -> Numbers:
    return np.cumsum(np.frombuffer(zlib.decompress(content), "<u4"), dtype=np.int64)
