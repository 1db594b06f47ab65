"""A comparison on a terminal: what changed, where, and what else may be behind it."""

from rich.console import Console
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
    meaning_sentence,
    per_cent,
    price_difference,
    ratio_with_ends,
    side_name,
    statement_text,
    summary_sentence,
    volume_sentence,
    worded,
)
from leitweg.language.findings import finding_title
from leitweg.language.forms import count, duration, hours_per_month, missing, number, share
from leitweg.language.sentences import told_sentence

WIDE = 112
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
    build = _wide_figures if screen.width >= WIDE else _narrow_figures
    screen.print(build(shown, released.kind, language))
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


def _statement(change: Change, kind: str, language: str) -> Text:
    return words(statement_text(language, change, kind), _style(change) or "dim")


def _narrow_figures(figures: list[FigureChange], kind: str, language: str) -> Table:
    table = plain_table(
        *_columns(
            language,
            ("word.figure", "wide"),
            ("compare.first", "right"),
            ("compare.second", "right"),
            ("compare.ratio", "right"),
        )
    )
    for figure in figures:
        name = change_label(language, figure.name)
        said = statement_text(language, figure.change, kind)
        table.add_row(
            Text.assemble((clean(name), _style(figure.change)), (f"\n{said}", "dim")),
            words(estimate_text(language, figure, figure.change.first)),
            words(estimate_text(language, figure, figure.change.second)),
            _stacked(_shown_change(figure, language)),
        )
    return table


def _shown_change(figure: FigureChange, language: str) -> tuple[str, str]:
    """Return the change in per cent; of shares, and where there is no ratio, the difference."""
    told = ratio_with_ends(language, figure.change)
    if figure.unit_of_measure == "share" or not told[0]:
        return difference_with_ends(language, figure, figure.change)
    return told


def _stacked(told: tuple[str, str]) -> Text:
    value, ends = told
    return Text.assemble((value, ""), (f"\n{ends}" if ends else "", "dim"))


def _wide_figures(figures: list[FigureChange], kind: str, language: str) -> Table:
    table = plain_table(
        *_columns(
            language,
            ("word.figure", "wide"),
            ("compare.first", "right"),
            ("compare.second", "right"),
            ("compare.ratio", "right"),
            ("word.interval", "left"),
            ("compare.same_mix", "right"),
            ("compare.statement", "left"),
        )
    )
    for figure in figures:
        value, ends = _shown_change(figure, language)
        table.add_row(
            words(change_label(language, figure.name), _style(figure.change)),
            words(estimate_text(language, figure, figure.change.first)),
            words(estimate_text(language, figure, figure.change.second)),
            words(value, _style(figure.change)),
            words(ends, "dim"),
            words(_same_mix(figure, language), "dim"),
            _statement(figure.change, kind, language),
        )
    return table


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
    table = plain_table(
        *_columns(
            language,
            ("word.place", "wide"),
            ("compare.first", "right"),
            ("compare.second", "right"),
            ("compare.difference", "right"),
            ("word.interval", "left"),
        )
    )
    for row in shown:
        value, ends = hours_difference(language, row.per_case)
        said = statement_text(language, row.per_case, released.kind)
        table.add_row(
            Text.assemble((_place(row), _style(row.per_case)), (f"\n{said}", "dim")),
            words(_hours(row.per_case.first, language)),
            words(_hours(row.per_case.second, language)),
            words(value, _style(row.per_case)),
            words(ends, "dim"),
        )
    screen.print(table)
    if len(rows) > len(shown):
        n = number(language, len(rows) - len(shown), 0)
        screen.print(words(translate(language, "compare.more", n=n), "dim"))


def _place(row: PlaceChange) -> str:
    if row.unit is not None:
        return shorten(clean(row.unit), NAME)
    ends = (shorten(clean(name or ""), NAME // 2) for name in (row.from_unit, row.to_unit))
    return " → ".join(ends)


def _hours(estimate: Estimate | None, language: str) -> str:
    return duration(language, estimate.value) if estimate else missing(language)


def _findings(screen: Console, released: ReleasedComparison, language: str) -> None:
    heading(screen, translate(language, "compare.findings"))
    if not released.findings:
        screen.print(words(translate(language, "compare.no_findings")))
        return
    table = plain_table(
        *_columns(
            language,
            ("word.finding", "wide"),
            ("compare.first", "right"),
            ("compare.second", "right"),
            ("compare.difference", "right"),
        )
    )
    for row in released.findings[:MOST_FINDINGS]:
        strong = "bold" if row.became in ("appeared", "vanished", "grew", "shrank") else ""
        said = became_with_size(language, row, released.kind)
        title = clean(finding_title(row.shown, language))
        table.add_row(
            Text.assemble((title, strong), (f"\n{said}", strong or "dim")),
            _price(row, "first", language),
            _price(row, "second", language),
            _stacked(price_difference(language, row.price)),
        )
    screen.print(table)
    rest = len(released.findings) - MOST_FINDINGS
    if rest > 0:
        n = number(language, rest, 0)
        screen.print(words(translate(language, "compare.more", n=n), "dim"))


def _price(row: FindingChange, side: str, language: str) -> Text:
    estimate = row.price.first if side == "first" else row.price.second
    if estimate is None:
        return words("–", "dim")
    return lines(hours_per_month(language, estimate.value))


def _notes(screen: Console, released: ReleasedComparison, language: str) -> None:
    heading(screen, translate(language, "compare.notes"))
    told = [told_sentence(language, note) for note in released.notes]
    for key, names in (
        ("units_only_first", released.units_only_first),
        ("units_only_second", released.units_only_second),
    ):
        if names:
            told.append(translate(language, f"compare.{key}", units=", ".join(names)))
    if released.mix.common_share is not None:
        covered = share(language, released.mix.common_share)
        told.append(translate(language, "compare.mix.common", share=covered))
    told.append(meaning_sentence(released, language))
    for sentence in told:
        table = plain_table(("", "left"), ("", "wide"), header=False)
        table.add_row("•", words(sentence))
        screen.print(table)
