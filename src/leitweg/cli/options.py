"""The options that several commands share, each written once."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

from leitweg.domain.access import Asker
from leitweg.language.catalogue import language_of, translate


def told(key: str) -> str:
    """Return a help text in the language of the surroundings (options are read after it)."""
    return translate(language_of(), f"cli.{key}")


class Language(StrEnum):
    """Languages of what people read."""

    DE = "de"
    EN = "en"


class Profile(StrEnum):
    """Profiles of a workspace."""

    PROTECTED = "protected"
    OPEN = "open"


Kind = Literal[
    "auto",
    "events",
    "cases",
    "units",
    "people",
    "positions",
    "messages",
    "xes",
    "ocel",
    "mbox",
    "slack",
    "viva",
    "qualifications",
    "requirements",
    "feedback",
    "answers",
    "ratings",
    "ties",
    "absences",
]
"""Kinds of files (contract, section 3); the reader of a kind says whether it is there."""

Workspace = Annotated[
    Path,
    typer.Option(
        "--workspace",
        "-w",
        envvar="LEITWEG_WORKSPACE",
        help=told("option.workspace"),
        metavar="DIR",
    ),
]
Json = Annotated[bool, typer.Option("--json", help=told("option.json"))]
Debug = Annotated[bool, typer.Option("--debug", help=told("option.debug"))]
Seed = Annotated[int, typer.Option("--seed", help=told("option.seed"))]
Speech = Annotated[
    Language | None, typer.Option("--language", help=told("option.language"), show_default=False)
]
Start = Annotated[str | None, typer.Option("--from", help=told("option.from"), metavar="DATE")]
End = Annotated[str | None, typer.Option("--to", help=told("option.to"), metavar="DATE")]
AsOf = Annotated[str | None, typer.Option("--as-of", help=told("option.as_of"), metavar="TIME")]


Role = Annotated[
    str, typer.Option("--role", envvar="LEITWEG_ROLE", help=told("option.role"), metavar="ROLE")
]


def asker_of(role: str) -> Asker:
    """Return who asks: the name stands in the environment or is that of the login."""
    return Asker(role=role)


def spoken(language: Language | None) -> str:
    """Return the language asked for, else that of the surroundings."""
    return language.value if language else language_of()
