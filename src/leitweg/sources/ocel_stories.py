"""The log seen from its cases: one row per event and case, and what stands beside it."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.errors import SourceError
from leitweg.domain.imports import Reject
from leitweg.sources.clocks import Clock, read_times
from leitweg.sources.ocel_log import Ints, OcelLog
from leitweg.sources.ocel_values import (
    ALWAYS,
    AT_LAST,
    Course,
    column_of,
    course_of,
    places_of_keys,
    taken,
)

ACTIVITY, TIME = "ocel:activity", "ocel:timestamp"
DANGLING = "it refers to objects that the file does not hold, and to no other case"


@dataclass(frozen=True)
class Part:
    """What a column is made of.

    ``what`` is ``case`` (its id), ``activity``, ``time``, ``event`` (an attribute of the event),
    ``own`` (one of the case's object) or ``object`` (a related object of type ``kind``, in the
    role ``qualifier`` if that is named; its id, or its attribute ``key``).
    """

    what: str
    key: str = ""
    kind: str = ""
    qualifier: str | None = None


@dataclass
class Stories:
    """Rows of events and cases: ``event`` and ``case`` are places in the log, one per row."""

    log: OcelLog
    kind: str
    clock: Clock
    event: Ints = field(init=False)
    case: Ints = field(init=False)

    def __post_init__(self) -> None:
        log = self.log
        mine = log.of_type(self.kind)[log.relation_object]
        pairs = np.stack([log.relation_event[mine], log.relation_object[mine]], axis=1)
        pairs = np.unique(pairs, axis=0)
        self.event, self.case = pairs[:, 0], pairs[:, 1]
        if len(pairs) == 0:
            raise _no_events(log.name, self.kind)
        self._at = self._moments()
        self._rank = np.argsort(np.asarray(pc.array_sort_indices(log.object_id)))
        self._event_keys = places_of_keys(log.event_values["key"])
        self._object_keys = places_of_keys(log.object_values["key"])
        self._courses: dict[str, Course] = {}

    def _moments(self) -> Ints:
        times = pc.utf8_trim_whitespace(self.log.time)
        read = read_times(self.log.name, TIME, times, self.clock)
        return np.asarray(pc.fill_null(read.at_us, ALWAYS), dtype=np.int64)[self.event]

    def text(self, part: Part, *, at_last: bool = False) -> pa.Array:
        """Return a column of the rows.

        Parameters
        ----------
        part
            What it is made of.
        at_last
            Take attributes of the case as they stand in the end, not at the event: a closing or
            an outcome is known then only.
        """
        if part.what == "case":
            return self.log.object_id.take(pa.array(self.case))
        if part.what in ("activity", "time"):
            column = self.log.activity if part.what == "activity" else self.log.time
            return column.take(pa.array(self.event))
        if part.what == "event":
            places = self._event_keys[part.key]
            column = column_of(self.log.event_values, places, len(self.log.rows))
            return column.take(pa.array(self.event))
        moments = np.full(len(self.event), AT_LAST) if at_last else self._at
        if part.what == "own":
            return self._course(part.key).at(self.case, moments)
        return self.named(self.related(part), part.key)

    def named(self, places: Ints, key: str = "") -> pa.Array:
        """Return the ids of objects, one per row, or one of their attributes at the event."""
        return self._course(key).at(places, self._at) if key else taken(self.log.object_id, places)

    def related(self, part: Part) -> Ints:
        """Return the related object per row, -1 where there is none; of several the first by id."""
        log = self.log
        chosen = self._relations(part)
        events, objects = log.relation_event[chosen], log.relation_object[chosen]
        best = np.full(len(log.rows), -1, dtype=np.int64)
        order = np.argsort(-self._rank[objects], kind="stable")
        best[events[order]] = objects[order]
        return best[self.event]

    def _relations(self, part: Part) -> npt.NDArray[np.bool_]:
        chosen = self.log.of_type(part.kind)[self.log.relation_object]
        if part.qualifier is None:
            return chosen
        alike = pc.fill_null(pc.equal(self.log.qualifier, part.qualifier), False)
        in_role: npt.NDArray[np.bool_] = np.asarray(alike)
        return chosen & in_role

    def events_with_several(self, part: Part) -> int:
        """Count the events of the cases that have several objects that a column could name."""
        chosen = self._relations(part)
        pairs = np.stack(
            [self.log.relation_event[chosen], self.log.relation_object[chosen]], axis=1
        )
        events, counts = np.unique(np.unique(pairs, axis=0)[:, 0], return_counts=True)
        return int(np.isin(events[counts > 1], self.event).sum())

    def of_case(self, part: Part) -> Ints:
        """Return the related object of the whole case, per row: of its first event that has one.

        Where no event has one, it is an object that the case's own object is related to.
        """
        related = self.related(part)
        order = np.lexsort((self.event, self._at))
        order = order[related[order] >= 0]
        cases, first = np.unique(self.case[order], return_index=True)
        best = self._linked(part)
        best[cases] = related[order][first]
        return best[self.case]

    def _linked(self, part: Part) -> Ints:
        both = np.concatenate([self.log.links, self.log.links[:, ::-1]])
        both = both[self.log.of_type(part.kind)[both[:, 1]]]
        best = np.full(len(self.log.object_id), -1, dtype=np.int64)
        order = np.argsort(-self._rank[both[:, 1]], kind="stable")
        best[both[order, 0]] = both[order, 1]
        return best

    def _course(self, key: str) -> Course:
        if key not in self._courses:
            places = self._object_keys[key]
            log = self.log
            self._courses[key] = course_of(log.name, key, log.object_values, places, self.clock)
        return self._courses[key]

    def rejects(self) -> tuple[Reject, ...]:
        """Return the events that might have had a case, had the file held its object."""
        lost = np.setdiff1d(self.log.dangling, self.event)
        return tuple(Reject(int(self.log.rows[p]), "relationships", DANGLING) for p in lost)

    def notes(self) -> tuple[str, ...]:
        """Return what is to be said on events and objects that stand twice, or not at all."""
        name, log = self.log.name, self.log
        counts = np.bincount(self.event, minlength=len(log.rows))
        several = int((counts > 1).sum())
        without = int((counts == 0).sum()) - len(self.rejects())
        idle = int(log.of_type(self.kind).sum()) - len(np.unique(self.case))
        told = (
            (several, f"{name}: {several:,} events belong to several objects of type "
             f"'{self.kind}' and stand in each of their cases."),
            (without, f"{name}: {without:,} events have no object of type '{self.kind}' and were "
             "left out."),
            (idle, f"{name}: {idle:,} objects of type '{self.kind}' have no event and were left "
             "out."),
            (len(log.dangling), f"{name}: {len(log.dangling):,} relations name an object that the "
             "file does not hold; they were left out."),
        )  # fmt: skip
        return tuple(sentence for count, sentence in told if count)


def _no_events(name: str, kind: str) -> SourceError:
    return SourceError(
        f"{name}: no event has an object of type '{kind[:60]}'. Choose another type with "
        "--case-object TYPE.",
        code="no-usable-rows",
        path=name,
        type=kind,
    )
