"""Which type of objects are the cases: the user's word, or the only type that can be."""

from dataclasses import dataclass

import numpy as np

from leitweg.domain.errors import SourceError
from leitweg.sources.ocel_log import Ints, OcelLog
from leitweg.sources.synonyms import SYNONYMS
from leitweg.sources.words import header_words, name_list

MIN_EVENT_SHARE = 0.5
"""A type that fewer events have is a part of the story, not its thread."""
MIN_EVENTS_PER_OBJECT = 2.0
"""What happens once is no course."""
MAX_OBJECTS_PER_EVENT = 1.1
"""Events of many objects at once stand on another type, and would be multiplied."""
_SHOWN = 12

# accounts and owners of a business are no employees; they are resources of IT exports only
_NO_PERSONS = frozenset(name_list("account|owner|besitzer|owner first name|user name"))
_PERSONS = frozenset(
    (
        *(name for name in SYNONYMS["events"]["person"] if name not in _NO_PERSONS),
        *name_list("staff|clerk|operator|recruiter|manager|member of staff|colleague|kollege"),
        *name_list("angestellter|angestellte|beschaftigter|beschaftigte|people"),
    )
)
_UNITS = frozenset(SYNONYMS["events"]["unit"])
_CUSTOMERS = frozenset(name_list("customer|kunde|kundin|client|caller|requester|antragsteller"))
_ENDINGS = ("", "s", "es", "n", "en", "innen")
ROLES = {"person": _PERSONS, "unit": _UNITS, "customer": _CUSTOMERS}


@dataclass(frozen=True)
class TypeCount:
    """How many objects of a type there are, how many have events, and events and pairs of both."""

    name: str
    objects: int
    active: int
    events: int
    pairs: int


def role_of(kind: str) -> str | None:
    """Say whether objects of a type are persons, units or customers, by its name.

    >>> role_of("employees"), role_of("Teams"), role_of("Customer"), role_of("orders")
    ('person', 'unit', 'customer', None)
    >>> role_of("applicants") is None
    True
    """
    words = header_words(kind)
    for role, names in ROLES.items():
        if any(words == name + ending for name in names for ending in _ENDINGS):
            return role
    return None


def count_types(log: OcelLog) -> list[TypeCount]:
    """Count every type of objects, by name."""
    pairs = np.unique(np.stack([log.relation_event, log.relation_object], axis=1), axis=0)
    return [_count(log, name, pairs) for name in log.types]


def _count(log: OcelLog, name: str, pairs: Ints) -> TypeCount:
    mine = log.of_type(name)
    related = pairs[mine[pairs[:, 1]]]
    events, active = (len(np.unique(related[:, side])) for side in (0, 1))
    return TypeCount(name, int(mine.sum()), active, events, len(related))


def case_type(log: OcelLog, wanted: str | None) -> tuple[str, tuple[str, ...]]:
    """Return the type whose objects are the cases, and what there is to warn of.

    Parameters
    ----------
    log
        The log.
    wanted
        What the user named, or None. Then the type is taken that is alone in occurring in half of
        the events, with two events per object or more, and seldom two objects in an event.
        Persons, units and customers are no cases.

    Raises
    ------
    SourceError
        unknown-case-object, case-object-needed; both list the types.
    """
    counts = count_types(log)
    if wanted is not None:
        return _named(log, counts, wanted), ()
    plausible = [count.name for count in counts if _is_plausible(count, len(log.rows))]
    if len(plausible) == 1:
        return plausible[0], (
            f"{log.name}: the objects of type '{plausible[0]}' were taken as cases, the only type "
            "that fits. Choose with --case-object TYPE.",
        )
    raise SourceError(
        f"{log.name}: several types of objects, or none, could be the cases. Choose one with "
        f"--case-object TYPE; types (objects/events): {_listed(counts)}.",
        code="case-object-needed",
        path=log.name,
        types=[{"type": c.name, "objects": c.objects, "events": c.events} for c in counts],
    )


def _is_plausible(count: TypeCount, events: int) -> bool:
    return (
        role_of(count.name) is None
        and count.events >= MIN_EVENT_SHARE * events
        and count.pairs >= MIN_EVENTS_PER_OBJECT * count.active
        and 0 < count.pairs <= MAX_OBJECTS_PER_EVENT * count.events
    )


def _named(log: OcelLog, counts: list[TypeCount], wanted: str) -> str:
    names = [count.name for count in counts]
    if wanted in names:
        return wanted
    alike = [name for name in names if header_words(name) == header_words(wanted)]
    if len(alike) == 1:
        return alike[0]
    raise SourceError(
        f"{log.name}: it holds no object of type '{wanted[:60]}' (--case-object). Name one of "
        f"these types (objects/events): {_listed(counts)}.",
        code="unknown-case-object",
        path=log.name,
        types=names,
    )


def _listed(counts: list[TypeCount]) -> str:
    shown = sorted(counts, key=lambda count: (-count.events, count.name))[:_SHOWN]
    told = [f"'{c.name[:60]}' ({c.objects:,}/{c.events:,})" for c in shown]
    if len(counts) > len(shown):
        told.append(f"… (+{len(counts) - len(shown):,})")
    return ", ".join(told) or "–"
