"""What can be asked of the routing desk? One noun per question, as it came over HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from leitweg.domain.routing import Level

LONGEST_NAME = 500
MOST_ATTRIBUTES = 200
MOST_CONTACTS = 20_000
MOST_SHOWN = 20

Noted = Literal["handover", "close", "override"]


@dataclass(frozen=True)
class Route:
    """Who is the right contact? ``level`` None: the one that the desk was opened with."""

    text: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    at: str | None = None
    case_id: str | None = None
    level: Level | None = None
    first_contact: str | None = None
    tried: tuple[str, ...] = ()
    roster: tuple[str, ...] | None = None
    top: int = 3


@dataclass(frozen=True)
class Handover:
    """A contact handed a case on; ``text`` and ``attributes`` where the desk never saw the case."""

    case_id: str
    from_contact: str
    to_contact: str
    level: Level | None = None
    text: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    at: str | None = None


@dataclass(frozen=True)
class Close:
    """A case was resolved by ``unit``, by ``person``, or both are known."""

    case_id: str
    unit: str | None = None
    person: str | None = None
    unit_path: tuple[str, ...] = ()
    person_path: tuple[str, ...] = ()
    text: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    at: str | None = None


@dataclass(frozen=True)
class Override:
    """A human chose another contact than the one suggested first."""

    case_id: str
    suggested: str
    chosen: str
    level: Level | None = None
    text: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    at: str | None = None


Question = Route | Handover | Close | Override


@dataclass(frozen=True)
class Call:
    """One question at the desk: with which key it came, and in which language to answer."""

    token: str
    question: Question
    language: str = "en"
