"""What a router learnt on a terminal: from how much, and how it held week by week."""

from rich.console import Console
from rich.text import Text

from leitweg.cli.screen import console, heading, plain_table, words
from leitweg.language.catalogue import translate
from leitweg.language.learning import drift_cells, drift_headings, drift_title, learnt_text
from leitweg.routing.drift import DriftWeek
from leitweg.studies.drift import Drift
from leitweg.studies.learning import Learnt

WIDE_FROM = 124
NARROW = 6
"""Columns that fit 80 columns: week, routed, judged, and the first three figures."""


def show_learnt(learnt: Learnt, language: str, *, screen: Console | None = None) -> None:
    """Print what was learnt; it fits 80 columns and reads the same without colour."""
    target = screen or console()
    title = f"Leitweg · {translate(language, 'learn.title')}"
    target.print(Text(title, style="bold white on blue"))
    target.print()
    for one in learnt.levels:
        told = learnt_text(
            language,
            one.level,
            cases=one.cases,
            from_journal=one.from_journal,
            contacts=one.contacts,
            seconds=one.seconds,
        )
        target.print(words(told))
    weeks = [one for one in learnt.drift if one.weeks]
    for drift in weeks:
        _drift(target, drift, language)
    if not weeks:
        target.print()
        target.print(words(translate(language, "learn.no_drift"), "dim"))


def _drift(screen: Console, drift: Drift, language: str) -> None:
    heading(screen, drift_title(language, drift.level))
    titles = drift_headings(language)
    most = len(titles) if screen.width >= WIDE_FROM else NARROW
    table = plain_table((titles[0], "left"), *((title, "right") for title in titles[1:most]))
    for week in drift.weeks:
        table.add_row(*(words(cell) for cell in _cells(week, language)[:most]))
    screen.print(table)


def _cells(week: DriftWeek, language: str) -> list[str]:
    values = (
        *(week.top1, week.top3, week.ece, week.log_loss),
        *(week.someone_new, week.unseen_share, week.load_gini, week.override_share),
    )
    return drift_cells(language, week.week, (week.n_routed, week.n_judged), values)
