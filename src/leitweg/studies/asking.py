"""May this be asked, and who asked it? Every question of a person goes through here.

Refused is what the role, the action or the purposes do not allow; whatever comes of a question is
one entry of the audit log.
"""

import getpass
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from leitweg.domain.access import OWNER, PURPOSES, ROLES, Asker, Permission
from leitweg.domain.errors import AccessError, LeitwegError
from leitweg.privacy.access import (
    NOT_OF_ROLE,
    PURPOSE_OFF,
    UNKNOWN_ACTION,
    UNKNOWN_ROLE,
    permission,
    purpose_of,
)
from leitweg.privacy.audit import Entry
from leitweg.store import Workspace
from leitweg.store.application.switches import last_switches
from leitweg.studies.audit_log import AuditLog
from leitweg.studies.typed_dates import typed_date

USER_VARIABLE = "LEITWEG_USER"
OPEN_PROFILE = "open-profile"
LONGEST_NAME = 100
ANSWER_ROWS = ("figures", "units", "links", "findings", "loads")


class Asked:
    """A question that was allowed; what came of it is noted here."""

    def __init__(self, question: Mapping[str, object] | None) -> None:
        self.question = dict(question or {})
        self.values = 0
        self.held_back = 0

    def note(self, *, values: int, held_back: int = 0, **facts: object) -> None:
        """Note the size of the answer, and facts that become part of the question.

        Facts are dates, numbers and labels of options, never a name or a value that names.
        """
        self.values = values
        self.held_back = held_back
        self.question |= facts

    def note_answer(self, released: object, *, rows_of: Sequence[str] = ANSWER_ROWS) -> None:
        """Note how many rows of a released answer hold values, and how many are held back."""
        rows = [row for name in rows_of for row in getattr(released, name, ())]
        held_back = sum(_is_held_back(row) for row in rows)
        self.note(values=len(rows) - held_back, held_back=held_back)


def _is_held_back(row: object) -> bool:
    # a change of a figure carries it in the change, that of a finding in its price
    carriers = (row, getattr(row, "change", None), getattr(row, "price", None))
    carrier = next((c for c in carriers if hasattr(c, "held_back")), None)
    return getattr(carrier, "held_back", None) is not None


@contextmanager
def asking(
    place: Workspace,
    action: str,
    *,
    asker: Asker = OWNER,
    question: Mapping[str, object] | None = None,
) -> Iterator[Asked]:
    """Let a question be asked where it is allowed, and write its entry in the audit log.

    Parameters
    ----------
    place
        The workspace that is asked.
    action
        What is done; `leitweg.privacy.access.RULES` names all.
    asker
        Who asks, in which role. Without a name: ``LEITWEG_USER``, else the name of the login.
    question
        Dates and labels of options, for the log; never names of people, nor values that could
        name someone. Free text of a date goes through `day`.

    Raises
    ------
    AccessError
        ``not-allowed`` or ``purpose-off``.
    KeyFileError
        The key of the log is missing: nothing is answered that cannot be noted.
    """
    # opened before anything is answered: what cannot be noted is not answered
    log = AuditLog(place)
    found = permission_at(place, asker, action)
    with _asked(place, action, asker, question, found, log.append) as asked:
        yield asked


class AskedTogether:
    """Questions that are asked at once: one look at the purposes, one step that notes them all.

    ``entries`` are what is to be noted of them, with `AuditLog.append_many`. No answer may leave
    before that has ended: what cannot be noted is not answered.

    Parameters
    ----------
    place
        The workspace that is asked.
    purposes
        Those that are on.
    """

    def __init__(self, place: Workspace, purposes: Collection[str]) -> None:
        self._place = place
        self._purposes = purposes
        self.entries: list[Entry] = []

    @contextmanager
    def asking(
        self, action: str, *, asker: Asker, question: Mapping[str, object] | None = None
    ) -> Iterator[Asked]:
        """Let one of them be asked, as the function `asking` does; its entry waits for the others.

        Raises
        ------
        AccessError
            ``not-allowed`` or ``purpose-off``.
        """
        found = permission_in(self._place.profile, asker, action, self._purposes)
        with _asked(self._place, action, asker, question, found, self.entries.append) as asked:
            yield asked

    def refuse(self, action: str, *, asker: Asker, reason: str) -> None:
        """Note a question that is refused before its permission is looked at."""
        self.entries.append(_entry(asker, action, Asked(None), "refused", reason))


