"""What kind of table a file holds, told by its columns and the uniqueness of its ids."""

from collections.abc import Mapping as MappingOf

import pyarrow.compute as pc

from leitweg.domain.errors import SourceError
from leitweg.sources.mapping import Mapped, is_complete, map_columns
from leitweg.sources.raw import RawTable
from leitweg.sources.synonyms import EXTRA, SYNONYMS

_HUMAN = ("manager", "position", "hours_per_week", "valid_from")


def kind_of(raw: RawTable, explicit: MappingOf[str, str]) -> str:
    """Return the kind of a table: messages, events, cases, people or units.

    Parameters
    ----------
    raw
        The table, cleaned.
    explicit
        What the user mapped; names that only one kind has decide.

    Raises
    ------
    SourceError
        unknown-kind where no kind fits, listing the columns.
    """
    if "path" in explicit:
        return "cases"
    tried = {kind: _try(raw, kind, explicit) for kind in SYNONYMS}
    fitting = [kind for kind, mapped in tried.items() if mapped and is_complete(kind, mapped)]
    kind = _decide(fitting, tried)
    if kind is None:
        raise SourceError(
            f"{raw.name}: its columns fit no kind of table ({', '.join(raw.columns)}). Say what it "
            "is with --kind and name its columns with --map CANONICAL=COLUMN.",
            code="unknown-kind",
            path=raw.name,
            columns=raw.columns,
        )
    if kind == "events" and _is_one_row_per_case(raw, tried["events"], tried["cases"]):
        return "cases"
    return kind


def _try(raw: RawTable, kind: str, explicit: MappingOf[str, str]) -> Mapped | None:
    if any(name not in SYNONYMS[kind] and name not in EXTRA[kind] for name in explicit):
        return None
    return map_columns(raw.name, kind, raw.columns, explicit)


def _decide(fitting: list[str], tried: MappingOf[str, Mapped | None]) -> str | None:
    events, people = tried["events"], tried["people"]
    if "messages" in fitting:
        return "messages"
    if "events" in fitting and events and (events.get("activity") or events.get("lifecycle")):
        return "events"
    if "people" in fitting and people and any(people.get(name) for name in _HUMAN):
        return "people"
    units = tried["units"]
    if "units" in fitting and units and units.get("parent"):
        return "units"
    for kind in ("events", "cases"):
        if kind in fitting:
            return kind
    if "people" in fitting and people and people.get("unit"):
        return "people"
    return None


def _is_one_row_per_case(raw: RawTable, events: Mapped | None, cases: Mapped | None) -> bool:
    if events is None or events.get("activity") or events.get("order"):
        return False
    if cases is None or not is_complete("cases", cases):
        return False
    started = events.get("started")
    # a start that no case has is that of a piece of work: an event, also where it stands alone
    if started and started not in cases.columns.values():
        return False
    ids = raw.column(events.columns["case_id"])
    return bool(pc.count_distinct(ids).as_py() == len(ids) - ids.null_count) and len(ids) > 1
