"""`leitweg report`."""

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

Format = Annotated[
    str, typer.Option("--format", help=told("option.format"), metavar="html|pdf|pptx")
]
Out = Annotated[
    Path, typer.Option("--out", "-o", help=told("option.out"), metavar="FILE", show_default=False)
]


def report(
    workspace: Workspace,
    out: Out,
    format_: Format = "html",
    start: Start = None,
    end: End = None,
    seed: Seed = 0,
    role: Role = "owner",
    json: Json = False,
    language: Speech = None,
    debug: Debug = False,
) -> None:
    """Write the situation as one self-contained file with pictures."""
    from leitweg.cli.answers import answering, print_json

    speech = spoken(language)
    with answering(as_json=json, debug=debug, language=speech):
        from leitweg.cli.progress import progress_bar
        from leitweg.studies.reporting import write_report

        with progress_bar(speech) as progress:
            written = write_report(
                workspace,
                out=out,
                format=format_,
                language=speech,
                start=start,
                end=end,
                seed=seed,
                progress=progress,
                asker=asker_of(role),
            )
        if json:
            print_json({"path": str(written), "format": format_, "language": speech})
        else:
            typer.echo(told_in(speech, written))


def told_in(language: str, path: Path) -> str:
    """Return the line that names the written report."""
    from leitweg.language.catalogue import translate

    return translate(language, "cli.wrote_report", path=path)
