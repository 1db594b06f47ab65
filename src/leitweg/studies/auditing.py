"""Who asked what, and is the log of it whole? For the works council and data protection."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from leitweg.domain.access import OWNER, ROLES, Asker
from leitweg.domain.errors import QuestionError
from leitweg.privacy.access import RULES
from leitweg.store import Clock, Workspace, open_workspace, utc_now
from leitweg.store.application.audit import AuditRow
from leitweg.studies.asking import asking, days_of
from leitweg.studies.audit_log import AuditCheck, AuditLog
from leitweg.studies.situation import microseconds_of

UNKNOWN = "unknown"
"""What the log writes for a role or an action that there is not."""


@dataclass(frozen=True)
class AuditEntry:
    """One entry of the log; ``values`` and ``held_back`` are rows of the answer."""

    number: int
    at_us: int
    who: str
    role: str
    action: str
    purpose: str | None
    question: Mapping[str, object]
    outcome: str
    reason: str
    values: int
    held_back: int
    clock_set_back: bool


def audit_entries(
    workspace: Path,
    *,
    start: str | None = None,
    end: str | None = None,
    of_role: str | None = None,
    of_action: str | None = None,
    asker: Asker = OWNER,
    clock: Clock = utc_now,
) -> tuple[AuditEntry, ...]:
    """Answer: who asked what, for which purpose, and what came of it?

    Parameters
    ----------
    start, end
        ISO dates or times, inclusive and exclusive, in the time zone of the workspace.
    of_role, of_action
        Entries of this role or action only.

    Returns
    -------
    tuple of AuditEntry
        Oldest first. This question is an entry itself, and stands in the next list.

    Raises
    ------
    QuestionError
        ``not-a-date``; ``unknown-filter``.
    AccessError
        ``not-allowed``, ``unknown-role``.
    """
    place = open_workspace(workspace, clock=clock)
    _check_known("of-role", of_role, (*ROLES, UNKNOWN))
    _check_known("action", of_action, (*RULES, UNKNOWN))
    question = {**days_of(start, end), "of_role": of_role, "action": of_action}
    with asking(place, "audit-list", asker=asker, question=question) as asked:
        low, high = _bound(place, "from", start), _bound(place, "to", end)
        found = tuple(
            _entry(row)
            for row in AuditLog(place).rows()
            if (low is None or row.at_us >= low)
            and (high is None or row.at_us < high)
            and of_role in (None, row.role)
            and of_action in (None, row.action)
        )
        asked.note(values=len(found))
    return found


def verify_audit(workspace: Path, *, asker: Asker = OWNER, clock: Clock = utc_now) -> AuditCheck:
    """Answer: was an entry changed, removed, put in, exchanged or cut off at the end?

    Raises
    ------
    AccessError
        ``not-allowed``, ``unknown-role``.
    KeyFileError
        Without its key nobody can say.
    """
    place = open_workspace(workspace, clock=clock)
    with asking(place, "audit-verify", asker=asker) as asked:
        check = AuditLog(place).check()
        asked.note(values=check.entries, breaks=len(check.breaks))
    return check


def _bound(place: Workspace, name: str, text: str | None) -> int | None:
    return None if text is None else microseconds_of(name, text, place.settings.get("time_zone"))


def _check_known(option: str, value: str | None, known: tuple[str, ...]) -> None:
    if value is not None and value not in known:
        raise QuestionError(
            f"--{option} {value}: the log knows no such thing. Choose one of: {', '.join(known)}.",
            code="unknown-filter",
            option=option,
            value=value,
            choices=", ".join(known),
        )


def _entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(
        number=row.number,
        at_us=row.at_us,
        who=row.who,
        role=row.role,
        action=row.action,
        purpose=row.purpose or None,
        question=_question(row.question),
        outcome=row.outcome,
        reason=row.reason,
        values=row.n_values,
        held_back=row.n_held_back,
        clock_set_back=bool(row.clock),
    )


def _question(text: str) -> Mapping[str, object]:
    try:
        return dict(json.loads(text))
    except (ValueError, TypeError):
        # somebody changed the row; `audit verify` says so
        return {}
