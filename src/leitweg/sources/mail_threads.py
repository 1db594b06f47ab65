"""Which mails belong to one thread: those that name each other, directly or through others."""

from collections.abc import Iterable
from itertools import pairwise

NO_TIME = -(2**62)


class Threads:
    """Joins ids of messages to threads; the order in which they are added does not matter."""

    def __init__(self) -> None:
        self._leader: dict[str, str] = {}
        self._answers: set[str] = set()
        self._sent: dict[str, int] = {}

    def add(self, message: str, at_us: int, ancestors: list[str]) -> None:
        """Add a message and the ids it descends from, oldest first."""
        self._sent[message] = at_us
        chain = [*ancestors, message]
        for older, younger in pairwise(chain):
            if older != younger:
                self._answers.add(younger)
            self._join(older, younger)
        self._find(message)

    def _find(self, message: str) -> str:
        leader = self._leader.setdefault(message, message)
        while leader != self._leader[leader]:
            self._leader[leader] = leader = self._leader[self._leader[leader]]
        self._leader[message] = leader
        return leader

    def _join(self, one: str, other: str) -> None:
        self._leader[self._find(one)] = self._find(other)

    def roots(self) -> dict[str, str]:
        """Return for every message of the file the id that its thread began with.

        That is the oldest message that answers nothing; one that is only named, and not in the
        file, is older than all that are.
        """
        members: dict[str, list[str]] = {}
        for message in self._leader:
            members.setdefault(self._find(message), []).append(message)
        root_of = {leader: self._root(ids) for leader, ids in members.items()}
        return {message: root_of[self._find(message)] for message in self._sent}

    def _root(self, ids: Iterable[str]) -> str:
        def age(message: str) -> tuple[bool, int, str]:
            return message in self._answers, self._sent.get(message, NO_TIME), message

        return min(ids, key=age)
