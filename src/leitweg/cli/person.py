"""`leitweg person`: the rights of the people that a workspace knows."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leitweg.cli.options import Debug, Json, Role, Speech, Workspace, asker_of, spoken, told

if TYPE_CHECKING:
    from leitweg.studies.person_rights import RightDone

people = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

Accounts = Annotated[
    list[str], typer.Argument(help=told("argument.accounts"), metavar="ID...", show_default=False)
]
Out = Annotated[
    Path | None,
    typer.Option("--out", "-o", help=told("option.out_person"), metavar="FILE", show_default=False),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help=told("option.yes"))]
Columns = Annotated[
    list[str],
    typer.Option(
        "--column", help=told("option.column"), metavar="COLUMN=VALUE", show_default=False
    ),
]


@people.command("export", help=told("help.person_export"))
def export(
    accounts: Accounts,
    workspace: Workspace,
    out: Out = None,
    role: Role = "owner",
    json: Json = False,
    language: Speech = None,
    debug: Debug = False,
) -> None:
    """Tell a person what is stored of him or her."""
    from leitweg.cli.answers import answering, print_json

    speech = spoken(language)
    with answering(as_json=json, debug=debug, language=speech):
        from leitweg.cli.screen import console, lines
        from leitweg.language.catalogue import translate
        from leitweg.language.forms import count
        from leitweg.studies import person_export

        own = person_export.export_person(workspace, accounts, asker=asker_of(role))
        if out is not None:
            person_export.write_own_data(own, out, speech)
        if json:
            print_json(person_export.own_data_document(own, speech))
        elif out is not None:
            rows = count(speech, "row", own.n_rows)
            key = "cli.wrote_person_text" if person_export.is_text(out) else "cli.wrote_person"
            typer.echo(translate(speech, key, rows=rows, path=out))
        else:
            console().print(lines(person_export.own_data_text(own, speech)))


@people.command("erase", help=told("help.person_erase"))
def erase(
    accounts: Accounts,
    workspace: Workspace,
    yes: Yes = False,
    role: Role = "owner",
    json: Json = False,
    language: Speech = None,
    debug: Debug = False,
) -> None:
    """Erase a person from every table."""

    def act() -> "RightDone":
        from leitweg.studies.person_rights import erase_person

        return erase_person(workspace, accounts, asker=asker_of(role))

    _do(act, "erase", workspace, yes=yes, json=json, language=language, debug=debug)


@people.command("object", help=told("help.person_object"))
def object_(
    accounts: Accounts,
    workspace: Workspace,
    yes: Yes = False,
    role: Role = "owner",
    json: Json = False,
    language: Speech = None,
    debug: Debug = False,
) -> None:
    """Leave a person out of everything that is about persons."""

    def act() -> "RightDone":
        from leitweg.studies.person_rights import object_person

        return object_person(workspace, accounts, asker=asker_of(role))

    _do(act, "object", workspace, yes=yes, json=json, language=language, debug=debug)


@people.command("correct", help=told("help.person_correct"))
def correct(
    accounts: Accounts,
    workspace: Workspace,
    column: Columns,
    yes: Yes = False,
    role: Role = "owner",
    json: Json = False,
    language: Speech = None,
    debug: Debug = False,
) -> None:
    """Set right what the table of people says of a person."""
    from leitweg.cli.pairs import read_pairs

    values = read_pairs("--column", column, "column=value")

    def act() -> "RightDone":
        from leitweg.studies.person_rights import correct_person

        return correct_person(workspace, accounts, values, asker=asker_of(role))

    _do(act, "correct", workspace, yes=yes, json=json, language=language, debug=debug)


def _do(
    act: "Callable[[], RightDone]",
    what: str,
    workspace: Path,
    *,
    yes: bool,
    json: bool,
    language: Speech,
    debug: bool,
) -> None:
    from leitweg.cli.answers import answering, print_json

    speech = spoken(language)
    with answering(as_json=json, debug=debug, language=speech):
        from leitweg.cli.rights_screen import show_right
        from leitweg.language.catalogue import translate
        from leitweg.studies.rights_documents import right_document

        if not yes:
            question = translate(speech, f"cli.ask_{what}", path=workspace)
            _confirm(question, json=json)
        done = act()
        if json:
            print_json(right_document(done))
        else:
            show_right(done, workspace, speech)


def _confirm(question: str, *, json: bool) -> None:
    """Ask a person at a terminal; a program has to say --yes."""
    from leitweg.domain.errors import QuestionError

    if json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise QuestionError(
            "This cannot be taken back, and there is no terminal to ask at; add --yes if it is "
            "meant.",
            code="not-confirmed",
        )
    typer.confirm(question, abort=True)
