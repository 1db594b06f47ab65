"""Who takes which request of a backlog? The nouns of the backlog and of its assignment."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from leitweg.domain.rosters import Need
from leitweg.domain.routing import Request

ABSTAINED = "abstained"
NO_ROOM = "no-room"
NOBODY_AVAILABLE = "nobody-available"
NOT_THE_LIKELIEST = "not-the-likeliest"


@dataclass(frozen=True)
class BacklogRow:
    """One request of a backlog as the file has it, with its text as it stands."""

    case_id: str
    text: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    at_us: int | None = None
    first_contact: str | None = None
    tried: tuple[str, ...] = ()
    language: str | None = None
    permissions: frozenset[str] = frozenset()
    customer: str | None = None


@dataclass(frozen=True)
class Waiting:
    """One request of a backlog as the router takes it, with what it asks of its contact."""

    case_id: str
    request: Request
    need: Need


@dataclass(frozen=True)
class Assigned:
    """What becomes of one request of a backlog.

    Attributes
    ----------
    contact
        Who is to take it; None: a human decides.
    probability
        That this contact is right; without a contact, that the likeliest one is.
    available
        Whether somebody who can take it now was found.
    why
        None where it goes to the likeliest contact, ``not-the-likeliest`` where that one is full,
        absent or needed elsewhere; without a contact ``abstained``, ``no-room`` or
        ``nobody-available``.
    first
        The likeliest contacts, for a human.
    """

    case_id: str
    contact: str | None
    probability: float | None
    available: bool
    why: str | None = None
    first: tuple[str, ...] = ()


@dataclass(frozen=True)
class AssignmentFigures:
    """How good one way of assigning is.

    ``expected_right`` is the sum of the probabilities of the contacts assigned, ``max_new`` the
    most requests of this backlog that one contact gets, ``max_load_share`` the highest load in
    shares of the capacity afterwards (None without capacities), ``gini`` the inequality of the
    loads afterwards among those who could take a request.
    """

    assigned: int
    expected_right: float
    max_new: int
    max_load_share: float | None
    gini: float


@dataclass(frozen=True)
class Assignment:
    """A backlog assigned: one row per request, and how the ways of assigning compare.

    ``compared`` holds ``optimal`` (what the rows show), ``greedy`` (one by one with the same
    price and cap) and ``likeliest`` (everything to its likeliest contact, whatever the load).
    """

    rows: tuple[Assigned, ...]
    compared: Mapping[str, AssignmentFigures]
    price: float
    cap: float
