"""`leitweg rekey`."""

import typer

from leitweg.cli.options import Debug, Json, Role, Speech, Workspace, asker_of, spoken


def rekey(
    workspace: Workspace,
    role: Role = "owner",
    json: Json = False,
    language: Speech = None,
    debug: Debug = False,
) -> None:
    """Draw a new key and store every id under it."""
    from leitweg.cli.answers import answering, print_json

    speech = spoken(language)
    with answering(as_json=json, debug=debug, language=speech):
        from leitweg.language.catalogue import translate
        from leitweg.language.forms import count
        from leitweg.studies import rekeying

        done = rekeying.rekey(workspace, asker=asker_of(role))
        if json:
            print_json({"rows": done.rows, "files": done.files, "key": done.key})
            return
        rows = count(speech, "row", sum(done.rows.values()))
        typer.echo(translate(speech, "cli.rekeyed", rows=rows))
        typer.echo(translate(speech, f"cli.rekeyed_{done.key}"))
