"""Purposes and the audit log on a screen, for a works council as much as for an analyst."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from rich.console import Console

from leitweg.cli.screen import console, heading, plain_table, shorten, words
from leitweg.domain.access import PurposeState
from leitweg.language.catalogue import has_text, translate
from leitweg.language.forms import count, moment, number
from leitweg.language.reasons import reason_text
from leitweg.studies.audit_log import AuditCheck
from leitweg.studies.auditing import AuditEntry

WHO = 24
_FOR_MACHINES = ("decision", "seed")
_OUTCOME_STYLES = {"allowed": "green", "refused": "yellow", "failed": "red"}


def show_purposes(
    states: Sequence[PurposeState],
    workspace: Path,
    language: str,
    *,
    screen: Console | None = None,
) -> None:
    """Print what a workspace may be asked for, and who decided that."""
    target = screen or console()
    heading(target, translate(language, "access.purposes"))
    for state in states:
        target.print()
        is_on = translate(language, "access.on" if state.is_on else "access.off")
        style = "bold green" if state.is_on else "bold yellow"
        title = translate(language, f"access.purpose.{state.purpose}")
        target.print(words(f"{title} ({state.purpose}): {is_on}", style))
        target.print(words(translate(language, f"access.purpose.{state.purpose}.what")))
        target.print(words(_decision(state, language), "dim"))
    off = [state.purpose for state in states if not state.is_on]
    if off:
        target.print()
        hint = translate(language, "access.switch_on", purpose=off[0], workspace=workspace)
        target.print(words(hint, "dim"))


def _decision(state: PurposeState, language: str) -> str:
    if state.at_us is None:
        return translate(language, "access.open" if state.is_on else "access.never")
    key = "access.decided" if state.basis else "access.decided_without_basis"
    return translate(language, key, at=_time(state.at_us), by=state.by, basis=state.basis)


def show_switched(
    state: PurposeState, workspace: Path, language: str, *, screen: Console | None = None
) -> None:
    """Print that a purpose was switched, and what that means."""
    target = screen or console()
    key = "access.switched_on" if state.is_on else "access.switched_off"
    title = translate(language, f"access.purpose.{state.purpose}")
    style = "green" if state.is_on else "yellow"
    target.print(words(translate(language, key, purpose=title, by=state.by), style))
    target.print(words(translate(language, "access.see_list", workspace=workspace), "dim"))


def explain_purpose(purpose: str, language: str, *, screen: Console | None = None) -> None:
    """Print what a purpose is and which legal bases there are, before somebody decides."""
    target = screen or console()
    heading(target, translate(language, f"access.purpose.{purpose}"))
    target.print(words(translate(language, f"access.purpose.{purpose}.what")))
    target.print()
    target.print(words(translate(language, "access.bases")))
    for basis in ("interest", "contract", "duty", "agreement"):
        target.print(words(f"- {translate(language, f'access.basis.{basis}')}"))
    target.print(words(translate(language, "access.no_advice"), "dim"))
    target.print()


def show_entries(
    entries: Sequence[AuditEntry], language: str, *, screen: Console | None = None
) -> None:
    """Print entries of the audit log, oldest first."""
    target = screen or console()
    heading(target, translate(language, "access.log"))
    if not entries:
        target.print(words(translate(language, "access.no_entries")))
        return
    columns = (("number", "right"), ("time", "left"), ("who", "left"), ("what", "wide"))
    table = plain_table(*((translate(language, f"access.column.{n}"), s) for n, s in columns))
    for entry in entries:
        role = _told(language, f"access.role.{entry.role}", entry.role)
        style = _OUTCOME_STYLES.get(entry.outcome, "")
        table.add_row(
            words(number(language, entry.number, 0)),
            words(_time(entry.at_us)),
            words(shorten(entry.who, WHO)),
            words(_asked(entry, language)),
        )
        table.add_row("", "", words(role, "dim"), words(_outcome(entry, language), style))
    target.print(table)


def _asked(entry: AuditEntry, language: str) -> str:
    action = _told(language, f"access.action.{entry.action}", entry.action)
    facts = _facts(entry.question, language)
    return f"{action} ({facts})" if facts else action


def _told(language: str, key: str, otherwise: str) -> str:
    # a row that somebody changed by hand is shown too
    return translate(language, key) if has_text(key) else otherwise


def _facts(question: Mapping[str, object], language: str) -> str:
    shown = {n: v for n, v in sorted(question.items()) if n not in _FOR_MACHINES and v != ""}
    return ", ".join(
        f"{_told(language, f'access.fact.{name}', name)} {_value(name, value, language)}"
        for name, value in shown.items()
    )


def _value(name: str, value: object, language: str) -> str:
    told = f"access.purpose.{value}" if name == "purpose" else f"access.value.{value}"
    return _told(language, told, str(value))


def _outcome(entry: AuditEntry, language: str) -> str:
    outcome = _told(language, f"access.outcome.{entry.outcome}", entry.outcome)
    if entry.outcome == "allowed":
        size = {"rows": count(language, "row", entry.values)}
        key = "access.size"
        if entry.held_back:
            key, size = "access.size_held_back", size | {"n": number(language, entry.held_back, 0)}
        told = [f"{outcome}: {translate(language, key, **size)}"]
    else:
        told = [f"{outcome}: {reason_text(language, entry.reason)}"]
    if entry.clock_set_back:
        told.append(translate(language, "access.clock_set_back"))
    return "; ".join(told)


def show_check(check: AuditCheck, language: str, *, screen: Console | None = None) -> None:
    """Print whether the log is whole, and every place where it is not."""
    target = screen or console()
    entries = number(language, check.entries, 0)
    if check.is_whole:
        target.print(words(translate(language, "access.whole", entries=entries), "green"))
        return
    target.print(words(translate(language, "access.not_whole", entries=entries), "bold red"))
    for found in check.breaks:
        key = f"access.break.{found.kind}"
        target.print(words(translate(language, key, number=number(language, found.number, 0))))
    target.print(words(translate(language, "access.not_whole_hint"), "dim"))


def _time(at_us: int) -> str:
    time: datetime = moment(at_us)
    return time.strftime("%Y-%m-%d %H:%M")
