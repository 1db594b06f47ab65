"""Who resolved what, how often and how lately? The state of the count expert, and its growth."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leitweg.routing.count_loops import (
    NONE,
    Float32,
    Int32,
    Int64,
    Table,
    describe,
    learn,
    learn_many,
    recent,
    rehash,
)

HALF_LIVES_IN_CASES = (400.0, 1600.0, 6400.0, np.inf)
"""After so many cases of the company a case counts half; the combiner weighs each of them."""
HALF_LIVES_IN_USES = (3.0, 12.0, 50.0, 200.0)
"""The same in cases of the same context."""
WIDTH = len(HALF_LIVES_IN_CASES) + len(HALF_LIVES_IN_USES) + 2
"""Features per context."""
MOST_CANDIDATES = 80

_BY_CASE = np.log(2) / np.array(HALF_LIVES_IN_CASES)
_BY_USE = np.log(2) / np.array(HALF_LIVES_IN_USES)


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
        self.parent = np.asarray(parent, np.int32)
        self.stand_in = np.asarray(stand_in, np.int32)
        self.depth = np.asarray(depth, np.int32)
        self.pseudo = np.asarray(pseudo, np.float64)
        self.clock = 0
        self.n_contacts = 0
        self.table = _empty(1 << 10, 1 << 8)
        self._mark = np.full(1 << 8, -1, np.int64)
        self._stamp = 0

    def make_room(self, *, contexts: int, contacts: int, entries: int) -> None:
        """Make room for contexts and contacts up to these numbers, and for so many new entries."""
        self.n_contacts = max(self.n_contacts, contacts)
        t = self.table
        if contacts > self._mark.size:
            grown = np.full(2 * contacts, -1, np.int64)
            grown[: self._mark.size] = self._mark
            self._mark = grown
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
        learn(self.table, contexts, contact, self.clock, at_us, _BY_CASE, _BY_USE, weight)

    def learn_many(
        self, contexts: NDArray[np.int32], contact: Int32, case: Int64, at_us: Int64
    ) -> None:
        """Add many cases in their order, each at its own clock."""
        learn_many(self.table, contexts, contact, case, at_us, _BY_CASE, _BY_USE)

    def tick(self, cases: int = 1) -> None:
        """Let so many cases pass."""
        self.clock += cases

    def candidates(self, contexts: Int32, given: Int32, most: int = MOST_CANDIDATES) -> Int32:
        """Return contacts that may be right: the given ones, then those who resolved last."""
        self._stamp += 1
        out = np.empty(most + 1, np.int32)
        given = given[:most]
        out[: given.size] = given
        self._mark[given] = self._stamp
        out[-1] = given.size
        m = recent(self.table, contexts, self.depth, self._mark, self._stamp, out)
        return out[:m]

    def describe(self, contexts: Int32, contacts: Int32) -> Float32:
        """Return the features of contacts, shape (contacts, contexts * `WIDTH`)."""
        out = np.empty((contacts.size, contexts.size * WIDTH), np.float32)
        describe(
            self.table,
            contexts,
            self.parent,
            self.stand_in,
            self.pseudo,
            contacts,
            self.clock,
            self.n_contacts,
            _BY_CASE,
            _BY_USE,
            out,
        )
        return out

    def state(self) -> dict[str, NDArray[np.generic]]:
        """Return everything as plain arrays."""
        t, n = self.table, int(self.table.size[0])
        fields = {f: getattr(t, f)[:n] for f in _ENTRY_FIELDS}
        rest = {f: getattr(t, f) for f in Table._fields if f not in fields}
        own = np.array([self.clock, self.n_contacts])
        shape = {name: getattr(self, name) for name in _SHAPE}
        return {**fields, **rest, **shape, "own": own}

    @classmethod
    def from_state(cls, state: Mapping[str, NDArray[np.generic]]) -> "Counts":
        """Return what `state` came from."""
        made = cls(*(state[name] for name in _SHAPE))
        made.table = Table(**{f: np.array(state[f]) for f in Table._fields})
        made.clock, n_contacts = (int(v) for v in state["own"])
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


def _with_more(t: Table, fields: Sequence[str], rows: int) -> Table:
    grown = {}
    for name in fields:
        old = getattr(t, name)
        fill = NONE if name in ("contact", "after", "before", "first") else 0
        new = np.full((rows, *old.shape[1:]), fill, old.dtype)
        new[: len(old)] = old
        grown[name] = new
    return t._replace(**grown)
