"""`leitweg import`."""

from pathlib import Path
from typing import Annotated

import typer

from leitweg.cli.options import (
    Debug,
    Json,
    Kind,
    Profile,
    Role,
    Speech,
    Workspace,
    asker_of,
    spoken,
    told,
)

Texts = list[str] | None
Paths = Annotated[
    list[Path], typer.Argument(help=told("argument.paths"), show_default=False, metavar="PATH")
]
KindOption = Annotated[
    Kind,
    typer.Option("--kind", help=told("option.kind"), metavar="KIND"),
]
Map = Annotated[Texts, typer.Option("--map", help=told("option.map"), metavar="NAME=COLUMN")]
MapState = Annotated[
    Texts, typer.Option("--map-state", help=told("option.map_state"), metavar="PATTERN=STATE")
]
Separator = Annotated[
    str | None,
    typer.Option("--path-separator", help=told("option.path_separator"), metavar="TEXT"),
]
Zone = Annotated[
    str | None, typer.Option("--time-zone", help=told("option.time_zone"), metavar="ZONE")
]
DayFirst = Annotated[
    bool | None, typer.Option("--day-first/--month-first", help=told("option.day_first"))
]
Missing = Annotated[Texts, typer.Option("--missing", help=told("option.missing"), metavar="TEXT")]
Machine = Annotated[
    Texts, typer.Option("--machine", help=told("option.machine"), metavar="ACCOUNT")
]
Front = Annotated[Texts, typer.Option("--front", help=told("option.front"), metavar="NAME")]
Exclude = Annotated[
    Texts, typer.Option("--exclude", help=told("option.exclude"), metavar="NAME|@FILE")
]
Include = Annotated[Texts, typer.Option("--include", help=told("option.include"), metavar="NAME")]
Keep = Annotated[Texts, typer.Option("--keep", help=told("option.keep"), metavar="ATTRIBUTE")]
CaseObject = Annotated[
    str | None, typer.Option("--case-object", help=told("option.case_object"), metavar="TYPE")
]
ProfileOption = Annotated[
    Profile | None, typer.Option("--profile", help=told("option.profile"), show_default=False)
]
DryRun = Annotated[bool, typer.Option("--dry-run", help=told("option.dry_run"))]


def import_files(
    paths: Paths,
    workspace: Workspace,
    kind: KindOption = "auto",
    map_: Map = None,
    map_state: MapState = None,
    path_separator: Separator = None,
    time_zone: Zone = None,
    day_first: DayFirst = None,
    missing: Missing = None,
    machine: Machine = None,
    front: Front = None,
    exclude: Exclude = None,
    include: Include = None,
    keep: Keep = None,
    case_object: CaseObject = None,
    profile: ProfileOption = None,
    dry_run: DryRun = False,
    role: Role = "owner",
    json: Json = False,
    language: Speech = None,
    debug: Debug = False,
) -> None:
    """Read files into a workspace."""
    from leitweg.cli.answers import answering, print_json
    from leitweg.cli.pairs import read_pairs

    mapping = read_pairs("--map", map_ or [], "canonical=column")
    states = read_pairs(
        "--map-state", map_state or [], "ACTIVITY/LIFECYCLE=STATE", split_at_last=True
    )
    speech = spoken(language)
    with answering(as_json=json, debug=debug, language=speech):
        from leitweg.cli.import_screen import show_import
        from leitweg.cli.progress import progress_bar
        from leitweg.domain.imports import ImportOptions
        from leitweg.studies import importing
        from leitweg.studies.documents import import_document

        options = ImportOptions(
            kind=kind,
            mapping=mapping,
            states=states,
            path_separator=path_separator,
            time_zone=time_zone,
            day_first=day_first,
            missing=tuple(missing or ()),
            machines=tuple(machine or ()),
            front=tuple(front or ()),
            exclude=tuple(exclude or ()),
            include=tuple(include or ()),
            keep=tuple(keep or ()),
            case_object=case_object,
        )
        with progress_bar(speech) as progress:
            report = importing.import_files(
                workspace,
                paths,
                options,
                profile=profile.value if profile else None,
                dry_run=dry_run,
                progress=progress,
                asker=asker_of(role),
            )
        if json:
            print_json(import_document(report, dry_run=dry_run))
        else:
            show_import(report, workspace, dry_run=dry_run, language=speech)
