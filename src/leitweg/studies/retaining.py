"""What goes by time? Who it was after 90 days, the row after 24 months, and it is certified.

A run is one change of the manifest: a reader sees the state before it or the state after it, and
no file of the state before it stays on the disk.
"""

import dataclasses
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from leitweg.domain.access import OWNER, Asker
from leitweg.domain.errors import QuestionError
from leitweg.domain.tables import PEOPLE, TABLES
from leitweg.privacy.eras import name_of_quarter, us_of
from leitweg.privacy.memberships import memberships_of
from leitweg.privacy.retention import (
    DAYS,
    MONTHS,
    REPLACED,
    Aged,
    Limits,
    aged,
    is_over,
    limits_at,
)
from leitweg.store import Change, Clock, RememberedFile, Workspace, open_workspace, utc_now
from leitweg.store.application.retention_runs import Went, add_run, last_as_of
from leitweg.store.physical import check_all_deleted
from leitweg.store.quarter_keys import destroy_keys, era_and_key, living_keys
from leitweg.studies.asking import asking
from leitweg.studies.journal_life import age_journal, due_in_journal
from leitweg.studies.remembered_rights import apply_rights
from leitweg.studies.situation import microseconds_of

OPEN_PROFILE = "retention-open-profile"
KEY_DESTROYED = "key-destroyed"
FILE_DELETED = "file-deleted"
NOTHING = "nothing-due"
_DAY_US = 86_400_000_000

Keys = Callable[[int], tuple[str, bytes]]


@dataclass(frozen=True)
class Certificate:
    """What went: rows by table and way, keys destroyed, quarters whose keys still live.

    ``what`` of a row is ``person-replaced``, ``row-deleted``, ``file-deleted`` (rejects) or
    ``key-destroyed``. ``note`` is a code where nothing was looked at.
    """

    profile: str
    as_of: datetime
    days: int
    months: int
    dry_run: bool
    went: tuple[tuple[str, str, int], ...] = ()
    eras_destroyed: tuple[str, ...] = ()
    quarters_open: tuple[str, ...] = ()
    note: str | None = None

    def rows(self, what: str) -> int:
        """Return how many rows went in one way."""
        return sum(rows for _, way, rows in self.went if way == what)


def retain(
    workspace: Path,
    *,
    as_of: str | None = None,
    days: int | None = None,
    months: int | None = None,
    dry_run: bool = False,
    ahead: bool = False,
    asker: Asker = OWNER,
    clock: Clock = utc_now,
) -> Certificate:
    """Let go what is due, and certify it.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    as_of
        For which moment; None: now. It may not lie before the last run.
    days, months
        After how many days the person goes, after how many months the row; kept in the settings.
        They can be shorter than 90 and 24, never longer.
    dry_run
        Count what would go, and change nothing.
    ahead
        Allow a moment more than a day in the future: what goes never comes back.
    asker
        Who asks; by default whoever holds the folder.
    clock
        Where the present comes from.

    Raises
    ------
    QuestionError
        ``retention-too-long``, ``clock-set-back``, ``as-of-in-future``, ``not-a-date``.
    WorkspaceError
        ``not-all-deleted`` where an older file could not be deleted; run it again.
    """
    place = open_workspace(workspace, clock=clock)
    chosen = _chosen(place, days, months)
    question = {"as_of": as_of and "given", "days": chosen[0], "months": chosen[1]}
    if dry_run:
        question["dry_run"] = True
    with asking(place, "retain", asker=asker, question=question) as asked:
        limits = limits_at(_moment(place, as_of, ahead=ahead), *chosen)
        certificate = Certificate(place.profile, _time(limits.as_of_us), *chosen, dry_run=dry_run)
        if place.profile == "open" and not _asked_for(place, days, months):
            return dataclasses.replace(certificate, note=OPEN_PROFILE)
        run = _shown if dry_run else _done
        certificate = run(place, certificate, limits)
        asked.note(values=sum(rows for _, _, rows in certificate.went))
        return certificate


def _chosen(place: Workspace, days: int | None, months: int | None) -> tuple[int, int]:
    found = []
    for name, asked, most in (("days", days, DAYS), ("months", months, MONTHS)):
        kept = place.settings.get(f"retention_{name}")
        value = asked if asked is not None else kept if isinstance(kept, int) else most
        if not 1 <= value <= most:
            raise QuestionError(
                f"--{name} {value} is not allowed: it can be shorter than {most}, never longer, "
                "and is 1 at least.",
                code="retention-too-long",
                option=name,
                most=most,
            )
        found.append(value)
    return found[0], found[1]


def _asked_for(place: Workspace, days: int | None, months: int | None) -> bool:
    kept = {"retention_days", "retention_months"} & set(place.settings)
    return days is not None or months is not None or bool(kept)


