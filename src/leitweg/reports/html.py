"""The report on the situation: one HTML file that stands alone, needs no script, and prints."""

from datetime import datetime

from htpy import (
    Element,
    Node,
    a,
    div,
    header,
    li,
    nav,
    p,
    section,
    ul,
)
from htpy import h1 as page_heading

from leitweg.charts.customer_line import draw_line_map
from leitweg.charts.findings import draw_findings
from leitweg.charts.flow import draw_flow
from leitweg.charts.matrix import draw_matrix
from leitweg.charts.picture import Picture
from leitweg.domain.situation import ReleasedSituation
from leitweg.language import forms
from leitweg.language.catalogue import translate
from leitweg.language.nothing_found import no_findings, nothing_found
from leitweg.reports.depth import (
    absent_section,
    causes_section,
    load_section,
    network_section,
)
from leitweg.reports.finding_cards import finding_card
from leitweg.reports.headings import CONTENTS, section_heading
from leitweg.reports.limits import coverage_section, method_section
from leitweg.reports.page import page_text
from leitweg.reports.pictures import picture_with_table
from leitweg.reports.summary import reading_section, summary_section
from leitweg.reports.tables import (
    figures_table,
    findings_table,
    links_table,
    matrix_table,
    units_table,
)

GROUPS = (
    ("overview", ("summary", "read", "findings")),
    ("where", ("flow", "matrix", "line", "causes")),
    ("who", ("network", "absent", "load")),
    ("ground", ("figures", "coverage", "method")),
)
"""The sections in the order of the page: what it comes to, then where, why, who, then figures."""


def _drawn(
    name: str, picture: Picture | None, table: list[Element], absent: str, language: str
) -> Element:
    inner: Node = p[translate(language, absent)]
    if picture is not None:
        inner = picture_with_table(picture, table, language)
    return section(id=name)[section_heading(name, language), inner]


def _pictures(released: ReleasedSituation, language: str) -> list[Element]:
    flow, matrix = draw_flow(released, language), draw_matrix(released, language)
    line = draw_line_map(released, language)
    nothing, no_line = "report.nothing_to_draw", "report.no_line"
    return [
        _drawn("flow", flow, links_table(released, language), nothing, language),
        _drawn("matrix", matrix, matrix_table(released, language), nothing, language),
        _drawn("line", line, units_table(released, language), no_line, language),
    ]


def _findings(released: ReleasedSituation, language: str) -> Element:
    picture = draw_findings(released, language)
    table = findings_table(released, language)
    nothing = [
        no_findings(released, language),
        *nothing_found(released, language),
    ]
    return section(id="findings")[
        section_heading("findings", language),
        None if released.findings else p[" ".join(nothing)],
        picture_with_table(picture, table, language) if picture else None,
        [finding_card(f, rank, language) for rank, f in enumerate(released.findings, 1)],
    ]


def _figures(released: ReleasedSituation, language: str) -> Element:
    return section(id="figures")[
        section_heading("figures", language), figures_table(released, language)
    ]


def _contents(language: str) -> Element:
    label = translate(language, "report.contents")
    return nav(id=CONTENTS, aria_label=label)[
        (
            div[p[translate(language, f"report.group.{group}")], _links(sections, language)]
            for group, sections in GROUPS
        )
    ]


def _links(sections: tuple[str, ...], language: str) -> Element:
    return ul[(li[a(href=f"#{name}")[translate(language, f"report.{name}")]] for name in sections)]


def _top(released: ReleasedSituation, language: str, generated_at: datetime) -> Element:
    made = translate(language, "report.made", date=forms.date_and_time(language, generated_at))
    profile = translate(language, f"profile.{released.profile}", k=released.k)
    return header[
        a(".skip", href="#findings")[translate(language, "report.skip")],
        p(".mark")["Leitweg"],
        page_heading[translate(language, "report.title")],
        p(".meta")[f"{made} · {translate(language, 'word.profile')}: {profile}"],
        _contents(language),
    ]


def situation_html(released: ReleasedSituation, language: str, generated_at: datetime) -> str:
    """Return the report as the text of one HTML file.

    Everything is inside: style, pictures, tables. Nothing is loaded from elsewhere and nothing
    runs; names from the data are escaped. The same input gives the same text.
    """
    return page_text(
        language,
        translate(language, "report.short"),
        _top(released, language, generated_at),
        [
            summary_section(released, language),
            reading_section(language),
            _findings(released, language),
            _pictures(released, language),
            causes_section(released, language),
            network_section(released, language),
            absent_section(released, language),
            load_section(released, language),
            _figures(released, language),
            coverage_section(released, language),
            method_section(released, language),
        ],
    )
