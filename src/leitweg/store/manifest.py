"""What belongs to the workspace? The manifest names it, and one rename swaps the manifest."""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from leitweg.domain.errors import WorkspaceError
from leitweg.domain.tables import TABLES
from leitweg.store.durable import write_by_rename

FORMAT = 1
FILE_NAME = "manifest.json"
PROFILES = ("protected", "open")


@dataclass(frozen=True)
class RememberedFile:
    """One imported file: how it is known again, and what it brought.

    ``content_hash`` stands for its bytes and the options that matter, ``bytes_hash`` for the bytes
    alone, ``rows_hashes`` for the canonical rows it brought to each table. ``name`` is the file
    name without folder; None in a protected workspace, for a file name often holds a person's.
    """

    content_hash: str
    bytes_hash: str
    rows_hashes: Mapping[str, str]
    name: str | None
    kind: str
    tables: Mapping[str, int]
    rows_read: int
    rows_rejected: int
    rejects: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    attributes: tuple[str, ...] = ()
    left_over: tuple[str, ...] = ()
    imported_at: str = ""


@dataclass(frozen=True)
class NamedTable:
    """The Delta version of a table that readers open, and its number of rows."""

    version: int
    rows: int


@dataclass(frozen=True)
class Manifest:
    """Everything a reader needs to open one consistent state of a workspace."""

    id: str
    profile: str
    key_fingerprint: str | None
    created_at: str
    written_at: str
    generation: int = 0
    settings: Mapping[str, object] = field(default_factory=dict)
    tables: Mapping[str, NamedTable] = field(default_factory=dict)
    imports: tuple[RememberedFile, ...] = ()
    sealed_key: str | None = None
    """The key that ids are hashed with, sealed under the key that `leitweg rekey` drew."""

    @property
    def is_untouched(self) -> bool:
        """Nothing has been imported yet, so that the profile is not fixed yet."""
        return not self.imports and not self.tables


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Swap the manifest of a workspace by one rename."""
    document = {"format": FORMAT, **dataclasses.asdict(manifest)}
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)
    write_by_rename(folder / FILE_NAME, text.encode() + b"\n")


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a workspace.

    Raises
    ------
    WorkspaceError
        ``workspace-missing`` (no folder), ``no-workspace`` (a folder without manifest),
        ``newer-format``, ``damaged-manifest``.
    """
    if not folder.is_dir():
        raise WorkspaceError(
            f"There is no workspace at {folder}; import a file with --workspace {folder} first. "
            "Before that, leitweg dossier and leitweg purpose on work.",
            code="workspace-missing",
            path=str(folder),
        )
    path = folder / FILE_NAME
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise WorkspaceError(
            f"{folder} is no workspace: it holds no {FILE_NAME}; name the folder of a workspace, "
            "or import a file into it first.",
            code="no-workspace",
            path=str(folder),
        ) from None
    return _parsed(path, content)


def _parsed(path: Path, content: bytes) -> Manifest:
    try:
        document = json.loads(content)
        newer = document["format"] > FORMAT
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(path, str(error)) from None
    if newer:
        raise WorkspaceError(
            f"{path.parent} was written by a newer Leitweg (format {document['format']}, this one "
            f"reads up to {FORMAT}); update Leitweg.",
            code="newer-format",
            path=str(path.parent),
            format=document["format"],
        )
    try:
        return _manifest_of(document)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(path, f"{type(error).__name__}: {error}") from None


def _manifest_of(document: dict[str, Any]) -> Manifest:
    document = {name: value for name, value in document.items() if name != "format"}
    document["tables"] = {n: NamedTable(**table) for n, table in document["tables"].items()}
    document["imports"] = tuple(_remembered(entry) for entry in document["imports"])
    manifest = Manifest(**document)
    if manifest.profile not in PROFILES:
        raise ValueError(f"profile {manifest.profile!r}")
    if not isinstance(manifest.settings, dict):
        raise TypeError("settings are no object")
    for name, table in manifest.tables.items():
        if name not in TABLES or not isinstance(table.version, int) or table.version < 0:
            raise ValueError(f"table {name!r}, version {table.version!r}")
    return manifest


def _remembered(entry: dict[str, Any]) -> RememberedFile:
    entry = dict(entry)
    for name in ("attributes", "left_over"):
        entry[name] = tuple(entry[name])
    return RememberedFile(**entry)


def _damaged(path: Path, reason: str) -> WorkspaceError:
    return WorkspaceError(
        f"The manifest {path} is damaged ({reason}); restore it from a backup, or import the files "
        "into a new workspace.",
        code="damaged-manifest",
        path=str(path),
        reason=reason,
    )