def _moment(place: Workspace, as_of: str | None, *, ahead: bool) -> int:
    now = place.now_us()
    moment = (
        now if as_of is None else microseconds_of("as-of", as_of, place.settings.get("time_zone"))
    )
    last = last_as_of(place.database)
    if last is not None and moment < last:
        raise QuestionError(
            f"The last run was for {_time(last):%Y-%m-%d %H:%M} UTC, which lies after "
            f"{_time(moment):%Y-%m-%d %H:%M} UTC: the clock was set back, or --as-of is too early. "
            "Nothing was done; correct the clock, or name a later moment.",
            code="clock-set-back",
            last=_time(last).isoformat(),
        )
    if moment > now + _DAY_US and not ahead:
        raise QuestionError(
            f"--as-of {_time(moment):%Y-%m-%d} lies in the future, and what goes never comes "
            "back; add --ahead if it is meant.",
            code="as-of-in-future",
        )
    return moment


def _done(place: Workspace, certificate: Certificate, limits: Limits) -> Certificate:
    with place.writing() as change:
        change.forget_older()
        change.update_settings(**_shortened(change, certificate.days, certificate.months))
        # an erasure that was killed in the middle is completed here
        apply_rights(place, change)
        result = _aged(change, limits, _keys_of(place))
        _widen_front(change, result)
        for name, rows in result.tables.items():
            change.put(name, rows)
        files = _without_rejects(change, limits)
        counts = {**result.counts, **age_journal(place, limits)}
    check_all_deleted(place)
    over = {quarter for quarter, _, _ in living_keys(place) if is_over(_number(quarter), limits)}
    destroyed = destroy_keys(place, over)
    went = _went(counts, files, len(destroyed))
    at_us, as_of_us = place.now_us(), limits.as_of_us
    certified = went or [("", NOTHING, 0)]
    add_run(place.database, [Went(at_us, as_of_us, *one) for one in certified])
    return dataclasses.replace(
        certificate,
        went=tuple(went),
        eras_destroyed=tuple(destroyed),
        quarters_open=tuple(sorted({quarter for quarter, _, _ in living_keys(place)})),
    )


def _shown(place: Workspace, certificate: Certificate, limits: Limits) -> Certificate:
    drawn = secrets.token_bytes(32)
    with place.writing() as change:
        result = _aged(change, limits, lambda quarter: (name_of_quarter(quarter), drawn))
        files = len(_old_rejects(change.before.imports, limits))
    counts = {**result.counts, **due_in_journal(place, limits)}
    return dataclasses.replace(certificate, went=tuple(_went(counts, files, 0)))


def _aged(change: Change, limits: Limits, keys: Keys) -> Aged:
    tables = {name: change.read_noted(name) for name in TABLES}
    created = datetime.fromisoformat(change.before.created_at)
    return aged(tables, limits, keys, created_us=us_of(created))


def _keys_of(place: Workspace) -> Keys:
    found: dict[int, tuple[str, bytes]] = {}

    def key_of(quarter: int) -> tuple[str, bytes]:
        if quarter not in found:
            found[quarter] = era_and_key(place, name_of_quarter(quarter))
        return found[quarter]

    return key_of


def _shortened(change: Change, days: int, months: int) -> Mapping[str, object]:
    """Keep what was asked for; the defaults need no setting."""
    wanted = {"retention_days": (days, DAYS), "retention_months": (months, MONTHS)}
    return {
        name: value
        for name, (value, most) in wanted.items()
        if value != most or name in change.settings or change.before.profile == "open"
    }


def _widen_front(change: Change, result: Aged) -> None:
    """Let units of front accounts stay in front when the accounts are not told any more."""
    front = change.settings.get("front")
    if not isinstance(front, list) or not result.counts.get(("events", REPLACED)):
        return
    members = memberships_of(change.read(PEOPLE.name))
    units = {members.latest(entry)[0] for entry in front} - {None}
    change.update_settings(front=sorted({*front, *map(str, units)}))


def _without_rejects(change: Change, limits: Limits) -> int:
    old = _old_rejects(change.before.imports, limits)
    if old:
        change.remember_only(
            [dataclasses.replace(f, rejects=None) if f in old else f for f in change.before.imports]
        )
    return len(old)


def _old_rejects(files: tuple[RememberedFile, ...], limits: Limits) -> list[RememberedFile]:
    return [
        file
        for file in files
        if file.rejects
        and us_of(datetime.fromisoformat(file.imported_at)) <= limits.person_until_us
    ]


def _went(
    counts: Mapping[tuple[str, str], int], files: int, keys: int
) -> list[tuple[str, str, int]]:
    went = [(table, what, rows) for (table, what), rows in sorted(counts.items())]
    went += [("rejects", FILE_DELETED, files)] if files else []
    return went + ([("keys", KEY_DESTROYED, keys)] if keys else [])


def _number(quarter: str) -> int:
    year, _, part = quarter.partition("q")
    return int(year) * 4 + int(part) - 1


def _time(at_us: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at_us)
