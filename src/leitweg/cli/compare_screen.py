"""A comparison on a terminal: what changed, where, and what else may be behind it."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from leitweg.cli.screen import clean, console, heading, lines, plain_table, shorten, words
from leitweg.domain.comparison import (
    Change,
    FigureChange,
    FindingChange,
    PlaceChange,
    ReleasedComparison,
    Side,
)
from leitweg.domain.findings import Estimate
from leitweg.language.catalogue import translate
from leitweg.language.comparison import (
    became_with_size,
    change_label,
    difference_with_ends,
    estimate_text,
    hours_difference,
    per_cent,
    price_difference,
    ratio_with_ends,
    side_name,
    statement_text,
    summary_sentence,
    told_notes,
    volume_sentence,
    worded,
)
from leitweg.language.findings import finding_title
from leitweg.language.forms import count, duration, hours_per_month, missing, number
from leitweg.language.places import unit_name

Row = TypeVar("Row", FigureChange, PlaceChange)

WIDE = 112
BECAME_OTHER = ("appeared", "vanished", "grew", "shrank")
MOST_PLACES = 8
MOST_FINDINGS = 12
NAME = 34


def show_comparison(
    released: ReleasedComparison, language: str, *, screen: Console | None = None
) -> None:
    """Print a comparison; it fits 80 columns and reads the same without colour."""
    target = screen or console()
    _header(target, released, language)
    _figures(target, released, language)
    _places(target, released, "units", language)
    _places(target, released, "links", language)
    _findings(target, released, language)
    _notes(target, released, language)


def _header(screen: Console, released: ReleasedComparison, language: str) -> None:
    title = f"Leitweg · {worded(language, 'compare.title', released.kind)}"
    screen.print(Text(title, style="bold white on blue"))
    for key, side in (("first", released.first), ("second", released.second)):
        name = translate(language, f"compare.{key}")
        screen.print(words(f"{name}: {side_name(side, language)} · {_scope(side, language)}"))
    profile = translate(language, f"profile.{released.profile}", k=released.k)
    screen.print(words(f"{translate(language, 'word.profile')}: {profile}", "dim"))
    screen.print()
    screen.print(words(summary_sentence(released, language), "bold"))
    if told := volume_sentence(released, language):
        screen.print(words(told))


def _scope(side: Side, language: str) -> str:
    if side.cases is None:
        return translate(language, "word.held_back")
    return count(language, "case", side.cases)


def _figures(screen: Console, released: ReleasedComparison, language: str) -> None:
    heading(screen, translate(language, "compare.figures"))
    shown = [f for f in released.figures if _tells(f.change)]
    if not shown:
        screen.print(words(translate(language, "compare.none")))
        return
    wide = screen.width >= WIDE
    screen.print(_figures_table(shown, released.kind, language, wide=wide))
    screen.print(words(worded(language, "compare.explained", released.kind), "dim"))


def _tells(change: Change) -> bool:
    """Whether there is a value on both sides, and on one of them more than nothing."""
    if change.first is None or change.second is None:
        return False
    return (change.first.value, change.second.value) != (0.0, 0.0)


def _columns(language: str, *keys: tuple[str, str]) -> list[tuple[str, str]]:
    return [(translate(language, key) if key else "", side) for key, side in keys]


def _style(change: Change) -> str:
    return "bold" if change.statement == "changed" else ""


def _by_statement(
    rows: Sequence[Row], of: Callable[[Row], Change], kind: str, language: str
) -> list[tuple[str, list[Row]]]:
    """Return the rows under what is said of them, what changed first; so no row has to say it."""
    found: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: of(row).statement != "changed"):
        said = statement_text(language, of(row), kind)
        found.setdefault(said[:1].upper() + said[1:], []).append(row)
    return list(found.items())


def _heading_row(table: Table, text: str, *, first: bool) -> None:
    """Add what is said of the rows below; a column's width never depends on it."""
    table.add_row(words(text, "bold cyan" if first else "cyan"))


def _indented(name: str, change: Change) -> Padding:
    return Padding(words(name, _style(change)), (0, 0, 0, 2))


def _figures_table(figures: list[FigureChange], kind: str, language: str, *, wide: bool) -> Table:
    mixed = wide and any(_same_mix(figure, language) for figure in figures)
    keys = [("word.figure", "wide"), ("compare.first", "right"), ("compare.second", "right")]
    keys.append(("compare.ratio", "right"))
    keys += [("word.interval", "left")] * wide + [("compare.same_mix", "right")] * mixed
    table = plain_table(*_columns(language, *keys))
    groups = _by_statement(figures, lambda figure: figure.change, kind, language)
    for said, rows in groups:
        _heading_row(table, said, first=rows is groups[0][1])
        for figure in rows:
            table.add_row(*_figure_cells(figure, language, wide=wide, mixed=mixed))
    return table


def _figure_cells(
    figure: FigureChange, language: str, *, wide: bool, mixed: bool
) -> list[RenderableType]:
    value, ends = _shown_change(figure, language)
    cells: list[RenderableType] = [
        _indented(change_label(language, figure.name), figure.change),
        words(estimate_text(language, figure, figure.change.first)),
        words(estimate_text(language, figure, figure.change.second)),
    ]
    if not wide:
        return [*cells, _stacked((value, ends))]
    cells += [words(value, _style(figure.change)), words(ends, "dim")]
    return cells + [words(_same_mix(figure, language), "dim")] * mixed


