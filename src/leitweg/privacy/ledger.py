"""May an aggregate about this set of people leave, given all that left before? Then it is noted.

Everybody who asks shares one ledger; it is decided and noted in one transaction. A refusal says
nothing but no: too few, too similar to a former set and recoverable look alike. Method:
docs/methods/release-ledger.md.
"""

import copy
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from leitweg.engine.arrays import Int64
from leitweg.privacy.ledger_files import keep_state, kept_state
from leitweg.privacy.ledger_periods import neighbours_of
from leitweg.privacy.ledger_prime import prime_of
from leitweg.privacy.ledger_state import LedgerState
from leitweg.store.application import Database
from leitweg.store.application.releases import Period, Releases
from leitweg.store.workspace import Clock, utc_now

_FINGERPRINT_BYTES = 16
# variables and periods; each may take hundreds of megabytes in a large company
_IN_MEMORY = 8


@dataclass(frozen=True)
class _Asked:
    """A set of people as numbers in rising order, and its keyed hash."""

    members: Int64
    fingerprint: bytes


class Ledger:
    """The release ledger of one workspace; all who ask about it use the same.

    Parameters
    ----------
    database
        Where it is kept.
    key
        The key of the purpose ``ledger``.
    k
        How many people the least thing that leaves is about.
    clock
        When something leaves.
    """

    def __init__(
        self, database: Database, key: bytes, *, k: int = 5, clock: Clock = utc_now
    ) -> None:
        self._database, self._key, self._k, self._clock = database, key, k, clock
        self._prime = prime_of(key)
        self._states: dict[tuple[str, Period], LedgerState] = {}
        self._hashes: dict[str, bytes] = {}
        self._numbers: dict[bytes, int] = {}
        self._lock = Lock()

    def decide(
        self,
        variable: str,
        period: Period,
        sets: Sequence[Sequence[str]],
        *,
        record: bool = True,
    ) -> list[bool]:
        """Say of each set, in this order, whether an aggregate of the variable may leave.

        Parameters
        ----------
        variable
            What is added up or averaged; only answers about the same one are judged together.
        period
            From (inclusive) and to (exclusive), microseconds UTC; None is open.
        sets
            Stored ids of people.
        record
            Note what may leave, so that later questions are judged with it. Without, the sets are
            judged with each other and nothing stays.

        Returns
        -------
        list of bool
            True where it may leave.
        """
        with self._lock:
            try:
                return self._decide(variable, period, sets, record=record)
            except BaseException:
                # what was computed may hold sets that the transaction took back
                self._states.clear()
                self._numbers.clear()
                raise

    def _decide(
        self, variable: str, period: Period, sets: Sequence[Sequence[str]], *, record: bool
    ) -> list[bool]:
        with self._database.reading() as connection:
            book = Releases(connection, variable, period)
            asked, _ = self._numbered(book, sets)
            known = self._known(book)
            if all(x.fingerprint in known or x.members.size < self._k for x in asked):
                return [x.fingerprint in known and x.members.size >= self._k for x in asked]
            # the long part before the write lock is held
            state = self._state(book)
            if not record:
                return self._judged(book, copy.deepcopy(state), asked, record=False)
        with self._database.writing() as connection:
            book = Releases(connection, variable, period)
            asked, new = self._numbered(book, sets)
            book.add_members(new)
            state = self._state(book)
            verdicts = self._judged(book, state, asked, record=True)
        if state.is_worth_keeping():
            keep_state(self._database, self._name(book), self._key, state)
        return verdicts

    def _judged(
        self, book: Releases, state: LedgerState, asked: Sequence[_Asked], *, record: bool
    ) -> list[bool]:
        neighbours = neighbours_of(book.period, book.periods())
        at_us = int(self._clock().timestamp() * 1_000_000)
        verdicts = list[bool]()
        for one in asked:
            members, fingerprint = one.members, one.fingerprint
            if members.size >= self._k and fingerprint not in state.known:
                near = self._is_near_one_of(book, neighbours, members)
                if near or state.refuses(members, k=self._k):
                    verdicts.append(False)
                    continue
                id_ = book.add(fingerprint, members, at_us=at_us) if record else 0
                state.add(members, id_, fingerprint)
            verdicts.append(members.size >= self._k)
        return verdicts

    def _is_near_one_of(self, book: Releases, neighbours: Sequence[Period], members: Int64) -> bool:
        """Whether a set of a neighbouring period differs in 1 to k - 1 people: who joined, left."""
        # sets that differ in fewer than k people differ in size by fewer than k
        size, most = members.size, self._k - 1
        for former in book.of_size(neighbours, size - most, size + most):
            common = np.intersect1d(members, former.members, assume_unique=True).size
            if 0 < size + former.members.size - 2 * common < self._k:
                return True
        return False

    def _known(self, book: Releases) -> set[bytes]:
        """Return the fingerprints of what left; a page of known sets needs no more than them."""
        state = self._newest(book)
        return set(book.fingerprints()) if state is None else state.known

    def _newest(self, book: Releases) -> LedgerState | None:
        """Return the state in memory where it is of all sets of the database."""
        state = self._states.get((book.variable, book.period))
        return state if state is not None and state.ends_with(*book.newest()) else None

    def _state(self, book: Releases) -> LedgerState:
        """Return the state after all sets of the database: from memory, the file, or computed."""
        newest = self._newest(book)
        if newest is not None:
            return newest
        place, fingerprints = (book.variable, book.period), book.fingerprints()
        state = self._states.get(place)
        if state is None or not state.is_of(fingerprints):
            state = kept_state(self._database, self._name(book), self._key, fingerprints)
        if state is None:
            state = LedgerState(self._prime)
        for former in book.after(state.last_id):
            state.add(former.members, former.id, former.fingerprint)
        self._states[place] = state
        while len(self._states) > _IN_MEMORY:
            del self._states[next(iter(self._states))]
        return state

    def _numbered(
        self, book: Releases, sets: Sequence[Sequence[str]]
    ) -> tuple[list[_Asked], list[tuple[int, bytes]]]:
        """Return the sets as numbers, and the people who have none in the database yet."""
        hashes = {id_: self._hash(id_) for id_ in {person for people in sets for person in people}}
        if not self._numbers.keys() >= set(hashes.values()):
            self._numbers = book.members()
        numbers, new = self._numbers, list[tuple[int, bytes]]()
        if not numbers.keys() >= set(hashes.values()):
            numbers = dict(numbers)
            # sorted, so that the numbers do not tell in which order people were asked about
            for hash_ in sorted(set(hashes.values()) - numbers.keys()):
                numbers[hash_] = len(numbers) + 1
                new.append((numbers[hash_], hash_))
        by_id = {id_: numbers[hash_] for id_, hash_ in hashes.items()}
        return [self._asked({by_id[person] for person in people}) for people in sets], new

    def _asked(self, numbers: set[int]) -> _Asked:
        members = np.sort(np.fromiter(numbers, np.int64, len(numbers)))
        return _Asked(members, self._keyed(b"set", members.tobytes())[:_FINGERPRINT_BYTES])

    def _hash(self, person: str) -> bytes:
        if person not in self._hashes:
            self._hashes[person] = member_hash(self._key, person)
        return self._hashes[person]

    def _name(self, book: Releases) -> str:
        place = repr((book.variable, book.period)).encode()
        return self._keyed(b"state", place).hex()[:32] + ".state"

    def _keyed(self, what: bytes, content: bytes) -> bytes:
        return hmac.digest(self._key, what + b"\x1f" + content, hashlib.sha256)


def member_hash(key: bytes, person: str) -> bytes:
    """Return what the ledger stores of a person: a hash under its key of the stored id."""
    return hmac.digest(key, b"member\x1f" + person.encode(), hashlib.sha256)[:16]
