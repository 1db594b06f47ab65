"""Where is a key of a workspace, and is it fit for use? In a file or the environment; else no."""

import os
import secrets
import stat
from pathlib import Path

from leitweg.domain.errors import KeyFileError
from leitweg.store.durable import sync, write_to_disk
from leitweg.store.workspace_key import KEY_BYTES, fingerprint_of

FOLDER_VARIABLE = "LEITWEG_KEYS"
KEY_VARIABLE = "LEITWEG_KEY"
NEXT_KEY_VARIABLE = "LEITWEG_NEW_KEY"
_OTHERS_MAY = stat.S_IRWXG | stat.S_IRWXO


def key_folder(workspace: Path) -> Path:
    """Return the folder of the keys: never inside the workspace, so a copy of it carries no key.

    It is ``LEITWEG_KEYS`` where that is set, else ``NAME.leitweg.keys`` beside the workspace.

    Raises
    ------
    KeyFileError
        ``key-inside-workspace``.
    """
    named = os.environ.get(FOLDER_VARIABLE)
    folder = Path(named) if named else workspace.with_name(f"{workspace.name}.keys")
    if folder.resolve().is_relative_to(workspace.resolve()):
        raise KeyFileError(
            f"The folder of keys {folder} lies inside the workspace {workspace}, and a copy of the "
            f"workspace would carry its key; name a folder elsewhere in {FOLDER_VARIABLE}.",
            code="key-inside-workspace",
            path=str(folder),
        )
    return folder


def key_file(workspace: Path, workspace_id: str, fingerprint: str | None = None) -> Path:
    """Return where the key lies; the id of the workspace is in the name: one folder serves many.

    A key that is about to take the place of another has its fingerprint in the name too.
    """
    folder = key_folder(workspace)
    plain = folder / f"pseudonyms-{workspace_id}.key"
    exchanged = folder / f"pseudonyms-{workspace_id}-{fingerprint}.key"
    return exchanged if fingerprint and exchanged.exists() else plain


def settle_key(workspace: Path, workspace_id: str, fingerprint: str | None) -> None:
    """Put the key that the manifest names in the place of the one it took over from.

    Keys that no manifest names are destroyed: an exchange that was killed left them.
    """
    folder = key_folder(workspace)
    plain = folder / f"pseudonyms-{workspace_id}.key"
    named = key_file(workspace, workspace_id, fingerprint)
    for other in folder.glob(f"pseudonyms-{workspace_id}-*.key"):
        if other != named:
            destroy_key(other)
    if named != plain:
        destroy_key(plain)
        named.rename(plain)
        sync([folder])


def next_key(workspace: Path, workspace_id: str) -> tuple[bytes, Path | None]:
    """Return the key that is to take the place of the present one, and the file that holds it.

    Where the environment names the key of the workspace it has to name the next one too, in
    ``LEITWEG_NEW_KEY``; then there is no file.

    Raises
    ------
    KeyFileError
        ``new-key-missing`` or ``key-malformed``.
    """
    if key_in_environment() is None:
        key = secrets.token_bytes(KEY_BYTES)
        name = f"pseudonyms-{workspace_id}-{fingerprint_of(key)}.key"
        path = key_folder(workspace) / name
        write_key(path, key)
        return key, path
    named = key_in_environment(NEXT_KEY_VARIABLE)
    if named is None or named == key_in_environment():
        raise KeyFileError(
            f"{KEY_VARIABLE} names the key of the workspace, which Leitweg cannot exchange there; "
            f"name another one, 64 hex digits, in {NEXT_KEY_VARIABLE}, and afterwards in "
            f"{KEY_VARIABLE}.",
            code="new-key-missing",
        )
    return named, None


def key_in_environment(variable: str = KEY_VARIABLE) -> bytes | None:
    """Return the key that the environment names as 64 hex digits; None where it names none.

    Raises
    ------
    KeyFileError
        ``key-malformed``.
    """
    named = os.environ.get(variable)
    if named is None:
        return None
    try:
        key = bytes.fromhex(named) if named.isalnum() else b""
    except ValueError:
        key = b""
    # one byte again and again is a placeholder that nobody replaced
    if len(key) != KEY_BYTES or len(set(key)) == 1:
        raise KeyFileError(
            f"{variable} holds no key: a key is {2 * KEY_BYTES} hex digits drawn at random, for "
            "example by openssl rand -hex 32.",
            code="key-malformed",
            path=variable,
        )
    return key


def create_key(path: Path) -> bytes:
    """Draw a key of 256 bits and write it, readable by its owner alone."""
    if path.exists():
        raise KeyFileError(
            f"A key exists at {path} already; it is not overwritten, for its pseudonyms would be "
            "lost.",
            code="key-exists",
            path=str(path),
        )
    key = secrets.token_bytes(KEY_BYTES)
    write_key(path, key)
    return key


def write_key(path: Path, key: bytes) -> None:
    """Write a key, readable by its owner alone, and force it to the disk."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_to_disk(path, key, mode=0o600)
    sync([path.parent])


def read_key(path: Path) -> bytes:
    """Read a key; there is no default key.

    Raises
    ------
    KeyFileError
        ``key-missing``, ``key-readable-by-others`` or ``key-malformed``.
    """
    try:
        mode = path.stat().st_mode
        key = path.read_bytes()
    except OSError as error:
        raise KeyFileError(
            f"The key {path} of the workspace cannot be read ({error.strerror}); put it back, or "
            f"name its folder in {FOLDER_VARIABLE}. Without it nothing can be imported, erased or "
            "given a new key; what is stored can still be read.",
            code="key-missing",
            path=str(path),
        ) from None
    if os.name != "nt" and (not stat.S_ISREG(mode) or mode & _OTHERS_MAY):
        raise KeyFileError(
            f"The key {path} can be read by others (mode {stat.S_IMODE(mode):04o}); check who did, "
            "then set it with chmod 0600.",
            code="key-readable-by-others",
            path=str(path),
            mode=f"{stat.S_IMODE(mode):04o}",
        )
    if len(key) != KEY_BYTES:
        raise KeyFileError(
            f"The key {path} holds {len(key)} bytes instead of {KEY_BYTES}; put back the copy that "
            "is kept apart. A backup of the workspace holds none.",
            code="key-malformed",
            path=str(path),
            bytes=len(key),
        )
    return key


def checked(key: bytes, fingerprint: str | None, path: str) -> bytes:
    """Return the key where it is the one of this fingerprint; KeyFileError ``wrong-key``."""
    if fingerprint is None or not secrets.compare_digest(fingerprint_of(key), fingerprint):
        raise KeyFileError(
            f"The key {path} belongs to another workspace; put back the key this workspace was "
            "made with.",
            code="wrong-key",
            path=path,
        )
    return key


def destroy_key(path: Path) -> None:
    """Overwrite a key and remove it; one that is gone already is no error."""
    if path.exists():
        write_to_disk(path, bytes(KEY_BYTES), mode=0o600)
        path.unlink()
        sync([path.parent])
