"""`leitweg breakdown`."""

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

By = Annotated[
    list[str],
    typer.Option("--by", help=told("option.breakdown_by"), metavar="ATTRIBUTE"),
]
Where = Annotated[
    list[str],
    typer.Option("--where", help=told("option.where"), metavar="ATTRIBUTE=VALUE"),
]
Of = Annotated[str, typer.Option("--of", help=told("option.of"), metavar="MEASURE")]
PerPerson = Annotated[bool, typer.Option("--per-person", help=told("option.per_person"))]
Epsilon = Annotated[
    str | None,
    typer.Option("--epsilon", help=told("option.epsilon"), metavar="NUMBER", show_default=False),
]
MostPerPerson = Annotated[
    float | None,
    typer.Option(
        "--most-per-person",
        help=told("option.most_per_person"),
        metavar="NUMBER",
        show_default=False,
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", "-o", help=told("option.breakdown_out"), metavar="FILE", show_default=False
    ),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format", help=told("option.breakdown_format"), metavar="FORMAT", show_default=False
    ),
]


def breakdown(
    workspace: Workspace,
    by: By = [],  # noqa: B006 - the command line library copies it
    where: Where = [],  # noqa: B006
    of: Of = "events",
    per_person: PerPerson = False,
    start: Start = None,
    end: End = None,
    epsilon: Epsilon = None,
    most_per_person: MostPerPerson = None,
    out: Out = None,
    format: Format = None,  # noqa: A002 - the name of the option
    seed: Seed = 0,
    role: Role = "owner",
    json: Json = False,
    language: Speech = None,
    debug: Debug = False,
) -> None:
    """Show how much work lies where, by one or two attributes of people and cases."""
    from leitweg.cli.answers import answering, print_json
    from leitweg.cli.pairs import read_pairs

    speech = spoken(language)
    conditions = read_pairs("--where", where, "ATTRIBUTE=VALUE")
    with answering(as_json=json, debug=debug, language=speech):
        from leitweg.cli.breakdown_screen import show_breakdown
        from leitweg.cli.progress import progress_bar
        from leitweg.language.catalogue import translate
        from leitweg.studies.breakdown_document import breakdown_document
        from leitweg.studies.breakdown_file import format_of, write_breakdown
        from leitweg.studies.breaking_down import break_down

        if out:
            format_of(out, format)
        with progress_bar(speech) as progress:
            released = break_down(
                workspace,
                by=by,
                where=conditions,
                of=of,
                per_person=per_person,
                start=start,
                end=end,
                seed=seed,
                epsilon=epsilon,
                most_per_person=most_per_person,
                progress=progress,
                asker=asker_of(role),
            )
        written = write_breakdown(released, out, format=format, language=speech) if out else None
        if json:
            path = {"path": str(written)} if written else {}
            print_json({**path, **breakdown_document(released, speech)})
            return
        show_breakdown(released, speech)
        if written:
            typer.echo(translate(speech, "cli.wrote_breakdown", path=written))
