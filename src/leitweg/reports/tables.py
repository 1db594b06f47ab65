"""The tables of a report: every picture has one, and machines and screen readers read it."""

from collections.abc import Sequence

from htpy import Element, div, p, table, tbody, td, th, thead, tr

from leitweg.domain.situation import Figure, LinkRow, ReleasedSituation, UnitRow
from leitweg.language import forms
from leitweg.language.catalogue import translate
from leitweg.language.causes import largest_cause
from leitweg.language.figures import (
    figure_explanation,
    figure_interval,
    figure_label,
    figure_value,
    figures_without_value,
)
from leitweg.language.findings import certainty_words, finding_place, finding_price, kind_name
from leitweg.language.places import unit_name

MOST_ROWS = 50
TEXT, NUMBER, WIDE, VALUE, ONE_LINE = "", "n", "w", "v", "t"
Column = tuple[str, str]


def grid(
    label: str, columns: Sequence[Column], rows: Sequence[Sequence[str]], *, look: str = ""
) -> Element:
    """Return a table that scrolls sideways; the first column names the row.

    ``columns`` are pairs of heading and class: text, number, wide, value, or text on one line.
    The look ``quiet`` keeps the headings for screen readers only, where a heading above says the
    same; ``stack`` puts the cells of a row below one another on a narrow screen.
    """
    head = tr[(th(scope="col", class_=kind or None)[name] for name, kind in columns)]
    body = (
        tr[
            th(scope="row", class_=columns[0][1] or None)[row[0]],
            (
                td(class_=kind or None)[cell]
                for cell, (_, kind) in zip(row[1:], columns[1:], strict=True)
            ),
        ]
        for row in rows
    )
    inner = table[thead[head], tbody[body]]
    classes = f"scroll {look}".strip()
    return div(class_=classes, tabindex="0", role="region", aria_label=label)[inner]


def long_grid(
    language: str, label: str, columns: Sequence[Column], rows: Sequence[Sequence[str]]
) -> list[Element]:
    """Return a table of at most 50 rows, and a note that counts the rest."""
    parts = [grid(label, columns, rows[:MOST_ROWS])]
    if len(rows) > MOST_ROWS:
        rest = forms.number(language, len(rows) - MOST_ROWS, 0)
        parts.append(p(".note")[translate(language, "report.table.more", n=rest)])
    return parts


def _words(language: str, *keys: str) -> list[str]:
    return [translate(language, f"word.{key}") for key in keys]


def figures_table(released: ReleasedSituation, language: str) -> list[Element]:
    """Return the figures with interval and explanation, then those without a value, and why."""
    name, value, interval, what = _words(language, "figure", "value", "interval", "explanation")
    rows = [_figure_cells(f, language) for f in released.figures if f.value is not None]
    columns = [(name, TEXT), (value, NUMBER), (interval, NUMBER), (what, WIDE)]
    known = grid(translate(language, "report.figures"), columns, rows, look="stack")
    unknown = figures_without_value(language, released.figures)
    return [known] * bool(rows) + [p(".note")[sentence] for sentence in unknown]


def _figure_cells(figure: Figure, language: str) -> list[str]:
    return [
        figure_label(language, figure.name),
        figure_value(language, figure),
        figure_interval(language, figure),
        figure_explanation(language, figure.name),
    ]


def links_table(released: ReleasedSituation, language: str) -> list[Element]:
    """Return the links, those with the most waiting (without a clock: handovers) first."""
    clock = released.period.start_us is not None
    links = sorted(released.links, key=lambda x: _link_order(x, clock=clock))
    rows = [_link_cells(link, language) for link in links]
    names = _words(
        language, "from", "to", "handovers", "cases", "people", "waiting_median", "waiting_p90"
    )
    names += _words(language, "waiting_month", "holding_median")
    columns = [(name, TEXT if i < 2 else NUMBER) for i, name in enumerate(names)]
    if any(link.causes for link in links):
        columns.append((translate(language, "causes.column"), ONE_LINE))
        for row, link in zip(rows, links, strict=True):
            row.append("" if link.held_back else largest_cause(language, link.causes))
    return long_grid(language, translate(language, "word.links"), columns, rows)


