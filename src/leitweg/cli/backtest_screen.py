"""A backtest on a terminal: the summary, the figures, simple rules beside it, month by month."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from leitweg.cli.screen import bar, console, heading, plain_table, words
from leitweg.domain.routing_answers import DriftMonth, ReleasedBacktest
from leitweg.language.backtest import (
    baseline_rows,
    drift_headings,
    drift_row,
    figure_rows,
    question_text,
    reading_texts,
    summary,
)
from leitweg.language.catalogue import translate
from leitweg.language.forms import number, share

WIDE_FROM = 110
NARROW_DRIFT = 6
"""Columns of the months that fit 80 columns: month, cases, and the first four figures."""


def show_backtest(
    released: ReleasedBacktest, language: str, *, screen: Console | None = None
) -> None:
    """Print a backtest; it fits 80 columns and reads the same without colour."""
    target = screen or console()
    title = f"Leitweg · {translate(language, 'backtest.title')}"
    target.print(Text(title, style="bold white on blue"))
    target.print(words(question_text(language, released), "dim"))
    target.print()
    for sentence in summary(language, released):
        target.print(words(sentence))
    _figures(target, released, language)
    _baselines(target, released, language)
    _bins(target, released, language)
    show_drift(target, released.drift, language)
    heading(target, translate(language, "backtest.heading.notes"))
    for sentence in reading_texts(language, released):
        table = plain_table(("", "left"), ("", "wide"), header=False)
        table.add_row("•", words(sentence))
        target.print(table)


def _figures(screen: Console, released: ReleasedBacktest, language: str) -> None:
    heading(screen, translate(language, "backtest.heading.figures"))
    is_wide = screen.width >= WIDE_FROM
    columns = [("", "left"), ("", "right"), ("", "wide")][: 2 + is_wide]
    table = plain_table(*columns, header=False)
    for name, value, meaning in figure_rows(language, released):
        table.add_row(words(name), words(value, "bold"), *[words(meaning, "dim")] * is_wide)
    screen.print(table)


def _baselines(screen: Console, released: ReleasedBacktest, language: str) -> None:
    if not released.baselines:
        return
    heading(screen, translate(language, "backtest.heading.baselines"))
    columns = (
        (translate(language, "backtest.rule"), "left"),
        (translate(language, "backtest.drift.top1"), "right"),
        (translate(language, "backtest.drift.top3"), "right"),
    )
    table = plain_table(*columns)
    for i, (name, *values) in enumerate(baseline_rows(language, released)):
        style = "bold" if i == 0 else ""
        table.add_row(words(name, style), *(words(value, style) for value in values))
    screen.print(table)


def _bins(screen: Console, released: ReleasedBacktest, language: str) -> None:
    """Print what was said against what was true."""
    bins = [b for b in released.bins if b.n]
    if not bins:
        return
    heading(screen, translate(language, "backtest.heading.bins"))
    columns = (
        (translate(language, "backtest.chart.said"), "right"),
        (translate(language, "backtest.chart.right"), "right"),
        ("", "left"),
        (translate(language, "word.cases"), "right"),
    )
    table = plain_table(*columns)
    for b in bins:
        table.add_row(
            words(share(language, b.probability, 0)),
            words(share(language, b.right_share, 0)),
            Text(bar(b.right_share, 1.0, 20).ljust(20), style="blue"),
            words(number(language, b.n, 0)),
        )
    screen.print(table)


def show_drift(screen: Console, drift: Sequence[DriftMonth], language: str) -> None:
    """Print the months; where there is little room, the last figures are left out."""
    if not drift:
        return
    heading(screen, translate(language, "backtest.heading.drift"))
    titles = drift_headings(language)
    most = len(titles) if screen.width >= WIDE_FROM else NARROW_DRIFT
    table = plain_table((titles[0], "left"), *((title, "right") for title in titles[1:most]))
    for month in drift:
        table.add_row(*(words(cell) for cell in drift_row(language, month)[:most]))
    screen.print(table)
