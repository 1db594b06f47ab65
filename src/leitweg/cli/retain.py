"""`leitweg retain`."""

from typing import Annotated

import typer

from leitweg.cli.options import AsOf, Debug, Json, Role, Speech, Workspace, asker_of, spoken, told

Days = Annotated[
    int | None,
    typer.Option("--days", help=told("option.days"), metavar="N", show_default=False),
]
Months = Annotated[
    int | None,
    typer.Option("--months", help=told("option.months"), metavar="N", show_default=False),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help=told("option.dry_run_retain"))]
Ahead = Annotated[bool, typer.Option("--ahead", help=told("option.ahead"))]


def retain(
    workspace: Workspace,
    as_of: AsOf = None,
    days: Days = None,
    months: Months = None,
    dry_run: DryRun = False,
    ahead: Ahead = False,
    role: Role = "owner",
    json: Json = False,
    language: Speech = None,
    debug: Debug = False,
) -> None:
    """Let go what is due by time."""
    from leitweg.cli.answers import answering, print_json

    speech = spoken(language)
    with answering(as_json=json, debug=debug, language=speech):
        from leitweg.cli.rights_screen import show_certificate
        from leitweg.studies import retaining
        from leitweg.studies.rights_documents import certificate_document

        certificate = retaining.retain(
            workspace,
            as_of=as_of,
            days=days,
            months=months,
            dry_run=dry_run,
            ahead=ahead,
            asker=asker_of(role),
        )
        if json:
            print_json(certificate_document(certificate))
        else:
            show_certificate(certificate, speech)
