"""The situation on a terminal, from the headline down to what the data do not cover."""

from pathlib import Path

from rich.console import Console
from rich.text import Text

from leitweg.cli.causes_screen import show_causes
from leitweg.cli.findings_screen import show_findings
from leitweg.cli.network_screen import show_load, show_network
from leitweg.cli.screen import console, heading, joined_at_dots, lines, plain_table, words
from leitweg.cli.units_screen import show_links, show_units
from leitweg.domain.situation import Coverage, ReleasedSituation
from leitweg.language.catalogue import translate
from leitweg.language.figures import (
    figure_interval,
    figure_label,
    figure_value,
    figures_without_value,
)
from leitweg.language.forms import count, first_and_last_day, number
from leitweg.language.held_back import all_held_back, held_back_sentences, is_all_held_back
from leitweg.language.sentences import told_sentence

MOST_NAMES = 6
KEY_FIGURES = (
    "waiting_hours_per_month",
    "waiting_hours_per_month_in_findings",
    "waiting_customer_hours_per_month",
    "waiting_share",
    "time_to_right_contact_hours_median",
    "cycle_time_hours_median",
    "handovers_unit_per_case",
    "ping_pong_unit_share",
    "right_first_time_share",
    "first_contact_resolution_share",
    "reopened_share",
    "open_cases",
)


def _period(released: ReleasedSituation, language: str) -> str:
    period = released.period
    if period.start_us is None or period.end_us is None:
        return translate(language, "situation.no_period")
    ends = first_and_last_day(language, period.start_us, period.end_us, period.zone)
    between = translate(language, "form.between", **ends)
    months = translate(language, "count.month.other", n=number(language, period.months, 1))
    return f"{between} ({months})"


def _scope(coverage: Coverage, language: str, width: int) -> str:
    parts = [count(language, "case", coverage.cases), count(language, "event", coverage.events)]
    if coverage.messages:
        parts.append(count(language, "message", coverage.messages))
    if coverage.people is not None:
        parts.append(count(language, "person", coverage.people))
    parts.append(count(language, "unit", coverage.units))
    return joined_at_dots(parts, width)


def _header(screen: Console, released: ReleasedSituation, language: str) -> None:
    title = f"Leitweg · {translate(language, 'situation.title')}"
    screen.print(Text(title, style="bold white on blue"), end="")
    screen.print(words(f"  {_period(released, language)}"))
    screen.print(lines(_scope(released.coverage, language, screen.width)))
    profile = translate(language, f"profile.{released.profile}", k=released.k)
    screen.print(words(f"{translate(language, 'word.profile')}: {profile}", "dim"))


def _figures(screen: Console, released: ReleasedSituation, language: str) -> None:
    if is_all_held_back(released):
        heading(screen, translate(language, "situation.key_figures"))
        screen.print(words(all_held_back(released, language)))
        return
    known = {figure.name: figure for figure in released.figures}
    shown = [known[n] for n in KEY_FIGURES if n in known and known[n].value is not None]
    if not shown:
        return
    heading(screen, translate(language, "situation.key_figures"))
    interval = translate(language, "word.interval")
    table = plain_table(("", "wide"), ("", "right"), (interval, "left"))
    table.expand = False
    for figure in shown:
        strong = "bold" if figure.name == KEY_FIGURES[0] else ""
        table.add_row(
            words(figure_label(language, figure.name), strong),
            words(figure_value(language, figure), strong),
            words(figure_interval(language, figure), "dim"),
        )
    screen.print(table)


def _bullet(screen: Console, text: str) -> None:
    table = plain_table(("", "left"), ("", "wide"), header=False)
    table.add_row("•", words(text))
    screen.print(table)


def _coverage(screen: Console, released: ReleasedSituation, language: str) -> None:
    heading(screen, translate(language, "situation.coverage"))
    coverage = released.coverage
    told = [told_sentence(language, sentence) for sentence in coverage.missing]
    told += figures_without_value(language, released.figures, most=MOST_NAMES)
    told += held_back_sentences(released, language)
    told += [told_sentence(language, note) for note in released.notes]
    for sentence in told or [translate(language, "situation.complete")]:
        _bullet(screen, sentence)


def show_situation(
    released: ReleasedSituation,
    language: str,
    *,
    screen: Console | None = None,
    workspace: Path | None = None,
) -> None:
    """Print the situation from the headline to the findings, then why, who with whom, and limits.

    It fits 80 columns, uses more where there are more, and reads the same without colour.
    """
    target = screen or console()
    _header(target, released, language)
    _figures(target, released, language)
    show_findings(target, released, language)
    if released.coverage.cases or released.coverage.messages:
        show_units(target, released, language)
        show_links(target, released, language)
    show_causes(target, released, language)
    show_network(target, released, language)
    show_load(target, released, language)
    _coverage(target, released, language)
    if workspace is None:
        target.print()
        target.print(words(translate(language, "situation.next"), "dim"))
