"""Which free attributes does a protected workspace keep? Those that were named at the import."""

from collections.abc import Collection, Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leitweg.privacy.canonical import canonical


def kept_of(attributes: Iterable[str], named: Iterable[str]) -> tuple[str, ...]:
    """Return the attributes that a user named, however the names are spelled."""
    wanted = {canonical(name) for name in named}
    return tuple(name for name in attributes if canonical(name) in wanted)


def only_kept(maps: pa.ChunkedArray, named: Collection[str]) -> pa.ChunkedArray:
    """Return attributes of cases without those that are not kept.

    Parameters
    ----------
    maps
        A column of maps, attribute to value.
    named
        Names of those that stay, however they are spelled.
    """
    if not named or maps.null_count == len(maps):
        return pa.chunked_array([pa.nulls(len(maps), maps.type)])
    return pa.chunked_array([_only_kept(chunk, named) for chunk in maps.chunks], maps.type)


def _only_kept(chunk: pa.MapArray, named: Collection[str]) -> pa.MapArray:
    kept = kept_of(pc.unique(chunk.keys).to_pylist(), named)
    stays = pc.is_in(chunk.keys, value_set=pa.array(kept, pa.string()))
    before = np.concatenate(([0], np.cumsum(np.asarray(stays)))).astype(np.int32)
    return pa.MapArray.from_arrays(
        pa.array(before[np.asarray(chunk.offsets)]),
        chunk.keys.filter(stays),
        chunk.items.filter(stays),
        chunk.type,
        mask=chunk.is_null(),
    )
