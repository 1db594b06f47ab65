"""What the data cover, what they do not, and how the figures were made."""

from htpy import Element, Node, details, h3, li, p, section, summary, ul

from leitweg.domain.situation import ReleasedSituation
from leitweg.language import forms
from leitweg.language.catalogue import translate
from leitweg.language.causes import company_causes
from leitweg.language.held_back import held_back_sentences
from leitweg.language.sentences import told_sentence
from leitweg.reports.constants import constants_tables
from leitweg.reports.headings import section_heading
from leitweg.reports.tables import NUMBER, TEXT, grid


def _counts(released: ReleasedSituation, language: str) -> Element:
    coverage = released.coverage
    rows = [("cases", forms.number(language, coverage.cases, 0))]
    rows.append(("events", forms.number(language, coverage.events, 0)))
    if coverage.messages:
        rows.append(("messages", forms.number(language, coverage.messages, 0)))
    rows.append(("people", forms.number(language, coverage.people, 0)))
    rows.append(("units", forms.number(language, coverage.units, 0)))
    rows.append(("no_person", forms.share(language, coverage.events_without_person_share)))
    rows.append(("no_unit", forms.share(language, coverage.events_without_unit_share)))
    columns = [
        (translate(language, "report.coverage"), TEXT),
        (translate(language, "word.value"), NUMBER),
    ]
    cells = [[translate(language, f"report.coverage.{key}"), value] for key, value in rows]
    return grid(translate(language, "report.coverage"), columns, cells)


def coverage_section(released: ReleasedSituation, language: str) -> Element:
    """Return what is there, what is missing, and what that does to the figures."""
    notes = [told_sentence(language, note) for note in released.coverage.missing]
    notes += held_back_sentences(released, language)
    notes += [told_sentence(language, note) for note in released.notes]
    return section(id="coverage")[
        section_heading("coverage", language),
        h3[translate(language, "report.coverage.missing")],
        ul(".plain")[(li[note] for note in notes or [translate(language, "situation.complete")])],
        _counts(released, language),
    ]


def _parts(released: ReleasedSituation) -> list[str]:
    """Return the further parts of the method that this report uses."""
    parts = [("causes", bool(company_causes(released.figures).figures))]
    parts += [("network", bool(released.network.units)), ("load", bool(released.loads))]
    return [name for name, used in parts if used]


def method_section(released: ReleasedSituation, language: str) -> Element:
    """Return how handovers, periods and intervals are meant, with every constant."""
    rule = told_sentence(language, released.period.rule)
    paragraphs: list[Node] = [
        p[translate(language, "report.method.handover")],
        p[translate(language, "report.method.period", rule=rule)],
        p[translate(language, "report.method.interval", seed=released.seed)],
        p[translate(language, "report.method.line")],
        *(p[translate(language, f"report.method.{part}")] for part in _parts(released)),
        p[translate(language, f"report.method.{released.profile}", k=released.k)],
    ]
    return section(id="method")[
        section_heading("method", language),
        paragraphs,
        details[
            summary[translate(language, "report.method.constants")], constants_tables(language)
        ],
    ]
