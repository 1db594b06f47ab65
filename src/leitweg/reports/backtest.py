"""A backtest as one HTML page that stands alone, needs no script, and prints."""

from datetime import datetime

from htpy import Element, Node, div, header, li, p, section, ul
from htpy import h1 as page_heading
from htpy import h2 as heading

from leitweg.charts.backtest import draw_panels
from leitweg.domain.routing_answers import ReleasedBacktest
from leitweg.language import forms
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
from leitweg.reports.backtest_picture import panels_with_table
from leitweg.reports.page import page_text
from leitweg.reports.tables import NUMBER, TEXT, WIDE, grid, long_grid


def backtest_html(released: ReleasedBacktest, language: str, generated_at: datetime) -> str:
    """Return the page of a backtest as the text of one HTML file.

    Nothing is loaded from elsewhere and nothing runs; names from the data are escaped. The same
    input gives the same text.
    """
    sections: list[Node] = [
        _picture(released, language),
        _figures(released, language),
        _baselines(released, language),
        _drift(released, language),
        _notes(released, language),
    ]
    title = translate(language, "backtest.title")
    return page_text(language, title, _top(released, language, generated_at), sections)


def _top(released: ReleasedBacktest, language: str, generated_at: datetime) -> Element:
    made = translate(language, "backtest.made", date=forms.date_and_time(language, generated_at))
    return header[
        p(".mark")["Leitweg"],
        page_heading[translate(language, "backtest.title")],
        p(".meta")[f"{made} · {question_text(language, released)}"],
        (p[sentence] for sentence in summary(language, released)),
    ]


def _picture(released: ReleasedBacktest, language: str) -> Element:
    table = [*_curve_table(released, language), *_bins_table(released, language)]
    title = translate(language, "backtest.chart.title")
    panels = draw_panels(released, language)
    inner: Node = panels_with_table(panels, title, table, language) if panels else div[table]
    return section(id="trust")[heading[title], inner]


def _curve_table(released: ReleasedBacktest, language: str) -> list[Element]:
    columns = [
        (translate(language, "backtest.threshold"), NUMBER),
        (translate(language, "backtest.chart.coverage"), NUMBER),
        (translate(language, "backtest.chart.accuracy"), NUMBER),
    ]
    rows = [
        [forms.share(language, x, 1) for x in (point.threshold, point.coverage, point.accuracy)]
        for point in released.curve
    ]
    return long_grid(language, translate(language, "backtest.heading.curve"), columns, rows)


def _bins_table(released: ReleasedBacktest, language: str) -> list[Element]:
    columns = [
        (translate(language, "backtest.chart.said"), NUMBER),
        (translate(language, "backtest.chart.right"), NUMBER),
        (translate(language, "word.cases"), NUMBER),
    ]
    rows = [
        [
            forms.share(language, b.probability, 1),
            forms.share(language, b.right_share, 1),
            forms.number(language, b.n, 0),
        ]
        for b in released.bins
        if b.n
    ]
    return [grid(translate(language, "backtest.heading.bins"), columns, rows)]


def _figures(released: ReleasedBacktest, language: str) -> Element:
    columns = [
        (translate(language, "word.figure"), TEXT),
        (translate(language, "word.value"), NUMBER),
        (translate(language, "word.explanation"), WIDE),
    ]
    title = translate(language, "backtest.heading.figures")
    rows = figure_rows(language, released)
    return section(id="figures")[heading[title], grid(title, columns, rows, look="stack")]


def _baselines(released: ReleasedBacktest, language: str) -> Element | None:
    if not released.baselines:
        return None
    columns = [
        (translate(language, "backtest.rule"), TEXT),
        (translate(language, "backtest.figure.top1"), NUMBER),
        (translate(language, "backtest.figure.top3"), NUMBER),
    ]
    title = translate(language, "backtest.heading.baselines")
    return section(id="rules")[
        heading[title], grid(title, columns, baseline_rows(language, released))
    ]


def _drift(released: ReleasedBacktest, language: str) -> Element | None:
    if not released.drift:
        return None
    first, *others = drift_headings(language)
    columns = [(first, TEXT), *((name, NUMBER) for name in others)]
    title = translate(language, "backtest.heading.drift")
    rows = [drift_row(language, month) for month in released.drift]
    return section(id="months")[
        heading[title],
        div(".slide")[
            p(".hint.note")[translate(language, "backtest.slide")],
            long_grid(language, title, columns, rows),
        ],
    ]


def _notes(released: ReleasedBacktest, language: str) -> Element:
    return section(id="notes")[
        heading[translate(language, "backtest.heading.notes")],
        ul(".plain")[(li[sentence] for sentence in reading_texts(language, released))],
    ]
