"""What happened to a request after it was asked about? The nouns of the journal of the router."""

from dataclasses import dataclass, field
from typing import Literal

from leitweg.domain.routing import Closed, Level, Request

JournalKind = Literal["routed", "handover", "override", "closed"]
JOURNAL_KINDS: tuple[JournalKind, ...] = ("routed", "handover", "override", "closed")


@dataclass(frozen=True)
class Suggested:
    """A contact as it was suggested, with the probability that was told of it."""

    contact: str
    probability: float


@dataclass(frozen=True)
class JournalEntry:
    """One thing that happened, with what was known of the request when it arrived.

    Attributes
    ----------
    at_us
        When it happened, microseconds UTC; of a closing: when the case was closed.
    kind
        ``routed`` (contacts were suggested), ``handover`` (``from_contact`` gave the case to
        ``to_contact``), ``override`` (a person chose ``to_contact`` in the place of the first
        suggested, ``from_contact``) or ``closed`` (``unit`` and ``person`` resolved it).
    request
        What was known when it arrived; whoever learns from the entry needs no other.
    case_id
        As stored; None where the request has no case.
    level
        That of the contacts; None of a closing, which may tell both.
    suggested
        Of a routed request: the contacts in the order in which they were shown.
    propensity
        Of a routed request: the probability with which chance showed them in this order.
    someone_new
        Of a routed request: the probability told that the right contact is none of the candidates.
    abstained
        Of a routed request: no contact was suggested alone.
    unit_path, person_path
        Of a closing: who held the case, in order, repeats collapsed.
    seq
        Its place in the journal; 0 before it is written.
    """

    at_us: int
    kind: JournalKind
    request: Request = field(default_factory=Request)
    case_id: str | None = None
    level: Level | None = None
    suggested: tuple[Suggested, ...] = ()
    propensity: float | None = None
    someone_new: float | None = None
    abstained: bool = False
    from_contact: str | None = None
    to_contact: str | None = None
    unit: str | None = None
    person: str | None = None
    unit_path: tuple[str, ...] = ()
    person_path: tuple[str, ...] = ()
    seq: int = 0

    def contact(self, level: Level) -> str | None:
        """Return who resolved a closed case at a level; None where the closing does not say."""
        return self.unit if level == "unit" else self.person

    def path(self, level: Level) -> tuple[str, ...]:
        """Return who held a closed case at a level."""
        return self.unit_path if level == "unit" else self.person_path

    def closed(self, level: Level) -> Closed | None:
        """Return what a router of a level learns from a closing; None where it is silent."""
        contact = self.contact(level)
        if self.kind != "closed" or contact is None:
            return None
        return Closed(self.request, contact, self.at_us, self.path(level), self.case_id, self.unit)
