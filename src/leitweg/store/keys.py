"""Where is the key of a protected workspace, and is it fit for use? It fails closed."""

import hashlib
import hmac
import os
import secrets
import stat
from pathlib import Path

from leitweg.domain.errors import KeyFileError
from leitweg.store.durable import sync, write_to_disk

KEY_BYTES = 32
FOLDER_VARIABLE = "LEITWEG_KEYS"
_OTHERS_MAY = stat.S_IRWXG | stat.S_IRWXO


def key_file(workspace: Path, workspace_id: str) -> Path:
    """Return where the key lies: never inside the workspace, so a copy of it carries no key.

    The folder is ``LEITWEG_KEYS`` where it is set, else ``NAME.leitweg.keys`` beside the
    workspace. The id of the workspace is in the name, so one folder can serve many.
    """
    named = os.environ.get(FOLDER_VARIABLE)
    folder = Path(named) if named else workspace.with_name(f"{workspace.name}.keys")
    return folder / f"pseudonyms-{workspace_id}.key"


def create_key(path: Path) -> bytes:
    """Draw a key of 256 bits and write it, readable by its owner alone."""
    if path.exists():
        raise KeyFileError(
            f"A key exists at {path} already; it is not overwritten, for its pseudonyms would be "
            "lost.",
            code="key-exists",
            path=str(path),
        )
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = secrets.token_bytes(KEY_BYTES)
    write_to_disk(path, key, mode=0o600)
    sync([path.parent])
    return key


def read_key(path: Path, fingerprint: str | None) -> bytes:
    """Read a key; there is no default key.

    Raises
    ------
    KeyFileError
        ``key-missing``, ``key-readable-by-others``, ``key-malformed`` or ``wrong-key``.
    """
    try:
        mode = path.stat().st_mode
        key = path.read_bytes()
    except OSError as error:
        raise KeyFileError(
            f"The key {path} of the workspace cannot be read ({error.strerror}); put it back, or "
            f"name its folder in {FOLDER_VARIABLE}.",
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
    _check_key(path, key, fingerprint)
    return key


def _check_key(path: Path, key: bytes, fingerprint: str | None) -> None:
    if len(key) != KEY_BYTES:
        raise KeyFileError(
            f"The key {path} holds {len(key)} bytes instead of {KEY_BYTES}; restore it from a "
            "backup.",
            code="key-malformed",
            path=str(path),
            bytes=len(key),
        )
    if fingerprint is None or not hmac.compare_digest(fingerprint_of(key), fingerprint):
        raise KeyFileError(
            f"The key {path} belongs to another workspace; put back the key this workspace was "
            "made with.",
            code="wrong-key",
            path=str(path),
        )


def fingerprint_of(key: bytes) -> str:
    """Return 16 hex digits that tell keys apart and give nothing of them away."""
    return hmac.digest(key, b"leitweg: fingerprint of a key", hashlib.sha256).hex()[:16]
