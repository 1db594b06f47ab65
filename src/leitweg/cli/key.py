"""`leitweg key`."""

from typing import Annotated

import typer

from leitweg.cli.options import Debug, Json, Role, Speech, Workspace, asker_of, spoken, told

keys = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

Name = Annotated[
    str, typer.Option("--name", help=told("option.key_name"), metavar="NAME", show_default=False)
]
OfRole = Annotated[str, typer.Option("--of-role", help=told("option.key_role"), metavar="ROLE")]
Number = Annotated[int, typer.Argument(help=told("argument.key"), metavar="ID", show_default=False)]


@keys.command("create", help=told("help.key_create"))
def create(
    name: Name,
    workspace: Workspace,
    of_role: OfRole = "service-agent",
    role: Role = "owner",
    json: Json = False,
    language: Speech = None,
    debug: Debug = False,
) -> None:
    """Make a key for a program, and tell its token this once."""
    from leitweg.cli.answers import answering, print_json

    speech = spoken(language)
    with answering(as_json=json, debug=debug, language=speech):
        from leitweg.cli.key_screen import show_new_key
        from leitweg.studies.api_keys import create_api_key
        from leitweg.studies.key_documents import new_key_document

        new = create_api_key(workspace, name=name, role=of_role, asker=asker_of(role))
        if json:
            print_json(new_key_document(new))
        else:
            show_new_key(new, speech)


@keys.command("list", help=told("help.key_list"))
def list_(
    workspace: Workspace,
    role: Role = "owner",
    json: Json = False,
    language: Speech = None,
    debug: Debug = False,
) -> None:
    """Show which keys there are, and which still hold."""
    from leitweg.cli.answers import answering, print_json

    speech = spoken(language)
    with answering(as_json=json, debug=debug, language=speech):
        from leitweg.cli.key_screen import show_keys
        from leitweg.studies.api_keys import list_api_keys
        from leitweg.studies.key_documents import keys_document

        found = list_api_keys(workspace, asker=asker_of(role))
        if json:
            print_json(keys_document(found))
        else:
            show_keys(found, speech)


@keys.command("revoke", help=told("help.key_revoke"))
def revoke(
    number: Number,
    workspace: Workspace,
    role: Role = "owner",
    json: Json = False,
    language: Speech = None,
    debug: Debug = False,
) -> None:
    """Revoke a key; a server that runs refuses it at once."""
    from leitweg.cli.answers import answering, print_json

    speech = spoken(language)
    with answering(as_json=json, debug=debug, language=speech):
        from leitweg.cli.key_screen import show_revoked
        from leitweg.studies.api_keys import revoke_api_key
        from leitweg.studies.key_documents import key_document

        key = revoke_api_key(workspace, number, asker=asker_of(role))
        if json:
            print_json(key_document(key))
        else:
            show_revoked(key, speech)
