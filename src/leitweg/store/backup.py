"""How does a workspace travel? As one archive of the files its manifest names, without any key.

`backup.json` lists every file with its SHA-256 and is sealed with a key of the workspace, where
there is one. Reading takes nothing on trust: only files of a workspace, each as it was written,
each once, none outside the folder.
"""

import hashlib
import hmac
import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from leitweg.domain.errors import WorkspaceError
from leitweg.domain.tables import TABLES
from leitweg.store import delta
from leitweg.store.application.database import FILE_NAME as DATABASE_NAME
from leitweg.store.archive import BROKEN, check_ending, members_of, writing_archive
from leitweg.store.durable import sync, write_to_disk
from leitweg.store.manifest import FILE_NAME as MANIFEST_NAME
from leitweg.store.manifest import read_manifest
from leitweg.store.writing import REJECTS_FOLDER, TABLES_FOLDER

HEAD_NAME = "audit.head"
_FORMAT = 1
_LIST_NAME = "backup.json"
_CHUNK_BYTES = 1 << 20
_LONGEST_LIST = 64 << 20
_NAMES = re.compile(
    rf"{MANIFEST_NAME}|{DATABASE_NAME}|{re.escape(HEAD_NAME)}"
    rf"|{REJECTS_FOLDER}/[\w.-]+\.csv"
    rf"|{TABLES_FOLDER}/({'|'.join(TABLES)})/([\w.-]+\.parquet|_delta_log/[\w.-]+)"
)


@dataclass(frozen=True)
class Contents:
    """What a backup holds: of which workspace, in which state, and every file by its SHA-256."""

    workspace_id: str
    profile: str
    key_fingerprint: str | None
    generation: int
    made_at: str
    files: Mapping[str, str]
    seal: str = ""
    format: int = field(default=_FORMAT)

    def sealed(self, key: bytes) -> str:
        """Return the seal over everything but the seal itself."""
        told = {name: value for name, value in asdict(self).items() if name != "seal"}
        message = json.dumps(told, sort_keys=True).encode()
        return hmac.digest(key, b"leitweg: backup\x1f" + message, hashlib.sha256).hex()


def write_backup(folder: Path, out: Path, *, made_at: str, key: bytes | None) -> Contents:
    """Write the state of a workspace, whose write lock is held, into an archive.

    Parameters
    ----------
    folder
        The workspace.
    out
        The archive; it appears when it is whole.
    made_at
        Time of the clock, ISO 8601.
    key
        Seals the list of files; None where no key is there.
    """
    manifest = read_manifest(folder)
    database = out.with_name(f".{out.name}.sqlite.tmp")
    beside = out.with_name(f".{out.name}.tmp")
    try:
        files = dict(_files_of(folder))
        if (folder / DATABASE_NAME).exists():
            _copy_database(folder / DATABASE_NAME, database)
            files[DATABASE_NAME] = database
        contents = Contents(
            workspace_id=manifest.id,
            profile=manifest.profile,
            key_fingerprint=manifest.key_fingerprint,
            generation=manifest.generation,
            made_at=made_at,
            files={name: _digest_of(path) for name, path in sorted(files.items())},
        )
        if key is not None:
            contents = Contents(**{**asdict(contents), "seal": contents.sealed(key)})
        write_to_disk(beside, b"", mode=0o600)
        with writing_archive(beside, out.name) as add:
            add(_LIST_NAME, json.dumps(asdict(contents), indent=1).encode())
            for name in contents.files:
                add(name, files[name])
        sync([beside])
        beside.replace(out)
        sync([out.absolute().parent])
    finally:
        database.unlink(missing_ok=True)
        beside.unlink(missing_ok=True)
    return contents


def _files_of(folder: Path) -> Iterator[tuple[str, Path]]:
    manifest = read_manifest(folder)
    yield MANIFEST_NAME, folder / MANIFEST_NAME
    if (folder / HEAD_NAME).exists():
        yield HEAD_NAME, folder / HEAD_NAME
    for name, table in manifest.tables.items():
        place = folder / TABLES_FOLDER / name
        logs = [path for path in (place / "_delta_log").iterdir() if path.is_file()]
        for path in [*delta.files_of(place, table.version), *logs]:
            yield path.relative_to(folder).as_posix(), path
    for file in manifest.imports:
        if file.rejects:
            yield file.rejects, folder / file.rejects


def _copy_database(path: Path, out: Path) -> None:
    out.unlink(missing_ok=True)
    write_to_disk(out, b"", mode=0o600)
    with closing(sqlite3.connect(path, timeout=60)) as connection:
        # without the free pages, in one consistent state
        connection.execute("VACUUM INTO ?", (str(out),))


def _digest_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def unpack_backup(path: Path, folder: Path) -> Contents:
    """Unpack a backup into an empty folder, where every file is as it was written.

    Raises
    ------
    WorkspaceError
        ``no-backup``, ``damaged-backup``, ``newer-format`` or ``unknown-archive``.
    """
    check_ending(path)
    if not path.is_file():
        raise WorkspaceError(
            f"There is no file {path}; name the archive that leitweg backup wrote.",
            code="no-backup",
            path=str(path),
        )
    try:
        return _unpacked(path, folder)
    except (OSError, EOFError, *BROKEN, ValueError, KeyError) as error:
        raise _damaged(path, f"{type(error).__name__}: {error}") from None
    except (TypeError, RuntimeError, NotImplementedError) as error:
        raise _damaged(path, type(error).__name__) from None


def _unpacked(path: Path, folder: Path) -> Contents:
    contents: Contents | None = None
    found: set[str] = set()
    with members_of(path) as members:
        for name, size, stream in members:
            if contents is None:
                contents = _contents(path, name, size, stream)
                continue
            if name in found or name not in contents.files or not _NAMES.fullmatch(name):
                raise _damaged(path, f"{name!r} does not belong in it")
            _check_copied(path, name, stream, folder, contents.files[name])
            found.add(name)
    if contents is None:
        raise _damaged(path, "it is empty")
    missing = set(contents.files) - found
    if missing or MANIFEST_NAME not in found:
        raise _damaged(path, f"{len(missing) or 1} files are missing")
    manifest = read_manifest(folder)
    if (manifest.id, manifest.profile) != (contents.workspace_id, contents.profile):
        raise _damaged(path, "its list and its manifest speak of two workspaces")
    return contents


def _contents(path: Path, name: str, size: int, stream: IO[bytes]) -> Contents:
    if name != _LIST_NAME or size > _LONGEST_LIST:
        raise _damaged(path, f"it does not begin with {_LIST_NAME}")
    said = json.loads(stream.read())
    if said["format"] > _FORMAT:
        raise WorkspaceError(
            f"{path} was written by a newer Leitweg (format {said['format']}, this one reads up to "
            f"{_FORMAT}); update Leitweg.",
            code="newer-format",
            path=str(path),
            format=said["format"],
        )
    return Contents(**said)


def _check_copied(path: Path, name: str, stream: IO[bytes], folder: Path, expected: str) -> None:
    target = folder / PurePosixPath(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    write_to_disk(target, b"", mode=0o600 if name == DATABASE_NAME else 0o644)
    with target.open("wb") as file:
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
            file.write(chunk)
    if not hmac.compare_digest(digest.hexdigest(), expected):
        raise _damaged(path, f"{name} is not as it was written")
    sync([target])


def _damaged(path: Path, reason: str) -> WorkspaceError:
    return WorkspaceError(
        f"The backup {path} is damaged or was changed ({reason}); nothing was restored. Take "
        "another backup.",
        code="damaged-backup",
        path=str(path),
        reason=reason,
    )
