"""What does the dossier say, apart from what it found? Written texts, one file per part.

The files in `language/dossier/de` and `en` are Markdown of a few forms: headings, paragraphs,
lists, tables, remarks (``>``). Besides, ``[[name]]`` is a place for what a program knows; rows
below it are the texts for it, by the word in their first column. ``[[fill]]`` and
``[[fill-short]]`` are fields that people write in. ``{name}`` is filled in with a value.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from leitweg.domain.document import (
    Bullets,
    DataTable,
    Field,
    Heading,
    Paragraph,
    Remark,
    Run,
    Runs,
)

PARTS = ("words", "front", "purposes", "record", "assessment", "agreement", "ai-act", "sources")
"""Parts of the dossier in their order; ``words`` holds single words for tables."""
FIELD_LINES = {"fill": 4, "fill-short": 2}
_STYLES = {"**": "strong", "*": "emphasis", "`": "code"}
_MARKED = re.compile(r"(?P<mark>\*\*|\*|`)(?P<text>.+?)(?P=mark)")
_DIRECTIVE = re.compile(r"\[\[(?P<name>[\w-]+)\]\]")


@dataclass(frozen=True)
class Place:
    """A place for what a program knows, with the texts written for it.

    ``rows`` hold the cells by the word in their first column; ``columns`` and ``widths`` are those
    of the head.
    """

    name: str
    columns: tuple[Runs, ...] = ()
    widths: tuple[int, ...] = ()
    rows: Mapping[str, tuple[str, ...]] | None = None

    def cells(self, key: str) -> tuple[str, ...]:
        """Return the texts of a row; KeyError for one that nobody wrote."""
        return (self.rows or {})[key]


Text = Heading | Paragraph | Remark | Bullets | DataTable | Field | Place


def runs_of(text: str, values: Mapping[str, str] | None = None) -> Runs:
    """Read marks of style, then fill in values: a star in a value is a star.

    >>> [(run.text, run.style) for run in runs_of("at **{k}** people", {"k": "5*"})]
    [('at ', 'plain'), ('5*', 'strong'), (' people', 'plain')]
    """
    runs, end = [], 0
    for match in _MARKED.finditer(text):
        runs.append((text[end : match.start()], "plain"))
        runs.append((match["text"], _STYLES[match["mark"]]))
        end = match.end()
    runs.append((text[end:], "plain"))
    return tuple(Run(_filled(words, values), style) for words, style in runs if words)


def _filled(text: str, values: Mapping[str, str] | None) -> str:
    return text.format_map(values) if values else text


@cache
def source_of(language: str, part: str) -> str:
    """Return the text of a part as it was written."""
    path = Path(__file__).parent / "dossier" / language / f"{part}.md"
    return path.read_text(encoding="utf-8")


def read_part(language: str, part: str, values: Mapping[str, str]) -> tuple[Text, ...]:
    """Return the blocks of a part with values filled in."""
    blocks = re.split(r"\n\s*\n", source_of(language, part).strip())
    return tuple(_block(block, values) for block in blocks)


def words_of(language: str) -> dict[str, str]:
    """Return single words by name.

    >>> words_of("de")["on"]
    'eingeschaltet'
    """
    (place,) = read_part(language, "words", {})
    assert isinstance(place, Place)
    return {key: cells[0] for key, cells in (place.rows or {}).items()}


def _block(block: str, values: Mapping[str, str]) -> Text:
    lines = block.splitlines()
    first = lines[0]
    if first.startswith("#"):
        marks, _, title = first.partition(" ")
        return Heading(len(marks), _filled(title, values))
    if match := _DIRECTIVE.fullmatch(first):
        return _place(match["name"], lines[1:], values)
    if first.startswith("|"):
        columns, widths, rows = _rows(lines, values)
        return DataTable(columns, tuple(tuple(runs_of(c, values) for c in r) for r in rows), widths)
    if first.startswith("> "):
        return Remark(runs_of(" ".join(line.removeprefix("> ") for line in lines), values))
    if first.startswith(("- ", "1. ")):
        return Bullets(
            tuple(runs_of(item, values) for item in _items(lines)), first.startswith("1. ")
        )
    return Paragraph(runs_of(" ".join(lines), values))


def _place(name: str, lines: list[str], values: Mapping[str, str]) -> Place | Field:
    if name in FIELD_LINES:
        label, hint = lines[0], " ".join(lines[1:])
        return Field(_filled(label, values), runs_of(hint, values), FIELD_LINES[name])
    if not lines:
        return Place(name)
    columns, widths, rows = _rows(lines, values)
    return Place(name, columns, widths, {row[0]: row[1:] for row in rows})


def _rows(
    lines: list[str], values: Mapping[str, str]
) -> tuple[tuple[Runs, ...], tuple[int, ...], list[tuple[str, ...]]]:
    head, rule, *rows = (_cells(line) for line in lines)
    columns = tuple(runs_of(cell, values) for cell in head)
    return columns, tuple(len(cell) for cell in rule), rows


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))


def _items(lines: list[str]) -> list[str]:
    """Join the lines of an item that goes on in the next line."""
    items: list[str] = []
    for line in lines:
        if match := re.match(r"(?:- |\d+\. )(?P<text>.*)", line):
            items.append(match["text"])
        else:
            items[-1] += " " + line.strip()
    return items
