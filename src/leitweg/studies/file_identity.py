"""Is this file in the workspace already? A file is known by its content, not by its name."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from leitweg.domain.imports import ImportOptions
from leitweg.store.workspace_key import WorkspaceKey

_CHUNK_BYTES = 1 << 20
_LATE_COLUMNS = ("text", "text_features")


def digest_of_bytes(path: Path) -> bytes | None:
    """Return SHA-256 over a file, or over names and contents of a folder; None if unreadable.

    None leaves it to the reader to say what is wrong with the file.
    """
    digest = hashlib.sha256()
    if not (path.is_dir() or path.is_file()):
        return None
    try:
        if path.is_dir():
            for file in sorted(p for p in path.rglob("*") if p.is_file()):
                digest.update(f"\x1c{file.relative_to(path).as_posix()}\x1d".encode())
                _update(digest, file)
        else:
            _update(digest, path)
    except OSError:
        return None
    return digest.digest()


def _update(digest: "hashlib._Hash", path: Path) -> None:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)


def hash_of_content(digest: bytes, options: ImportOptions, key: WorkspaceKey | None) -> str:
    """Return what a file and the options that decide its rows are known by.

    Front and machine accounts are settings of the workspace and do not count. In a protected
    workspace the hash is keyed, else a short list of names could be guessed from it.
    """
    deciding = {
        "kind": options.kind,
        "mapping": options.mapping,
        "states": list(options.states.items()),
        "path_separator": options.path_separator,
        "time_zone": options.time_zone,
        "day_first": options.day_first,
        "missing": sorted(options.missing),
    }
    # named only where it is set: files that were imported before the option came keep their hash
    if options.case_object is not None:
        deciding["case_object"] = options.case_object
    if options.keep:
        deciding["keep"] = sorted(options.keep)
    return _keyed(digest + json.dumps(deciding, sort_keys=True).encode(), key)


def hash_of_bytes(digest: bytes, key: WorkspaceKey | None) -> str:
    """Return what the bytes alone are known by."""
    return _keyed(digest, key)


def hashes_of_rows(
    tables: Mapping[str, pa.Table], key: WorkspaceKey | None, keep: Sequence[str] = ()
) -> dict[str, str]:
    """Return what the rows of each table are known by, however the file that held them was packed.

    A table without rows has no hash. Cases of which other free attributes are kept are others.
    """
    filled = {name: rows for name, rows in tables.items() if len(rows)}
    kept = json.dumps(sorted(keep)).encode() if keep else b""
    return {
        name: _keyed(_digest_of_rows(name, rows) + (kept if name == "cases" else b""), key)
        for name, rows in filled.items()
    }


def _digest_of_rows(name: str, rows: pa.Table) -> bytes:
    # columns that came later count where they are filled: older files keep their hash
    late = [n for n in _LATE_COLUMNS if n in rows.column_names and rows[n].null_count == len(rows)]
    rows = rows.drop_columns(late)
    # one chunk per column, so that the way a reader cut its batches does not show
    whole = rows.replace_schema_metadata(None).combine_chunks()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, whole.schema) as writer:
        writer.write_table(whole)
    digest = hashlib.sha256(name.encode())
    digest.update(sink.getvalue())
    return digest.digest()


def _keyed(message: bytes, key: WorkspaceKey | None) -> str:
    if key is None:
        return hashlib.sha256(message).hexdigest()
    return key.digest(b"file\x1f" + message).hex()
