"""What holds when two imports speak of the same unit, person or case? One row per key.

Counts must not depend on how a company cuts its exports: a case that begins in one file and ends
in the next is one case. Events, messages, ties and absences have no key and are never merged.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.tables import ATTRIBUTES, FEATURES, TABLES

# A person may have several rows, one per stretch of time.
_KEYS = {
    "units": ["unit"],
    "people": ["person", "valid_from_us"],
    "cases": ["case_id"],
    "positions": ["position"],
    "qualifications": ["person", "skill"],
    "requirements": ["position", "skill"],
}
_SMALLEST = {"opened_us"}
_LARGEST = {"closed_us"}
_LATEST = {"outcome"}


@dataclass(frozen=True)
class Part:
    """Rows that came together, and for cases the first time their own events saw each case.

    ``first_seen`` has the columns ``case_id`` and ``first`` (microseconds, or the order in a log
    without a clock).
    """

    rows: pa.Table
    first_seen: pa.Table | None = None


def is_keyed(name: str) -> bool:
    """Say whether rows of a table are told apart by a key."""
    return name in _KEYS


def first_seen(events: pa.Table) -> pa.Table:
    """When each case appears first. One row per case: case_id, first."""
    firsts = events.group_by("case_id").aggregate([("at_us", "min"), ("seq", "min")])
    first = pc.coalesce(firsts["at_us_min"], firsts["seq_min"])
    return pa.table({"case_id": firsts["case_id"], "first": first})


def overlap(name: str, rows: pa.Table, others: pa.Table) -> bool:
    """Say whether rows speak of something that others speak of too, or twice of the same."""
    # the first column of a key is enough: rows of one person may have to be joined anyway
    key = _KEYS[name][0]
    keys = pa.concat_tables([rows.select([key]), others.select([key])])[key]
    return bool(pc.count_distinct(keys).as_py() < len(keys))


def merged(name: str, parts: Sequence[Part]) -> pa.Table:
    """Join parts, oldest first, to one row per key.

    Where two rows differ, a case takes the value of the part whose events saw it first, whatever
    the order of the imports: the value at the first event is what the router may use, and a table
    of cases holds the value of its last day. Other tables take the newer import's. Empty cells
    are filled from the other row; ``opened_us`` is the smallest, ``closed_us`` the largest,
    ``outcome`` the latest.
    """
    keys = _KEYS[name]
    rows = pa.concat_tables([_ranked(name, part, number) for number, part in enumerate(parts)])
    counts = rows.group_by(keys[:1]).aggregate([([], "count_all")])
    repeated = counts.filter(pc.greater(counts["count_all"], 1))[keys[0]]
    is_repeated = pc.is_in(rows[keys[0]], value_set=repeated)
    once = rows.filter(pc.invert(is_repeated)).select(TABLES[name].names)
    several = _one_per_key(name, rows.filter(is_repeated))
    if name == "people":
        several = _kind_for_all_rows(several)
    return pa.concat_tables([once, several]).sort_by([(key, "ascending") for key in keys])


def _ranked(name: str, part: Part, number: int) -> pa.Table:
    rows = part.rows
    rank = pa.nulls(len(rows), pa.int64())
    if name == "cases" and part.first_seen is not None:
        place = pc.index_in(rows["case_id"], value_set=part.first_seen["case_id"])
        rank = part.first_seen["first"].take(place)
    newest_first = pa.array([-number], pa.int64()).take(pa.array([0] * len(rows), pa.int64()))
    return rows.append_column("_rank", rank).append_column("_newest", newest_first)


def _one_per_key(name: str, rows: pa.Table) -> pa.Table:
    keys = _KEYS[name]
    order = [*keys, "_rank", "_newest"]
    rows = rows.sort_by([(column, "ascending") for column in order])
    others = [field for field in TABLES[name].schema if field.name not in keys]
    plain = [field.name for field in others if field.type not in (ATTRIBUTES, FEATURES)]
    # nulls are skipped, so that an empty cell takes the value of the next row
    wanted = [(column, _choice(column)) for column in plain]
    found = rows.group_by(keys, use_threads=False).aggregate(wanted)
    columns = {key: found[key] for key in keys}
    columns |= {column: found[f"{column}_{how}"] for column, how in wanted}
    if name == "cases":
        columns["attributes"] = _attributes(rows, found[keys[0]])
        columns["text_features"] = _first_lists(rows, "text_features", found[keys[0]])
    schema = TABLES[name].schema
    return pa.table([columns[field.name] for field in schema], schema=schema)


def _choice(column: str) -> str:
    if column in _SMALLEST:
        return "min"
    if column in _LARGEST:
        return "max"
    return "last" if column in _LATEST else "first"


def _attributes(rows: pa.Table, cases: pa.ChunkedArray) -> pa.Array:
    found: dict[str, dict[str, str | None] | None] = {}
    for case, attributes in zip(
        rows["case_id"].to_pylist(), rows["attributes"].to_pylist(), strict=True
    ):
        known = found.setdefault(case, None)
        if attributes is not None:
            found[case] = dict(attributes) | (known or {})
    type_ = TABLES["cases"].column("attributes").type
    lists = [found[case] for case in cases.to_pylist()]
    return pa.array([None if a is None else sorted(a.items()) for a in lists], type_)


def _first_lists(rows: pa.Table, column: str, cases: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the first list of each case: Arrow takes the first of texts, not of lists."""
    filled = rows.filter(pc.is_valid(rows[column]))
    return filled[column].take(pc.index_in(cases, value_set=filled["case_id"]))


def _kind_for_all_rows(people: pa.Table) -> pa.Table:
    """Let a row with nothing but a kind (a machine account) speak for all rows of its person."""
    others = [name for name in people.column_names if name not in ("person", "kind")]
    bare = pc.is_null(people[others[0]])
    for name in others[1:]:
        bare = pc.and_(bare, pc.is_null(people[name]))
    kinds, full = people.filter(bare), people.filter(pc.invert(bare))
    place = pc.index_in(full["person"], value_set=kinds["person"])
    kind = pc.coalesce(kinds["kind"].take(place), full["kind"])
    full = full.set_column(full.column_names.index("kind"), people.schema.field("kind"), kind)
    alone = kinds.filter(pc.invert(pc.is_in(kinds["person"], value_set=full["person"])))
    return pa.concat_tables([alone, full])
