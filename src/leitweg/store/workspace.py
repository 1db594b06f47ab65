"""Where does a company's data live? In a workspace: a folder that one manifest describes."""

import dataclasses
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import pyarrow as pa

from leitweg.domain.errors import KeyFileError, WorkspaceError
from leitweg.store import delta
from leitweg.store.application.database import FILE_NAME as DATABASE_NAME
from leitweg.store.application.database import Database, has_entries, open_database
from leitweg.store.keys import (
    KEY_VARIABLE,
    checked,
    create_key,
    destroy_key,
    key_file,
    key_in_environment,
    next_key,
    read_key,
    settle_key,
)
from leitweg.store.locking import TIMEOUT_SECONDS, only_writer
from leitweg.store.manifest import (
    FILE_NAME,
    PROFILES,
    Manifest,
    RememberedFile,
    read_manifest,
    write_manifest,
)
from leitweg.store.purpose_keys import destroy_purpose_key, purpose_key, remove_purpose_keys
from leitweg.store.workspace_key import (
    WorkspaceKey,
    exchanged,
    fingerprint_of,
    ids_before_exchanges,
    key_before,
    key_of,
)
from leitweg.store.writing import TABLES_FOLDER, Change, KeyExchange

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the present time in UTC: the clock where the caller names no other."""
    return datetime.now(UTC)


class Workspace:
    """One state of a workspace, as its manifest named it when it was opened.

    Imports by others change nothing here: open the workspace again to see them.

    Parameters
    ----------
    folder
        The folder of the workspace.
    manifest
        What its manifest says.
    clock
        Where the times in the manifest come from.
    """

    def __init__(self, folder: Path, manifest: Manifest, clock: Clock) -> None:
        self.folder = folder
        self._manifest = manifest
        self._clock = clock

    @property
    def profile(self) -> str:
        """``protected`` or ``open``."""
        return self._manifest.profile

    @property
    def settings(self) -> Mapping[str, object]:
        """Settings by name: ``time_zone``, ``front``, ``machines`` and others."""
        return dict(self._manifest.settings)

    @property
    def imports(self) -> tuple[RememberedFile, ...]:
        """The files imported, oldest first."""
        return self._manifest.imports

    @property
    def generation(self) -> int:
        """How many changes led to this state; the same number means the same rows."""
        return self._manifest.generation

    @property
    def is_untouched(self) -> bool:
        """Nothing has been imported or entered yet, so that the profile is not fixed yet."""
        return self._manifest.is_untouched and not has_entries(self.folder)

    def has(self, content_hash: str) -> bool:
        """Say whether a file of this hash was imported."""
        return any(file.content_hash == content_hash for file in self.imports)

    def rows(self, table: str) -> int:
        """Return the number of rows of a table, 0 where nothing was imported."""
        named = self._manifest.tables.get(table)
        return named.rows if named else 0

    def files(self, table: str) -> list[Path]:
        """Return the Parquet files of a table that the manifest names; none where there is none.

        They stay on the disk until the second import after this one.

        Raises
        ------
        WorkspaceError
            ``damaged-table`` where they are gone.
        """
        named = self._manifest.tables.get(table)
        if named is None:
            return []
        return delta.files_of(self.folder / TABLES_FOLDER / table, named.version)

    def read(self, table: str) -> pa.Table:
        """Return a table with the declared columns; without rows where nothing was imported."""
        return delta.read_files(table, self.files(table))

    def distinct(self, table: str, column: str) -> set[str]:
        """Return the distinct texts of one column."""
        return delta.distinct_texts(self.files(table), column)

    @property
    def id(self) -> str:
        """The number that the workspace was given when it was created."""
        return self._manifest.id

    @property
    def key_fingerprint(self) -> str | None:
        """What tells its key from others; None in an open workspace."""
        return self._manifest.key_fingerprint

    @cached_property
    def database(self) -> Database:
        """What people entered here; see `leitweg.store.application.open_database`."""
        return open_database(self.folder, self._manifest.id)

    def now_us(self) -> int:
        """Return the time of the clock, microseconds UTC."""
        return int(self._clock().timestamp() * 1_000_000)

    def key(self) -> WorkspaceKey:
        """Return the key of a protected workspace; KeyFileError where it is not fit for use."""
        if self.profile != "protected":
            raise KeyFileError(
                f"{self.folder} has the profile open and therefore no key.",
                code="no-key",
                path=str(self.folder),
            )
        return key_of(self._drawn_key(), self._manifest.sealed_key)

    def _drawn_key(self) -> bytes:
        fingerprint = self._manifest.key_fingerprint
        named = key_in_environment()
        if named is not None:
            return checked(named, fingerprint, KEY_VARIABLE)
        path = key_file(self.folder, self.id, fingerprint)
        return checked(read_key(path), fingerprint, str(path))

    def purpose_key(self, purpose: str, *, destroyable: bool = False) -> bytes:
        """Return the key of one purpose, 256 bits; the first time, draw it.

        Parameters
        ----------
        purpose
            A name such as ``ledger`` or ``rights``.
        destroyable
            Keep the key in a file even where the environment names the key of the workspace, so
            that `destroy_purpose_key` can destroy it.

        Raises
        ------
        KeyFileError
            Where it was drawn once and is not there any more: another one would recognise nobody.
        """
        derives = self.profile == "protected" and not destroyable
        return purpose_key(self, purpose, self.key if derives else None)

    def destroy_purpose_key(self, purpose: str) -> None:
        """Destroy a key that was asked for as destroyable; it can never be drawn again."""
        destroy_purpose_key(self.folder, self.id, purpose)

    @contextmanager
    def writing(self, *, timeout_seconds: float = TIMEOUT_SECONDS) -> Iterator[Change]:
        """Hold the write lock for one transaction on the newest state.

        At the end of the block everything is committed by one rename; an exception leaves the
        workspace as it was. Afterwards this object shows the new state.

        Raises
        ------
        WorkspaceError
            ``workspace-locked`` when another writer holds it for longer than the timeout;
            ``workspace-replaced`` when another workspace has taken its place.
        """
        now = _iso(self._clock)
        with only_writer(self.folder, since=now, timeout_seconds=timeout_seconds):
            change = Change(self.folder, self._newest(), now=now)
            try:
                yield change
                self._manifest = change.commit()
            except BaseException:
                change.undo()
                raise

    @contextmanager
    def exchanging_key(self) -> Iterator[KeyExchange]:
        """Hold one transaction that puts a newly drawn key in the place of the present one.

        The block has to bring everything stored under the new key. The manifest names the key:
        whatever happens, the key that it names lies there. Entries in the application database are
        stored when the manifest is; at the end the old key is destroyed.
        """
        path = None
        try:
            # the lock of the workspace is taken first, as everywhere, and given back first
            with ExitStack() as entries, self.writing() as change:
                connection = entries.enter_context(self.database.writing())
                self._manifest = change.before
                old = self.key()
                settle_key(self.folder, self.id, self._manifest.key_fingerprint)
                drawn, path = next_key(self.folder, self.id)
                new, sealed = exchanged(old, drawn)
                change.exchange_key(fingerprint_of(drawn), sealed)
                yield KeyExchange(change, old, new, fingerprint_of(drawn), connection)
        except BaseException:
            if path is not None and not path.name.endswith(f"-{self._named_key()}.key"):
                destroy_key(path)
            raise
        settle_key(self.folder, self.id, self._manifest.key_fingerprint)

    def key_before(self) -> tuple[WorkspaceKey, str] | None:
        """Return the key before the present one and its fingerprint, where it still lies there.

        That is so after an exchange that was killed before it could destroy it; else None.
        """
        path = key_file(self.folder, self.id)
        if path == key_file(self.folder, self.id, self.key_fingerprint) or not path.exists():
            return None
        drawn = read_key(path)
        return key_before(drawn, self.key()), fingerprint_of(drawn)

    def _named_key(self) -> str | None:
        return read_manifest(self.folder).key_fingerprint

    def ids_before_exchanges(self, stored: Sequence[str]) -> list[str]:
        """Return stored ids as they were before any exchange of the key.

        What outlives an exchange (the ledger of releases, the rights of people) knows people by
        these. Without an exchange no key is needed.
        """
        if self._manifest.sealed_key is None:
            return list(stored)
        return ids_before_exchanges(stored, self.key())

    def discard(self) -> None:
        """Remove a workspace that nothing was imported into or entered in, with its key."""
        with only_writer(self.folder, since=_iso(self._clock), timeout_seconds=TIMEOUT_SECONDS):
            if not self._newest().is_untouched or has_entries(self.folder):
                return
            key = key_file(self.folder, self.id)
            key.unlink(missing_ok=True)
            remove_purpose_keys(self.folder, self.id)
            if key.parent.is_dir() and key.parent.name == f"{self.folder.name}.keys":
                _remove_if_empty(key.parent)
            # the manifest first: whoever waits for the lock then sees that there is no workspace
            (self.folder / FILE_NAME).unlink(missing_ok=True)
            shutil.rmtree(self.folder)

    def _newest(self) -> Manifest:
        newest = read_manifest(self.folder)
        if (newest.id, newest.profile) != (self._manifest.id, self._manifest.profile):
            raise WorkspaceError(
                f"{self.folder} has been replaced by another workspace (profile {newest.profile}) "
                "meanwhile; open it again.",
                code="workspace-replaced",
                path=str(self.folder),
            )
        return newest


def open_workspace(folder: Path, *, clock: Clock = utc_now) -> Workspace:
    """Open the state that the manifest names at this moment.

    Raises
    ------
    WorkspaceError
        ``workspace-missing``, ``no-workspace``, ``newer-format`` or ``damaged-manifest``.
    """
    folder = folder.absolute()
    if folder.is_file():
        raise WorkspaceError(
            f"{folder} is a file; --workspace takes the folder of a workspace.",
            code="no-workspace",
            path=str(folder),
        )
    return Workspace(folder, read_manifest(folder), clock)


def create_workspace(folder: Path, *, profile: str, clock: Clock = utc_now) -> Workspace:
    """Create an empty workspace, and its key where the profile is protected.

    A workspace that nothing was imported into or entered in yet is taken over: the profile is
    fixed by the first import or entry, not by an attempt at one.

    Raises
    ------
    WorkspaceError
        ``unknown-profile``; ``workspace-exists`` where something was imported or entered already;
        ``folder-in-use`` where other files lie in the folder.
    """
    if profile not in PROFILES:
        raise WorkspaceError(
            f"There is no profile '{profile}'; choose protected or open.",
            code="unknown-profile",
            profile=profile,
        )
    folder = folder.absolute()
    _check_place(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with only_writer(folder, since=_iso(clock), timeout_seconds=TIMEOUT_SECONDS):
        if (folder / FILE_NAME).exists():
            return _taken_over(folder, profile, clock)
        return _created(folder, profile, clock)


def _check_place(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise WorkspaceError(
            f"{folder} is a file; name a folder for the workspace.",
            code="folder-in-use",
            path=str(folder),
        )
    if not folder.is_dir():
        return
    # what a creation that was killed may have left begins with a dot
    others = sorted(p.name for p in folder.iterdir() if not p.name.startswith("."))
    # the manifest is asked for after the listing: whoever creates the workspace meanwhile writes it
    # before all other files
    if others and not (folder / FILE_NAME).exists():
        raise WorkspaceError(
            f"{folder} holds other files ({others[0]}); name a new or an empty folder for the "
            "workspace.",
            code="folder-in-use",
            path=str(folder),
        )


def _taken_over(folder: Path, profile: str, clock: Clock) -> Workspace:
    manifest = read_manifest(folder)
    if not manifest.is_untouched or has_entries(folder):
        raise WorkspaceError(
            f"There is a workspace at {folder} already (profile {manifest.profile}).",
            code="workspace-exists",
            path=str(folder),
            profile=manifest.profile,
        )
    if manifest.profile == profile:
        return Workspace(folder, manifest, clock)
    key_file(folder, manifest.id).unlink(missing_ok=True)
    remove_purpose_keys(folder, manifest.id)
    (folder / DATABASE_NAME).unlink(missing_ok=True)
    return _created(folder, profile, clock)


def _created(folder: Path, profile: str, clock: Clock) -> Workspace:
    now = _iso(clock)
    manifest = Manifest(secrets.token_hex(8), profile, None, now, now)
    if profile == "protected":
        key = key_in_environment() or create_key(key_file(folder, manifest.id))
        manifest = dataclasses.replace(manifest, key_fingerprint=fingerprint_of(key))
    write_manifest(folder, manifest)
    return Workspace(folder, manifest, clock)


def _remove_if_empty(folder: Path) -> None:
    if not any(folder.iterdir()):
        folder.rmdir()


def _iso(clock: Clock) -> str:
    return clock().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
