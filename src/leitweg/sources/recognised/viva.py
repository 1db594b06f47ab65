"""Microsoft Viva Insights: person-to-person and group-to-group queries.

Reads the CSV of a cross-collaboration query with PrimaryCollaborator_… and SecondaryCollaborator_…
(MetricDate, Group_collaboration_time_invested, Strong_tie_score, …), and of Workplace Analytics
before it with TimeInvestors_… and Collaborators_… (Date, Collaboration_hours, Meeting_hours, …).
Each row is a sum over a week or month: a tie from who invested time to whom. The weeks of one pair
stay rows of their own, whose values add up: as waves, only one week of them would be looked at.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leitweg.sources.clocks import Clock
from leitweg.sources.raw import RawTable
from leitweg.sources.recognised.recognised import Recognised, pick
from leitweg.sources.words import folded, header_words

PERSONS = "Viva Insights person-to-person query"
GROUPS = "Viva Insights group-to-group query"

SIDES = (
    ("primary collaborator ", "secondary collaborator "),
    ("time investors ", "collaborators "),
    ("time investor ", "collaborator "),
)
PERSON_IDS = ("person id", "z id", "zid", "people historical id")
GROUP_SIZE = "group size"
UNITS = ("organization", "organisation", "department", "group", "function type", "domain")
METRICS = (
    *("group collaboration time invested", "collaboration time invested", "collaboration hours"),
    *("group meeting time invested", "meeting time invested", "meeting and call hours"),
    *("meeting hours", "group email time invested", "email time invested", "email hours"),
    *("chat hours", "group chat time invested", "call hours", "strong tie score"),
    *("strongtiescore", "diverse tie score", "group meeting count", "meetings", "meeting count"),
    *("group email sent count", "emails sent", "chats sent"),
)
"""Best first: time spent together says more than a count of meetings or mails."""
_WITHIN = ("within group", "collaborators within group")
_REST = ("other collaborators", "unclassified collaborators", "unclassified", "n a")


def matches(columns: Sequence[str]) -> bool:
    """Say whether these are the columns of such a query: the same attribute on both sides."""
    return bool(_ends(columns))


def recognise(raw: RawTable, clock: Clock) -> Recognised:
    """Return the ties of a query; between groups, their ends are whole units."""
    del clock  # weeks are summed up, so that their dates are not read
    one, other = _ends(raw.columns)
    metric = pick(raw.columns, *METRICS)
    of_persons = _attribute(one) in PERSON_IDS
    raw = raw if of_persons else _groups_only(raw, one, other)
    raw = _with_relation(raw, metric)
    ends = ("from", "to") if of_persons else ("from_unit", "to_unit")
    mapping = dict(zip(ends, (one, other), strict=True)) | {"relation": RELATION, "survey": SURVEY}
    if metric:
        mapping["value"] = metric
    if of_persons:
        return Recognised(PERSONS, "ties", raw, mapping, people=_people(raw, one, other))
    sizes = dict(zip(("from_people", "to_people"), _both(raw.columns, GROUP_SIZE), strict=False))
    return Recognised(GROUPS, "ties", raw, mapping | sizes)


RELATION, SURVEY = "relation of Viva", "survey of Viva"


def _ends(columns: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of both ends: persons, else the attribute by which groups are made."""
    attributes = (*PERSON_IDS, *UNITS)
    for attribute in (*attributes, *_further(columns)):
        found = _both(columns, attribute)
        if found:
            return found
    return ()


def _further(columns: Sequence[str]) -> list[str]:
    found = [_attribute(column) for column in columns]
    return [attribute for attribute in found if attribute not in ("", GROUP_SIZE)]


def _attribute(column: str) -> str:
    words = header_words(column)
    for prefix in (prefix for side in SIDES for prefix in side):
        if words.startswith(prefix):
            return words.removeprefix(prefix)
    return ""


def _both(columns: Sequence[str], attribute: str) -> tuple[str, ...]:
    by_words = {header_words(column): column for column in reversed(columns)}
    for one, other in SIDES:
        if one + attribute in by_words and other + attribute in by_words:
            return by_words[one + attribute], by_words[other + attribute]
    return ()


def _groups_only(raw: RawTable, one: str, other: str) -> RawTable:
    """Let 'Within Group' be the group itself; what is summed up as the rest is no group."""
    names = pc.cast(raw.column(other), pa.string())
    encoded = names.dictionary_encode()
    words = [folded(name) for name in encoded.dictionary.to_pylist()]
    within = pa.array([word in _WITHIN for word in words], pa.bool_()).take(encoded.indices)
    column = pc.if_else(pc.fill_null(within, False), pc.cast(raw.column(one), pa.string()), names)
    table = raw.table.set_column(raw.columns.index(other), other, column)
    rest = pa.array([word in _REST for word in words], pa.bool_()).take(encoded.indices)
    is_rest = np.asarray(pc.fill_null(rest, False))
    raw = replace(raw, table=table)
    if not is_rest.any():
        return raw
    note = (
        f"{raw.name}: {int(is_rest.sum())} rows on collaborators of no named group were left out."
    )
    return replace(raw.only(~is_rest), warnings=(*raw.warnings, note))


def _with_relation(raw: RawTable, metric: str | None) -> RawTable:
    relation = f"viva {header_words(metric)}" if metric else "viva ties"
    table = raw.table
    for name, value in ((RELATION, relation), (SURVEY, "viva")):
        table = table.append_column(name, pa.array([value] * len(raw.rows), pa.string()))
    return replace(raw, table=table)


def _people(raw: RawTable, one: str, other: str) -> RawTable | None:
    """Return person and unit of both ends, where the query holds an attribute that is a unit."""
    units = next((found for name in UNITS if (found := _both(raw.columns, name))), ())
    if not units:
        return None
    persons = pa.concat_arrays([pc.cast(raw.column(c), pa.string()) for c in (one, other)])
    named = pa.concat_arrays([pc.cast(raw.column(c), pa.string()) for c in units])
    table = pa.table({"person": persons, "unit": named})
    # who changed the unit between two weeks stands in the one of the last row that names one
    place = np.tile(np.arange(len(raw.rows)), 2)
    place = np.where(np.asarray(pc.is_valid(named)), place, -1)
    order = pa.array(np.argsort(place, kind="stable"))
    table = table.take(order).append_column("place", pa.array(np.arange(len(order))))
    lasts = table.group_by("person", use_threads=False).aggregate([("place", "max")])
    table = table.take(lasts["place_max"].combine_chunks()).select(["person", "unit"])
    table = table.filter(pc.is_valid(table["person"]))
    rows = np.arange(1, table.num_rows + 1, dtype=np.int64)
    return RawTable(raw.name, table, rows, table.num_rows)
