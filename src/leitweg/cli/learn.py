"""`leitweg learn`."""

from typing import Annotated, Literal

import typer

from leitweg.cli.options import Debug, Json, Role, Seed, Speech, Workspace, asker_of, spoken, told

LearnLevel = Annotated[
    Literal["unit", "person"] | None,
    typer.Option("--level", help=told("option.learn_level"), show_default=False),
]


def learn(
    workspace: Workspace,
    level: LearnLevel = None,
    seed: Seed = 0,
    role: Role = "owner",
    json: Json = False,
    language: Speech = None,
    debug: Debug = False,
) -> None:
    """Learn anew who resolves what, and show how the router has held."""
    from leitweg.cli.answers import answering, print_json

    speech = spoken(language)
    with answering(as_json=json, debug=debug, language=speech):
        from leitweg.cli.learn_screen import show_learnt
        from leitweg.cli.progress import progress_bar
        from leitweg.studies.learning import learn as learnt
        from leitweg.studies.learning_document import learnt_document

        with progress_bar(speech) as progress:
            found = learnt(
                workspace, level=level, seed=seed, progress=progress, asker=asker_of(role)
            )
        if json:
            print_json(learnt_document(found))
        else:
            show_learnt(found, speech)
