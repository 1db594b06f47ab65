"""`leitweg serve`."""

from typing import Annotated, Literal

import typer

from leitweg.cli.options import Debug, Json, Role, Seed, Speech, Workspace, asker_of, spoken, told

Host = Annotated[str, typer.Option("--host", help=told("option.host"), metavar="ADDRESS")]
Port = Annotated[
    int, typer.Option("--port", help=told("option.port"), metavar="N", min=0, max=65_535)
]
BehindTls = Annotated[bool, typer.Option("--behind-tls", help=told("option.behind_tls"))]
Level = Annotated[
    Literal["unit", "person"], typer.Option("--level", help=told("option.serve_level"))
]
Explore = Annotated[
    float,
    typer.Option("--explore", help=told("option.explore"), metavar="SHARE", min=0.0, max=1.0),
]
Check = Annotated[bool, typer.Option("--check", help=told("option.serve_check"))]


def serve(
    workspace: Workspace,
    host: Host = "127.0.0.1",
    port: Port = 8080,
    behind_tls: BehindTls = False,
    level: Level = "unit",
    explore: Explore = 0.0,
    seed: Seed = 0,
    check: Check = False,
    role: Role = "owner",
    json: Json = False,
    language: Speech = None,
    debug: Debug = False,
) -> None:
    """Answer programs over HTTP: who is the right contact?"""
    from leitweg.cli.answers import answering, print_json

    speech = spoken(language)
    with answering(as_json=json, debug=debug, language=speech):
        from leitweg.cli.progress import progress_bar
        from leitweg.cli.serve_screen import show_served, show_started
        from leitweg.language.catalogue import translate
        from leitweg.studies.desk_routing import Ways
        from leitweg.studies.serve_document import served_document
        from leitweg.studies.serving import check_serving, open_desk
        from leitweg.web.server import listen, run, url_of

        ways, asker = Ways(level, explore, seed), asker_of(role)
        if check:
            with progress_bar(speech) as progress:
                served = check_serving(workspace, ways=ways, asker=asker, progress=progress)
            if json:
                print_json(served_document(served, None))
            else:
                show_served(served, workspace, speech)
            return
        with listen(host, port, behind_tls=behind_tls) as place:
            with progress_bar(speech) as progress:
                serving = open_desk(workspace, ways=ways, asker=asker, progress=progress)

            url = url_of(place)

            def started() -> None:
                if json:
                    print_json(served_document(serving.served, url))
                else:
                    show_served(serving.served, workspace, speech)
                    show_started(url, speech)

            run(serving.desk, place, started=started, debug=debug)
        if not json:
            typer.echo(translate(speech, "cli.serve.ended"))
