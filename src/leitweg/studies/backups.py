"""How is a workspace kept safe, and brought back without bringing back who was erased?

A backup is one state of the tables and of the application database, without any key. A restore
takes the tables of the backup; what people decided since, the ledger of releases and the audit log
stay as they are now, for they must not forget. Rights that were used since are applied before
anybody can read what was restored.
"""

import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from leitweg.domain.access import OWNER, Asker
from leitweg.domain.errors import KeyFileError, LeitwegError, WorkspaceError
from leitweg.store import Clock, Workspace, open_workspace, utc_now
from leitweg.store.application.api_keys import revoke_all_keys
from leitweg.store.application.audit import rows_of_log
from leitweg.store.application.database import FILE_NAME as DATABASE_NAME
from leitweg.store.application.database import Database, open_database
from leitweg.store.application.retention_runs import last_as_of
from leitweg.store.application.rights import UsedRight, add_rights, used_rights
from leitweg.store.archive import check_ending
from leitweg.store.backup import HEAD_NAME, Contents, unpack_backup, write_backup
from leitweg.store.keys import key_folder, key_in_environment
from leitweg.store.locking import TIMEOUT_SECONDS, only_writer
from leitweg.store.manifest import read_manifest
from leitweg.store.physical import check_all_deleted
from leitweg.store.purpose_keys import purpose_key_file
from leitweg.store.restoring import staging, swap
from leitweg.studies.asking import asking, permission_at, refusal
from leitweg.studies.remembered_rights import PURPOSE as RIGHTS_KEY
from leitweg.studies.remembered_rights import apply_rights, remembered
from leitweg.studies.retaining import retain

SEAL_KEY = "backup"


@dataclass(frozen=True)
class BackupDone:
    """Where the backup lies, what it holds, and whether it is sealed."""

    path: Path
    files: int
    bytes: int
    workspace_id: str
    made_at: str
    sealed: bool


@dataclass(frozen=True)
class Restored:
    """What a restore did.

    ``database`` says whose entries hold: ``kept`` (those that were there) or ``backup``. ``notes``
    are codes of what a person has to know.
    """

    workspace: Path
    made_at: str
    database: str
    rights_applied: int
    rows_left_out: int
    notes: tuple[str, ...] = ()

    @property
    def made(self) -> datetime:
        """When the backup was made."""
        return datetime.fromisoformat(self.made_at)


def back_up(
    workspace: Path, out: Path, *, asker: Asker = OWNER, clock: Clock = utc_now
) -> BackupDone:
    """Write a workspace into one archive, without its keys.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    out
        The archive: .tar.zst, .tar.gz or .zip.
    asker
        Who asks; by default whoever holds the folder.
    clock
        Where the time of the backup comes from.

    Raises
    ------
    WorkspaceError
        ``unknown-archive``; ``backup-inside-workspace``.
    """
    check_ending(out)
    place = open_workspace(workspace, clock=clock)
    if out.absolute().resolve().is_relative_to(place.folder.resolve()):
        raise WorkspaceError(
            f"{out} lies inside the workspace, and would go with it; name a place elsewhere.",
            code="backup-inside-workspace",
            path=str(out),
        )
    if not out.absolute().parent.is_dir():
        raise WorkspaceError(
            f"There is no folder {out.absolute().parent}; create it, or name another place.",
            code="no-folder",
            path=str(out.absolute().parent),
        )
    made_at = clock().astimezone(UTC).isoformat(timespec="seconds")
    with asking(place, "backup", asker=asker) as asked:
        key = place.purpose_key(SEAL_KEY)
        with only_writer(place.folder, since=made_at, timeout_seconds=TIMEOUT_SECONDS):
            contents = write_backup(place.folder, out, made_at=made_at, key=key)
        asked.note(values=len(contents.files))
    size = out.stat().st_size
    return BackupDone(out, len(contents.files), size, contents.workspace_id, made_at, True)


def restore(
    file: Path, workspace: Path, *, asker: Asker = OWNER, clock: Clock = utc_now
) -> Restored:
    """Bring a workspace back from a backup: everything, or nothing.

    Parameters
    ----------
    file
        What `back_up` wrote.
    workspace
        An empty or new folder, or the workspace that the backup was made of.
    asker
        Who asks; by default whoever holds the folder.
    clock
        Where the present comes from.

    Raises
    ------
    WorkspaceError
        ``damaged-backup``, ``backup-of-another-workspace``, ``backup-of-another-key``,
        ``diverged-histories``, ``erasures-need-key``, ``folder-in-use``.
    """
    folder = workspace.absolute()
    with staging(folder) as place:
        contents = unpack_backup(file, place)
        is_there = _check_target(folder, contents)
        _check_allowed(place, folder, asker, is_there=is_there)
        notes = _check_seal(place, contents)
        since = clock().astimezone(UTC).isoformat(timespec="seconds")
        with ExitStack() as stack:
            if is_there:
                wait = TIMEOUT_SECONDS
                stack.enter_context(only_writer(folder, since=since, timeout_seconds=wait))
            in_backup = used_rights(open_database(place, contents.workspace_id))
            database = _take_database(place, folder, contents, is_there=is_there)
            staged = open_workspace(place, clock=clock)
            # a key that was revoked since must not come back to life with an older database
            revoked = 0 if database == "kept" else revoke_all_keys(staged.database, staged.now_us())
            applied, rows = _apply(staged, in_backup)
            swap(place, folder)
    notes += _noted(folder, asker, clock, contents, applied)
    notes += ["api-keys-revoked"] if revoked else []
    return Restored(folder, contents.made_at, database, applied, rows, tuple(notes))


