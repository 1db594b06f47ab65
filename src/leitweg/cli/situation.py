"""`leitweg situation`."""

from leitweg.cli.options import (
    AsOf,
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
)


def situation(
    workspace: Workspace,
    start: Start = None,
    end: End = None,
    as_of: AsOf = None,
    seed: Seed = 0,
    role: Role = "owner",
    json: Json = False,
    language: Speech = None,
    debug: Debug = False,
) -> None:
    """Show how requests travel, where they wait, and what that costs the customer."""
    from leitweg.cli.answers import answering, print_json

    speech = spoken(language)
    with answering(as_json=json, debug=debug, language=speech):
        from leitweg.cli.progress import progress_bar
        from leitweg.cli.situation_screen import show_situation
        from leitweg.studies.documents import situation_document
        from leitweg.studies.situation import analyse

        with progress_bar(speech) as progress:
            released = analyse(
                workspace,
                start=start,
                end=end,
                as_of=as_of,
                seed=seed,
                progress=progress,
                asker=asker_of(role),
            )
        if json:
            print_json(situation_document(released, speech))
        else:
            show_situation(released, speech)