def _link_order(link: LinkRow, *, clock: bool) -> tuple[bool, float, str, str]:
    amount = link.waiting_hours_per_month if clock else link.handovers
    return (link.held_back is not None, -(amount or 0.0), link.from_unit, link.to_unit)


def _link_cells(link: LinkRow, language: str) -> list[str]:
    if link.held_back:
        held = translate(language, "word.held_back")
        return [*_ends(link, language), held, *[""] * 6]
    return [
        *_ends(link, language),
        forms.number(language, link.handovers, 0),
        forms.number(language, link.cases, 0),
        forms.number(language, link.n_people, 0),
        forms.duration(language, link.waiting_hours_median),
        forms.duration(language, link.waiting_hours_p90),
        forms.hours_per_month(language, link.waiting_hours_per_month),
        forms.duration(language, link.holding_hours_median),
    ]


def _ends(link: LinkRow, language: str) -> tuple[str, str]:
    return unit_name(language, link.from_unit), unit_name(language, link.to_unit)


def matrix_table(released: ReleasedSituation, language: str) -> list[Element]:
    """Return the links of the matrix by sender and receiver."""
    links = sorted(released.links, key=lambda x: (x.from_unit, x.to_unit))
    rows = [
        [
            *_ends(link, language),
            translate(language, "word.held_back")
            if link.held_back
            else forms.number(language, link.handovers, 0),
            "" if link.held_back else forms.duration(language, link.waiting_hours_median),
        ]
        for link in links
    ]
    names = _words(language, "from", "to", "handovers", "waiting_median")
    columns = [(name, TEXT if i < 2 else NUMBER) for i, name in enumerate(names)]
    return long_grid(language, translate(language, "word.links"), columns, rows)


def units_table(released: ReleasedSituation, language: str) -> list[Element]:
    """Return the units of the customer line map, nearest to the customer first; persons by name."""
    names = _words(language, "unit", "stage", "people", "cases", "direct_share", "distance")
    names += _words(language, "weight", "holding_unit", "waiting_month", "interval")
    columns = [(name, TEXT if i < 2 else NUMBER) for i, name in enumerate(names)]
    by_name = released.level == "person"
    units = sorted(released.units, key=lambda unit: _unit_order(unit, by_name=by_name))
    rows = [_unit_cells(unit, language) for unit in units]
    return long_grid(language, translate(language, "word.units"), columns, rows)


def _unit_order(unit: UnitRow, *, by_name: bool) -> tuple[bool, float, str]:
    distance = None if by_name else unit.distance_handovers
    return (distance is None, distance or 0.0, unit.unit)


def _unit_cells(unit: UnitRow, language: str) -> list[str]:
    if unit.held_back:
        return [unit_name(language, unit.unit), translate(language, "word.held_back"), *[""] * 8]
    stage = unit.stage if unit.stage in ("front", "mixed", "back") else "unknown"
    waiting = unit.waiting_hours_per_month
    return [
        unit_name(language, unit.unit),
        translate(language, f"stage.{stage}"),
        forms.number(language, unit.people, 0),
        forms.number(language, unit.n_cases, 0),
        forms.share(language, unit.direct_share),
        forms.number(language, unit.distance_handovers, 2),
        forms.number(language, unit.customer_weight, 2),
        forms.duration(language, unit.holding_hours_median),
        forms.hours_per_month(language, waiting.value if waiting else None),
        forms.interval(language, waiting.low, waiting.high) if waiting else "",
    ]


def findings_table(released: ReleasedSituation, language: str) -> list[Element]:
    """Return the findings in their order."""
    names = _words(language, "rank", "kind", "place", "price", "cases", "certainty")
    kinds = (NUMBER, TEXT, TEXT, NUMBER, NUMBER, TEXT)
    rows = [
        [
            forms.number(language, rank, 0),
            kind_name(finding.kind, language),
            finding_place(finding, language),
            finding_price(finding, language),
            forms.number(language, finding.n_cases, 0),
            certainty_words(finding, language),
        ]
        for rank, finding in enumerate(released.findings, 1)
    ]
    columns = list(zip(names, kinds, strict=True))
    return long_grid(language, translate(language, "word.findings"), columns, rows)
