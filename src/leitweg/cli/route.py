"""`leitweg route`."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from leitweg.cli.options import Debug, Json, Role, Seed, Speech, Workspace, asker_of, spoken, told

Text = Annotated[
    str | None,
    typer.Option("--text", help=told("option.text"), metavar="TEXT", show_default=False),
]
TextFile = Annotated[
    str | None,
    typer.Option("--text-file", help=told("option.text_file"), metavar="FILE", show_default=False),
]
Attribute = Annotated[
    list[str],
    typer.Option("--attribute", "-a", help=told("option.attribute"), metavar="NAME=VALUE"),
]
Tried = Annotated[list[str], typer.Option("--tried", help=told("option.tried"), metavar="CONTACT")]
First = Annotated[
    str | None,
    typer.Option("--first", help=told("option.first"), metavar="CONTACT", show_default=False),
]
AtLevel = Annotated[Literal["unit", "person"], typer.Option("--level", help=told("option.level"))]
RosterFile = Annotated[
    Path | None,
    typer.Option("--roster", help=told("option.roster"), metavar="FILE", show_default=False),
]
Top = Annotated[int, typer.Option("--top", help=told("option.top"))]
At = Annotated[
    str | None,
    typer.Option("--at", help=told("option.arrives"), metavar="TIME", show_default=False),
]
TimeZone = Annotated[
    str | None,
    typer.Option("--time-zone", help=told("option.time_zone"), metavar="ZONE", show_default=False),
]
Backlog = Annotated[
    Path | None,
    typer.Option("--backlog", help=told("option.backlog"), metavar="FILE", show_default=False),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", "-o", help=told("option.backlog_out"), metavar="FILE", show_default=False
    ),
]


def route(
    workspace: Workspace,
    text: Text = None,
    text_file: TextFile = None,
    attribute: Attribute = [],  # noqa: B006 - the command line library copies it
    tried: Tried = [],  # noqa: B006
    first: First = None,
    level: AtLevel = "unit",
    roster: RosterFile = None,
    top: Top = 3,
    at: At = None,
    backlog: Backlog = None,
    out: Out = None,
    time_zone: TimeZone = None,
    seed: Seed = 0,
    role: Role = "owner",
    json: Json = False,
    language: Speech = None,
    debug: Debug = False,
) -> None:
    """Say who is the right contact for a request, or for each one of a backlog."""
    from leitweg.cli.answers import answering, print_json
    from leitweg.cli.pairs import read_pairs
    from leitweg.cli.request_text import read_text

    speech = spoken(language)
    attributes = read_pairs("--attribute", attribute, "NAME=VALUE")
    with answering(as_json=json, debug=debug, language=speech):
        from leitweg.cli.progress import progress_bar
        from leitweg.cli.route_screen import show_backlog, show_routing
        from leitweg.studies.backlog_file import check_out, write_backlog
        from leitweg.studies.routing import route as routed
        from leitweg.studies.routing import route_backlog
        from leitweg.studies.routing_document import backlog_document, route_document

        check_out(out, backlog)
        with progress_bar(speech) as progress:
            if backlog is not None:
                found = route_backlog(
                    workspace,
                    backlog,
                    level=level,
                    roster=roster,
                    at=at,
                    time_zone=time_zone,
                    seed=seed,
                    progress=progress,
                    asker=asker_of(role),
                )
            else:
                released = routed(
                    workspace,
                    text=read_text(text, text_file),
                    attributes=attributes,
                    tried=tried,
                    first=first,
                    top=top,
                    level=level,
                    roster=roster,
                    at=at,
                    time_zone=time_zone,
                    seed=seed,
                    progress=progress,
                    asker=asker_of(role),
                )
        if backlog is not None:
            if out is not None:
                write_backlog(found, out, language=speech)
            print_json(backlog_document(found, speech)) if json else show_backlog(found, speech)
        else:
            print_json(route_document(released, speech)) if json else show_routing(released, speech)
