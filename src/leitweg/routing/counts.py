"""Who resolved what, how often and how lately? The state of the count expert, and its growth."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leitweg.routing.asking_loops import (
    N_EXTRAS,
    Memory,
    Shape,
    Told,
    ask_one,
)
from leitweg.routing.count_loops import (
    NONE,
    Fading,
    Float32,
    Int32,
    Int64,
    Table,
    learn,
    learn_many,
    rehash,
)
from leitweg.routing.latest_loops import Asks, Found, Lessons, go_through

HALF_LIVES_IN_CASES = (400.0, 1600.0, 6400.0, np.inf)
"""After so many cases of the company a case counts half; the combiner weighs each of them."""
HALF_LIVES_IN_USES = (3.0, 12.0, 50.0, 200.0)
"""The same in cases of the same context."""
WIDTH = len(HALF_LIVES_IN_CASES) + len(HALF_LIVES_IN_USES) + 2
"""Features per context."""
MOST_CANDIDATES = 80

_BY_USE = np.log(2) / np.array(HALF_LIVES_IN_USES)
_FADING = Fading(np.log(2) / np.array(HALF_LIVES_IN_CASES), _BY_USE, np.exp(-_BY_USE))
_NOBODY = np.empty(0, np.int32)


class Counts:
    """Decayed counts per context and contact.

    Parameters
    ----------
    parent
        Per kind of context, the kind that it falls back on, -1 for the root.
    stand_in
        Per kind of context, the kinds that stand in for it where it is not known, best first.
    depth
        Per kind of context, how many recent contacts become candidates.
    pseudo
        Per kind of context, how many cases of the parent's shares smooth it.
    """

    def __init__(
        self,
        parent: ArrayLike,
        stand_in: ArrayLike,
        depth: ArrayLike,
        pseudo: ArrayLike,
    ) -> None:
        self.shape = Shape(
            np.asarray(parent, np.int32),
            np.asarray(stand_in, np.int32),
            np.asarray(depth, np.int32),
            np.asarray(pseudo, np.float64),
            _FADING,
        )
        self.clock = 0
        self.n_contacts = 0
        self.table = _empty(1 << 10, 1 << 8)
        self._memory = _memory(1 << 8)

    def meet(self, contacts: int) -> None:
        """Know that there are so many contacts, whether they have resolved anything or not."""
        self.n_contacts = max(self.n_contacts, contacts)
        self.make_room(contexts=0, contacts=contacts, entries=0)

    def make_room(self, *, contexts: int, contacts: int, entries: int) -> None:
        """Make room for contexts and contacts up to these numbers, and for so many new entries."""
        t = self.table
        if contacts > self._memory.mark.size:
            self._memory = _memory(2 * contacts)
        wanted = int(t.size[0]) + entries
        if wanted > t.contact.size:
            t = _with_more(t, _ENTRY_FIELDS, max(wanted, 2 * t.contact.size))
        if contexts > t.first.size:
            t = _with_more(t, _CONTEXT_FIELDS, max(contexts, 2 * t.first.size))
        if 2 * wanted > t.keys.size:
            size = 1 << int(np.ceil(np.log2(3 * wanted)))
            keys, slots = np.full(size, NONE, np.int64), np.zeros(size, np.int32)
            rehash(t.keys, t.slots, keys, slots)
            t = t._replace(keys=keys, slots=slots)
        self.table = t

    def learn(self, contexts: Int32, contact: int, at_us: int, *, weight: float = 1.0) -> None:
        """Add one case; the clock stands still, `tick` moves it."""
        self.n_contacts = max(self.n_contacts, contact + 1)
        learn(self.table, contexts, contact, self.clock, at_us, _FADING, weight)

    def learn_many(
        self, contexts: NDArray[np.int32], contact: Int32, case: Int64, at_us: Int64
    ) -> None:
        """Add many cases in their order, each at its own clock."""
        self.n_contacts = max(self.n_contacts, int(contact.max(initial=-1)) + 1)
        done = 0
        while done < contact.size:
            self.make_room(contexts=0, contacts=0, entries=contexts.shape[1])
            given = contexts, contact, case, at_us
            done = learn_many(self.table, *given, _FADING, done)

    def tick(self, cases: int = 1) -> None:
        """Let so many cases pass."""
        self.clock += cases

    def ask(
        self,
        contexts: Int32,
        told: Told,
        *,
        unit_of: Int32,
        first: int = NONE,
        gone: Int32 = _NOBODY,
        also: Int32 = _NOBODY,
        most: int = MOST_CANDIDATES,
    ) -> tuple[Int32, Float32]:
        """Return the candidates of a request, and their features; see `ask_one`.

        Features are those of each context (`WIDTH`), then those of ``told`` and of ``first``.
        """
        width = contexts.size * WIDTH + N_EXTRAS
        contacts = np.empty(most + also.size, np.int32)
        features = np.empty((contacts.size, width), np.float32)
        m = ask_one(
            *(self.table, self.shape, told, contexts, first, gone, also, unit_of),
            *(self.clock, self.n_contacts, self._memory, most, contacts, features),
        )
        return contacts[:m], features[:m]

    def go_through(
        self,
        asks: Asks,
        lessons: Lessons,
        is_ask: Int64,
        place: Int64,
        found: Found,
        *,
        unit_of: Int32,
        most: int,
    ) -> None:
        """Ask and learn in order; ``place`` is moved on: next request, next lesson, next row."""
        begin, learnt = int(place[1]), int((is_ask == 0).sum())
        handed = int(lessons.handed_at[begin + learnt] - lessons.handed_at[begin])
        entries = (learnt + handed) * lessons.contexts.shape[1]
        self.make_room(contexts=0, contacts=0, entries=entries)
        state = np.array([self.clock, self.n_contacts, *place])
        go_through(
            *(self.table, self.shape, asks, lessons, is_ask, state),
            *(unit_of, self._memory, most, found),
        )
        self.clock, self.n_contacts = int(state[0]), int(state[1])
        place[:] = state[2:]

    def state(self) -> dict[str, NDArray[np.generic]]:
        """Return everything as plain arrays."""
        t, n = self.table, int(self.table.size[0])
        fields = {f: getattr(t, f)[:n] for f in _ENTRY_FIELDS}
        rest = {f: getattr(t, f) for f in Table._fields if f not in fields}
        own = np.array([self.clock, self.n_contacts])
        shape = {name: getattr(self.shape, name) for name in _SHAPE}
        return {**fields, **rest, **shape, "own": own}

    @classmethod
    def from_state(cls, state: Mapping[str, NDArray[np.generic]]) -> "Counts":
        """Return what `state` came from."""
        made = cls(*(state[name] for name in _SHAPE))
        made.table = Table(**{f: np.array(state[f]) for f in Table._fields})
        made.clock, n_contacts = (int(v) for v in state["own"])
        made.meet(n_contacts)
        made.make_room(contexts=0, contacts=n_contacts, entries=1)
        return made


_SHAPE = ("parent", "stand_in", "depth", "pseudo")
_ENTRY_FIELDS = ("contact", "by_case", "by_use", "plain", "case", "use", "at_us", "after", "before")
_CONTEXT_FIELDS = (
    "first",
    "total_by_case",
    "total_by_use",
    "total",
    "total_case",
    "total_use",
)


def _empty(entries: int, contexts: int) -> Table:
    n_case, n_use = len(HALF_LIVES_IN_CASES), len(HALF_LIVES_IN_USES)
    return Table(
        keys=np.full(4 * entries, NONE, np.int64),
        slots=np.zeros(4 * entries, np.int32),
        contact=np.full(entries, NONE, np.int32),
        by_case=np.zeros((entries, n_case), np.float32),
        by_use=np.zeros((entries, n_use), np.float32),
        plain=np.zeros(entries, np.int32),
        case=np.zeros(entries, np.int64),
        use=np.zeros(entries, np.int64),
        at_us=np.zeros(entries, np.int64),
        after=np.full(entries, NONE, np.int32),
        before=np.full(entries, NONE, np.int32),
        first=np.full(contexts, NONE, np.int32),
        total_by_case=np.zeros((contexts, n_case), np.float32),
        total_by_use=np.zeros((contexts, n_use), np.float32),
        total=np.zeros(contexts, np.int32),
        total_case=np.zeros(contexts, np.int64),
        total_use=np.zeros(contexts, np.int64),
        size=np.zeros(1, np.int64),
    )


def _memory(contacts: int) -> Memory:
    votes, best = np.zeros(contacts, np.float32), np.zeros(contacts, np.float32)
    mark, place = np.full(contacts, -1, np.int64), np.zeros(contacts, np.int32)
    return Memory(mark, place, votes, best, np.zeros(1, np.int64))


def _with_more(t: Table, fields: Sequence[str], rows: int) -> Table:
    grown = {}
    for name in fields:
        old = getattr(t, name)
        fill = NONE if name in ("contact", "after", "before", "first") else 0
        new = np.full((rows, *old.shape[1:]), fill, old.dtype)
        new[: len(old)] = old
        grown[name] = new
    return t._replace(**grown)
