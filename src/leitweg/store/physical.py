"""Is what was deleted gone from the disk? Nothing lies there that the manifest does not name."""

from pathlib import Path

from leitweg.domain.errors import WorkspaceError
from leitweg.store.models import stale_models
from leitweg.store.workspace import Workspace
from leitweg.store.writing import REJECTS_FOLDER, TABLES_FOLDER


def leftovers(place: Workspace) -> list[Path]:
    """Return files of rows, rejects and models that are not of the state of a workspace."""
    tables = place.folder / TABLES_FOLDER
    names = [folder.name for folder in tables.iterdir()] if tables.is_dir() else []
    named = {file for name in names for file in place.files(name)}
    named |= {place.folder / file.rejects for file in place.imports if file.rejects}
    found = [*tables.rglob("*.parquet"), *(place.folder / REJECTS_FOLDER).glob("*")]
    unnamed = [p for p in found if p not in named and "_delta_log" not in p.parts]
    return sorted([*unnamed, *stale_models(place.folder, place.generation)])


def check_all_deleted(place: Workspace) -> None:
    """Refuse to certify a deletion where something could not be deleted.

    Raises
    ------
    WorkspaceError
        ``not-all-deleted`` with the number of files and one of them.
    """
    left = leftovers(place)
    if left:
        raise WorkspaceError(
            f"The rows are out of {place.folder}, but {len(left)} older files could not be deleted "
            f"(one is {left[0].name}); close what holds them open and run the command again.",
            code="not-all-deleted",
            path=str(left[0]),
            files=len(left),
        )
