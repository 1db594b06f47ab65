"""`leitweg export`."""

from pathlib import Path
from typing import Annotated

import typer

from leitweg.cli.options import (
    Debug,
    End,
    Json,
    Role,
    Seed,
    Speech,
    Start,
    Workspace,
    asker_of,
    spoken,
    told,
)

What = Annotated[
    str, typer.Option("--what", help=told("option.what"), metavar="NAME", show_default=False)
]
Format = Annotated[
    str,
    typer.Option(
        "--format", help=told("option.format"), metavar="csv|parquet|xlsx|json|graphml|gexf"
    ),
]
Out = Annotated[
    Path, typer.Option("--out", "-o", help=told("option.out"), metavar="FILE", show_default=False)
]


def export(
    workspace: Workspace,
    what: What,
    out: Out,
    format_: Format = "csv",
    start: Start = None,
    end: End = None,
    seed: Seed = 0,
    role: Role = "owner",
    json: Json = False,
    language: Speech = None,
    debug: Debug = False,
) -> None:
    """Write findings, figures, links, units or a stored table to a file."""
    from leitweg.cli.answers import answering, print_json

    speech = spoken(language)
    with answering(as_json=json, debug=debug, language=speech):
        from leitweg.cli.progress import progress_bar
        from leitweg.language.catalogue import translate
        from leitweg.language.forms import count
        from leitweg.studies import exporting

        with progress_bar(speech) as progress:
            rows = exporting.export(
                workspace,
                what,
                format_,
                out,
                language=speech,
                start=start,
                end=end,
                seed=seed,
                progress=progress,
                asker=asker_of(role),
            )
        if json:
            print_json({"path": str(out), "what": what, "format": format_, "rows": rows})
        else:
            counted = count(speech, "row", rows)
            typer.echo(translate(speech, "cli.wrote_export", rows=counted, path=out))
