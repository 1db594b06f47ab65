"""Which column of a file fills which canonical column, and what becomes of the others."""

from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass, field

from leitweg.domain.errors import SourceError
from leitweg.sources.synonyms import (
    CASE_LEVEL,
    EXTRA,
    LAST_RESORTS,
    PERSONAL_COLUMNS,
    REQUIRED,
    SYNONYMS,
    TEXT_COLUMNS,
)
from leitweg.sources.words import header_words, without_digraphs

# in an XES-like header 'case:startdate' is the start of the case, not of an event
TEXT_JOINT = "+"
"""Stands between the columns that make up one text: ``--map text=subject+body``."""
_CASE_PREFIXED = {
    "case_id": ("concept name", "id"),
    "opened": ("startdate", "start date", "start", "created", "reg date"),
    "closed": ("enddate", "end date", "end"),
}


@dataclass(frozen=True)
class Mapped:
    """Canonical column -> column of the file, and the columns that nothing took.

    ``free`` may become attributes; ``kept_out`` (texts, further names of people) may not. ``text``
    are the columns that together are the text of the request.
    """

    columns: dict[str, str]
    free: tuple[str, ...] = ()
    kept_out: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    text: tuple[str, ...] = ()

    @property
    def told(self) -> dict[str, str]:
        """The mapping as it is reported: the columns, and those of the text joined by a plus."""
        return self.columns | ({"text": TEXT_JOINT.join(self.text)} if self.text else {})

    def get(self, canonical: str) -> str | None:
        """Return the column that fills a canonical column, or None."""
        return self.columns.get(canonical)


@dataclass
class _Choice:
    taken: dict[str, str] = field(default_factory=dict)
    beaten: dict[str, str] = field(default_factory=dict)


def map_columns(
    file: str, kind: str, columns: Sequence[str], explicit: MappingOf[str, str]
) -> Mapped:
    """Map the columns of a file to one canonical table.

    Parameters
    ----------
    file
        For the sentences.
    kind
        A kind of table, such as ``events`` or ``people``.
    columns
        As the file names them.
    explicit
        What the user mapped (canonical -> column); it wins over every synonym. For ``text`` several
        columns may be named, with a plus between.

    Returns
    -------
    Mapped
        Not checked for completeness (`require`).

    Raises
    ------
    SourceError
        unknown-canonical, unknown-column, each listing what there is.
    """
    named = {name: column for name, column in explicit.items() if name != "text"}
    choice = _Choice(_explicit(file, kind, columns, named))
    text = _text_columns(file, kind, columns, explicit.get("text"))
    words = {column: _words(column) for column in columns}
    for canonical, synonyms in SYNONYMS[kind].items():
        if canonical in choice.taken or _filled_otherwise(canonical, choice.taken):
            continue
        _take_best(canonical, synonyms, words, choice)
    _find_beaten(kind, words, choice)
    taken = {*choice.taken.values(), *text}
    rest = [column for column in columns if column not in taken]
    kept_out = tuple(column for column in rest if _kept_out(words[column], column, choice))
    free = tuple(column for column in rest if column not in kept_out)
    has_attributes = kind in ("events", "cases")
    notes = _competition(file, choice, set(rest if not has_attributes else kept_out))
    if text and "text" not in explicit:
        notes += (
            f"{file}: column '{text[0]}' was taken as the text of the requests, for the router "
            "alone. Leave the column out of the file if it is none.",
        )
    return Mapped(choice.taken, free, kept_out, notes, text)


def _words(column: str) -> tuple[str, ...]:
    plain = header_words(column)
    joined = header_words(column.lower())
    return tuple(dict.fromkeys((plain, joined, without_digraphs(plain), without_digraphs(joined))))


def _explicit(
    file: str, kind: str, columns: Sequence[str], explicit: MappingOf[str, str]
) -> dict[str, str]:
    known = (*SYNONYMS[kind], *EXTRA[kind])
    taken: dict[str, str] = {}
    for canonical, wanted in explicit.items():
        name = "opened" if (kind, canonical) == ("cases", "at") else canonical
        if name not in known:
            raise SourceError(
                f"{file}: table '{kind}' has no column '{canonical}'. It has {', '.join(known)}.",
                code="unknown-canonical",
                path=file,
                canonical=canonical,
            )
        taken[name] = _column_named(file, wanted, columns)
    return taken


def _text_columns(
    file: str, kind: str, columns: Sequence[str], wanted: str | None
) -> tuple[str, ...]:
    """Return the columns that are the text of a request: those named, else one called text."""
    if wanted is None:
        of_requests = "text" in EXTRA[kind]
        return tuple(c for c in columns if of_requests and header_words(c) == "text")[:1]
    if "text" not in EXTRA[kind]:
        _explicit(file, kind, columns, {"text": wanted})
    if TEXT_JOINT not in wanted or wanted in columns:
        return (_column_named(file, wanted, columns),)
    parts = [part.strip() for part in wanted.split(TEXT_JOINT)]
    return tuple(dict.fromkeys(_column_named(file, part, columns) for part in parts))


