"""What does the desk answer from? One state of a workspace; this is what the desk asks of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from leitweg.domain.routing_journal import JournalEntry
from leitweg.store import Workspace
from leitweg.store.application.audit import Beside
from leitweg.studies.desk_calls import Call, Question
from leitweg.studies.json_forms import Json


@dataclass(frozen=True)
class Answered:
    """What is answered, how many values it holds, and what the journal keeps of it."""

    document: Json
    values: int
    kept: JournalEntry | None = None


class DeskState(Protocol):
    """One state of a workspace that answers questions; used by one thread."""

    @property
    def place(self) -> Workspace:
        """The workspace, as it was when this state was opened."""

    def facts(self, question: Question) -> Mapping[str, object]:
        """Return what the audit log says of a question: numbers and labels of options, no names."""

    def answer(self, call: Call) -> Answered:
        """Answer a question, or raise the domain error that says why not."""

    def keeping(self, entries: Sequence[JournalEntry]) -> Beside:
        """Return what writes entries into the journal, within a transaction of another."""

    def learn(self) -> None:
        """Learn from the entries of the journal that were added since the last time."""

    def is_behind(self) -> bool:
        """Say whether the journal holds what was not learnt yet; asked by any thread."""

    def gauges(self) -> Mapping[str, Mapping[str, float]]:
        """Return figures by name and level."""
