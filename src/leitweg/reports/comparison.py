"""A comparison as one HTML page that stands alone, needs no script, and prints."""

from collections.abc import Sequence
from datetime import datetime

from htpy import (
    Element,
    Node,
    details,
    header,
    li,
    p,
    section,
    summary,
    ul,
)
from htpy import h1 as page_heading
from htpy import h2 as heading

from leitweg.charts.comparison import draw_changes, draw_places
from leitweg.charts.picture import Picture
from leitweg.domain.comparison import ReleasedComparison
from leitweg.language import forms
from leitweg.language.catalogue import translate
from leitweg.language.comparison import (
    mix_sentence,
    summary_sentence,
    told_notes,
    volume_sentence,
    worded,
)
from leitweg.reports.comparison_tables import (
    changes_table,
    findings_table,
    mix_table,
    places_table,
    sides_table,
)
from leitweg.reports.page import page_text
from leitweg.reports.pictures import picture_with_table


def comparison_html(released: ReleasedComparison, language: str, generated_at: datetime) -> str:
    """Return the page of a comparison as the text of one HTML file.

    Nothing is loaded from elsewhere and nothing runs; names from the data are escaped. The same
    input gives the same text.
    """
    return page_text(
        language,
        translate(language, "compare.short"),
        _top(released, language, generated_at),
        [
            _summary(released, language),
            _figures(released, language),
            _places(released, language),
            _findings(released, language),
            _mix(released, language),
            _notes(released, language),
        ],
    )


def _top(released: ReleasedComparison, language: str, generated_at: datetime) -> Element:
    made = translate(language, "compare.made", date=forms.date_and_time(language, generated_at))
    profile = translate(language, f"profile.{released.profile}", k=released.k)
    return header[
        p(".mark")["Leitweg"],
        page_heading[worded(language, "compare.title", released.kind)],
        p(".meta")[f"{made} · {translate(language, 'word.profile')}: {profile}"],
    ]


def _section(name: str, language: str, *inner: Node) -> Element:
    return section(id=name)[heading[translate(language, f"compare.{name}")], inner]


def _summary(released: ReleasedComparison, language: str) -> Element:
    told = [summary_sentence(released, language), volume_sentence(released, language)]
    return section(id="summary")[
        heading[translate(language, "compare.page.summary")],
        p(".lead")[" ".join(sentence for sentence in told if sentence)],
        sides_table(released, language),
    ]


def _figures(released: ReleasedComparison, language: str) -> Element:
    table = changes_table(released, language)
    picture = draw_changes(released, language)
    return _section(
        "figures",
        language,
        p[worded(language, "compare.explained", released.kind)],
        _drawn(picture, table, language),
    )


def _drawn(picture: Picture | None, table: Sequence[Element], language: str) -> Node:
    return picture_with_table(picture, table, language) if picture else list(table)


def _places(released: ReleasedComparison, language: str) -> list[Element]:
    return [
        _section(
            name,
            language,
            _drawn(
                draw_places(released, language, name),
                places_table(released, name, language),
                language,
            ),
        )
        for name, rows in (("units", released.units), ("links", released.links))
        if rows
    ]


def _findings(released: ReleasedComparison, language: str) -> Element:
    inner: Node = p[translate(language, "compare.no_findings")]
    if released.findings:
        inner = findings_table(released, language)
    return _section("findings", language, inner)


def _mix(released: ReleasedComparison, language: str) -> Node:
    if not released.mix.topics:
        return None
    return _section(
        "mix",
        language,
        p[mix_sentence(released, language)],
        details[summary[translate(language, "compare.mix.table")], mix_table(released, language)],
    )


def _notes(released: ReleasedComparison, language: str) -> Element:
    told = told_notes(released, language)
    return _section("notes", language, ul(".plain")[(li[sentence] for sentence in told)])
