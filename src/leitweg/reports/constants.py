"""Every constant behind the report with its value, in groups."""

from dataclasses import asdict

from htpy import Element, h3

from leitweg.engine.work_rules import RULES
from leitweg.language import forms
from leitweg.language.catalogue import translate
from leitweg.reports.tables import NUMBER, TEXT, grid
from leitweg.situation.constants import CONSTANTS

_OF_CALENDARS = ("calendar_", "sitting_", "absence_")


def grouped_constants() -> dict[str, dict[str, float]]:
    """Return the constants by group: of the analysis, of working hours, of work and its waits."""
    rules = asdict(RULES)
    calendars = {name: value for name, value in rules.items() if name.startswith(_OF_CALENDARS)}
    work = {name: value for name, value in rules.items() if name not in calendars}
    return {"findings": asdict(CONSTANTS), "calendars": calendars, "work": work}


def constants_tables(language: str) -> list[Element]:
    """Return a heading and a table for each group."""
    parts = []
    for group, constants in grouped_constants().items():
        title = translate(language, f"report.method.constants.{group}")
        parts += [h3(".after")[title], _table(title, constants, language)]
    return parts


def _table(title: str, constants: dict[str, float], language: str) -> Element:
    columns = [
        (translate(language, "report.method.constant"), TEXT),
        (translate(language, "word.value"), NUMBER),
    ]
    rows = [
        [translate(language, f"constant.{name}"), _written(value, language)]
        for name, value in constants.items()
    ]
    return grid(title, columns, rows)


def _written(value: float, language: str) -> str:
    digits = 0 if float(value).is_integer() else 2 if value >= 0.01 else 3
    return forms.number(language, value, digits)
