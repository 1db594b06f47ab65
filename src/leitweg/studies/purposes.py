"""For which purposes may a workspace be asked? A named person says so, with a legal basis."""

from dataclasses import replace
from pathlib import Path

from leitweg.domain.access import OWNER, PURPOSES, Asker, PurposeState
from leitweg.domain.errors import QuestionError, WorkspaceError
from leitweg.store import Clock, Workspace, create_workspace, open_workspace, utc_now
from leitweg.store.application.switches import Switch, add_switch, last_switches, switches
from leitweg.studies.asking import asking, purposes_on, refuse_before_start
from leitweg.studies.audit_log import switch_fingerprint

LONGEST = {"by": 100, "basis": 500}


def list_purposes(
    workspace: Path, *, asker: Asker = OWNER, clock: Clock = utc_now
) -> tuple[PurposeState, ...]:
    """Answer: what may be asked here, and who decided that?

    Returns
    -------
    tuple of PurposeState
        One per purpose, in the order of `leitweg.domain.access.PURPOSES`.

    Raises
    ------
    WorkspaceError
        The workspace is missing or damaged.
    """
    place = open_workspace(workspace, clock=clock)
    with asking(place, "purpose-list", asker=asker) as asked:
        asked.note(values=len(PURPOSES))
        return states_of(place)


def states_of(place: Workspace) -> tuple[PurposeState, ...]:
    """Return the state of every purpose; all are on where the profile is open."""
    if place.profile == "open":
        return tuple(PurposeState(purpose, True) for purpose in PURPOSES)
    held = last_switches(place.database)
    return tuple(_state(purpose, held.get(purpose)) for purpose in PURPOSES)


def _state(purpose: str, switch: Switch | None) -> PurposeState:
    if switch is None:
        return PurposeState(purpose, False)
    return PurposeState(purpose, switch.is_on, switch.at_us, switch.by, switch.basis)


def switch_purpose(
    workspace: Path,
    purpose: str,
    *,
    on: bool,
    by: str,
    basis: str = "",
    asker: Asker = OWNER,
    clock: Clock = utc_now,
) -> PurposeState:
    """Switch a purpose on or off; where there is no workspace yet, create a protected one.

    Parameters
    ----------
    workspace
        Folder of the workspace. It may be empty still: so a works council can decide before the
        first import.
    purpose
        One of `leitweg.domain.access.PURPOSES`.
    on
        True: questions of this purpose are answered from now on; False: not any more.
    by
        The person who decided, by name.
    basis
        The legal basis, such as "Art. 6(1)(f) GDPR, works agreement of 2026-03-01"; where a
        purpose is switched off, the reason, if there is one.
    asker
        Who gives the command, in which role.
    clock
        Where the time of the switch comes from.

    Raises
    ------
    QuestionError
        ``unknown-purpose``; ``purpose-needs-name``, ``purpose-needs-basis``; ``text-too-long``;
        ``purposes-always-on`` in the profile open.
    AccessError
        ``not-allowed``, ``unknown-role``.
    """
    check_purpose(purpose)
    decided = _decided(Switch(purpose, on, 0, by.strip(), basis.strip()))
    place = _opened_or_created(workspace, asker, clock)
    if place.profile == "open":
        raise QuestionError(
            f"{workspace} has the profile open, in which every purpose is always on; there is "
            "nothing to switch.",
            code="purposes-always-on",
            workspace=str(workspace),
        )
    switch = replace(decided, at_us=_time_of_switch(place))
    question = {"purpose": purpose, "switched": "on" if on else "off"}
    with asking(place, "purpose-switch", asker=asker, question=question) as asked:
        add_switch(place.database, switch)
        asked.note(values=1, decision=switch_fingerprint(switch))
    return _state(purpose, switch)


def give_all_purposes(workspace: Path, *, by: str, basis: str) -> None:
    """Switch on whatever is off still: for a company that was invented."""
    place = open_workspace(workspace)
    for purpose in PURPOSES:
        if purpose not in purposes_on(place):
            switch_purpose(workspace, purpose, on=True, by=by, basis=basis)


def check_purpose(purpose: str) -> None:
    """Refuse a purpose that there is not; QuestionError ``unknown-purpose``."""
    if purpose not in PURPOSES:
        raise QuestionError(
            f"There is no purpose '{purpose}'. Choose one of: {', '.join(PURPOSES)}.",
            code="unknown-purpose",
            purpose=purpose,
            choices=", ".join(PURPOSES),
        )


def _time_of_switch(place: Workspace) -> int:
    # the newest switch of a purpose holds, also where the clock was set back
    earlier = [switch.at_us for switch in switches(place.database)]
    return max([place.now_us(), *(at_us + 1 for at_us in earlier)])


def _decided(switch: Switch) -> Switch:
    if not switch.by:
        raise QuestionError(
            "A purpose is switched by a named person; say who decided with --by NAME.",
            code="purpose-needs-name",
        )
    if switch.is_on and not switch.basis:
        raise QuestionError(
            "A purpose is switched on with a legal basis; name it with --basis TEXT, for example: "
            '--basis "Art. 6(1)(f) GDPR, works agreement of 2026-03-01".',
            code="purpose-needs-basis",
        )
    for name, text in (("by", switch.by), ("basis", switch.basis)):
        if len(text) > LONGEST[name]:
            raise QuestionError(
                f"--{name} holds {len(text)} characters, and takes {LONGEST[name]}; shorten it "
                "and name the document that says more.",
                code="text-too-long",
                option=name,
                length=len(text),
                longest=LONGEST[name],
            )
    return switch


def _opened_or_created(workspace: Path, asker: Asker, clock: Clock) -> Workspace:
    try:
        return open_workspace(workspace, clock=clock)
    except WorkspaceError as error:
        if error.code not in ("workspace-missing", "no-workspace"):
            raise
    refuse_before_start(asker, "purpose-switch", workspace)
    return create_workspace(workspace, profile="protected", clock=clock)
