"""A breakdown as one HTML page that stands alone, needs no script, and prints."""

from datetime import datetime

from htpy import Element, Node, div, header, li, p, section, ul
from htpy import h1 as page_heading
from htpy import h2 as heading

from leitweg.charts.breakdown import draw_breakdown
from leitweg.domain.breakdown import Cell, ReleasedBreakdown
from leitweg.language import forms
from leitweg.language.breakdown import (
    attribute_text,
    cell_text,
    cell_with_interval,
    group_text,
    measure_text,
    notes_of,
    period_text,
    title_text,
)
from leitweg.language.catalogue import translate
from leitweg.reports.page import page_text
from leitweg.reports.pictures import picture_with_table
from leitweg.reports.tables import NUMBER, TEXT, grid, long_grid


def breakdown_html(released: ReleasedBreakdown, language: str, generated_at: datetime) -> str:
    """Return the page of a breakdown as the text of one HTML file.

    Nothing is loaded from elsewhere and nothing runs; names from the data are escaped. The same
    input gives the same text.
    """
    return page_text(
        language,
        title_text(language, released),
        _top(released, language, generated_at),
        [_table(released, language), _notes(released, language)],
    )


def _top(released: ReleasedBreakdown, language: str, generated_at: datetime) -> Element:
    made = translate(language, "compare.made", date=forms.date_and_time(language, generated_at))
    profile = translate(language, f"profile.{released.profile}", k=released.k)
    return header[
        p(".mark")["Leitweg"],
        page_heading[title_text(language, released)],
        p(".meta")[f"{made} · {translate(language, 'word.profile')}: {profile}"],
    ]


def _table(released: ReleasedBreakdown, language: str) -> Element:
    table = breakdown_table(released, language)
    picture = draw_breakdown(released, language)
    inner: Node = picture_with_table(picture, table, language) if picture else div[table]
    return section(id="breakdown")[
        heading[measure_text(language, released)], p[period_text(language, released)], inner
    ]


def breakdown_table(released: ReleasedBreakdown, language: str) -> list[Element]:
    """Return the table with its totals; that of one attribute with people and intervals."""
    if released.columns:
        return _two_way(released, language)
    (first, *_), of = released.question.by, released.question.of
    columns = [
        (attribute_text(language, first), TEXT),
        (measure_text(language, released), NUMBER),
        (translate(language, "word.interval"), NUMBER),
        (translate(language, "word.people"), NUMBER),
    ]
    rows = [
        _row(group_text(language, group, first), cell, of, language)
        for group, cell in zip(released.rows, released.row_totals, strict=True)
    ]
    total = [_row(translate(language, "breakdown.total"), released.total, of, language)]
    rows += total if released.noise is None else []
    return long_grid(language, title_text(language, released), columns, rows)


def _row(name: str, cell: Cell, of: str, language: str) -> list[str]:
    people = forms.missing(language) if cell.n_people is None else str(cell.n_people)
    ends = forms.interval(language, cell.low, cell.high)
    return [name, cell_text(language, cell, of), ends, people]


def _two_way(released: ReleasedBreakdown, language: str) -> list[Element]:
    first, second = released.question.by
    has_totals = released.noise is None
    total = translate(language, "breakdown.total")
    rests = [released.rest_of(row) for row in range(len(released.rows))]
    has_rests = any(rest is not None for rest in rests)
    names = [group_text(language, group, second) for group in released.columns]
    names += [translate(language, "breakdown.rest")] * has_rests + [total] * has_totals
    columns = [(attribute_text(language, first), TEXT), *((name, NUMBER) for name in names)]
    of = released.question.of
    rows = []
    for i, group in enumerate(released.rows):
        cells = [cell_with_interval(language, cell, of) for cell in released.cells[i]]
        rest = "" if rests[i] is None else cell_text(language, Cell(rests[i]), of)
        cells += [rest] * has_rests
        cells += [cell_with_interval(language, released.row_totals[i], of)] * has_totals
        rows.append([group_text(language, group, first), *cells])
    if has_totals:
        foot = [cell_with_interval(language, cell, of) for cell in released.column_totals]
        whole = cell_with_interval(language, released.total, of)
        rows.append([total, *foot, *[""] * has_rests, whole])
    return [grid(title_text(language, released), columns, rows)]


def _notes(released: ReleasedBreakdown, language: str) -> Element:
    return section(id="notes")[
        heading[translate(language, "breakdown.notes")],
        ul(".plain")[(li[sentence] for sentence in notes_of(language, released))],
    ]
