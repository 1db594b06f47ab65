"""A breakdown on a terminal: bars of one attribute, a table of two in blocks that fit."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from leitweg.cli.screen import GAP, bar, clean, console, heading, plain_table, shorten, words
from leitweg.domain.breakdown import Cell, Group, ReleasedBreakdown
from leitweg.language.breakdown import (
    attribute_text,
    cell_text,
    group_text,
    measure_text,
    notes_of,
    period_text,
    title_text,
)
from leitweg.language.catalogue import translate
from leitweg.language.forms import count, interval

NAME, NARROWEST, WIDEST_COLUMN, WIDEST_BAR, BESIDE_BAR = 28, 9, 13, 30, 58
Column = tuple[str, Sequence[Cell | None]]
"""A heading and the cells below it."""


def show_breakdown(
    released: ReleasedBreakdown, language: str, *, screen: Console | None = None
) -> None:
    """Print a breakdown; it fits 80 columns and reads the same without colour."""
    target = screen or console()
    _header(target, released, language)
    target.print()
    if released.columns:
        _two_way(target, released, language)
    else:
        _one_way(target, released, language)
    heading(target, translate(language, "breakdown.notes"))
    for sentence in notes_of(language, released):
        table = plain_table(("", "left"), ("", "wide"), header=False)
        table.add_row("•", words(sentence))
        target.print(table)


def _header(screen: Console, released: ReleasedBreakdown, language: str) -> None:
    title = f"Leitweg · {clean(title_text(language, released))}"
    screen.print(Text(title, style="bold white on blue"))
    screen.print(words(period_text(language, released)))
    profile = translate(language, f"profile.{released.profile}", k=released.k)
    screen.print(words(f"{translate(language, 'word.profile')}: {profile}", "dim"))


def _name(group: Group, attribute: str, language: str) -> Text:
    style = "" if group.kind == "value" else "dim"
    return words(shorten(clean(group_text(language, group, attribute)), NAME), style)


def _one_way(screen: Console, released: ReleasedBreakdown, language: str) -> None:
    first, of = released.question.by[0], released.question.of
    has_ends = any(cell.low is not None for cell in released.row_totals)
    has_people = of != "people" and any(cell.n_people for cell in released.row_totals)
    columns = [(attribute_text(language, first), "left"), ("", "left")]
    columns.append((measure_text(language, released), "right"))
    columns += [(translate(language, "word.interval"), "left")] * has_ends
    columns += [("", "right")] * has_people
    table = plain_table(*columns)
    largest = max((cell.value or 0.0 for cell in released.row_totals), default=0.0)
    room = max(0, min(WIDEST_BAR, screen.width - BESIDE_BAR - 16 * has_ends))
    rows = [
        (_name(group, first, language), cell, True)
        for group, cell in zip(released.rows, released.row_totals, strict=True)
    ]
    if released.noise is None:
        rows.append((words(translate(language, "breakdown.total"), "bold"), released.total, False))
    for name, cell, has_bar in rows:
        drawn = bar(cell.value, largest, room) if has_bar else ""
        line = [name, Text(drawn, style="blue"), _value(cell, of, language)]
        line += [words(interval(language, cell.low, cell.high), "dim")] * has_ends
        line += [words(_people(cell, language), "dim")] * has_people
        table.add_row(*line)
    screen.print(table)


def _people(cell: Cell, language: str) -> str:
    return count(language, "person", cell.n_people) if cell.n_people else ""


def _value(cell: Cell | None, of: str, language: str) -> Text:
    if cell is None:
        return words("")
    return words(cell_text(language, cell, of), "dim" if cell.held_back else "")


def _two_way(screen: Console, released: ReleasedBreakdown, language: str) -> None:
    """Print the columns in blocks, the totals with the last one."""
    first, of = released.question.by[0], released.question.of
    names = [_name(group, first, language) for group in released.rows]
    if released.noise is None:
        names.append(words(translate(language, "breakdown.total"), "bold"))
    room = screen.width - max(map(len, names), default=0) - GAP
    for number, block in enumerate(_blocks(_columns(released, language), room)):
        table = plain_table((attribute_text(language, first), "left"))
        for head, _ in block:
            table.add_column(words(head), justify="right", width=_width(head), overflow="fold")
        for i, name in enumerate(names):
            table.add_row(name, *(_value(cells[i], of, language) for _, cells in block))
        if number:
            screen.print()
        screen.print(table)


def _width(name: str) -> int:
    """Return the width of a column: its longest word has room, within bounds."""
    return min(max(NARROWEST, *map(len, name.split())), WIDEST_COLUMN)


def _blocks(columns: Sequence[Column], room: int) -> list[list[Column]]:
    """Return the columns in blocks that fit beside the names."""
    blocks: list[list[Column]] = [[]]
    left = room
    for column in columns:
        width = _width(column[0]) + GAP
        if width > left and blocks[-1]:
            blocks.append([])
            left = room
        blocks[-1].append(column)
        left -= width
    return blocks


def _columns(released: ReleasedBreakdown, language: str) -> list[Column]:
    """Return the heading and the cells of each column, those of the total last."""
    second = released.question.by[1]
    has_totals = released.noise is None
    found: list[Column] = []
    for i, group in enumerate(released.columns):
        cells: list[Cell | None] = [row[i] for row in released.cells]
        cells += [released.column_totals[i]] * has_totals
        found.append((clean(group_text(language, group, second)), cells))
    rests = [released.rest_of(row) for row in range(len(released.rows))]
    if any(rest is not None for rest in rests):
        told = [None if rest is None else Cell(rest) for rest in rests]
        found.append((translate(language, "breakdown.rest"), [*told, None]))
    if has_totals:
        total = [*released.row_totals, released.total]
        found.append((translate(language, "breakdown.total"), total))
    return found