@contextmanager
def _asked(
    place: Workspace,
    action: str,
    asker: Asker,
    question: Mapping[str, object] | None,
    found: Permission,
    note: Callable[[Entry], object],
) -> Iterator[Asked]:
    asked = Asked(question)
    if not found.allowed:
        note(_entry(asker, action, asked, "refused", found.why))
        raise refusal(found, action, asker.role, place.folder)
    try:
        yield asked
    except BaseException as error:
        # the cause must reach the caller; no answer leaves in any case
        with suppress(LeitwegError):
            note(_entry(asker, action, asked, "failed", _code_of(error)))
        raise
    note(_entry(asker, action, asked, "allowed", found.why))


def _entry(asker: Asker, action: str, asked: Asked, outcome: str, reason: str) -> Entry:
    return Entry(
        who=name_of(asker),
        role=asker.role if asker.role in ROLES else "unknown",
        action="unknown" if reason == UNKNOWN_ACTION else action,
        purpose=purpose_of(action),
        question=asked.question,
        outcome=outcome,
        reason=reason,
        values=asked.values,
        held_back=asked.held_back,
    )


def refuse_before_start(asker: Asker, action: str, folder: Path) -> None:
    """Refuse what a role may not do where there is no workspace yet, and so no log.

    Raises
    ------
    AccessError
        ``not-allowed`` or ``unknown-role``.
    """
    found = permission(asker.role, action, PURPOSES)
    if not found.allowed:
        raise refusal(found, action, asker.role, folder)


def permission_at(place: Workspace, asker: Asker, action: str) -> Permission:
    """Say whether a question is allowed in this workspace, and why (not)."""
    return permission_in(place.profile, asker, action, purposes_on(place))


def permission_in(profile: str, asker: Asker, action: str, purposes: Collection[str]) -> Permission:
    """Say whether a question is allowed while these purposes are on, and why (not)."""
    found = permission(asker.role, action, purposes)
    if profile == "open":
        # a log that is public or invented needs no purpose; roles hold all the same
        needs_one = found.allowed and purpose_of(action) is not None
        return Permission(True, OPEN_PROFILE) if needs_one else found
    return found


def purposes_on(place: Workspace) -> tuple[str, ...]:
    """Return the purposes that are switched on, all of them where the profile is open."""
    if place.profile == "open":
        return PURPOSES
    held = last_switches(place.database)
    return tuple(p for p in PURPOSES if p in held and held[p].is_on)


def refusal(found: Permission, action: str, role: str, folder: Path) -> AccessError:
    """Return the error that says why a question is refused, and what to do."""
    if found.why == PURPOSE_OFF:
        purpose = purpose_of(action)
        return AccessError(
            f"The purpose {purpose} is switched off in {folder}, so that '{action}' is not "
            "answered. Whoever decides on it switches it on by name and with a legal basis: "
            f"leitweg purpose on {purpose} --workspace {folder} --by NAME --basis TEXT.",
            code="purpose-off",
            why=found.why,
            purpose=purpose,
            action=action,
            role=role,
            workspace=str(folder),
        )
    sentences = {
        UNKNOWN_ROLE: f"There is no role '{role}'; choose one of: {', '.join(ROLES)}.",
        UNKNOWN_ACTION: f"Nobody may do '{action}', for Leitweg knows no rule on it.",
        NOT_OF_ROLE: f"The role {role} may not do '{action}'; docs/methods/access.md says which "
        "role may. Ask somebody who has it, or name your own with --role.",
    }
    return AccessError(
        sentences[found.why],
        code={UNKNOWN_ROLE: "unknown-role", UNKNOWN_ACTION: "unknown-action"}.get(
            found.why, "not-allowed"
        ),
        why=found.why,
        action=action,
        role=role,
        roles=", ".join(ROLES),
    )


def name_of(asker: Asker) -> str:
    """Return who asks, for the log: the name given, ``LEITWEG_USER``, or the name of the login."""
    name = asker.name or os.environ.get(USER_VARIABLE) or _login()
    return name.encode(errors="replace").decode()[:LONGEST_NAME]


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        # a process without an entry in the list of users
        return "unknown"


def _code_of(error: BaseException) -> str:
    if isinstance(error, LeitwegError):
        return error.code
    return "internal" if isinstance(error, Exception) else "interrupted"


def days_of(start: str | None, end: str | None) -> dict[str, object]:
    """Return the bounds of a period for the log."""
    return {"from": day(start), "to": day(end)}


def day(text: str | None) -> str | None:
    """Return the text of a date for the log; anything else that was typed stays out of it.

    >>> day("2026-01-01"), day("Anna"), day(None)
    ('2026-01-01', 'no-date', None)
    """
    if text is None:
        return None
    try:
        typed_date(text)
    except ValueError:
        return "no-date"
    return text
