"""What does one write transaction change? Everything at once, or nothing."""

import contextlib
import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
from deltalake.exceptions import DeltaError
from sqlalchemy import Connection

from leitweg.domain.errors import LeitwegError
from leitweg.domain.tables import TABLES
from leitweg.store import delta
from leitweg.store.durable import sync, write_by_rename
from leitweg.store.manifest import FILE_NAME, Manifest, NamedTable, RememberedFile, write_manifest
from leitweg.store.merging import Part, first_seen, is_keyed, merged, overlap
from leitweg.store.models import forget_models
from leitweg.store.workspace_key import WorkspaceKey

TABLES_FOLDER = "tables"
REJECTS_FOLDER = "rejects"


class Change:
    """Rows, settings and remembered files of one transaction; nothing is visible before its end.

    Parameters
    ----------
    folder
        The workspace, whose write lock is held.
    manifest
        What the workspace holds now.
    now
        Time of the clock, ISO 8601 in UTC.
    """

    def __init__(self, folder: Path, manifest: Manifest, *, now: str) -> None:
        self._folder = folder
        self._now = now
        self._versions = {name: table.version for name, table in manifest.tables.items()}
        self._rows = {name: table.rows for name, table in manifest.tables.items()}
        self._added: dict[str, list[Part]] = {}
        self._put: dict[str, pa.Table] = {}
        self._keeps_older = True
        self._key = (manifest.key_fingerprint, manifest.sealed_key)
        self._settings = dict(manifest.settings)
        self._remembered: list[RememberedFile] = []
        self._new_rejects: list[Path] = []
        self.before = manifest
        self._earlier = manifest.imports
        self._clear_leftovers()
        self._present = set(self._parquet_files())
        self._kept = {file for name in self._versions for file in self._files(name)}

    @property
    def _now_us(self) -> int:
        return int(datetime.fromisoformat(self._now).timestamp() * 1_000_000)

    @property
    def settings(self) -> Mapping[str, object]:
        """Settings as this change leaves them."""
        return dict(self._settings)

    def read(self, name: str) -> pa.Table:
        """Rows of a table as they were before this change."""
        files = self._files(name) if name in self._versions else []
        return delta.read_files(name, files)

    def distinct(self, name: str, column: str) -> set[str]:
        """Return the distinct texts of one column as they were before this change."""
        files = self._files(name) if name in self._versions else []
        return delta.distinct_texts(files, column)

    def read_noted(self, name: str) -> pa.Table:
        """Rows as they were put, else as they were, with ``imported_us`` where rows age."""
        if name in self._put:
            return self._put[name]
        files = self._files(name) if name in self._versions else []
        return delta.read_noted(name, files)

    def add(self, tables: Mapping[str, pa.Table]) -> None:
        """Add the rows of one file, table by table.

        Rows of units, people and cases that are known already are merged, others are appended.

        Raises
        ------
        ValueError
            A table that is not canonical, or lacks a required value.
        """
        seen = first_seen(tables["events"]) if "events" in tables else None
        for name, given in tables.items():
            rows = _checked(name, given)
            if len(rows):
                self._added.setdefault(name, []).append(Part(rows, seen))

    def put(self, name: str, rows: pa.Table) -> None:
        """Put rows in the place of all rows of a table; nothing may be added to it besides.

        Rows of `read_noted` keep the time of their import, others came in now.

        Raises
        ------
        ValueError
            A table that is not canonical, or lacks a required value.
        """
        _checked(name, rows)
        self._put[name] = delta.noted(name, rows, self._now_us)

    def forget_older(self) -> None:
        """Let no file of the state before this change stay on the disk, not even for a reader."""
        self._keeps_older = False

    def remember_only(self, imports: Sequence[RememberedFile]) -> None:
        """Remember these files in the place of all that were remembered before."""
        self._earlier = tuple(imports)

    def update_settings(self, **settings: object) -> None:
        """Set settings by name; values are plain JSON."""
        self._settings |= settings

    def exchange_key(self, fingerprint: str, sealed: str) -> None:
        """Name another key in the manifest; see `Workspace.exchanging_key`."""
        self._key = (fingerprint, sealed)

    def remember(self, file: RememberedFile) -> None:
        """Note an imported file, so that it is known when it comes again."""
        self._remembered.append(dataclasses.replace(file, imported_at=self._now))

    def keep_rejects(self, name: str, content: bytes) -> str:
        """Write a file of rejects and return its path inside the workspace."""
        path = self._folder / REJECTS_FOLDER / name
        path.parent.mkdir(exist_ok=True)
        self._new_rejects.append(path)
        write_by_rename(path, content, mode=0o600)
        return f"{REJECTS_FOLDER}/{name}"

    def rejects_of(self, path: str) -> bytes:
        """Return a file of rejects by its path inside the workspace; empty where it is gone."""
        file = self._folder / path
        return file.read_bytes() if file.is_file() else b""

    def commit(self) -> Manifest:
        """Store everything; the swap of the manifest is the moment at which it becomes true."""
        for name, rows in self._put.items():
            self._replace(name, rows)
        for name, parts in self._added.items():
            self._store(name, parts)
        after = self._manifest_after()
        if after == self.before:
            if not self._keeps_older:
                # a writer that was killed after its swap may have left what it had to delete
                self._sweep(after)
            return after
        after = dataclasses.replace(
            after, written_at=self._now, generation=self.before.generation + 1
        )
        for name in after.tables:
            self._sync(name)
        write_manifest(self._folder, after)
        with contextlib.suppress(OSError):
            # a file that cannot be deleted now is deleted by the next writer
            self._sweep(after)
        return after

    def undo(self) -> None:
        """Take back what reached the disk; readers never saw it."""
        self._versions = {n: table.version for n, table in self.before.tables.items()}
        for path in self._new_rejects:
            if f"{REJECTS_FOLDER}/{path.name}" not in self._named_rejects(self.before):
                path.unlink(missing_ok=True)
        # the cause must reach the caller; what stays is cleared by the next writer
        with contextlib.suppress(OSError, DeltaError, LeitwegError):
            self._clear_leftovers()
            for file in set(self._parquet_files()) - self._present:
                file.unlink(missing_ok=True)

    def _table_folder(self, name: str) -> Path:
        return self._folder / TABLES_FOLDER / name

    def _files(self, name: str) -> list[Path]:
        return delta.files_of(self._table_folder(name), self._versions[name])

    def _parquet_files(self) -> Iterator[Path]:
        return self._folder.glob(f"{TABLES_FOLDER}/*/*.parquet")

    def _store(self, name: str, parts: list[Part]) -> None:
        folder = self._table_folder(name)
        if is_keyed(name):
            rows, is_whole = self._joined(name, parts)
        else:
            new = pa.concat_tables([part.rows for part in parts])
            rows, is_whole = delta.noted(name, new, self._now_us), False
        version = delta.replace_rows(folder, rows) if is_whole else delta.add_rows(folder, rows)
        self._rows[name] = len(rows) + (0 if is_whole else self._rows.get(name, 0))
        self._versions[name] = delta.compacted(folder, version, rows=self._rows[name])

    def _replace(self, name: str, rows: pa.Table) -> None:
        folder = self._table_folder(name)
        self._versions[name] = delta.replace_rows(folder, rows)
        self._rows[name] = len(rows)

    def _joined(self, name: str, parts: list[Part]) -> tuple[pa.Table, bool]:
        """Return new rows and False where none of them is known, else the whole table and True."""
        new = pa.concat_tables([part.rows for part in parts])
        stored = self.read(name)
        if not overlap(name, new, stored):
            return new, False
        seen = first_seen(self.read("events")) if name == "cases" else None
        return merged(name, [Part(stored, seen), *parts]), True

    def _manifest_after(self) -> Manifest:
        fingerprint, sealed = self._key
        return dataclasses.replace(
            self.before,
            settings=self._settings,
            tables={n: NamedTable(v, self._rows[n]) for n, v in sorted(self._versions.items())},
            imports=(*self._earlier, *self._remembered),
            key_fingerprint=fingerprint,
            sealed_key=sealed,
        )

    def _sync(self, name: str) -> None:
        named = self.before.tables.get(name)
        since = named.version if named else -1
        folder = self._table_folder(name)
        log = folder / "_delta_log"
        entries = [log / f"{v:020d}.json" for v in range(since + 1, self._versions[name] + 1)]
        if entries:
            new = set(self._files(name)) - self._kept
            sync([*new, *entries, log, folder, folder.parent, self._folder])

    def _clear_leftovers(self) -> None:
        """Clear what a killed writer left: versions, tables, rejects and halves of files."""
        tables = self._folder / TABLES_FOLDER
        for folder in tables.iterdir() if tables.is_dir() else ():
            if folder.name not in self._versions:
                delta.remove_table(folder)
                continue
            self._versions[folder.name] = delta.back_to(folder, self._versions[folder.name])
        self._clear_rejects(self.before)
        for path in self._folder.glob(f".{FILE_NAME}.*.tmp"):
            path.unlink(missing_ok=True)

    def _clear_rejects(self, manifest: Manifest) -> None:
        named = self._named_rejects(manifest)
        for path in self._folder.glob(f"{REJECTS_FOLDER}/*"):
            if f"{REJECTS_FOLDER}/{path.name}" not in named:
                path.unlink(missing_ok=True)

    def _sweep(self, after: Manifest) -> None:
        """Delete what neither the new manifest names nor the one a reader may just have opened."""
        for name in after.tables:
            folder = self._table_folder(name)
            older = self._kept if self._keeps_older else set[Path]()
            keep = {file for file in older if file.parent == folder}
            delta.sweep(self._table_folder(name), keep | set(self._files(name)))
        if not self._keeps_older:
            self._clear_rejects(after)
            forget_models(self._folder, but_of_generation=after.generation)

    @staticmethod
    def _named_rejects(manifest: Manifest) -> set[str]:
        return {file.rejects for file in manifest.imports if file.rejects}


@dataclass(frozen=True)
class KeyExchange:
    """One transaction in which a key takes the place of another.

    ``entries`` is a connection to the application database, whose changes hold when those of the
    tables do.
    """

    change: Change
    old: WorkspaceKey
    new: WorkspaceKey
    fingerprint: str
    entries: Connection


def _checked(name: str, given: pa.Table) -> pa.Table:
    if name not in TABLES:
        raise ValueError(f"{name} is no canonical table")
    rows = delta.as_declared(name, given)
    rows.validate()
    for field in rows.schema:
        if not field.nullable and rows[field.name].null_count:
            raise ValueError(f"{name}.{field.name} is required and has empty rows")
    return rows
