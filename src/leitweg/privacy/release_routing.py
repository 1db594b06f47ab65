"""The exit for the right contact: which names, counts and cases may leave with an answer?

In a protected workspace persons are named only as the caller named them, nothing is counted about
a person, counts about a unit leave where enough people resolved the very cases that are counted,
and no case is named. Method: docs/methods/routing-answers.md.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from leitweg.domain.routing import Candidate, Evidence, Level
from leitweg.domain.routing_answers import ReleasedContact
from leitweg.privacy.denied_features import denied_group
from leitweg.privacy.threshold import BELOW_K, PERSON_LEVEL, K

NO_CASES = "no-case-ids"
THE_SAME = ""
"""Stands for a value of the request that is stored as a pseudonym: the caller knows it."""
EVIDENCE_KINDS = (
    *("attributes", "words", "similar", "handed", "first", "unit", "profile", "recent"),
)
"""What a reason may rest on."""
OF_COUNTS = ("recent",)
"""Kinds that say nothing but how much somebody resolves: nothing of a person."""
BEFORE = {"from": "handed", "first": "first"}
"""The place in which a kind of reason names who had the request before."""
_PSEUDONYM = re.compile(r"[pcvm]-[0-9a-f]{32}|q-\d{4}q[1-4]\.\S+")


class Tells(Protocol):
    """Knows behind which counts enough people stand."""

    def tells(self, unit: str, values: Mapping[str, str]) -> bool:
        """Whether counts about the cases of a unit with these values may leave."""


def looked_at(attributes: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the attributes that a router may look at, and the names of those that it may not.

    >>> looked_at({"topic": "Bill", "religion": "none"})
    ({'topic': 'Bill'}, ('religion',))
    """
    denied = tuple(name for name in attributes if denied_group(name) is not None)
    return {name: value for name, value in attributes.items() if name not in denied}, denied


def release_contacts(
    candidates: tuple[Candidate, ...],
    *,
    profile: str,
    level: Level,
    named: Mapping[str, str],
    tells: Tells | None = None,
    k: int = K,
) -> tuple[ReleasedContact, ...]:
    """Return candidates as they may leave, in their order.

    Parameters
    ----------
    candidates
        Of one request, with everything in them.
    profile
        ``open``: everything leaves.
    level
        Of the contacts.
    named
        Stored ids of persons to the ids that the caller gave. In a protected workspace no person
        leaves who is not named here.
    tells
        Which counts about units have enough people behind them; None: of none that is known.
    k
        Least number of cases of a count.
    """
    if profile == "open":
        return tuple(_open(candidate, named) for candidate in candidates)
    if level == "person":
        return tuple(_person(c, named) for c in candidates if c.contact in named)
    return tuple(_unit(candidate, named, tells, k) for candidate in candidates)


def _open(candidate: Candidate, named: Mapping[str, str]) -> ReleasedContact:
    return ReleasedContact(
        named.get(candidate.contact, candidate.contact),
        candidate.probability,
        reasons=candidate.reasons,
        similar=candidate.similar,
    )


def _person(candidate: Candidate, named: Mapping[str, str]) -> ReleasedContact:
    """Return a person by the caller's own id: why, but never how many and when."""
    return ReleasedContact(
        named[candidate.contact],
        candidate.probability,
        reasons=tuple(
            _concealed(_uncounted(e), named) for e in candidate.reasons if e.kind not in OF_COUNTS
        ),
        counts_held_back=PERSON_LEVEL,
        similar_held_back=NO_CASES,
    )


def _unit(
    candidate: Candidate, named: Mapping[str, str], tells: Tells | None, k: int
) -> ReleasedContact:
    kept = [
        e if _is_told(candidate.contact, e, tells, k) else _uncounted(e) for e in candidate.reasons
    ]
    is_held = any(a is not b for a, b in zip(kept, candidate.reasons, strict=True))
    return ReleasedContact(
        candidate.contact,
        candidate.probability,
        reasons=tuple(_concealed(_without_rest(e, k), named) for e in kept),
        counts_held_back=BELOW_K if is_held else None,
        similar_held_back=NO_CASES,
    )


def _is_told(unit: str, reason: Evidence, tells: Tells | None, k: int) -> bool:
    if reason == _uncounted(reason):
        return True
    if tells is None or min(reason.resolved or 0, reason.cases or 0) < k:
        return False
    # who had it before is a unit too: its cases are told as well
    before = [value for name, value in reason.values.items() if BEFORE.get(name) == reason.kind]
    values = {n: v for n, v in reason.values.items() if BEFORE.get(n) != reason.kind}
    if any(_PSEUDONYM.fullmatch(value) for value in values.values()):
        return False
    return tells.tells(unit, values) and all(tells.tells(name, {}) for name in before)


def _uncounted(reason: Evidence) -> Evidence:
    return replace(reason, resolved=None, cases=None, last_us=None)


def _without_rest(reason: Evidence, k: int) -> Evidence:
    """Leave out of how many, where too few of them were resolved by others."""
    if reason.cases is None or reason.resolved is None:
        return reason
    few = 0 < reason.cases - reason.resolved < k
    return replace(reason, cases=None) if few else reason


def _concealed(reason: Evidence, named: Mapping[str, str]) -> Evidence:
    """Show no pseudonym: the caller's own word for it, else that it is the same as asked."""
    values = {
        name: named.get(value, THE_SAME if _PSEUDONYM.fullmatch(value) else value)
        for name, value in reason.values.items()
    }
    return replace(reason, values=values)
