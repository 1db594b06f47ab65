"""The causes of waiting on a terminal."""

from rich.console import Console
from rich.text import Text

from leitweg.cli.screen import bar, clean, heading, plain_table, shorten, words
from leitweg.domain.situation import CAUSES, ReleasedSituation, UnitRow
from leitweg.language.catalogue import has_text, translate
from leitweg.language.causes import (
    CompanyCauses,
    cause_answer,
    cause_name,
    causes_summary,
    company_causes,
    largest_cause,
    share_of_waiting,
)
from leitweg.language.forms import hours_per_month
from leitweg.language.places import unit_name

MOST_UNITS = 5
NAME = 34
COLOURS = {
    "batching": "yellow",
    "contention": "red",
    "prioritisation": "magenta",
    "unavailability": "blue",
    "extraneous": "dim",
}


def _company(screen: Console, causes: CompanyCauses, language: str) -> None:
    table = plain_table(*[("", "left")] * 2, ("", "right"), ("", "right"), header=False)
    width = max(10, min(30, screen.width - 52))
    for cause in sorted(causes.figures, key=lambda c: (-causes.share(c), CAUSES.index(c))):
        part = causes.share(cause)
        table.add_row(
            words(cause_name(language, cause)),
            Text(bar(part, 1.0, width), style=COLOURS[cause]),
            words(share_of_waiting(language, part)),
            words(hours_per_month(language, causes.figures[cause].value)),
        )
    screen.print(table)


def _units(screen: Console, units: list[UnitRow], language: str) -> None:
    table = plain_table(
        (translate(language, "word.unit"), "left"),
        (translate(language, "causes.column"), "left"),
        (translate(language, "word.waiting_month"), "right"),
    )
    for unit in units[:MOST_UNITS]:
        table.add_row(
            words(
                shorten(clean(unit_name(language, unit.unit)), NAME if screen.width >= 90 else 26)
            ),
            words(largest_cause(language, unit.causes)),
            words(hours_per_month(language, sum(unit.causes.values()))),
        )
    screen.print(table)


def show_causes(screen: Console, released: ReleasedSituation, language: str) -> None:
    """Print why customers wait, or why that cannot be told and what would help."""
    causes = company_causes(released.figures)
    heading(screen, translate(language, "report.causes"))
    screen.print(words(causes_summary(language, causes)))
    if not causes.total:
        key = f"causes.help.{causes.why}"
        if has_text(key):
            screen.print(words(translate(language, key), "dim"))
        return
    largest = max(causes.figures, key=causes.share)
    screen.print(words(cause_answer(language, largest)))
    if causes.estimated:
        screen.print(words(translate(language, "causes.estimated"), "dim"))
    _company(screen, causes, language)
    units = [u for u in released.units if sum(u.causes.values()) > 0]
    # persons, in an open log without units, stand by name
    by_name = released.level == "person"
    units.sort(key=lambda u: (0.0 if by_name else -sum(u.causes.values()), u.unit))
    if units:
        screen.print()
        _units(screen, units, language)
