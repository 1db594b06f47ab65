"""`leitweg audit`."""

from typing import Annotated

import typer

from leitweg.cli.options import (
    Debug,
    End,
    Json,
    Role,
    Speech,
    Start,
    Workspace,
    asker_of,
    spoken,
    told,
)

audits = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

OfRole = Annotated[
    str | None,
    typer.Option("--of-role", help=told("option.of_role"), metavar="ROLE", show_default=False),
]
OfAction = Annotated[
    str | None,
    typer.Option("--action", help=told("option.of_action"), metavar="ACTION", show_default=False),
]


@audits.command("list", help=told("help.audit_list"))
def list_(
    workspace: Workspace,
    start: Start = None,
    end: End = None,
    of_role: OfRole = None,
    of_action: OfAction = None,
    role: Role = "owner",
    json: Json = False,
    language: Speech = None,
    debug: Debug = False,
) -> None:
    """Show who asked what, for which purpose, and what came of it."""
    from leitweg.cli.answers import answering, print_json

    speech = spoken(language)
    with answering(as_json=json, debug=debug, language=speech):
        from leitweg.cli.access_screen import show_entries
        from leitweg.studies.access_documents import entries_document
        from leitweg.studies.auditing import audit_entries

        entries = audit_entries(
            workspace,
            start=start,
            end=end,
            of_role=of_role,
            of_action=of_action,
            asker=asker_of(role),
        )
        if json:
            print_json(entries_document(entries))
        else:
            show_entries(entries, speech)


@audits.command("verify", help=told("help.audit_verify"))
def verify(
    workspace: Workspace,
    role: Role = "owner",
    json: Json = False,
    language: Speech = None,
    debug: Debug = False,
) -> None:
    """Look for entries that were changed, removed, put in or cut off; exit code 1 where any was."""
    from leitweg.cli.answers import answering, print_json

    speech = spoken(language)
    with answering(as_json=json, debug=debug, language=speech):
        from leitweg.cli.access_screen import show_check
        from leitweg.studies.access_documents import check_document
        from leitweg.studies.auditing import verify_audit

        check = verify_audit(workspace, asker=asker_of(role))
        if json:
            print_json(check_document(check))
        else:
            show_check(check, speech)
        if not check.is_whole:
            raise typer.Exit(1)
