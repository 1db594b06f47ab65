"""Who is the right contact for this request? The nouns of the question and of its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Level = Literal["unit", "person"]
LEVELS: tuple[Level, ...] = ("unit", "person")

Ints = NDArray[np.signedinteger[Any]]
Floats = NDArray[np.floating[Any]]

FEATURE_BITS = 18
"""Words and parts of words are numbers below ``2 ** FEATURE_BITS``, each in a range of its own."""
N_WORDS = 1 << FEATURE_BITS
"""Numbers from here on, below ``2 * N_WORDS``, are parts of words; those below it are words."""


@dataclass(frozen=True)
class Request:
    """What is known of a request when it arrives.

    Attributes
    ----------
    at_us
        When it arrived, microseconds UTC; None: now, right after all that was learnt.
    attributes
        Values by name: ``topic``, ``priority``, ``channel``, ``customer``, ``kind`` and the free
        ones of the case, as at the first event.
    text
        Its words as hashed features (`leitweg.privacy.text_features`): ascending numbers, repeated
        as often as they occur; None where there is no text.
    first_contact
        Who holds it already, chosen by a person.
    tried
        Contacts that could not resolve it, in the order in which they had it.
    """

    at_us: int | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    text: Ints | None = None
    first_contact: str | None = None
    tried: tuple[str, ...] = ()


@dataclass(frozen=True)
class Closed:
    """A case that was resolved: what the router learns from.

    ``path`` names who held it at the level of the router, in order, repeats collapsed; its right
    contact is ``contact``.
    """

    request: Request
    contact: str
    closed_us: int
    path: tuple[str, ...] = ()
    case_id: str | None = None
    unit: str | None = None


@dataclass(frozen=True)
class Evidence:
    """One reason for a contact, as a code and its numbers; `leitweg.language` makes the sentence.

    ``weight`` is what the reason adds to the log odds of the contact against the average
    candidate. Kinds: ``attributes`` (``values`` by name; of ``cases`` such cases ``resolved`` were
    the contact's, the last one at ``last_us``), ``words`` (the linear classifier), ``similar``
    (of ``cases`` nearest closed cases ``resolved`` were the contact's), ``handed`` (of ``cases``
    that ``values["from"]`` handed on, ``resolved`` ended here), ``first`` (holds it already),
    ``unit`` (belongs to the likely unit ``values["unit"]``), ``profile`` (the sentence of purpose
    or the qualifications fit), ``recent`` (resolved cases lately).
    """

    kind: str
    weight: float
    values: Mapping[str, str] = field(default_factory=dict)
    resolved: int | None = None
    cases: int | None = None
    last_us: int | None = None


@dataclass(frozen=True)
class Candidate:
    """One contact that may be right: its calibrated probability and why.

    ``similar`` are ids of the nearest closed cases that it resolved, nearest first, at most three.
    """

    contact: str
    probability: float
    reasons: tuple[Evidence, ...] = ()
    similar: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ranking:
    """Who may be the right contact, likeliest first.

    Attributes
    ----------
    someone_new
        Probability that the right contact is none of the candidates; with the candidates it adds
        up to 1, of which only the first ones are listed.
    threshold
        Least probability of the first for which it is suggested alone.
    abstain
        The first is less likely than the threshold: a human chooses among the first three.
    expected_transfers
        Handovers to expect when the list is followed from the top; None where nothing is known.
    """

    level: Level
    candidates: tuple[Candidate, ...]
    someone_new: float
    threshold: float
    abstain: bool
    expected_transfers: float | None
    n_learnt: int = 0


@dataclass(frozen=True)
class Coded:
    """A column of texts: ``codes`` are places in ``labels``, -1 where none is known."""

    codes: Ints
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Ragged:
    """A list of numbers per row: row ``i`` holds ``values[offsets[i]:offsets[i + 1]]``."""

    offsets: Ints
    values: Ints

    def row(self, i: int) -> Ints:
        """Return the numbers of one row."""
        return self.values[self.offsets[i] : self.offsets[i + 1]]


@dataclass(frozen=True)
class History:
    """Cases to learn from, one row per case in order of opening.

    Attributes
    ----------
    case_ids
        As stored.
    opened, closed
        When it arrived; when its right contact was known, which is the first event that resolves
        it, else the closing. Microseconds UTC, or places in the order of a log without a clock.
    attributes
        By name, as at the first event.
    text
        Hashed features as in `Request.text`; None where no case has text.
    unit, person
        The right contact at each level. Machine accounts count as no person.
    unit_path, person_path
        Codes of those who held the case in order, repeats collapsed, up to the right contact.
    person_unit
        Unit (code in ``unit.labels``) of each person in ``person.labels`` at the last, -1 unknown.
    has_clock
        ``opened`` and ``closed`` are times.
    """

    case_ids: tuple[str, ...]
    opened: Ints
    closed: Ints
    attributes: Mapping[str, Coded]
    text: Ragged | None
    unit: Coded
    person: Coded
    unit_path: Ragged
    person_path: Ragged
    person_unit: Ints
    has_clock: bool

    @property
    def n_cases(self) -> int:
        """Number of cases."""
        return len(self.case_ids)


@dataclass(frozen=True)
class Profile:
    """What is said of a contact before it resolved anything: pseudo-cases of a cold start.

    ``text`` are the hashed features of a sentence of purpose or of qualifications; ``attributes``
    the values it answers for (``{"product": ["X", "Y"]}``).
    """

    contact: str
    text: Ints | None = None
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unit: str | None = None
