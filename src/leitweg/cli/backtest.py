"""`leitweg backtest`."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from leitweg.cli.options import Debug, Json, Role, Seed, Speech, Workspace, asker_of, spoken, told

AtLevel = Annotated[Literal["unit", "person"], typer.Option("--level", help=told("option.level"))]
TrainShare = Annotated[float, typer.Option("--train-share", help=told("option.train_share"))]
Labels = Annotated[
    Literal["known", "immediate"], typer.Option("--labels", help=told("option.labels"))
]
FirstKnown = Annotated[
    bool, typer.Option("--first-contact-known", help=told("option.first_contact_known"))
]
TossedOnly = Annotated[bool, typer.Option("--tossed-only", help=told("option.tossed_only"))]
NoText = Annotated[bool, typer.Option("--no-text", help=told("option.no_text"))]
PictureFile = Annotated[
    Path | None,
    typer.Option("--picture", help=told("option.picture"), metavar="FILE", show_default=False),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", "-o", help=told("option.backtest_out"), metavar="FILE", show_default=False
    ),
]


def backtest(
    workspace: Workspace,
    level: AtLevel = "unit",
    train_share: TrainShare = 0.8,
    labels: Labels = "known",
    first_contact_known: FirstKnown = False,
    tossed_only: TossedOnly = False,
    no_text: NoText = False,
    picture: PictureFile = None,
    out: Out = None,
    seed: Seed = 0,
    role: Role = "owner",
    json: Json = False,
    language: Speech = None,
    debug: Debug = False,
) -> None:
    """Show how good the router would have been on the cases of a workspace."""
    from leitweg.cli.answers import answering, print_json

    speech = spoken(language)
    with answering(as_json=json, debug=debug, language=speech):
        from leitweg.cli.backtest_screen import show_backtest
        from leitweg.cli.progress import progress_bar
        from leitweg.language.catalogue import translate
        from leitweg.studies.backtesting import backtest as judged
        from leitweg.studies.backtesting import (
            backtest_document,
            check_backtest_files,
            write_backtest,
        )

        check_backtest_files(out, picture)
        with progress_bar(speech) as progress:
            released = judged(
                workspace,
                level=level,
                train_share=train_share,
                labels=labels,
                first_contact_known=first_contact_known,
                tossed_only=tossed_only,
                use_text=not no_text,
                seed=seed,
                progress=progress,
                asker=asker_of(role),
            )
        written = [
            write_backtest(released, path, language=speech) for path in (out, picture) if path
        ]
        if json:
            paths = {"paths": [str(path) for path in written]} if written else {}
            print_json({**paths, **backtest_document(released, speech)})
            return
        show_backtest(released, speech)
        for path in written:
            typer.echo(translate(speech, "cli.wrote_backtest", path=path))
