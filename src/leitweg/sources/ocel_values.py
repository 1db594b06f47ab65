"""Which value an attribute had at a moment: of an event, or of an object that changed."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leitweg.sources.clocks import Clock, read_times
from leitweg.sources.ocel_log import Ints

ALWAYS = np.iinfo(np.int64).min
"""A value that holds from the beginning, and an event whose time is not known."""
AT_LAST = np.iinfo(np.int64).max
# the standard dates a value that an object always had to the beginning of the epoch
_FROM_THE_BEGINNING = r"^(1970-01-01|1969-12-31)"


def places_of_keys(keys: pa.ChunkedArray) -> dict[str, Ints]:
    """Return for each key the rows that have it, in order."""
    encoded = keys.combine_chunks().dictionary_encode()
    codes = np.asarray(encoded.indices, dtype=np.int64)
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(len(encoded.dictionary) + 1))
    names = encoded.dictionary.to_pylist()
    return {name: order[starts[i] : starts[i + 1]] for i, name in enumerate(names)}


def column_of(values: pa.Table, places: Ints, count: int) -> pa.Array:
    """Return the values at some places as a column with one entry per row; the first counts."""
    take = np.full(count, -1, dtype=np.int64)
    backwards = places[::-1]
    take[np.asarray(values["row"])[backwards]] = backwards
    return taken(values["value"].combine_chunks(), take)


def taken(values: pa.Array, places: Ints) -> pa.Array:
    """Take values at places, null where the place is negative."""
    return values.take(pa.array(places, mask=places < 0))


@dataclass(frozen=True)
class Course:
    """The values of one attribute over time: sorted by object and moment."""

    owner: Ints
    since_us: Ints
    values: pa.Array

    def at(self, owners: Ints, moments: Ints) -> pa.Array:
        """Return the value that each owner (-1 is none) had at a moment; null before the first."""
        stages = np.unique(self.since_us)
        width = len(stages) + 1
        keys = self.owner * width + np.searchsorted(stages, self.since_us)
        asked = owners * width + np.searchsorted(stages, moments, side="right") - 1
        found = np.searchsorted(keys, asked, side="right") - 1
        fits = (found >= 0) & (owners >= 0)
        fits[fits] = self.owner[found[fits]] == owners[fits]
        return taken(self.values, np.where(fits, found, -1))


def course_of(file: str, key: str, values: pa.Table, places: Ints, clock: Clock) -> Course:
    """Return the course of one attribute from the values that name it.

    Raises
    ------
    SourceError
        As `read_times`, where a change is dated in a way that cannot be read.
    """
    mine = values.take(pa.array(places))
    times = pc.utf8_trim_whitespace(mine["time"].combine_chunks())
    early = pc.fill_null(pc.match_substring_regex(times, _FROM_THE_BEGINNING), True)
    times = pc.if_else(early, pa.scalar(None, pa.string()), times)
    read = read_times(file, f"{key} (time)", times, clock, plausible=False)
    since = np.asarray(pc.fill_null(read.at_us, ALWAYS), dtype=np.int64)
    keep: npt.NDArray[np.bool_] = ~read.faulty
    owner = np.asarray(mine["row"], dtype=np.int64)
    order = np.lexsort((np.arange(len(owner)), since, owner))
    order = order[keep[order]]
    return Course(owner[order], since[order], mine["value"].combine_chunks().take(pa.array(order)))
