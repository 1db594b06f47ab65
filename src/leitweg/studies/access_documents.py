"""Purposes and the audit log as JSON documents."""

from collections.abc import Sequence

from leitweg.domain.access import PurposeState
from leitweg.language.forms import moment
from leitweg.studies.audit_log import AuditCheck
from leitweg.studies.auditing import AuditEntry
from leitweg.studies.json_forms import Json


def _time(at_us: int | None) -> str | None:
    return None if at_us is None else moment(at_us).isoformat().replace("+00:00", "Z")


def purposes_document(states: Sequence[PurposeState]) -> Json:
    """Return which purposes are on; null where nobody switched one yet."""
    return {"purposes": [purpose_document(state) for state in states]}


def purpose_document(state: PurposeState) -> Json:
    """Return one purpose."""
    return {
        "purpose": state.purpose,
        "on": state.is_on,
        "at": _time(state.at_us),
        "by": state.by,
        "basis": state.basis,
    }


def entries_document(entries: Sequence[AuditEntry]) -> Json:
    """Return entries of the audit log, oldest first; times are UTC."""
    return {"entries": [_entry(entry) for entry in entries]}


def _entry(entry: AuditEntry) -> Json:
    return {
        "number": entry.number,
        "at": _time(entry.at_us),
        "who": entry.who,
        "role": entry.role,
        "action": entry.action,
        "purpose": entry.purpose,
        "question": dict(entry.question),
        "outcome": entry.outcome,
        "reason": entry.reason,
        "values": entry.values,
        "held_back": entry.held_back,
        "clock_set_back": entry.clock_set_back,
    }


def check_document(check: AuditCheck) -> Json:
    """Return whether the log is whole, and where it is not."""
    return {
        "whole": check.is_whole,
        "entries": check.entries,
        "breaks": [{"number": found.number, "kind": found.kind} for found in check.breaks],
    }
