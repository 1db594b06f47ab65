"""The exit for the right contact: which names, counts and cases may leave with an answer?

In a protected workspace persons are named only as the caller named them, nothing is counted about
a person, counts about a unit leave where enough people resolved the very cases that are counted,
and no case is named. Method: docs/methods/routing-answers.md.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from leitweg.domain.assignments import Assigned, Assignment
from leitweg.domain.rosters import Standing
from leitweg.domain.routing import Candidate, Evidence, Level, Ranking
from leitweg.domain.routing_answers import ReleasedBacklog, ReleasedContact, ReleasedRouting
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


def release_routing(
    found: Ranking,
    *,
    profile: str,
    now_us: int,
    named: Mapping[str, str],
    tells: Tells | None = None,
    k: int = K,
    away: Mapping[str, Standing] | None = None,
    notes: tuple[str, ...] = (),
    zone: str = "UTC",
) -> ReleasedRouting:
    """Return the contacts of a request as they may leave.

    Parameters
    ----------
    found
        What the router says, with everything in it.
    profile
        ``open``: everything leaves.
    now_us, zone
        The present, and the time zone of those who read.
    named
        Stored ids of contacts to those that the caller gave. In a protected workspace no person
        leaves who is not named here.
    tells
        Which counts about units have enough people behind them; None: of none that is known.
    k
        Least number of cases of a count.
    away
        By stored id why contacts are not available; None: all are.
    notes
        Codes of what the caller must know of the request.
    """
    told = [_contact(c, found.level, profile, named, tells, k) for c in found.candidates]
    if away is not None:
        told = [
            None if contact is None else _unavailable(contact, away.get(candidate.contact))
            for contact, candidate in zip(told, found.candidates, strict=True)
        ]
    contacts = tuple(contact for contact in told if contact is not None)
    return ReleasedRouting(
        profile=profile,
        level=found.level,
        contacts=contacts,
        someone_new=found.someone_new,
        threshold=found.threshold,
        abstain=found.abstain or not contacts or away is not None,
        expected_transfers=found.expected_transfers,
        n_learnt=found.n_learnt,
        now_us=now_us,
        notes=notes,
        zone=zone,
    )


def release_backlog(
    assignment: Assignment,
    *,
    profile: str,
    level: Level,
    named: Mapping[str, str],
    notes: tuple[str, ...] = (),
) -> ReleasedBacklog:
    """Return who takes which request, with contacts as the caller names them.

    In a protected workspace no person leaves who is not in ``named``.
    """
    only = profile == "protected" and level == "person"
    rows = tuple(_assigned(row, named, only=only) for row in assignment.rows)
    return ReleasedBacklog(profile, level, replace(assignment, rows=rows), notes)


def _assigned(row: Assigned, named: Mapping[str, str], *, only: bool) -> Assigned:
    first = tuple(named.get(id_, id_) for id_ in row.first if id_ in named or not only)
    if row.contact is None:
        return replace(row, first=first)
    contact = named[row.contact] if only else named.get(row.contact, row.contact)
    return replace(row, contact=contact, first=first)


def _contact(
    candidate: Candidate,
    level: Level,
    profile: str,
    named: Mapping[str, str],
    tells: Tells | None,
    k: int,
) -> ReleasedContact | None:
    """Return a candidate as it may leave, None where it may not be named."""
    if profile == "open":
        return _open(candidate, named)
    if level == "person":
        return _person(candidate, named) if candidate.contact in named else None
    return _unit(candidate, named, tells, k)


def _unavailable(contact: ReleasedContact, standing: Standing | None) -> ReleasedContact:
    told = None if standing is None else replace(standing, contact=contact.contact)
    return replace(contact, available=False, standing=told)


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
    if not _counts(reason):
        return True
    if tells is None or min(reason.resolved or 0, reason.cases or 0) < k:
        return False
    # who had it before is a unit too: its cases are told as well
    before = [value for name, value in reason.values.items() if BEFORE.get(name) == reason.kind]
    values = {n: v for n, v in reason.values.items() if BEFORE.get(n) != reason.kind}
    if any(_PSEUDONYM.fullmatch(value) for value in values.values()):
        return False
    return tells.tells(unit, values) and all(tells.tells(name, {}) for name in before)


def _counts(reason: Evidence) -> bool:
    return (reason.resolved, reason.cases, reason.last_us) != (None, None, None)


def _uncounted(reason: Evidence) -> Evidence:
    if not _counts(reason):
        return reason
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
    return reason if values == reason.values else replace(reason, values=values)
