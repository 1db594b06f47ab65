"""Who is the right contact for this request, or for each one of a backlog?

Request of the caller -> as it would be stored -> router -> the privacy door. Method:
docs/methods/routing-answers.md.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from leitweg.domain.access import OWNER, Asker
from leitweg.domain.assignments import BacklogRow, Waiting
from leitweg.domain.errors import QuestionError
from leitweg.domain.progress import Progress, silent
from leitweg.domain.rosters import Need, Roster
from leitweg.domain.routing import LEVELS, Level
from leitweg.domain.routing_answers import ReleasedBacklog, ReleasedRouting
from leitweg.privacy.release_routing import release_backlog
from leitweg.routing.assignment import assign_backlog
from leitweg.routing.availability import availability
from leitweg.routing.workload import priced
from leitweg.sources.backlogs import read_backlog
from leitweg.sources.rosters import read_roster
from leitweg.store import Workspace, open_workspace
from leitweg.studies.asked_request import Parts
from leitweg.studies.asking import asking
from leitweg.studies.routing_answers import TOP, Choice, answer
from leitweg.studies.routing_scene import Scene, scene_of
from leitweg.studies.situation import microseconds_of, zone_of

__all__ = ["route", "route_backlog"]

MOST_SHOWN, MOST_NAMED = 100, 8


def route(
    workspace: Path,
    *,
    text: str | None = None,
    attributes: Mapping[str, str] | None = None,
    level: Level = "unit",
    roster: Path | None = None,
    tried: Sequence[str] = (),
    first: str | None = None,
    top: int = TOP,
    at: str | None = None,
    time_zone: str | None = None,
    seed: int = 0,
    progress: Progress = silent,
    asker: Asker = OWNER,
) -> ReleasedRouting:
    """Answer: who is the right contact for this request, and how sure is that?

    Parameters
    ----------
    workspace
        Folder of the workspace.
    text
        Subject and body of the request; read once and not kept.
    attributes
        Values by name, such as ``topic``, ``priority``, ``channel``, ``customer``. ``language``
        and ``permission`` are also what a contact of the roster has to have.
    level
        ``unit`` or ``person``. In a protected workspace persons are chosen from the roster alone.
    roster
        File of those who take requests (docs/methods/workload.md); None: everybody, at any time.
    tried
        Contacts that could not resolve it, in order; they are not suggested again.
    first
        Who holds it already.
    top
        How many contacts are told at most.
    at
        ISO time at which the request arrives; None: now, after all that was learnt.
    time_zone
        Of times without one, here and in files; None: that of the workspace.
    seed
        Of the learning, where the router has to be learnt first.
    asker
        Who asks, in which role.

    Returns
    -------
    ReleasedRouting
        What may leave by the workspace's profile (docs/methods/routing-answers.md).

    Raises
    ------
    QuestionError
        ``unknown-level``, ``bad-top``, ``roster-needed``, ``not-a-date``, ``nothing-to-learn``.
    SourceError
        The roster cannot be read.
    AccessError
        ``purpose-off``; ``not-allowed``; ``unknown-role``.
    """
    place = open_workspace(workspace)
    _check(place, level, top, roster)
    facts = {
        "level": level,
        "text": text is not None,
        "attributes": len(attributes or {}),
        "tried": len(tried),
        "first": first is not None,
        "roster": roster is not None,
        "top": top,
    }
    with asking(place, "route", asker=asker, question=facts) as asked:
        zone = time_zone or zone_of(place)
        at_us = None if at is None else microseconds_of("at", at, zone)
        who = _roster(place, roster, zone)
        scene = scene_of(place, level, seed=seed, progress=progress)
        parts = Parts(text, dict(attributes or {}), at_us, first, tuple(tried))
        released = _answered(scene, parts, who, top)
        asked.note(values=len(released.contacts))
    return released


def route_backlog(
    workspace: Path,
    backlog: Path,
    *,
    level: Level = "unit",
    roster: Path | None = None,
    at: str | None = None,
    time_zone: str | None = None,
    seed: int = 0,
    progress: Progress = silent,
    asker: Asker = OWNER,
) -> ReleasedBacklog:
    """Answer: who takes which request of a backlog, so that the most reach the right contact?

    Parameters
    ----------
    backlog
        File with one row per request: ``case_id``, ``text``, attributes, ``first``, ``tried``
        (docs/methods/workload.md).
    at
        ISO time of the assignment; None: now.
    level, roster, time_zone, seed, asker
        As in `route`.

    Returns
    -------
    ReleasedBacklog
        One row per request in the order of the file.

    Raises
    ------
    QuestionError, SourceError, AccessError
        As `route`, and those of reading the backlog.
    """
    place = open_workspace(workspace)
    _check(place, level, TOP, roster)
    facts = {"level": level, "roster": roster is not None, "backlog": True}
    with asking(place, "route", asker=asker, question=facts) as asked:
        zone = time_zone or zone_of(place)
        at_us = None if at is None else microseconds_of("at", at, zone)
        who = _roster(place, roster, zone)
        rows = read_backlog(backlog, now_us=place.now_us(), time_zone=zone)
        scene = scene_of(place, level, seed=seed, progress=progress)
        released = _assigned(scene, rows, who, at_us, progress)
        asked.note(values=len(rows), requests=len(rows))
    return released


def _check(place: Workspace, level: str, top: int, roster: Path | None) -> None:
    """Refuse what cannot be asked, before anything is read."""
    if level not in LEVELS:
        raise QuestionError(
            f"There is no level '{level}'; choose unit or person.",
            code="unknown-level",
            level=level,
        )
    if not 1 <= top <= MOST_SHOWN:
        raise QuestionError(
            f"--top {top}: ask for 1 to {MOST_SHOWN} contacts.",
            code="bad-top",
            top=top,
            most=MOST_SHOWN,
        )
    if place.profile == "protected" and level == "person" and roster is None:
        raise QuestionError(
            "A protected workspace does not know its people by name: pass those who may take the "
            "request with --roster FILE (a column 'contact'), or ask for --level unit.",
            code="roster-needed",
        )


def _roster(place: Workspace, path: Path | None, zone: str | None) -> Roster | None:
    return None if path is None else read_roster(path, now_us=place.now_us(), time_zone=zone)


def _answered(scene: Scene, parts: Parts, roster: Roster | None, top: int) -> ReleasedRouting:
    asked = scene.spellings.asked(parts)
    now_us = scene.place.now_us() if parts.at_us is None else parts.at_us
    choice, notes = Choice(asked.named), asked.notes
    if roster is not None:
        notes = (*notes, *_notes_on(roster))
        need = _need(parts.attributes, now_us)
        choice = _choice(scene, roster, need, asked.named)
    return answer(
        scene.router,
        asked.request,
        profile=scene.place.profile,
        now_us=now_us,
        choice=choice,
        tells=scene.tells(),
        top=top,
        notes=notes,
        zone=zone_of(scene.place) or "UTC",
    )


def _notes_on(roster: Roster) -> tuple[str, ...]:
    unused = ", ".join(roster.unused_columns)
    return (f"roster-columns-unused: {unused}",) if unused else ()


def _need(attributes: Mapping[str, str], at_us: int) -> Need:
    """Return what a request asks of its contact: some attributes say it."""
    permission = attributes.get("permission", "").strip().lower()
    return Need(
        at_us,
        language=attributes.get("language") or None,
        permissions=frozenset({permission} - {""}),
        customer=attributes.get("customer") or None,
    )


def _choice(scene: Scene, roster: Roster, need: Need, named: Mapping[str, str]) -> Choice:
    """Return who of the roster can take a request now, the less busy before the busier."""
    stored, own = scene.stored_roster(roster)
    contacts = scene.router.contacts if scene.level == "unit" else None
    found = availability(stored, need, contacts=contacts)
    return Choice(
        {**named, **own}, found.standings, partial(priced, roster=stored, at_us=need.at_us)
    )


def _assigned(
    scene: Scene,
    rows: Sequence[BacklogRow],
    roster: Roster | None,
    at_us: int | None,
    progress: Progress,
) -> ReleasedBacklog:
    now_us = scene.place.now_us() if at_us is None else at_us
    stored, named = (None, {}) if roster is None else scene.stored_roster(roster)
    notes = [] if roster is None else [*_notes_on(roster)]
    waiting = []
    for row in rows:
        attributes = dict(row.attributes)
        if row.customer is not None:
            attributes.setdefault("customer", row.customer)
        asked = scene.spellings.asked(
            Parts(row.text, attributes, row.at_us, row.first_contact, row.tried)
        )
        notes += asked.notes
        need = Need(now_us, row.language, row.permissions, row.customer)
        waiting.append(Waiting(row.case_id, asked.request, need))
    found = assign_backlog(waiting, scene.router, stored, progress=progress)
    return release_backlog(
        found,
        profile=scene.place.profile,
        level=scene.level,
        named=named,
        notes=_together(notes),
    )


def _together(notes: Sequence[str]) -> tuple[str, ...]:
    """Return notes on many requests as one per code, with the first few names."""
    found: dict[str, dict[str, None]] = {}
    for note in notes:
        code, _, names = note.partition(": ")
        found.setdefault(code, {})[names] = None
    return tuple(
        f"{code}: {', '.join(list(names)[:MOST_NAMED])}{', …' * (len(names) > MOST_NAMED)}"
        if any(names)
        else code
        for code, names in found.items()
    )
