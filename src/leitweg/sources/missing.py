"""Which values look as if they meant "nothing here"; they are reported and never removed."""

from collections.abc import Mapping as MappingOf

import pyarrow as pa
import pyarrow.compute as pc

from leitweg.sources.words import folded

_MARKS = frozenset(
    {
        *("na", "none", "nil", "null", "nan", "empty", "unknown", "unassigned", "nobody"),
        *("undefined", "tbd", "keine", "keiner", "keines", "kein", "niemand", "unbekannt"),
        *("leer", "ohne", "entfallt"),
        *("n a", "not assigned", "no one", "no owner", "not available", "not applicable"),
        *("k a", "keine angabe", "nicht zugewiesen", "nicht zugeordnet", "ohne zuordnung"),
        *("nicht vorhanden", "not known", "nicht bekannt"),
    }
)
_SIGNS = frozenset("?-–—.*#_/")


def looks_missing(value: str) -> bool:
    """Say whether a value looks like a mark for "missing".

    >>> [looks_missing(v) for v in ("?", "-", "UNKNOWN", "n/a", "Nicht zugewiesen", "Anna", "A")]
    [True, True, True, True, True, False, False]
    """
    if value and set(value) <= _SIGNS:
        return True
    return folded(value) in _MARKS


def propose_missing(columns: MappingOf[str, pa.Array]) -> dict[str, tuple[str, ...]]:
    """Return, per column of the file, the values that look like missing marks."""
    proposals = {}
    for name, column in columns.items():
        values = pc.unique(column).to_pylist()
        marks = tuple(sorted(value for value in values if value and looks_missing(value)))
        if marks:
            proposals[name] = marks
    return proposals


def missing_warnings(file: str, proposals: MappingOf[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return one sentence per column that holds values like missing marks."""
    sentences = []
    for name, marks in proposals.items():
        listed = ", ".join(f"'{mark}'" for mark in marks)
        options = " ".join(f"--missing '{mark}'" for mark in marks)
        sentences.append(
            f"{file}: column '{name}' holds {listed}, which may mean missing. "
            f"If so, import with {options}."
        )
    return tuple(sentences)