def _column_named(file: str, wanted: str, columns: Sequence[str]) -> str:
    if wanted in columns:
        return wanted
    alike = [column for column in columns if header_words(column) == header_words(wanted)]
    if len(alike) == 1:
        return alike[0]
    raise SourceError(
        f"{file}: there is no column '{wanted}'. The columns are {', '.join(columns)}.",
        code="unknown-column",
        path=file,
        column=wanted,
        columns=list(columns),
    )


def _filled_otherwise(canonical: str, taken: MappingOf[str, str]) -> bool:
    # an explicit order replaces the clock; a path names its holders itself
    if canonical in ("at", "opened") and "order" in taken:
        return True
    return canonical in ("person", "unit") and "path" in taken


def _take_best(
    canonical: str,
    synonyms: tuple[str, ...],
    words: MappingOf[str, tuple[str, ...]],
    choice: _Choice,
) -> None:
    ranked: list[tuple[int, str]] = []
    for column, names in words.items():
        rank = _rank(canonical, synonyms, column, names)
        if rank is not None and column not in choice.taken.values():
            ranked.append((rank, column))
    if ranked:
        choice.taken[canonical] = min(ranked, key=lambda entry: entry[0])[1]


def _rank(
    canonical: str, synonyms: tuple[str, ...], column: str, names: tuple[str, ...]
) -> int | None:
    if column.lower().startswith("case:"):
        if canonical not in CASE_LEVEL:
            return None
        names = tuple(name.removeprefix("case ") for name in names)
        synonyms = (*_CASE_PREFIXED.get(canonical, ()), *synonyms)
    ranks = [synonyms.index(name) for name in names if name in synonyms]
    return min(ranks) if ranks else None


def _find_beaten(kind: str, words: MappingOf[str, tuple[str, ...]], choice: _Choice) -> None:
    for column, names in words.items():
        if column in choice.taken.values() or set(names) & LAST_RESORTS:
            continue
        for canonical, synonyms in SYNONYMS[kind].items():
            rank = _rank(canonical, synonyms, column, names)
            if rank is not None and canonical in choice.taken:
                choice.beaten[column] = canonical
                break


def _kept_out(names: tuple[str, ...], column: str, choice: _Choice) -> bool:
    bare = tuple(name.removeprefix("case ") for name in names)
    if any(name in TEXT_COLUMNS or name in PERSONAL_COLUMNS for name in (*names, *bare)):
        return True
    return choice.beaten.get(column) in ("person", "customer", "case_id")


def _competition(file: str, choice: _Choice, left_out: set[str]) -> tuple[str, ...]:
    notes = []
    for column, canonical in choice.beaten.items():
        fate = "left out" if column in left_out else "kept as an attribute"
        notes.append(
            f"{file}: '{choice.taken[canonical]}' and '{column}' could both be {canonical}; "
            f"'{choice.taken[canonical]}' was taken, '{column}' {fate}. "
            f"Choose with --map {canonical}=COLUMN."
        )
    return tuple(notes)


def is_complete(kind: str, mapped: Mapped) -> bool:
    """Say whether every column that the table needs is filled."""
    return all(any(name in mapped.columns for name in names) for names in REQUIRED[kind])


def require(file: str, kind: str, columns: Sequence[str], mapped: Mapped) -> None:
    """Raise where the table cannot be filled, naming the columns and the way out.

    Raises
    ------
    SourceError
        missing-column.
    """
    lacking = [n for n in REQUIRED[kind] if not any(name in mapped.columns for name in n)]
    if not lacking:
        return
    raise missing_columns(file, kind, columns, lacking)


def missing_columns(
    file: str, kind: str, columns: Sequence[str], lacking: Sequence[tuple[str, ...]]
) -> SourceError:
    """Return the error for columns that nothing fills, each with its alternatives."""
    missing = ", ".join(" or ".join(names) for names in lacking)
    ways = " ".join(f"--map {names[0]}=COLUMN" for names in lacking)
    listed = ", ".join(columns)
    told = (
        f"{file}: cannot fill table '{kind}', columns missing: {missing}. Map them with {ways}; "
        f"the file has {listed}."
    )
    if rows := _ways_by_row(kind, lacking):
        told += f" Where it has no such column, take the number of the row: {rows}."
    return SourceError(
        told,
        code="missing-column",
        path=file,
        table=kind,
        missing=[names[0] for names in lacking],
        columns=list(columns),
    )


def _ways_by_row(kind: str, lacking: Sequence[tuple[str, ...]]) -> str:
    """Return the options by which requests without ids or times are told apart by their row."""
    if kind not in ("events", "cases"):
        return ""
    names = [name for names in lacking for name in ("case_id", "order") if name in names]
    return " ".join(f"--map {name}=#row" for name in names)
