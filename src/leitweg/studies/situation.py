"""The as-is situation of a workspace: the order in which its questions are asked.

Log or mail -> basis -> figures, links, customer line, findings, coverage -> the privacy door.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from leitweg.domain.access import OWNER, Asker
from leitweg.domain.errors import QuestionError
from leitweg.domain.progress import Progress, silent
from leitweg.domain.situation import (
    Coverage,
    Pools,
    Refused,
    ReleasedSituation,
    Situation,
    UnitRow,
)
from leitweg.engine.case_kernel import Level
from leitweg.engine.event_log import EventLog, load_event_log
from leitweg.engine.message_log import count_messages, load_message_log
from leitweg.engine.message_traffic import Traffic
from leitweg.engine.network_tables import TieNetwork
from leitweg.privacy.release import release
from leitweg.privacy.threshold import BELOW_K, finding_leaves
from leitweg.situation.attribution import OUT_OF_SUM
from leitweg.situation.basis import Basis, basis_of
from leitweg.situation.causes import causes_of
from leitweg.situation.coverage import coverage_of
from leitweg.situation.customer_line import customer_line, customer_line_of_messages
from leitweg.situation.figures import figures_of, without_cases
from leitweg.situation.findings import findings_of
from leitweg.situation.links import links_of
from leitweg.situation.load import loads_of
from leitweg.situation.pooled_units import bearers_of_units, pooled_units
from leitweg.store import Workspace, open_workspace
from leitweg.studies.asking import asking, day, days_of
from leitweg.studies.networks import (
    network_of_log,
    network_of_ties,
    nodes_of_cases,
    notes_of_ties,
    sizes_of_ties,
    ties_beside,
    ties_of,
)
from leitweg.studies.router_savings import guides_at
from leitweg.studies.scopes import refused_to
from leitweg.studies.surroundings import surroundings_of
from leitweg.studies.times_counted import threshold_of
from leitweg.studies.typed_dates import typed_date

TABLES = ("events", "cases", "people", "units", "messages")
STAGES = 5


@dataclass(frozen=True)
class Source:
    """The log to analyse and where it comes from.

    ``cases`` is False where rows of the log are answers to mails, not cases. ``notes`` are codes
    that coverage adds. ``traffic`` are the messages; ``ties`` the network of a workspace that
    holds neither cases nor mails.
    """

    log: EventLog
    cases: bool
    messages: int
    notes: tuple[str, ...]
    flows: tuple[tuple[str | None, str | None, int], ...] = ()
    traffic: Traffic | None = None
    ties: TieNetwork | None = None


def analyse(
    workspace: Path,
    *,
    start: str | None = None,
    end: str | None = None,
    as_of: str | None = None,
    seed: int = 0,
    progress: Progress = silent,
    asker: Asker = OWNER,
) -> ReleasedSituation:
    """Answer: how do requests travel, where do they wait, and what does that cost the customer?

    Parameters
    ----------
    workspace
        Folder of the workspace.
    start, end
        ISO dates or times, inclusive and exclusive; without an offset in the time zone of the
        workspace, UTC where it has none. None: from the 0.5 % to the 99.5 % quantile of the
        closings.
    as_of
        The present, until which open cases have waited. None: the last event of the log.
    seed
        Of the bootstrap (and of communities, where nothing else tells units).
    asker
        Who asks, in which role.

    Returns
    -------
    ReleasedSituation
        What may leave by the workspace's profile (docs/methods/privacy.md).

    Raises
    ------
    WorkspaceError
        The workspace is missing, damaged or newer than this version.
    QuestionError
        ``empty-workspace``; ``not-a-date``; ``empty-period``.
    AccessError
        ``purpose-off``; ``not-allowed``; ``unknown-role``.
    """
    place = open_workspace(workspace)
    question = {**days_of(start, end), "as_of": day(as_of), "seed": seed}
    with asking(place, "situation", asker=asker, question=question) as asked:
        released = analysed(place, start=start, end=end, as_of=as_of, seed=seed, progress=progress)
        asked.note_answer(released)
    return released


def analysed(
    place: Workspace,
    *,
    start: str | None = None,
    end: str | None = None,
    as_of: str | None = None,
    seed: int = 0,
    progress: Progress = silent,
) -> ReleasedSituation:
    """Answer as `analyse` does, for a study that has asked already whether it may."""
    bounds = _bounds(place, start, end, as_of)
    progress("load", 0, STAGES)
    source = source_of(place, seed)
    progress("walk", 1, STAGES)
    level = level_of(source.log)
    basis = basis_of(
        source.log,
        level=level,
        start_us=bounds["from"],
        end_us=bounds["to"],
        as_of_us=bounds["as-of"],
        seed=seed,
        answers=not source.cases,
    )
    _check_period(basis, start, end)
    asked = bounds["from"], bounds["to"]
    refused = refused_to(place, basis, traffic=source.traffic, ties=source.ties, asked=asked)
    situation = _answered(place, source, basis, bounds, refused, progress)
    if source.ties is not None:
        situation = _of_ties_alone(place, situation, source.ties)
    progress("release", STAGES, STAGES)
    k = threshold_of(basis, traffic=source.traffic, ties=source.ties)
    return release(situation, k=k, refused=refused)


def _check_period(basis: Basis, start: str | None, end: str | None) -> None:
    """Refuse a period that lies outside all closings: it would answer with nothing."""
    low, high = basis.period.start_us, basis.period.end_us
    if (start or end) and low is not None and high is not None and low >= high:
        raise QuestionError(
            "No case closes in the period asked for: --from lies after the last closing, or --to "
            "before the first; ask without them to see the period of the log.",
            code="empty-period",
        )


def _answered(
    place: Workspace,
    source: Source,
    basis: Basis,
    bounds: Mapping[str, int | None],
    refused: Refused,
    progress: Progress,
) -> Situation:
    """Ask every question of the basis; person-level places only where persons may be shown."""
    may_name = basis.level == "unit" or place.profile == "open"
    known = surroundings_of(place, basis)
    progress("findings", 2, STAGES)
    findings, union = (
        findings_of(
            basis,
            beside=replace(known.beside(basis), guides=guides_at(place, basis)),
            leaves=partial(
                finding_leaves, profile=place.profile, k=threshold_of(basis), refused=refused
            ),
        )
        if may_name
        else ((), None)
    )
    progress("figures", 3, STAGES)
    hidden = union is None and any(f.kind not in OUT_OF_SUM and f.price for f in findings)
    causes = causes_of(basis, known.calendars)
    figures = figures_of(basis, union, union_held_back=BELOW_K if hidden else None, causes=causes)
    links = links_of(basis, causes)
    units: tuple[UnitRow, ...] = (
        customer_line(basis, front=_front_units(place, basis), causes=causes) if may_name else ()
    )
    bearers = bearers_of_units(basis)
    units = tuple(replace(u, bearers=bearers.get(u.unit, ())) for u in units)
    coverage = coverage_of(basis, messages=source.messages)
    coverage = _with_notes(coverage, source.notes)
    if not source.cases:
        figures = without_cases(figures)
        units = customer_line_of_messages(
            units,
            source.flows,
            front_share=basis.constants.front_share,
            mixed_share=basis.constants.mixed_share,
        )
        coverage = replace(coverage, cases=0, events=0)
    return Situation(
        profile=place.profile,
        level=basis.level,
        period=replace(basis.period, zone=zone_of(place)),
        coverage=coverage,
        figures=figures,
        units=units,
        links=links.rows() if may_name else (),
        findings=findings,
        notes=() if may_name else ("person-level",),
        seed=basis.seed,
        network=network_of_log(
            place,
            basis,
            traffic=source.traffic,
            notes=source.notes,
            asked=bounds,
            expected=known.expected,
        ),
        loads=loads_of(basis, known.weeks, known.staff) if may_name and source.cases else (),
        pools=Pools(
            partial(pooled_units, basis=basis, causes=causes),
            links.pooled,
            partial(nodes_of_cases, place=place, basis=basis),
        ),
    )


def _of_ties_alone(place: Workspace, situation: Situation, ties: TieNetwork) -> Situation:
    """Say what a workspace without any case knows: its network, and nothing about cases."""
    people, units = sizes_of_ties(place, ties)
    network = network_of_ties(place, ties, situation.seed)
    return replace(
        situation,
        level=network.nodes,
        coverage=replace(situation.coverage, people=people, units=units),
        figures=without_cases(situation.figures, why="no-cases"),
        network=network,
        notes=(),
    )


def _with_notes(coverage: Coverage, notes: tuple[str, ...]) -> Coverage:
    missing = (*coverage.missing, *notes)
    return replace(coverage, missing=missing, complete=not missing)


def zone_of(place: Workspace) -> str | None:
    """Return the time zone in which the people of a workspace read days, None for UTC."""
    zone = place.settings.get("time_zone")
    return str(zone) if zone else None


def source_of(place: Workspace, seed: int) -> Source:
    """Cases from events where there are any, else from threads, else answers to mails."""
    files: Mapping[str, Sequence[Path]] = {name: place.files(name) for name in TABLES}
    messages = place.rows("messages")
    if place.rows("events"):
        count = count_messages(files) if messages else 0
        beside: tuple[str, ...] = ("mail-beside-cases",) if messages else ()
        beside += ties_beside(place)
        return Source(load_event_log(files), True, count, beside)
    if not messages and place.rows("ties"):
        ties = ties_of(place)
        return Source(load_event_log(files), False, 0, notes_of_ties(ties), ties=ties)
    if not messages:
        raise QuestionError(
            f"{place.folder}: this workspace holds no events, no messages and no ties; import "
            "a log first, for example: leitweg import tickets.csv --workspace DIR.",
            code="empty-workspace",
            workspace=str(place.folder),
        )
    mail = load_message_log(files, front=_front(place), seed=seed)
    left_out = (f"messages-without-thread: {mail.n_unthreaded}",)
    notes: tuple[str, ...] = (() if mail.threaded else ("no-threads",)) + (
        left_out if mail.threaded and mail.n_unthreaded else ()
    )
    notes += (f"units-from-{mail.units_from}",) if mail.units_from != "people" else ()
    notes += ties_beside(place)
    return Source(mail.log, mail.threaded, mail.n_messages, notes, mail.flows, mail.traffic)


def level_of(log: EventLog) -> Level:
    """Units where the log knows any, else the persons themselves."""
    return "unit" if len(log.units) and bool((log.unit >= 0).any()) else "person"


def _bounds(
    place: Workspace, start: str | None, end: str | None, as_of: str | None
) -> dict[str, int | None]:
    zone = place.settings.get("time_zone")
    named = {"from": start, "to": end, "as-of": as_of}
    bounds = {
        name: None if text is None else microseconds_of(name, text, zone)
        for name, text in named.items()
    }
    low, high = bounds["from"], bounds["to"]
    if low is not None and high is not None and low >= high:
        raise QuestionError(
            f"--from {start} is not before --to {end}; swap them or leave one out.",
            code="empty-period",
        )
    return bounds


def microseconds_of(name: str, text: str, zone: object) -> int:
    """Read the date of an option in the time zone of the workspace, UTC where it has none."""
    try:
        time = typed_date(text)
    except ValueError as error:
        raise QuestionError(
            f"--{name} {text} is no date; write it as 2026-11-23, 23.11.2026 "
            "or 2026-11-23T08:00:00+01:00.",
            code="not-a-date",
            option=name,
        ) from error
    if time.tzinfo is None:
        time = time.replace(tzinfo=ZoneInfo(str(zone)) if zone else UTC)
    return (time - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _front(place: Workspace) -> tuple[str, ...]:
    """Accounts and units that a person named as speaking with customers."""
    named = place.settings.get("front", ())
    return tuple(str(name) for name in named) if isinstance(named, (list, tuple)) else ()


def _front_units(place: Workspace, basis: Basis) -> tuple[str, ...]:
    """Units named as front, and the units of accounts named so."""
    named = set(_front(place))
    log = basis.log
    of_accounts = {
        log.units[int(unit)]
        for person, unit in zip(log.persons, log.person_unit, strict=True)
        if person in named and unit >= 0
    }
    return tuple(sorted((named & set(log.units)) | of_accounts))