def _shown_change(figure: FigureChange, language: str) -> tuple[str, str]:
    """Return the change in per cent; of shares, and where there is no ratio, the difference."""
    told = ratio_with_ends(language, figure.change)
    if figure.unit_of_measure == "share" or not told[0]:
        return difference_with_ends(language, figure, figure.change)
    return told


def _stacked(told: tuple[str, str]) -> Text:
    value, ends = told
    return Text.assemble((value, ""), (f"\n{ends}" if ends else "", "dim"))


def _same_mix(figure: FigureChange, language: str) -> str:
    if figure.unit_of_measure == "share" or figure.same_mix.ratio is None:
        return difference_with_ends(language, figure, figure.same_mix)[0]
    return per_cent(language, figure.same_mix.ratio.value)


def _places(screen: Console, released: ReleasedComparison, what: str, language: str) -> None:
    rows = released.units if what == "units" else released.links
    known = [row for row in rows if row.held_back is None]
    shown = known[:MOST_PLACES]
    if not shown:
        return
    heading(screen, translate(language, f"compare.{what}"))
    wide = screen.width >= WIDE
    table = plain_table(
        *_columns(
            language,
            ("word.place", "wide"),
            ("compare.first", "right"),
            ("compare.second", "right"),
            ("compare.difference", "right"),
            *([("word.interval", "left")] * wide),
        )
    )
    groups = _by_statement(shown, lambda row: row.per_case, released.kind, language)
    for said, found in groups:
        _heading_row(table, said, first=found is groups[0][1])
        for row in found:
            table.add_row(*_place_cells(row, language, wide=wide))
    screen.print(table)
    if len(rows) > len(shown):
        n = number(language, len(rows) - len(shown), 0)
        screen.print(words(translate(language, "compare.more", n=n), "dim"))


def _place_cells(row: PlaceChange, language: str, *, wide: bool) -> list[RenderableType]:
    value, ends = hours_difference(language, row.per_case)
    cells: list[RenderableType] = [
        _indented(_place(row, language), row.per_case),
        words(_hours(row.per_case.first, language)),
        words(_hours(row.per_case.second, language)),
    ]
    if not wide:
        return [*cells, _stacked((value, ends))]
    return [*cells, words(value, _style(row.per_case)), words(ends, "dim")]


def _place(row: PlaceChange, language: str) -> str:
    names = [row.unit] if row.unit is not None else [row.from_unit, row.to_unit]
    return " → ".join(shorten(clean(unit_name(language, name or "")), NAME) for name in names)


def _hours(estimate: Estimate | None, language: str) -> str:
    return duration(language, estimate.value) if estimate else missing(language)


def _findings(screen: Console, released: ReleasedComparison, language: str) -> None:
    heading(screen, translate(language, "compare.findings"))
    if not released.findings:
        screen.print(words(translate(language, "compare.no_findings")))
        return
    shown = released.findings[:MOST_FINDINGS]
    if screen.width >= WIDE:
        screen.print(_findings_table(shown, released.kind, language))
    else:
        for row in shown:
            _finding_lines(screen, row, released.kind, language)
    rest = len(released.findings) - MOST_FINDINGS
    if rest > 0:
        n = number(language, rest, 0)
        screen.print(words(translate(language, "compare.more", n=n), "dim"))


def _findings_table(rows: Sequence[FindingChange], kind: str, language: str) -> Table:
    table = plain_table(
        *_columns(
            language,
            ("word.finding", "wide"),
            ("compare.first", "right"),
            ("compare.second", "right"),
            ("compare.difference", "right"),
        )
    )
    for row in rows:
        strong = "bold" if row.became in BECAME_OTHER else ""
        said = became_with_size(language, row, kind)
        table.add_row(
            Text.assemble((_title(row, language), strong), (f"\n{said}", strong or "dim")),
            _price(row, "first", language),
            _price(row, "second", language),
            _stacked(price_difference(language, row.price)),
        )
    return table


def _finding_lines(screen: Console, row: FindingChange, kind: str, language: str) -> None:
    """Print a finding below its title: in columns the titles would have no room."""
    strong = "bold" if row.became in BECAME_OTHER else ""
    screen.print(words(_title(row, language), strong))
    told = " → ".join(_price(row, side, language).plain for side in ("first", "second"))
    value, ends = price_difference(language, row.price)
    if value:
        told = f"{told}: {value} ({ends})"
    for sentence in (told, became_with_size(language, row, kind)):
        screen.print(Padding(words(sentence, "dim"), (0, 0, 0, 2)))


def _title(row: FindingChange, language: str) -> str:
    return clean(finding_title(row.shown, language))


def _price(row: FindingChange, side: str, language: str) -> Text:
    estimate = row.price.first if side == "first" else row.price.second
    if estimate is None:
        return words("–", "dim")
    return lines(hours_per_month(language, estimate.value))


def _notes(screen: Console, released: ReleasedComparison, language: str) -> None:
    heading(screen, translate(language, "compare.notes"))
    mix = released.mix.common_share is not None and screen.width >= WIDE
    told = told_notes(released, language, mix=mix)
    for sentence in told:
        table = plain_table(("", "left"), ("", "wide"), header=False)
        table.add_row("•", words(sentence))
        screen.print(table)
