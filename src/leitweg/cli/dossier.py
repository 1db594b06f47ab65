"""`leitweg dossier`."""

from pathlib import Path
from typing import Annotated

import typer

from leitweg.cli.options import (
    Debug,
    Json,
    Role,
    Speech,
    Workspace,
    asker_of,
    spoken,
    told,
)

Out = Annotated[
    Path | None,
    typer.Option(
        "--out", "-o", help=told("option.dossier_out"), metavar="FILE", show_default=False
    ),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format", help=told("option.dossier_format"), metavar="md|pdf", show_default=False
    ),
]
Check = Annotated[
    Path | None,
    typer.Option("--check", help=told("option.dossier_check"), metavar="FILE", show_default=False),
]


def dossier(
    workspace: Workspace,
    out: Out = None,
    format_: Format = None,
    check: Check = None,
    role: Role = "owner",
    json: Json = False,
    language: Speech = None,
    debug: Debug = False,
) -> None:
    """Write the dossier for works council and data protection, or check one."""
    from leitweg.cli.answers import answering

    speech = spoken(language)
    with answering(as_json=json, debug=debug, language=speech):
        if check is not None and out is None and format_ is None:
            _checked(check, workspace, role, speech, as_json=json)
        elif out is not None and check is None:
            _written(workspace, out, format_, role, speech, as_json=json)
        else:
            raise typer.BadParameter(told("dossier.out_or_check"))


def _written(
    workspace: Path, out: Path, format_: str | None, role: str, speech: str, *, as_json: bool
) -> None:
    from leitweg.cli.answers import print_json
    from leitweg.cli.dossier_screen import show_written
    from leitweg.studies.dossier import write_dossier
    from leitweg.studies.dossier_documents import written_document

    written = write_dossier(
        workspace, out=out, format=format_, language=speech, asker=asker_of(role)
    )
    if as_json:
        print_json(written_document(written))
    else:
        show_written(written, speech)


def _checked(file: Path, workspace: Path, role: str, speech: str, *, as_json: bool) -> None:
    from leitweg.cli.answers import print_json
    from leitweg.cli.dossier_screen import show_check
    from leitweg.studies.dossier import check_dossier
    from leitweg.studies.dossier_documents import check_document

    found = check_dossier(file, workspace, language=speech, asker=asker_of(role))
    if as_json:
        print_json(check_document(file, found))
    else:
        show_check(file, found, speech)
    if not found.is_current:
        raise typer.Exit(1)
