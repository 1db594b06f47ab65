"""Model files: what was written comes back; what does not fit says so; nothing old stays."""

import dataclasses
import json
import stat
import zipfile

import numpy as np
import pytest

from leitweg.domain.errors import WorkspaceError
from leitweg.store import create_workspace
from leitweg.store.models import (
    FORMAT,
    StoredModel,
    forget_models,
    model_file,
    read_model,
    stale_models,
    write_model,
)
from leitweg.store.physical import leftovers

STATE = {
    "counts": np.arange(6, dtype=np.float32).reshape(2, 3),
    "labels": np.array(["Zähler", "Abschlag"]),
    "half_lives": {"unit": None, "weights": [np.array([1, 2]), 0.5]},
    "n": np.int64(7),
}
MODEL = StoredModel("unit", 3, 41, 0, 1_000, "aa11", "k1", STATE)


def written(folder, **other):
    return write_model(folder, dataclasses.replace(MODEL, **other), mode=0o600)


def error_of(folder, workspace="aa11", level="unit"):
    with pytest.raises(WorkspaceError) as caught:
        read_model(folder, level, workspace=workspace)
    assert "leitweg learn --workspace" in caught.value.detail
    return caught.value.code


def test_a_model_comes_back_as_it_was(tmp_path):
    path = written(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    model = read_model(tmp_path, "unit", workspace="aa11")
    assert dataclasses.replace(model, state={}) == dataclasses.replace(MODEL, state={})
    np.testing.assert_array_equal(model.state["counts"], STATE["counts"])
    assert model.state["counts"].dtype == np.float32
    assert model.state["labels"].tolist() == ["Zähler", "Abschlag"]
    assert model.state["half_lives"]["unit"] is None
    assert model.state["half_lives"]["weights"][0].tolist() == [1, 2]
    assert model.state["half_lives"]["weights"][1] == 0.5
    assert model.state["n"] == 7


def test_arrays_of_zeros_take_no_room_and_come_back(tmp_path):
    few = np.zeros((4_000, 50), np.float32)
    few[7, 3], few[3_999, 49] = 1.5, -2.0
    many = np.arange(1, 20_001)
    path = written(tmp_path, state={"few": few, "many": many, "none": np.zeros(20_000, np.int8)})
    assert path.stat().st_size < many.nbytes + 5_000
    state = read_model(tmp_path, "unit", workspace="aa11").state
    for name, array in {"few": few, "many": many, "none": np.zeros(20_000, np.int8)}.items():
        np.testing.assert_array_equal(state[name], array)
        assert state[name].dtype == array.dtype
        assert state[name].flags.writeable


def test_where_there_is_none_there_is_none(tmp_path):
    assert read_model(tmp_path, "person", workspace="aa11") is None


def test_a_model_of_another_version_says_what_to_do(tmp_path):
    path = written(tmp_path)
    with np.load(path) as packed:
        arrays = dict(packed)
    meta = json.loads(arrays["meta"].tobytes())
    for other in (FORMAT - 1, FORMAT + 1):
        meta["format"] = other
        arrays["meta"] = np.frombuffer(json.dumps(meta).encode(), np.uint8)
        with path.open("wb") as file:
            np.savez(file, **arrays)
        assert error_of(tmp_path) == "model-version"


def test_a_model_of_another_workspace_or_level_is_refused(tmp_path):
    path = written(tmp_path)
    assert error_of(tmp_path, workspace="bb22") == "model-of-another-workspace"
    path.rename(model_file(tmp_path, "person"))
    assert error_of(tmp_path, level="person") == "model-of-another-workspace"


def test_a_damaged_model_says_so_wherever_it_is_damaged(tmp_path):
    path = written(tmp_path)
    whole = path.read_bytes()
    with zipfile.ZipFile(path) as packed:
        inside = packed.getinfo("a0.npy").header_offset + 150
    flipped = bytearray(whole)
    flipped[inside] ^= 0xFF
    for content in (b"", b"no model", whole[: len(whole) // 2], bytes(flipped)):
        path.write_bytes(content)
        assert error_of(tmp_path) == "damaged-model"


def test_nothing_that_could_run_is_written_or_read(tmp_path):
    with pytest.raises(TypeError):
        written(tmp_path, state={"x": np.array([object()], dtype=object)})
    assert not (tmp_path / "models").exists()
    (tmp_path / "models").mkdir()
    with model_file(tmp_path, "unit").open("wb") as file:
        np.savez(file, meta=np.array([{"format": FORMAT}], dtype=object))
    assert error_of(tmp_path) == "damaged-model"


def test_only_models_of_the_present_state_are_kept(tmp_path):
    fresh, old = written(tmp_path), written(tmp_path, level="person", generation=2)
    half = tmp_path / "models" / ".unit.npz.17.tmp"
    half.write_bytes(b"half")
    assert stale_models(tmp_path, 3) == [half, old]
    forget_models(tmp_path, but_of_generation=3)
    assert list((tmp_path / "models").iterdir()) == [fresh]
    forget_models(tmp_path)
    assert not (tmp_path / "models").exists()


def test_what_a_killed_writer_left_is_deleted_by_the_next(tmp_path):
    written(tmp_path)
    half = tmp_path / "models" / ".unit.npz.17.tmp"
    half.write_bytes(b"half")
    written(tmp_path)
    assert not half.exists()


def test_a_change_that_lets_nothing_older_stay_deletes_models_too(tmp_path):
    place = create_workspace(tmp_path / "w", profile="open")
    written(place.folder, generation=place.generation + 1)
    assert [path.name for path in leftovers(place)] == ["unit.npz"]
    with place.writing() as change:
        change.forget_older()
    assert leftovers(place) == []
