"""What kind of table a file holds, told by its columns and the uniqueness of its ids."""

from collections.abc import Mapping as MappingOf
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.errors import SourceError
from leitweg.sources.mapping import Mapped, is_complete, map_columns
from leitweg.sources.raw import RawTable
from leitweg.sources.synonyms import EXTRA, LAST_RESORTS, SYNONYMS
from leitweg.sources.words import header_words

_HUMAN = ("manager", "position", "hours_per_week", "valid_from")
_NETWORK = ("ties", "people")
_BEGINS_AS_A_DATE = r"^\d{1,4}[-./]\d"
_OFFICES = frozenset({"office", "buro"})


def kind_of(raw: RawTable, explicit: MappingOf[str, str]) -> str:
    """Return the kind of a table, such as messages, events, cases, people, units or ties.

    Parameters
    ----------
    raw
        The table, cleaned.
    explicit
        What the user mapped; names that only one kind has decide.

    Raises
    ------
    SourceError
        unknown-kind where no kind fits, listing the columns; unknown-column where one that the
        user mapped is missing.
    """
    if "path" in explicit:
        return "cases"
    faults: list[SourceError] = []
    tried = {kind: _try(raw, kind, explicit, faults) for kind in SYNONYMS}
    kind = _decide(raw, tried)
    if kind is None and faults:
        raise faults[0]
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


def mapping_for(kind: str, explicit: MappingOf[str, str]) -> dict[str, str]:
    """Return what the user mapped, as far as it concerns a table of this kind.

    A network comes as a list of ties and a list of nodes in one command, so that what is mapped
    for the one is no fault in the other.
    """
    if kind not in _NETWORK:
        return dict(explicit)
    other = _NETWORK[kind == _NETWORK[0]]
    return {n: c for n, c in explicit.items() if n in SYNONYMS[kind] or n not in SYNONYMS[other]}


def mapped_as(raw: RawTable, kind: str, explicit: MappingOf[str, str]) -> Mapped:
    """Map the columns of a table to a kind; the office of a list of nodes is its unit.

    Raises
    ------
    SourceError
        unknown-canonical, unknown-column.
    """
    mapped = map_columns(raw.name, kind, raw.columns, explicit)
    office = mapped.get("site")
    is_office = office is not None and header_words(office) in _OFFICES
    if kind != "people" or mapped.get("unit") or not is_office or office is None:
        return mapped
    if "site" in explicit or any(mapped.get(name) for name in _HUMAN):
        return mapped
    columns = {n: c for n, c in mapped.columns.items() if n != "site"} | {"unit": office}
    note = (
        f"{raw.name}: column '{office}' was taken for the unit. "
        "Choose another with --map unit=COLUMN."
    )
    return replace(mapped, columns=columns, warnings=(*mapped.warnings, note))


def _try(
    raw: RawTable, kind: str, explicit: MappingOf[str, str], faults: list[SourceError]
) -> Mapped | None:
    concerned = mapping_for(kind, explicit)
    if any(name not in SYNONYMS[kind] and name not in EXTRA[kind] for name in concerned):
        return None
    try:
        return mapped_as(raw, kind, concerned)
    except SourceError as fault:
        # the column may belong to another file of the command, of another kind
        faults.append(fault)
        return None


def _decide(raw: RawTable, tried: MappingOf[str, Mapped | None]) -> str | None:
    fitting = {kind: m for kind, m in tried.items() if m and is_complete(kind, m)}
    for kind, is_it in (
        ("messages", True),
        ("events", _has(fitting.get("events"), "activity", "lifecycle")),
        ("qualifications", _is_skills(raw, fitting, "qualifications")),
        ("requirements", _is_skills(raw, fitting, "requirements")),
        ("absences", _is_absences(raw, fitting)),
        ("people", _has(fitting.get("people"), *_HUMAN) and not _is_positions(fitting)),
        ("positions", _is_positions(fitting)),
        ("units", _has(fitting.get("units"), "parent")),
        ("events", True),
        ("ties", not _names_cases(raw)),
        ("cases", True),
        ("people", _has(fitting.get("people"), "unit")),
    ):
        if kind in fitting and is_it:
            return kind
    return None


def _has(mapped: Mapped | None, *names: str) -> bool:
    return mapped is not None and any(mapped.get(name) for name in names)


def _is_skills(raw: RawTable, fitting: MappingOf[str, Mapped], kind: str) -> bool:
    """Say whether a table lists skills, and is no list of people or tickets that names one too."""
    mapped, people = fitting.get(kind), fitting.get("people")
    if mapped is None or _names_cases(raw):
        return False
    if kind == "requirements":
        return people is None or header_words(people.columns["person"]) in LAST_RESORTS
    if not _has(people, "unit", *_HUMAN):
        return True
    persons = raw.column(mapped.columns["person"])
    return bool(pc.count_distinct(persons).as_py() < len(persons))


def _is_absences(raw: RawTable, fitting: MappingOf[str, Mapped]) -> bool:
    """Say whether a table tells when people are away, and nothing of where they belong."""
    absences, people = fitting.get("absences"), fitting.get("people")
    if absences is None or _has(people, "unit", "manager", "position", "hours_per_week"):
        return False
    if _names_cases(raw):
        return False
    begins = raw.column(absences.columns["from"])
    if not pa.types.is_string(begins.type):
        return True
    dates = pc.match_substring_regex(pc.drop_null(begins), _BEGINS_AS_A_DATE)
    return bool(pc.any(dates).as_py())


def _is_positions(fitting: MappingOf[str, Mapped]) -> bool:
    """Say whether a table lists positions of units, and nothing that could be a person."""
    positions = fitting.get("positions")
    return _has(positions, "unit") and _has(positions, "title", "key") and "people" not in fitting


def _names_cases(raw: RawTable) -> bool:
    """Say whether a column names cases, by more than a name that may mean anything."""
    named = map_columns(raw.name, "cases", raw.columns, {}).get("case_id")
    return named is not None and header_words(named) not in LAST_RESORTS


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
