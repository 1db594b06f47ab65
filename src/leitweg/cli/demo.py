"""`leitweg demo`."""

from pathlib import Path
from typing import Annotated

import typer

from leitweg.cli.options import Debug, Json, Profile, Seed, Speech, spoken, told

OutDir = Annotated[Path, typer.Option("--out", "-o", help=told("option.out_dir"), metavar="DIR")]
Serve = Annotated[bool, typer.Option("--serve/--no-serve", help=told("option.serve"))]
ProfileOption = Annotated[Profile, typer.Option("--profile", help=told("option.profile"))]


def _refuse_to_serve() -> None:
    from leitweg.domain.errors import QuestionError

    raise QuestionError(
        "The web page is not in this version. Leave --serve out; the report holds the same.",
        code="web-not-in-this-version",
    )


def demo(
    out: OutDir = Path("demo"),
    seed: Seed = 1,
    profile: ProfileOption = Profile.PROTECTED,
    serve: Serve = False,
    json: Json = False,
    language: Speech = None,
    debug: Debug = False,
) -> None:
    """Build a demo company, analyse it, and write its report."""
    from leitweg.cli.answers import answering, print_json

    speech = spoken(language)
    with answering(as_json=json, debug=debug, language=speech):
        if serve:
            _refuse_to_serve()
        from leitweg.cli.progress import progress_bar
        from leitweg.cli.situation_screen import show_situation
        from leitweg.language.catalogue import translate
        from leitweg.studies.demo import run_demo
        from leitweg.studies.documents import situation_document

        with progress_bar(speech) as progress:
            result = run_demo(
                out, seed=seed, profile=profile.value, language=speech, progress=progress
            )
        if json:
            document = situation_document(result.released, speech)
            where = {"workspace": str(result.workspace), "report": str(result.report)}
            print_json({**where, **document})
            return
        show_situation(result.released, speech, workspace=result.workspace)
        typer.echo(translate(speech, "cli.demo.workspace", path=result.workspace))
        typer.echo(translate(speech, "cli.wrote_report", path=result.report))
