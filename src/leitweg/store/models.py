"""Where does a learnt router lie? In `models/` of the workspace: one file per level, in one piece.

A file holds plain arrays and JSON, no code: nothing in it is run when it is read. It says of which
state of the tables and of the journal it was made, so that an older one is never taken for today's.
"""

import contextlib
import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leitweg.domain.errors import WorkspaceError
from leitweg.domain.routing import LEVELS, Level
from leitweg.store.durable import sync

FORMAT = 2
"""Of the file and of what a router writes into it: a change of either needs another number."""
FOLDER = "models"
_META = "meta"
_ARRAY = "$array"
_SPARSE = "$sparse"
_LEAST_SPARSE = 10_000
"""Larger arrays that are mostly zero are kept as the places and values of what is not."""
_MOST_FILLED = 0.25
_SAYS = ("level", "generation", "position", "seed", "made_us", "workspace", "key_fingerprint")

BROKEN = (
    *(OSError, EOFError, zipfile.BadZipFile),
    *(ValueError, TypeError, AttributeError, LookupError, OverflowError),
)
"""What reading a model raises that was cut off, changed, or written by another version."""

State = Mapping[str, Any]
Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class StoredModel:
    """A learnt router, and of what it was made.

    Attributes
    ----------
    level
        Unit or person.
    generation
        Of the tables (`Workspace.generation`).
    position
        Up to which row it knows the journal.
    seed, made_us
        How it was learnt, and when (microseconds UTC).
    workspace, key_fingerprint
        Whose it is.
    state
        What `Router.state` gave: arrays and JSON, nested as it likes.
    """

    level: Level
    generation: int
    position: int
    seed: int
    made_us: int
    workspace: str
    key_fingerprint: str | None
    state: State = field(repr=False)


def model_file(folder: Path, level: Level) -> Path:
    """Return where the model of a level lies in a workspace."""
    return folder / FOLDER / f"{level}.npz"


def write_model(folder: Path, model: StoredModel, *, mode: int) -> Path:
    """Put a model in the place of the one before it, in one step, and force it to the disk.

    The lock of the workspace is held: halves that a killed writer left are deleted.
    """
    arrays: Arrays = {}
    meta = {"format": FORMAT, **{name: getattr(model, name) for name in _SAYS}}
    meta["state"] = _without_arrays(model.state, arrays)
    arrays[_META] = np.frombuffer(json.dumps(meta).encode(), np.uint8)
    path = model_file(folder, model.level)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    for half in path.parent.glob(".*.tmp"):
        half.unlink(missing_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        _write(beside, arrays, mode)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync([path.parent, folder])
    return path


def read_model(folder: Path, level: Level, *, workspace: str) -> StoredModel | None:
    """Read the model of a level; None where there is none.

    Parameters
    ----------
    folder
        The workspace.
    level
        Unit or person.
    workspace
        The number of the workspace: a model of another one is refused.

    Raises
    ------
    WorkspaceError
        ``model-version``, ``damaged-model`` or ``model-of-another-workspace``.
    """
    path = model_file(folder, level)
    if not path.is_file():
        return None
    try:
        # opened here, for a damaged file would stay open there
        with path.open("rb") as file, np.load(file, allow_pickle=False) as packed:
            meta = json.loads(packed[_META].tobytes())
            if meta["format"] != FORMAT:
                raise _other_version(folder, path, meta["format"])
            if (meta["workspace"], meta["level"]) != (workspace, level):
                raise _of_another(folder, path)
            arrays = {name: packed[name] for name in packed.files if name != _META}
        state = _with_arrays(meta["state"], arrays)
        return StoredModel(**{name: meta[name] for name in _SAYS}, state=state)
    except BROKEN as error:
        raise damaged_model(folder, level, error) from None


def damaged_model(folder: Path, level: Level, reason: Exception) -> WorkspaceError:
    """Return the error ``damaged-model``: a file that says something else than a router."""
    path = model_file(folder, level)
    said = f"{type(reason).__name__}: {reason}"
    return WorkspaceError(
        f"The model {path} is damaged ({said}). {_again(folder)}",
        code="damaged-model",
        path=str(path),
        reason=said,
        workspace=str(folder),
    )


def stale_models(folder: Path, generation: int) -> list[Path]:
    """Return the files of models that were not made of this state of the tables, and halves."""
    place = folder / FOLDER
    if not place.is_dir():
        return []
    fresh = {model_file(folder, level) for level in LEVELS}
    return [
        path
        for path in sorted(place.iterdir())
        if path not in fresh or _generation_of(path) != generation
    ]


def forget_models(folder: Path, *, but_of_generation: int | None = None) -> None:
    """Delete the models of a workspace; they are learnt again when they are needed.

    Parameters
    ----------
    folder
        The workspace.
    but_of_generation
        Keep those of this state of the tables; None: keep none.
    """
    for path in stale_models(folder, -1 if but_of_generation is None else but_of_generation):
        path.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        # it may be written into this moment
        (folder / FOLDER).rmdir()


def _generation_of(path: Path) -> int | None:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as packed:
            found = json.loads(packed[_META].tobytes())["generation"]
    except BROKEN:
        return None
    return found if isinstance(found, int) else None


def _write(path: Path, arrays: Arrays, mode: int) -> None:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "wb") as file:
        if hasattr(os, "fchmod"):
            os.fchmod(file.fileno(), mode)
        # stored, not packed: reading has to be quick
        np.savez(file, **arrays)  # type: ignore[arg-type]
        file.flush()
        os.fsync(file.fileno())


