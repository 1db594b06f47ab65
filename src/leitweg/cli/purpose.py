"""`leitweg purpose`."""

import sys
from typing import Annotated

import typer

from leitweg.cli.options import Debug, Json, Role, Speech, Workspace, asker_of, spoken, told

purposes = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

Purpose = Annotated[
    str, typer.Argument(help=told("argument.purpose"), metavar="PURPOSE", show_default=False)
]
By = Annotated[
    str | None,
    typer.Option("--by", help=told("option.by_whom"), metavar="NAME", show_default=False),
]
Basis = Annotated[
    str | None,
    typer.Option("--basis", help=told("option.basis"), metavar="TEXT", show_default=False),
]


@purposes.command("list", help=told("help.purpose_list"))
def list_(
    workspace: Workspace,
    role: Role = "owner",
    json: Json = False,
    language: Speech = None,
    debug: Debug = False,
) -> None:
    """Show what a workspace may be asked for, and who decided that."""
    from leitweg.cli.answers import answering, print_json

    speech = spoken(language)
    with answering(as_json=json, debug=debug, language=speech):
        from leitweg.cli.access_screen import show_purposes
        from leitweg.studies.access_documents import purposes_document
        from leitweg.studies.purposes import list_purposes

        states = list_purposes(workspace, asker=asker_of(role))
        if json:
            print_json(purposes_document(states))
        else:
            show_purposes(states, workspace, speech)


@purposes.command("on", help=told("help.purpose_on"))
def on(
    purpose: Purpose,
    workspace: Workspace,
    by: By = None,
    basis: Basis = None,
    role: Role = "owner",
    json: Json = False,
    language: Speech = None,
    debug: Debug = False,
) -> None:
    """Let a workspace be asked for a purpose; a named person decides, on a legal basis."""
    _switch(
        purpose, workspace, (by, basis), role, is_on=True, json=json, language=language, debug=debug
    )


@purposes.command("off", help=told("help.purpose_off"))
def off(
    purpose: Purpose,
    workspace: Workspace,
    by: By = None,
    basis: Basis = None,
    role: Role = "owner",
    json: Json = False,
    language: Speech = None,
    debug: Debug = False,
) -> None:
    """Let a workspace not be asked for a purpose any more."""
    _switch(
        purpose,
        workspace,
        (by, basis),
        role,
        is_on=False,
        json=json,
        language=language,
        debug=debug,
    )


def _switch(
    purpose: str,
    workspace: Workspace,
    decided: tuple[str | None, str | None],
    role: str,
    *,
    is_on: bool,
    json: bool,
    language: Speech,
    debug: bool,
) -> None:
    from leitweg.cli.answers import answering, print_json

    speech = spoken(language)
    with answering(as_json=json, debug=debug, language=speech):
        from leitweg.cli.access_screen import show_switched
        from leitweg.studies.access_documents import purpose_document
        from leitweg.studies.purposes import check_purpose, switch_purpose

        check_purpose(purpose)
        by, basis = _asked_for(purpose, *decided, is_on=is_on, json=json, language=speech)
        state = switch_purpose(
            workspace, purpose, on=is_on, by=by, basis=basis, asker=asker_of(role)
        )
        if json:
            print_json(purpose_document(state))
        else:
            show_switched(state, workspace, speech)


def at_terminal() -> bool:
    """Say whether a person sits there who can answer."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _asked_for(
    purpose: str, by: str | None, basis: str | None, *, is_on: bool, json: bool, language: str
) -> tuple[str, str]:
    """Ask a person at a terminal for what is missing; a program gets a clear error instead."""
    from leitweg.cli.access_screen import explain_purpose
    from leitweg.language.catalogue import translate

    missing = by is None or (is_on and basis is None)
    if json or not missing or not at_terminal():
        return by or "", basis or ""
    if is_on:
        explain_purpose(purpose, language)
    if by is None:
        by = typer.prompt(translate(language, "access.ask.by"))
    if is_on and basis is None:
        basis = typer.prompt(translate(language, "access.ask.basis"))
    return by or "", basis or ""
