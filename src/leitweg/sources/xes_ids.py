"""Which case a trace is: its name, or, where it has none, an id made from its content."""

from collections import Counter
from hashlib import blake2b

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.errors import SourceError
from leitweg.sources.raw import MISSING
from leitweg.sources.xes_columns import XesLog

NAME = "concept:name"


def case_ids(log: XesLog) -> tuple[pa.Array, tuple[str, ...]]:
    """Return the id of every trace and what there is to warn of.

    A made-up id depends on the content of the trace alone, so that the same trace has the same
    id in another import.

    Raises
    ------
    SourceError
        duplicate-case, where two traces bear one name: they may be one case or two.
    """
    count = log.traces.num_rows
    names = log.traces[NAME].combine_chunks() if NAME in log.traces.column_names else None
    names = pa.nulls(count, pa.string()) if names is None else pc.utf8_trim_whitespace(names)
    unnamed = np.asarray(pc.or_(pc.is_null(names), pc.is_in(names, value_set=pa.array(MISSING))))
    _refuse_duplicates(log.name, names.filter(pa.array(~unnamed)))
    if not unnamed.any():
        return names, ()
    ids = names.to_pylist()
    seen: Counter[str] = Counter()
    for trace in np.flatnonzero(unnamed).tolist():
        made = _made_id(log, trace)
        seen[made] += 1
        ids[trace] = made if seen[made] == 1 else f"{made}-{seen[made]}"
    warning = (
        f"{log.name}: {int(unnamed.sum()):,} traces have no '{NAME}'; they got ids made from "
        "their content."
    )
    return pa.array(ids, pa.string()), (warning,)


def _refuse_duplicates(name: str, names: pa.Array) -> None:
    counts = pc.value_counts(names)
    twice = counts.filter(pc.greater(counts.field("counts"), 1)).field("values").to_pylist()
    if not twice:
        return
    listed = ", ".join(f"'{value[:60]}'" for value in twice[:3])
    raise SourceError(
        f"{name}: {len(twice):,} case ids occur in more than one trace: {listed}. Give every "
        "trace its own 'concept:name', or join the traces that are one case.",
        code="duplicate-case",
        path=name,
        cases=twice[:10],
    )


def _made_id(log: XesLog, trace: int) -> str:
    first, last = np.searchsorted(log.trace_of, [trace, trace + 1])
    content = [log.traces.slice(trace, 1), log.events.slice(first, last - first)]
    text = repr([_written(row) for table in content for row in table.to_pylist()])
    return "trace-" + blake2b(text.encode(), digest_size=8).hexdigest()


def _written(row: dict[str, str | None]) -> list[tuple[str, str]]:
    return sorted((key, value) for key, value in row.items() if value is not None)
