"""`leitweg backup` and `leitweg restore`."""

from pathlib import Path
from typing import Annotated

import typer

from leitweg.cli.options import Debug, Json, Role, Speech, Workspace, asker_of, spoken, told

Out = Annotated[
    Path,
    typer.Option("--out", "-o", help=told("option.out_backup"), metavar="FILE", show_default=False),
]
File = Annotated[
    Path, typer.Argument(help=told("argument.backup"), metavar="FILE", show_default=False)
]


def backup(
    workspace: Workspace,
    out: Out,
    role: Role = "owner",
    json: Json = False,
    language: Speech = None,
    debug: Debug = False,
) -> None:
    """Write a workspace into one archive, without its keys."""
    from leitweg.cli.answers import answering, print_json

    speech = spoken(language)
    with answering(as_json=json, debug=debug, language=speech):
        from leitweg.cli.rights_screen import show_backup
        from leitweg.studies import backups
        from leitweg.studies.rights_documents import backup_document

        done = backups.back_up(workspace, out, asker=asker_of(role))
        if json:
            print_json(backup_document(done))
        else:
            show_backup(done, speech)


def restore(
    file: File,
    workspace: Workspace,
    role: Role = "owner",
    json: Json = False,
    language: Speech = None,
    debug: Debug = False,
) -> None:
    """Bring a workspace back from a backup."""
    from leitweg.cli.answers import answering, print_json

    speech = spoken(language)
    with answering(as_json=json, debug=debug, language=speech):
        from leitweg.cli.rights_screen import show_restored
        from leitweg.studies import backups
        from leitweg.studies.rights_documents import restored_document

        done = backups.restore(file, workspace, asker=asker_of(role))
        if json:
            print_json(restored_document(done))
        else:
            show_restored(done, speech)