def _without_arrays(value: object, arrays: Arrays) -> object:
    """Return a state as JSON, with the names of its arrays in their places."""
    if isinstance(value, np.ndarray):
        if value.dtype.hasobject:
            raise TypeError("a model holds plain arrays only")
        return _stored_array(value, arrays)
    if isinstance(value, Mapping):
        return {str(name): _without_arrays(entry, arrays) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_without_arrays(entry, arrays) for entry in value]
    return value.item() if isinstance(value, np.generic) else value


def _stored_array(value: NDArray[Any], arrays: Arrays) -> dict[str, object]:
    name = f"a{len(arrays)}"
    if value.size < _LEAST_SPARSE or value.dtype.kind not in "fiu":
        arrays[name] = value
        return {_ARRAY: name}
    flat = np.ascontiguousarray(value).reshape(-1)
    places = np.flatnonzero(flat)
    if places.size > _MOST_FILLED * flat.size:
        arrays[name] = value
        return {_ARRAY: name}
    small = flat.size < 2**31
    arrays[name] = places.astype(np.int32 if small else np.int64)
    arrays[f"{name}v"] = flat[places]
    return {_SPARSE: name, "shape": list(value.shape)}


def _read_sparse(told: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
    places, values = arrays[told[_SPARSE]], arrays[f"{told[_SPARSE]}v"]
    # pages that nobody writes to cost no memory
    whole = np.zeros(int(np.prod(told["shape"])), values.dtype)
    whole[places] = values
    return whole.reshape(told["shape"])


def _with_arrays(value: Any, arrays: Mapping[str, NDArray[Any]]) -> Any:
    if isinstance(value, dict):
        if set(value) == {_ARRAY}:
            return arrays[value[_ARRAY]]
        if _SPARSE in value:
            return _read_sparse(value, arrays)
        return {name: _with_arrays(entry, arrays) for name, entry in value.items()}
    return [_with_arrays(entry, arrays) for entry in value] if isinstance(value, list) else value


def _again(folder: Path) -> str:
    return f"Learn again: leitweg learn --workspace {folder}."


def _other_version(folder: Path, path: Path, found: object) -> WorkspaceError:
    return WorkspaceError(
        f"The model {path} was learnt by another version of Leitweg (format {found}, this one "
        f"reads {FORMAT}). {_again(folder)}",
        code="model-version",
        path=str(path),
        format=found,
        workspace=str(folder),
    )


def _of_another(folder: Path, path: Path) -> WorkspaceError:
    return WorkspaceError(
        f"The model {path} was learnt from another workspace or for another level. "
        f"{_again(folder)}",
        code="model-of-another-workspace",
        path=str(path),
        workspace=str(folder),
    )
