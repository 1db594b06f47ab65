"""How much work lies where: a table by one or two attributes of people and cases.

Log -> one walk -> contributions of people -> small groups merged -> cells -> the privacy door.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np

from leitweg.domain.access import OWNER, Asker
from leitweg.domain.breakdown import (
    Breakdown,
    BreakdownQuestion,
    ReleasedBreakdown,
)
from leitweg.domain.errors import QuestionError
from leitweg.domain.progress import Progress, silent
from leitweg.domain.situation import Period
from leitweg.engine.calendars import Absences, Calendars, discover_calendars
from leitweg.engine.case_kinds import kinds_of_cases
from leitweg.engine.event_log import EventLog
from leitweg.engine.person_attributes import ATTRIBUTE_TABLES, load_person_attributes
from leitweg.engine.staff import STAFF_TABLES, load_staff
from leitweg.privacy.gate import Gate
from leitweg.privacy.ledger import Ledger
from leitweg.privacy.merged_groups import small_groups, with_merged_groups
from leitweg.privacy.noise_budget import epsilon_of, spend
from leitweg.privacy.release_breakdown import Decide, release_breakdown
from leitweg.privacy.release_noised import K_OF_NOISE, check_noise, release_noised
from leitweg.privacy.scope_ledger import decide_scopes
from leitweg.privacy.threshold import K
from leitweg.situation.arrays import groups_of
from leitweg.situation.basis import Basis, basis_of
from leitweg.situation.breakdown import cells_of
from leitweg.situation.contributions import Labelled, contributions_of
from leitweg.situation.sides import labels_of
from leitweg.situation.traces import traces_of_cases
from leitweg.situation.work import tells_work
from leitweg.store import Workspace, open_workspace
from leitweg.studies.asked_breakdown import asked_breakdown, check_labels
from leitweg.studies.asking import asking, days_of
from leitweg.studies.scopes import LEDGER
from leitweg.studies.situation import level_of, microseconds_of, source_of, zone_of
from leitweg.studies.times_counted import threshold_of

STAGES = 4
Bounds = tuple[int | None, int | None]


def break_down(
    workspace: Path,
    *,
    by: Sequence[str],
    where: Mapping[str, str] | None = None,
    of: str = "events",
    per_person: bool = False,
    start: str | None = None,
    end: str | None = None,
    seed: int = 0,
    epsilon: str | None = None,
    most_per_person: float | None = None,
    progress: Progress = silent,
    asker: Asker = OWNER,
) -> ReleasedBreakdown:
    """Answer: how much work lies where, by one or two attributes?

    Parameters
    ----------
    workspace
        Folder of the workspace.
    by
        One or two attributes: of people ``unit``, ``site``, ``language``, ``position``, ``hours``
        (full or part time), of cases ``topic``, ``channel``, ``priority``, ``kind``.
    where
        Attribute to the value it must have; with ``by`` at most two attributes in all.
    of
        ``people``, ``events``, ``handovers``, ``cases`` or ``working_hours``, of the period.
    per_person
        The mean per person who contributed, with a 95 % interval (people are drawn anew).
    start, end
        As for `leitweg.studies.situation.analyse`; None: all cases of the log.
    seed
        Of the bootstrap.
    epsilon
        A decimal number such as ``"0.5"``: values leave with the noise of differential privacy,
        and so much of the budget is used up. None: exact values, under the ledger of releases.
    most_per_person
        With noise: what one person may contribute at most, in all cells together; more is cut.
    asker
        Who asks, in which role.

    Returns
    -------
    ReleasedBreakdown
        What may leave by the workspace's profile (docs/methods/breakdown.md).

    Raises
    ------
    QuestionError
        Those of `asked_breakdown`; ``no-such-attribute``, ``unknown-value``,
        ``no-cases-to-break-down``, ``no-people``, ``no-work``, ``empty-period``, ``not-a-date``;
        with noise ``bad-epsilon``, ``budget-spent``, ``most-per-person``, ``noise-of``,
        ``extra-missing``.
    AccessError
        ``purpose-off``; ``not-allowed``; ``unknown-role``.
    """
    question = asked_breakdown(by, where or {}, of, per_person=per_person)
    asked_epsilon = epsilon_of(epsilon)
    check_noise(question, asked_epsilon, most_per_person)
    place = open_workspace(workspace)
    log_entry = {
        **days_of(start, end),
        "by": ", ".join(question.by),
        "where": ", ".join(name for name, _ in question.where),
        "of": of,
        "per_person": per_person,
        "epsilon": None if asked_epsilon is None else str(asked_epsilon),
        "seed": seed,
    }
    with asking(place, "breakdown", asker=asker, question=log_entry) as asked:
        progress("load", 0, STAGES)
        basis, bounds = _basis(place, start, end, seed)
        progress("walk", 1, STAGES)
        least = K if asked_epsilon is None else K_OF_NOISE
        if asked_epsilon is not None:
            _check_one_era(basis)
        breakdown = _breakdown(place, basis, question, bounds, least)
        progress("release", 3, STAGES)
        released = (
            _released(place, basis, breakdown, bounds)
            if asked_epsilon is None
            else _noised(place, breakdown, bounds, asked_epsilon, most_per_person)
        )
        held_back = sum(cell.held_back is not None for cell in released.all_cells)
        asked.note(values=len(released.all_cells) - held_back, held_back=held_back)
        progress("release", STAGES, STAGES)
    return released


def _basis(place: Workspace, start: str | None, end: str | None, seed: int) -> tuple[Basis, Bounds]:
    zone = place.settings.get("time_zone")
    low = None if start is None else microseconds_of("from", start, zone)
    high = None if end is None else microseconds_of("to", end, zone)
    source = source_of(place, seed)
    if not source.cases:
        raise QuestionError(
            "This workspace holds no cases to break down: its mails carry no threads, or it holds "
            "ties alone; import a log of cases, or the messages with what they answer to.",
            code="no-cases-to-break-down",
        )
    if not len(source.log.persons):
        raise QuestionError(
            "The log names no people, and a breakdown tells what people did; import a log whose "
            "events name who did them.",
            code="no-people",
        )
    level = level_of(source.log)
    basis = basis_of(source.log, level=level, start_us=low, end_us=high, seed=seed)
    if not basis.counted.any():
        raise QuestionError(
            "No case closes in the period asked for: --from lies after the last closing, or --to "
            "before the first; ask without them to see the period of the log.",
            code="empty-period",
        )
    return basis, (low, high)


def _breakdown(
    place: Workspace, basis: Basis, question: BreakdownQuestion, bounds: Bounds, least: int
) -> Breakdown:
    attributes = _attributes(place, basis.log)
    check_labels(question, attributes)
    calendars = _calendars(place, basis.log) if question.of == "working_hours" else None
    found, left_out = contributions_of(basis, question, attributes, calendars)
    if place.profile != "open" or least == K_OF_NOISE:
        found = with_merged_groups(found, k=least)
    return Breakdown(
        profile=place.profile,
        question=question,
        period=_period(place, basis, asked=bounds != (None, None)),
        contributions=found,
        cells=cells_of(found, question, seed=basis.seed),
        left_out=left_out,
        seed=basis.seed,
    )


def _period(place: Workspace, basis: Basis, *, asked: bool) -> Period:
    if not asked:
        return Period(None, None, None, "all cases of the log")
    return replace(basis.period, zone=zone_of(place))


def _attributes(place: Workspace, log: EventLog) -> dict[str, Labelled]:
    files = {table.name: place.files(table.name) for table in ATTRIBUTE_TABLES}
    of_people = load_person_attributes(files, log)
    known = {name: Labelled(names, codes) for name, (names, codes) in of_people.items()}
    of_cases = labels_of(log)
    for name in ("topic", "channel", "priority"):
        known[name] = Labelled(of_cases[name].names, of_cases[name].codes)
    codes, names = kinds_of_cases({"cases": place.files("cases")}, log)
    return {**known, "kind": Labelled(names, codes)}


def _calendars(place: Workspace, log: EventLog) -> Calendars:
    if not tells_work(log):
        raise QuestionError(
            "The log does not tell how long work took: its events have neither a start nor states "
            "that say when a case is worked on. Ask for events, handovers or cases.",
            code="no-work",
        )
    staff = load_staff({t.name: place.files(t.name) for t in STAFF_TABLES}, log.persons)
    absences = Absences(
        staff.absent_person.astype("int64"), staff.absent_from_us, staff.absent_to_us
    )
    return discover_calendars(log, zone=zone_of(place), absences=absences)


def _released(
    place: Workspace, basis: Basis, breakdown: Breakdown, bounds: Bounds
) -> ReleasedBreakdown:
    if place.profile == "open":
        return release_breakdown(breakdown)
    gate = _gate(place, basis, breakdown.question)
    beside = _told_beside(place, basis, breakdown)
    decide = _ledger(place, bounds, threshold_of(basis), breakdown.question.of, beside)
    return release_breakdown(breakdown, gate=gate, decide=decide)


def _told_beside(place: Workspace, basis: Basis, breakdown: Breakdown) -> list[list[str]]:
    """Return the people of each unit, then of each position in one; larger ones first.

    The situation tells much the same of them, whoever asks for it and when. Units that are merged
    are told in neither.
    """
    attributes, seen = _attributes(place, basis.log), breakdown.contributions
    people = np.unique(seen.person[seen.counted])
    unit, position = (attributes[name].codes[people] for name in ("unit", "position"))
    ids = [seen.persons[i] for i in people.tolist()]
    units = [code for (code,), _ in groups_of(unit)]
    members = [[ids[i] for i in rows.tolist()] for _, rows in groups_of(unit)]
    names = [attributes["unit"].names[code] if code >= 0 else "" for code in units]
    merged = {units[i] for i in small_groups(members, names, threshold_of(basis))}
    sets = []
    for keys in ((unit,), (unit, position)):
        groups = [r for c, r in groups_of(*keys) if min(c) >= 0 and c[0] not in merged]
        groups.sort(key=lambda rows: (-rows.size, int(rows[0])))
        sets += [[ids[i] for i in rows.tolist()] for rows in groups]
    return sets


def _gate(place: Workspace, basis: Basis, question: BreakdownQuestion) -> Gate:
    """Ask the ledger of cases what earlier answers about other periods leave of this one."""
    scopes = [(f"breakdown {question.of}", basis.counted)]
    key, traces = place.purpose_key(LEDGER), traces_of_cases(basis)
    # the ledger outlives an exchange of the key, and with it all stored ids
    traces = replace(traces, case_ids=tuple(place.ids_before_exchanges(traces.case_ids)))
    k = threshold_of(basis)
    (gate,) = decide_scopes(place.database, key, traces, scopes, k=k, now_us=place.now_us())
    return gate


def _check_one_era(basis: Basis) -> None:
    """Refuse noise where one person may be several ids: it would hide a part of each."""
    if threshold_of(basis, k=1) > 1:
        raise QuestionError(
            "The period spans quarters in which people were replaced by time, so that one person "
            "counts several times and noise would hide too little; ask about one quarter, with "
            "--from and --to.",
            code="noise-over-quarters",
        )


def _ledger(
    place: Workspace, bounds: Bounds, k: int, of: str, beside: Sequence[Sequence[str]]
) -> Decide:
    """Return the ledger of people: may a sum about a set of them leave beside all others?

    Of what is measured without regard to the kind of case, ``beside`` counts as told before.
    """
    ledger = Ledger(place.database, place.purpose_key(LEDGER), k=k)

    def decide(variable: str, sets: Sequence[Sequence[str]]) -> Sequence[bool]:
        before = beside if variable == of else ()
        enduring = [place.ids_before_exchanges(people) for people in (*before, *sets)]
        return ledger.decide(f"breakdown {variable}", bounds, enduring)[len(before) :]

    return decide


def _noised(
    place: Workspace,
    breakdown: Breakdown,
    bounds: Bounds,
    epsilon: Decimal,
    most_per_person: float | None,
) -> ReleasedBreakdown:
    construct = f"breakdown {breakdown.question.of}"
    left = spend(place.database, construct, bounds, epsilon, now_us=place.now_us())
    return release_noised(breakdown, epsilon, most_per_person, left_of_budget=left)