def _check_target(folder: Path, contents: Contents) -> bool:
    """Say whether a workspace is there; refuse any but the one of the backup."""
    if folder.exists() and not folder.is_dir():
        raise _in_use(folder, folder.name)
    names = (
        sorted(p.name for p in folder.iterdir() if not p.name.startswith("."))
        if folder.is_dir()
        else []
    )
    if not names:
        return False
    try:
        manifest = read_manifest(folder)
    except WorkspaceError as error:
        if error.code == "no-workspace":
            raise _in_use(folder, names[0]) from None
        # a damaged manifest is what a restore is for; the database says whose workspace it is
        open_database(folder, contents.workspace_id)
        return True
    if manifest.id != contents.workspace_id:
        raise WorkspaceError(
            f"The backup is of another workspace ({contents.workspace_id}) than the one at "
            f"{folder} ({manifest.id}); restore it into a new folder.",
            code="backup-of-another-workspace",
            path=str(folder),
        )
    if manifest.key_fingerprint != contents.key_fingerprint:
        raise WorkspaceError(
            "The backup was made under a key that has been exchanged since: nothing imported later "
            "would join it. Take a backup made after leitweg rekey.",
            code="backup-of-another-key",
            path=str(folder),
        )
    return True


def _in_use(folder: Path, name: str) -> WorkspaceError:
    return WorkspaceError(
        f"{folder} holds other files ({name}); name a new or an empty folder for the workspace.",
        code="folder-in-use",
        path=str(folder),
    )


def _check_allowed(place: Path, folder: Path, asker: Asker, *, is_there: bool) -> None:
    found = permission_at(open_workspace(place), asker, "restore")
    if found.allowed:
        return
    if is_there:
        with asking(open_workspace(folder), "restore", asker=asker):
            pass
    raise refusal(found, "restore", asker.role, folder)


def _check_seal(place: Path, contents: Contents) -> list[str]:
    """Compare the seal where the key is there; return what could not be checked."""
    staged = open_workspace(place)
    path = purpose_key_file(place, contents.workspace_id, SEAL_KEY)
    try:
        key = staged.purpose_key(SEAL_KEY) if path.exists() or key_in_environment() else None
    except KeyFileError:
        key = None
    if key is None:
        return ["seal-not-checked"]
    if contents.seal != contents.sealed(key):
        raise WorkspaceError(
            "The backup does not bear the seal of this workspace: it was changed, or made "
            "elsewhere. Nothing was restored; take another backup.",
            code="damaged-backup",
        )
    return []


def _take_database(place: Path, folder: Path, contents: Contents, *, is_there: bool) -> str:
    """Put into the restored workspace the database that knows more."""
    if not is_there or not (folder / DATABASE_NAME).exists():
        return "backup"
    try:
        now = open_database(folder, contents.workspace_id)
        known = _history(now)
    except WorkspaceError as error:
        if error.code != "damaged-database":
            raise
        return "backup"
    then = _history(open_database(place, contents.workspace_id))
    if known < then:
        return "backup"
    if not then <= known:
        raise WorkspaceError(
            f"What people entered at {folder} and in the backup went two ways since: neither audit "
            "log holds the other, and the ledger of releases must not forget. Restore it into a "
            "new folder.",
            code="diverged-histories",
            path=str(folder),
        )
    with now.writing():
        # nobody writes while the file is copied
        shutil.copy2(folder / DATABASE_NAME, place / DATABASE_NAME)
    if (folder / HEAD_NAME).exists():
        shutil.copy2(folder / HEAD_NAME, place / HEAD_NAME)
    return "kept"


def _history(database: Database) -> frozenset[str]:
    return frozenset(row.hash for row in rows_of_log(database))


def _apply(staged: Workspace, in_backup: tuple[UsedRight, ...]) -> tuple[int, int]:
    """Apply the rights that the backup did not know yet; return how many, and the rows."""
    missed = [right for right in remembered(staged) if right not in in_backup]
    if not missed:
        return 0, 0
    path = purpose_key_file(staged.folder, staged.id, RIGHTS_KEY)
    try:
        if not path.exists() and key_in_environment() is None:
            raise KeyFileError("", code="key-missing")
        with staged.writing() as change:
            change.forget_older()
            done = apply_rights(staged, change)
    except KeyFileError:
        raise WorkspaceError(
            f"{len(missed)} people used their rights since the backup was made, and without the "
            "keys of the workspace nobody can tell who they are in it. Nothing was restored; put "
            f"the keys back into {key_folder(staged.folder).resolve()} first.",
            code="erasures-need-key",
            rights=len(missed),
        ) from None
    known = used_rights(staged.database)
    add_rights(staged.database, [right for right in missed if right not in known])
    check_all_deleted(staged)
    return len(missed), done.rows_gone + done.rows_of_others if done else 0


def _noted(folder: Path, asker: Asker, clock: Clock, contents: Contents, applied: int) -> list[str]:
    """Write the entry of the audit log, and let go again what had gone by time."""
    place = open_workspace(folder, clock=clock)
    notes = []
    made = datetime.fromisoformat(contents.made_at).date().isoformat()
    try:
        with asking(place, "restore", asker=asker, question={"made": made}) as asked:
            asked.note(values=len(contents.files), rights=applied)
        if last_as_of(place.database) is not None:
            retain(folder, asker=asker, clock=clock)
            notes.append("retention-applied")
    except KeyFileError:
        notes.append("keys-missing")
    except LeitwegError:
        notes.append("retain-again")
    return notes
