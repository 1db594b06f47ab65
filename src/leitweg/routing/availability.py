"""Who can take this request now, and who not and why? Hard filters of a roster."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from leitweg.domain.rosters import (
    ABSENT,
    LANGUAGE,
    LEFT,
    NOT_ON_ROSTER,
    NOT_OWNER,
    OUTSIDE_HOURS,
    PERMISSION,
    REASONS,
    Availability,
    Contact,
    Need,
    Roster,
    Standing,
)
from leitweg.domain.routing import Ranking
from leitweg.language.codes import language_code
from leitweg.privacy.canonical import canonical
from leitweg.routing.working_hours import next_opening, works_at

NEVER_US = 7_258_118_400 * 1_000_000
"""2200-01-01: an absence that ends then or later has no end."""
MOST_STEPS = 1_000


def availability(
    roster: Roster, need: Need, *, contacts: Sequence[str] | None = None
) -> Availability:
    """Say of each contact whether it can take a request.

    Parameters
    ----------
    roster
        Who takes requests, with ids as the router has them.
    need
        What the request asks.
    contacts
        Of whom to tell, such as the contacts of the router; None for the rows of the roster. A
        unit stands for its people as well: where the roster names some, one has to be available.

    Returns
    -------
    Availability
        In the order of ``contacts``. Where the customer of the request has account owners of whom
        one is available, all others are ``not-owner``; where none is, the request goes to whom it
        fits.

    References
    ----------
    Method and limits: docs/methods/workload.md
    """
    if need.language is not None:
        need = replace(need, language=language_code(need.language) or need.language)
    people = roster.units
    rows = {row.contact: _standing(row, need, row.contact in people) for row in roster.contacts}
    own = [row for row in roster.contacts if _owns(row, need) and rows[row.contact].available]
    asked = tuple(rows) if contacts is None else tuple(dict.fromkeys(contacts))
    standings = {name: _of(name, rows, people.get(name, ())) for name in asked}
    if not own:
        return Availability(standings)
    owners = {row.contact for row in own} | {row.unit for row in own}
    only = {name: _only_owner(standing, owners) for name, standing in standings.items()}
    return Availability(only, owner=own[0].contact)


def among(ranking: Ranking, allowed: Collection[str]) -> Ranking:
    """Return a ranking without those who cannot take the request.

    Probabilities stay as they are: that the right contact is away makes nobody else righter. What
    those left out had goes to ``someone_new``, and a first that is now less likely than the
    threshold is not suggested alone.

    Parameters
    ----------
    ranking
        Of all contacts, with as many candidates as may be needed.
    allowed
        Who can take it (`Availability.allowed`).
    """
    kept = tuple(c for c in ranking.candidates if c.contact in allowed)
    if len(kept) == len(ranking.candidates):
        return ranking
    lost = sum(c.probability for c in ranking.candidates if c.contact not in allowed)
    new = min(1.0, ranking.someone_new + lost)
    return replace(
        ranking,
        candidates=kept,
        someone_new=new,
        abstain=ranking.abstain or not kept or kept[0].probability < ranking.threshold,
        expected_transfers=None,
    )


def _standing(row: Contact, need: Need, has_people: bool) -> Standing:
    """Say whether a row of the roster fits; what no time will change comes first."""
    if row.valid_to_us is not None and row.valid_to_us <= need.at_us:
        return Standing(row.contact, False, LEFT)
    if row.languages and need.language is not None and need.language not in row.languages:
        return Standing(row.contact, False, LANGUAGE)
    # of a unit without permissions of its own its people are asked
    by_people = has_people and not row.permissions
    if not by_people and not need.permissions <= row.permissions:
        return Standing(row.contact, False, PERMISSION)
    if _absence_at(row, need.at_us) is not None:
        return Standing(row.contact, False, ABSENT, _next_us(row, need.at_us))
    if row.hours is not None and not works_at(row.hours, need.at_us):
        return Standing(row.contact, False, OUTSIDE_HOURS, _next_us(row, need.at_us))
    return Standing(row.contact, True)


def _absence_at(row: Contact, at_us: int) -> int | None:
    """Return the end of the absence in which a time lies."""
    ends = [end for begin, end in row.absences if begin <= at_us < end]
    return max(ends, default=None)


def _next_us(row: Contact, at_us: int) -> int | None:
    """Return when somebody is at work again; None where that is not known."""
    for _ in range(MOST_STEPS):
        end = _absence_at(row, at_us)
        if end is not None:
            at_us = end
        elif row.hours is not None and not works_at(row.hours, at_us):
            opening = next_opening(row.hours, at_us)
            if opening is None:
                return None
            at_us = opening
        else:
            gone = row.valid_to_us is not None and row.valid_to_us <= at_us
            return None if gone or at_us >= NEVER_US else at_us
        if at_us >= NEVER_US:
            return None
    return None


def _owns(row: Contact, need: Need) -> bool:
    if need.customer is None:
        return False
    wanted = canonical(need.customer, "customer")
    return any(canonical(name, "customer") == wanted for name in row.customers)


def _of(name: str, rows: dict[str, Standing], people: Iterable[Contact]) -> Standing:
    """Return how a contact stands: by its own row, and a unit by its people too."""
    own, members = rows.get(name), [rows[person.contact] for person in people]
    if own is not None and (not own.available or not members):
        return own
    if not members:
        return Standing(name, False, NOT_ON_ROSTER)
    return replace(min(members, key=_nearness), contact=name)


def _nearness(standing: Standing) -> tuple[bool, float, int]:
    """Order by who can take it first; of those who never can, by the reason."""
    known = float("inf") if standing.next_us is None else standing.next_us
    return not standing.available, known, REASONS.index(standing.why) if standing.why else 0


def _only_owner(standing: Standing, owners: set[str | None]) -> Standing:
    if standing.contact in owners or not standing.available:
        return standing
    return Standing(standing.contact, False, NOT_OWNER)
