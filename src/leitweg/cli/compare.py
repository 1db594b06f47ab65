"""`leitweg compare`."""

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

At = Annotated[
    str | None, typer.Option("--at", help=told("option.at"), metavar="DATE", show_default=False)
]
WithStart = Annotated[
    str | None,
    typer.Option("--with-from", help=told("option.with_from"), metavar="DATE", show_default=False),
]
WithEnd = Annotated[
    str | None,
    typer.Option("--with-to", help=told("option.with_to"), metavar="DATE", show_default=False),
]
By = Annotated[
    tuple[str, str] | None,
    typer.Option("--by", help=told("option.by"), metavar="LABEL VALUE", show_default=False),
]
With = Annotated[
    str | None,
    typer.Option("--with", help=told("option.with"), metavar="VALUE", show_default=False),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", "-o", help=told("option.compare_out"), metavar="FILE", show_default=False
    ),
]


def compare(
    workspace: Workspace,
    at: At = None,
    start: Start = None,
    end: End = None,
    with_start: WithStart = None,
    with_end: WithEnd = None,
    by: By = None,
    other: With = None,
    out: Out = None,
    seed: Seed = 0,
    role: Role = "owner",
    json: Json = False,
    language: Speech = None,
    debug: Debug = False,
) -> None:
    """Show what changed between two periods, or differs between two parts of the company."""
    from leitweg.cli.answers import answering, print_json

    speech = spoken(language)
    with answering(as_json=json, debug=debug, language=speech):
        from leitweg.cli.compare_screen import show_comparison
        from leitweg.cli.progress import progress_bar
        from leitweg.language.catalogue import translate
        from leitweg.studies.comparing import compare as compared
        from leitweg.studies.comparison_document import comparison_document
        from leitweg.studies.comparison_page import check_page, write_comparison

        check_page(out)
        with progress_bar(speech) as progress:
            released = compared(
                workspace,
                at=at,
                first=(start, end),
                second=(with_start, with_end),
                part=by,
                other=other,
                seed=seed,
                progress=progress,
                asker=asker_of(role),
            )
        written = write_comparison(released, out, speech) if out else None
        if json:
            path = {"path": str(written)} if written else {}
            print_json({**path, **comparison_document(released, speech)})
            return
        show_comparison(released, speech)
        if written:
            typer.echo(translate(speech, "cli.wrote_comparison", path=written))
