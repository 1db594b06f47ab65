"""What became of a request? Closings, handovers and choices are noted, and the router learns them.

Each is one step: asked, noted in the journal, and on the disk before anything is answered. Whoever
holds a router learns it from there (`leitweg.studies.learning.follow`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from leitweg.domain.access import OWNER, Asker
from leitweg.domain.errors import QuestionError
from leitweg.domain.routing import Level, Ranking, Request
from leitweg.domain.routing_journal import JournalEntry, JournalKind, Suggested
from leitweg.store import Clock, Workspace, open_workspace, utc_now
from leitweg.studies.asking import asking
from leitweg.studies.routing_journal import RoutingJournal

ACTION = "route"
_CLOCKS_DIFFER_US = 24 * 3_600_000_000
"""Clocks and time zones of two systems may differ; more than a day is a mistake."""


@dataclass(frozen=True)
class Noted:
    """What was noted, and up to which row the journal goes now."""

    kind: JournalKind
    at_us: int
    position: int


@dataclass(frozen=True)
class Known:
    """What was known of a request when it arrived; needed where the case was never routed."""

    text: str | None = None
    attributes: Mapping[str, str] | None = None

    @property
    def is_nothing(self) -> bool:
        """Nothing is told."""
        return self.text is None and not self.attributes


NOTHING = Known()


def note_routed(
    workspace: Path,
    request: Request,
    ranking: Ranking,
    *,
    case_id: str | None = None,
    propensity: float = 1.0,
    asker: Asker = OWNER,
    clock: Clock = utc_now,
) -> Noted:
    """Note what was suggested for a request, in the order in which it is shown.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    request
        What was asked, with ids as stored.
    ranking
        What is shown (`leitweg.routing.exploration.explored`).
    case_id
        The case, so that a closing later needs not repeat the request.
    propensity
        With which probability chance showed them in this order.
    asker, clock
        Who asks, and where the present comes from.
    """
    place = open_workspace(workspace, clock=clock)
    entry = routed_entry(
        request, ranking, at_us=place.now_us(), case_id=case_id, propensity=propensity
    )
    return _noted(place, asker, lambda _: entry, level=ranking.level)


def routed_entry(
    request: Request,
    ranking: Ranking,
    *,
    at_us: int,
    case_id: str | None = None,
    propensity: float = 1.0,
) -> JournalEntry:
    """Return what the journal keeps of a request and of what was suggested for it."""
    return JournalEntry(
        at_us,
        "routed",
        replace(request, at_us=at_us if request.at_us is None else request.at_us),
        case_id,
        ranking.level,
        tuple(Suggested(c.contact, c.probability) for c in ranking.candidates),
        propensity,
        ranking.someone_new,
        ranking.abstain,
    )


def hand_over(
    workspace: Path,
    case_id: str,
    *,
    from_contact: str,
    to_contact: str,
    level: Level = "unit",
    known: Known = NOTHING,
    at: datetime | None = None,
    asker: Asker = OWNER,
    clock: Clock = utc_now,
) -> Noted:
    """Note that a contact handed a case on to another one.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    case_id
        The case, as the ticket system writes it.
    from_contact, to_contact
        Who had it, and who got it.
    level
        Of the contacts.
    known
        What the request said, where it was never routed.
    at
        When it was; None: now.
    asker, clock
        Who asks, and where the present comes from.

    Raises
    ------
    QuestionError
        ``note-needs-contact``, ``note-needs-case``, ``note-of-future``.
    """
    _check_named(from_contact, to_contact)
    return _change_of_contact(
        workspace, "handover", case_id, from_contact, to_contact, level, known, at, asker, clock
    )


def override(
    workspace: Path,
    case_id: str,
    *,
    suggested: str,
    chosen: str,
    level: Level = "unit",
    known: Known = NOTHING,
    at: datetime | None = None,
    asker: Asker = OWNER,
    clock: Clock = utc_now,
) -> Noted:
    """Note that a person chose another contact than the one suggested first; see `hand_over`."""
    _check_named(suggested, chosen)
    return _change_of_contact(
        workspace, "override", case_id, suggested, chosen, level, known, at, asker, clock
    )


def close_case(
    workspace: Path,
    case_id: str,
    *,
    unit: str | None = None,
    person: str | None = None,
    unit_path: Sequence[str] = (),
    person_path: Sequence[str] = (),
    known: Known = NOTHING,
    at: datetime | None = None,
    asker: Asker = OWNER,
    clock: Clock = utc_now,
) -> Noted:
    """Note that a case was resolved, and by whom.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    case_id
        The case, as the ticket system writes it.
    unit, person
        Who resolved it; one of the two at least.
    unit_path, person_path
        Who held it, in order; empty: as its handovers say.
    known
        What the request said, where it was never routed.
    at
        When it was; None: now.
    asker, clock
        Who asks, and where the present comes from.

    Raises
    ------
    QuestionError
        ``note-needs-contact``, ``note-needs-case``, ``note-of-future``.
    """
    _check_named(unit or person)
    place = open_workspace(workspace, clock=clock)
    at_us = _at_us(place, at)

    def entry(journal: RoutingJournal) -> JournalEntry:
        return JournalEntry(
            at_us,
            "closed",
            _request(journal, case_id, known, at_us, "unit"),
            journal.case(case_id),
            unit=unit,
            person=person,
            unit_path=tuple(unit_path),
            person_path=tuple(person_path),
        )

    _check_case(case_id)
    return _noted(place, asker, entry)


def _change_of_contact(
    workspace: Path,
    kind: JournalKind,
    case_id: str,
    from_contact: str,
    to_contact: str,
    level: Level,
    known: Known,
    at: datetime | None,
    asker: Asker,
    clock: Clock,
) -> Noted:
    _check_case(case_id)
    place = open_workspace(workspace, clock=clock)
    at_us = _at_us(place, at)

    def entry(journal: RoutingJournal) -> JournalEntry:
        return JournalEntry(
            at_us,
            kind,
            _request(journal, case_id, known, at_us, level),
            journal.case(case_id),
            level,
            from_contact=from_contact,
            to_contact=to_contact,
        )

    return _noted(place, asker, entry, level=level)


def _noted(
    place: Workspace,
    asker: Asker,
    made: Callable[[RoutingJournal], JournalEntry],
    *,
    level: Level | None = None,
) -> Noted:
    with asking(place, ACTION, asker=asker, question={"level": level}) as asked:
        journal = RoutingJournal(place)
        entry = made(journal)
        position = journal.append([entry])
        asked.note(values=1, noted=entry.kind)
    return Noted(entry.kind, entry.at_us, position)


def _request(
    journal: RoutingJournal, case_id: str, known: Known, at_us: int, level: Level
) -> Request:
    """Return what was known of a request: as told now, else as it was when it was routed."""
    if known.is_nothing:
        routed = journal.request_of(journal.case(case_id))
        if routed is not None:
            return replace(routed, first_contact=None, tried=())
    return journal.request(
        level=level, text=known.text, attributes=known.attributes or {}, at_us=at_us
    )


def _at_us(place: Workspace, at: datetime | None) -> int:
    now_us = place.now_us()
    at_us = now_us if at is None else int(at.timestamp() * 1_000_000)
    if at_us > now_us + _CLOCKS_DIFFER_US:
        raise QuestionError(
            f"{at:%Y-%m-%d %H:%M} lies in the future; what is noted has happened. Check the clock "
            "of the system that sends it, and its time zone.",
            code="note-of-future",
        )
    return at_us


def _check_case(case_id: str) -> None:
    if not case_id.strip():
        raise QuestionError(
            "What is noted belongs to a case; name its number.", code="note-needs-case"
        )


def _check_named(*contacts: str | None) -> None:
    if not all(contact and contact.strip() for contact in contacts):
        raise QuestionError(
            "What is noted names its contacts: of a closing the unit or the person that resolved "
            "it, of a handover who had the case and who got it.",
            code="note-needs-contact",
        )
