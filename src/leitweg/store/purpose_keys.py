"""Which key serves one purpose? One of its own, so that nothing joins across purposes.

It is drawn when it is first asked for and lies beside the key of the workspace, under the same
rules. Where the environment names the key of the workspace it is derived from that. The application
database notes its fingerprint: a key that is lost is missed, never silently drawn anew.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from leitweg.domain.errors import KeyFileError
from leitweg.store.application.database import Database
from leitweg.store.application.purpose_keys import fingerprint_noted, note_fingerprint
from leitweg.store.keys import (
    FOLDER_VARIABLE,
    checked,
    create_key,
    destroy_key,
    key_folder,
    key_in_environment,
    read_key,
)
from leitweg.store.workspace_key import WorkspaceKey, derived_key, fingerprint_of

WorkspaceKeyReader = Callable[[], WorkspaceKey]
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


class Place(Protocol):
    """What of a workspace decides its keys."""

    folder: Path

    @property
    def id(self) -> str:
        """The number of the workspace."""

    @property
    def database(self) -> Database:
        """Its application database."""


def purpose_key_file(folder: Path, workspace_id: str, purpose: str) -> Path:
    """Return where the key of a purpose lies."""
    if not _NAME.fullmatch(purpose):
        raise ValueError(f"{purpose!r} names no purpose: small letters, digits and hyphens")
    return key_folder(folder) / f"{purpose}-{workspace_id}.key"


def purpose_key(place: Place, purpose: str, workspace_key: WorkspaceKeyReader | None) -> bytes:
    """Return the key of a purpose; see `Workspace.purpose_key`.

    Parameters
    ----------
    place
        The workspace.
    purpose
        The name of the purpose.
    workspace_key
        Reads the key that this one may be derived from; None where it has to be a file.
    """
    path = purpose_key_file(place.folder, place.id, purpose)
    with place.database.reading() as connection:
        noted = fingerprint_noted(connection, purpose)
    if noted is None:
        with place.database.writing() as connection:
            # another process may have been faster
            noted = fingerprint_noted(connection, purpose)
            if noted is None:
                noted = fingerprint_of(_first(path, purpose, workspace_key))
                note_fingerprint(connection, purpose, noted)
    return checked(_found(path, purpose, workspace_key), noted, str(path))


def _first(path: Path, purpose: str, workspace_key: WorkspaceKeyReader | None) -> bytes:
    # a file may be there that a process drew which ended before it could note it
    if path.exists() or _is_derived(workspace_key):
        return _found(path, purpose, workspace_key)
    return create_key(path)


def _found(path: Path, purpose: str, workspace_key: WorkspaceKeyReader | None) -> bytes:
    if path.exists():
        return read_key(path)
    if workspace_key is not None and _is_derived(workspace_key):
        return derived_key(workspace_key(), purpose)
    raise KeyFileError(
        f"The key {path} was drawn once and is gone; put it back, or name its folder in "
        f"{FOLDER_VARIABLE}; where the workspace is a copy, copy its folder of keys too. Another "
        "one would not know whom it counted before.",
        code="purpose-key-missing",
        path=str(path),
    )


def _is_derived(workspace_key: WorkspaceKeyReader | None) -> bool:
    return workspace_key is not None and key_in_environment() is not None


def destroy_purpose_key(folder: Path, workspace_id: str, purpose: str) -> None:
    """Overwrite and remove the key of a purpose; its fingerprint stays noted."""
    destroy_key(purpose_key_file(folder, workspace_id, purpose))


def remove_purpose_keys(folder: Path, workspace_id: str) -> None:
    """Remove every key of a workspace that is discarded."""
    for path in key_folder(folder).glob(f"*-{workspace_id}.key"):
        path.unlink(missing_ok=True)
