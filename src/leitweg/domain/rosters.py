"""Who may take a request now? The nouns of a roster and of what a request asks of its contact."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Span = tuple[int, int]
"""From, to: microseconds UTC; the end does not belong to it."""

ABSENT = "absent"
OUTSIDE_HOURS = "outside-hours"
LANGUAGE = "language"
PERMISSION = "permission"
NOT_OWNER = "not-owner"
LEFT = "left"
NOT_ON_ROSTER = "not-on-roster"
FULL = "full"
REASONS = (ABSENT, OUTSIDE_HOURS, LANGUAGE, PERMISSION, NOT_OWNER, LEFT, NOT_ON_ROSTER, FULL)
"""Why a contact does not come into question; `leitweg.language.availability` has the words."""


@dataclass(frozen=True)
class WorkingHours:
    """Hours of a week on the clock of a zone.

    ``days`` are the weekdays from Monday on; each holds spans of minutes since midnight, in
    order. ``zone`` is an IANA name.
    """

    days: tuple[tuple[tuple[int, int], ...], ...]
    zone: str


@dataclass(frozen=True)
class Contact:
    """One row of a roster: a unit or a person that takes requests.

    Attributes
    ----------
    contact
        Its id as in the log.
    unit
        The unit of a person; None or the contact itself for a unit.
    languages
        ISO 639 codes that it speaks; empty: nothing is said, so that any language will do.
    permissions
        What it may or can do, in lower case (permissions and skills).
    capacity
        Cases that it can hold at once; None: nothing is said.
    load
        Cases that it holds now.
    absences
        When it is away.
    hours
        When it works; None: nothing is said.
    customers
        Customers whose account it owns.
    purpose
        What it is there for, in a sentence (for a cold start).
    valid_to_us
        When it left or will leave; None: it stays.
    """

    contact: str
    unit: str | None = None
    languages: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()
    capacity: float | None = None
    load: float = 0.0
    absences: tuple[Span, ...] = ()
    hours: WorkingHours | None = None
    customers: frozenset[str] = frozenset()
    purpose: str | None = None
    valid_to_us: int | None = None

    @property
    def is_member(self) -> bool:
        """Whether it is a person of a unit that the roster names."""
        return self.unit is not None and self.unit != self.contact


@dataclass(frozen=True)
class Roster:
    """Who takes requests; ``unused_columns`` are those of its file that say nothing to Leitweg."""

    contacts: tuple[Contact, ...]
    unused_columns: tuple[str, ...] = ()

    @property
    def by_contact(self) -> Mapping[str, Contact]:
        """The rows by contact."""
        return {row.contact: row for row in self.contacts}

    @property
    def units(self) -> Mapping[str, tuple[Contact, ...]]:
        """The people of each unit, in the order of the roster."""
        found: dict[str, tuple[Contact, ...]] = {}
        for row in self.contacts:
            if row.unit is not None and row.is_member:
                found[row.unit] = (*found.get(row.unit, ()), row)
        return found


@dataclass(frozen=True)
class Need:
    """What a request asks of its contact.

    Attributes
    ----------
    at_us
        When the contact is to take it, microseconds UTC.
    language
        ISO 639 code; None: any.
    permissions
        All of them are needed, in lower case.
    customer
        Whose request it is: an account owner goes before all others.
    """

    at_us: int
    language: str | None = None
    permissions: frozenset[str] = frozenset()
    customer: str | None = None


@dataclass(frozen=True)
class Standing:
    """Whether one contact can take a request now.

    ``why`` is one of `REASONS` where it cannot; ``next_us`` is when it can, where that is known
    and time alone is what is lacking.
    """

    contact: str
    available: bool
    why: str | None = None
    next_us: int | None = None


@dataclass(frozen=True)
class Availability:
    """Who can take a request now, and who not and why.

    ``owner`` is the account owner to whom the request goes, where one is available.
    """

    standings: Mapping[str, Standing] = field(default_factory=dict)
    owner: str | None = None

    @property
    def allowed(self) -> tuple[str, ...]:
        """The contacts that can take it: what `Router.rank` takes as ``allowed``."""
        return tuple(s.contact for s in self.standings.values() if s.available)

    @property
    def next(self) -> Standing | None:
        """Who can take it first, where nobody can now and it is known of somebody."""
        if self.allowed:
            return None
        known = [s for s in self.standings.values() if s.next_us is not None]
        return min(known, key=lambda s: s.next_us or 0, default=None)
