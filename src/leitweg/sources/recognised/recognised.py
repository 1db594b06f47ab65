"""What a recognised export hands on: rows, their mapping, and what its system is known to mean."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from leitweg.sources.raw import RawTable
from leitweg.sources.words import header_words


@dataclass(frozen=True)
class Recognised:
    """An export of a known system.

    ``system`` is its name for the report. ``mapping`` is canonical -> column of ``raw``.
    ``time_zone`` is set where the system always writes its times in one zone; ``states`` holds
    patterns for names that mean something else in other systems. ``people`` is what a list of
    ties says of its ends: columns ``person`` and ``unit``.
    """

    system: str
    kind: str
    raw: RawTable
    mapping: dict[str, str]
    time_zone: str | None = None
    states: dict[str, str] = field(default_factory=dict)
    people: RawTable | None = None


def pick(columns: Sequence[str], *names: str) -> str | None:
    """Return the column that bears the first of these (folded) names that occurs.

    >>> pick(["Issue key", "Created"], "issue id", "issue key")
    'Issue key'
    """
    by_words = {header_words(column): column for column in reversed(columns)}
    return next((by_words[name] for name in names if name in by_words), None)


def has_all(columns: Sequence[str], *alternatives: Iterable[str]) -> bool:
    """Say whether of every group of names at least one is a column."""
    return all(pick(columns, *names) is not None for names in alternatives)


def mapping_of(columns: Sequence[str], names: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Return canonical -> column for those canonical columns that the file has."""
    found = {canonical: pick(columns, *wanted) for canonical, wanted in names.items()}
    return {canonical: column for canonical, column in found.items() if column is not None}
