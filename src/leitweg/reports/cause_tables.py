"""The tables of the causes of waiting: of the company and its units, and what each cause means."""

from collections.abc import Mapping

from htpy import Element, Node, b, li, p, span, ul

from leitweg.charts.picture import CAUSE_COLOURS
from leitweg.domain.situation import CAUSES, ReleasedSituation, UnitRow
from leitweg.language import forms
from leitweg.language.catalogue import has_text, translate
from leitweg.language.causes import (
    CompanyCauses,
    cause_answer,
    cause_meaning,
    cause_name,
    company_causes,
    share_of_waiting,
)
from leitweg.language.places import unit_name
from leitweg.reports.tables import NUMBER, TEXT, long_grid


def causes_table(released: ReleasedSituation, language: str) -> list[Element]:
    """Return the hours per month by cause: the company first, then its units."""
    company = company_causes(released.figures)
    names = [translate(language, "word.place")]
    names += [cause_name(language, cause) for cause in CAUSES]
    names.append(translate(language, "word.waiting_month"))
    columns = [(name, NUMBER if i else TEXT) for i, name in enumerate(names)]
    hours = {cause: figure.value or 0.0 for cause, figure in company.figures.items()}
    rows = [_cells(translate(language, "word.company"), hours, language)]
    # from estimated starts nothing is known of single places
    units = _ordered(released) if any(u.causes for u in released.units) else []
    rows += [_unit_cells(unit, language) for unit in units]
    return long_grid(language, translate(language, "report.causes"), columns, rows)


def _ordered(released: ReleasedSituation) -> list[UnitRow]:
    """Return the units with the most waiting first; persons by name."""
    by_name = released.level == "person"

    def order(unit: UnitRow) -> tuple[bool, float, str]:
        waiting = 0.0 if by_name else -sum(unit.causes.values())
        return (unit.held_back is not None, waiting, unit.unit)

    return sorted(released.units, key=order)


def _cells(place: str, causes: Mapping[str, float], language: str) -> list[str]:
    total = sum(causes.values())
    hours = [_hours(causes.get(cause, 0.0), total, language) for cause in CAUSES]
    return [place, *hours, forms.hours_per_month(language, total)]


def _hours(hours: float, total: float, language: str) -> str:
    part = share_of_waiting(language, hours / total if total else 0.0)
    return f"{forms.number(language, hours)} ({part})"


def _unit_cells(unit: UnitRow, language: str) -> list[str]:
    name = unit_name(language, unit.unit)
    if unit.held_back:
        return [name, translate(language, "word.held_back"), *[""] * 5]
    if not unit.causes:
        return [name, forms.missing(language), *[""] * 5]
    return _cells(name, unit.causes, language)


def causes_list(company: CompanyCauses, language: str) -> Element:
    """Return what each cause means and which kind of measure answers it, the largest first."""
    ordered = sorted(company.figures, key=lambda c: (-company.share(c), CAUSES.index(c)))
    return ul(".causes")[(_cause(cause, company, language) for cause in ordered)]


def _cause(cause: str, company: CompanyCauses, language: str) -> Element:
    figure = company.figures[cause]
    hours = forms.hours_per_month(language, figure.value)
    known = figure.low != figure.high
    ends = forms.interval(language, figure.low, figure.high) if known else ""
    amount = f"{share_of_waiting(language, company.share(cause))}, {hours}"
    mark = span(".swatch", style=f"background:{CAUSE_COLOURS[cause]}", aria_hidden="true")
    return li[
        mark,
        b[cause_name(language, cause)],
        span(".amount")[f"{amount} ({ends})" if ends else amount],
        p[cause_meaning(language, cause), " ", cause_answer(language, cause)],
    ]


def causes_help(company: CompanyCauses, language: str) -> Node:
    """Return what would let the causes be told, where something would."""
    key = f"causes.help.{company.why}"
    return p(".note")[translate(language, key)] if company.why and has_text(key) else None
