"""What is stored of one person, told so that it tells of nobody else?

Whoever was on the other side is “another person”; how many others there were is told from ten on,
as of ties everywhere. Cases have numbers of their own, so that two people cannot find by comparing
what they were given which cases they shared.
"""

from collections.abc import Collection, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.tables import TABLES
from leitweg.privacy.threshold import BELOW_K, K_OF_TIES

Row = dict[str, object]
_SEAT = ("kind", "unit", "position", "site", "language", "hours_per_week")
_SPAN = ("valid_from_us", "valid_to_us")
_EVENT = ("at_us", "started_us", "unit", "activity", "lifecycle")


def own_rows(tables: Mapping[str, pa.Table], stored: Collection[str]) -> dict[str, list[Row]]:
    """Return what each table holds of a person.

    Parameters
    ----------
    tables
        Canonical tables as stored.
    stored
        The ids of the person in them.

    Returns
    -------
    dict of list
        Rows by table, the oldest first; times in microseconds UTC. Tables without a row are left
        out.
    """
    ids = pa.array(sorted(stored), pa.string())
    found = {
        "people": _people(tables["people"], ids),
        "events": _events(tables["events"], ids),
        "messages": _messages(tables["messages"], ids),
        "absences": _plain(tables["absences"], ids, ("from_us", "to_us")),
        "qualifications": _plain(tables["qualifications"], ids, ("skill", "level", "source")),
        "ties": _ties_given(tables["ties"], ids),
    }
    return {name: rows for name, rows in found.items() if rows}


def told_by_others(tables: Mapping[str, pa.Table], stored: Collection[str]) -> list[Row]:
    """Return what others told of a person: how many, from ten on, and nothing of who or what.

    One row per survey, wave and relation, and one for those who name the person as manager.
    """
    ids = pa.array(sorted(stored), pa.string())
    ties = _of_people(tables["ties"])
    ties = ties.filter(pc.is_in(ties["to"], value_set=ids))
    groups: dict[tuple[object, ...], set[str]] = {}
    for row in ties.select(["survey", "wave", "relation", "from"]).to_pylist():
        groups.setdefault((row["survey"], row["wave"], row["relation"]), set()).add(row["from"])
    told: list[Row] = [
        {"survey": survey, "wave": wave, "relation": relation, **_number(len(others))}
        for (survey, wave, relation), others in sorted(groups.items(), key=str)
    ]
    people = tables["people"]
    reports = people.filter(pc.is_in(people["manager"], value_set=ids))["person"]
    if len(reports):
        told.append({"relation": "manager", **_number(pc.count_distinct(reports).as_py())})
    return told


def _number(n: int) -> Row:
    return {"people": n} if n >= K_OF_TIES else {"people": None, "held_back": BELOW_K}


def _chosen(rows: pa.Table, column: str, ids: pa.Array) -> pa.Table:
    return rows.filter(pc.is_in(rows[column], value_set=ids))


def _plain(rows: pa.Table, ids: pa.Array, columns: tuple[str, ...]) -> list[Row]:
    chosen = _chosen(rows, "person", ids).select(list(columns))
    found: list[Row] = chosen.sort_by([(columns[0], "ascending")]).to_pylist()
    return found


def _people(rows: pa.Table, ids: pa.Array) -> list[Row]:
    chosen = _chosen(rows, "person", ids).sort_by([("valid_from_us", "ascending")])
    return [
        {
            **{name: row[name] for name in _SEAT},
            "manager": _other(row["manager"]),
            **{name: row[name] for name in _SPAN},
        }
        for row in chosen.to_pylist()
    ]


def _events(rows: pa.Table, ids: pa.Array) -> list[Row]:
    chosen = _chosen(rows, "person", ids).sort_by([("at_us", "ascending"), ("seq", "ascending")])
    found = chosen.select(["case_id", *_EVENT]).to_pylist()
    numbers: dict[str, int] = {}
    return [
        {"case": numbers.setdefault(row.pop("case_id"), len(numbers) + 1), **row} for row in found
    ]


def _messages(rows: pa.Table, ids: pa.Array) -> list[Row]:
    sent = np.asarray(pc.is_in(rows["sender"], value_set=ids))
    received = np.asarray(pc.is_in(rows["receiver"], value_set=ids))
    direction = np.where(sent & received, "to-self", np.where(sent, "sent", "received"))
    mine = pa.array(sent | received)
    chosen = rows.filter(mine).append_column(
        "direction", pa.array(direction[sent | received].tolist(), pa.string())
    )
    return [
        {
            "at_us": row["at_us"],
            "direction": row["direction"],
            "kind": row["kind"],
            "is_reply": row["reply_to"] is not None,
            "with": None if row["direction"] == "to-self" else "another person",
            "outside": row["receiver_outside"]
            if row["direction"] == "sent"
            else row["sender_outside"],
        }
        for row in chosen.sort_by([("at_us", "ascending")]).to_pylist()
    ]


def _ties_given(rows: pa.Table, ids: pa.Array) -> list[Row]:
    chosen = _chosen(_of_people(rows), "from", ids)
    given = chosen.select(["survey", "wave", "relation", "value"]).to_pylist()
    # by what was said, not in the order of those it was said about
    return [{**row, "to": "another person"} for row in sorted(given, key=str)]


def _of_people(ties: pa.Table) -> pa.Table:
    return ties.filter(pc.is_null(ties["level"]))


def _other(value: object) -> str | None:
    return None if value is None else "another person"


def personal_tables() -> tuple[str, ...]:
    """Return the tables that speak of people.

    >>> personal_tables()
    ('people', 'events', 'messages', 'qualifications', 'absences', 'ties')
    """
    return tuple(
        table.name
        for table in TABLES.values()
        if any(column.personal == "person" for column in table.columns)
    )
