"""One card for each finding: what, where, what it costs, how sure, why, and where to look next."""

from htpy import Element, Node, article, dd, div, dl, dt, h3, h4, p, span

from leitweg.domain.findings import Finding
from leitweg.language import forms
from leitweg.language.catalogue import translate
from leitweg.language.evidence import evidence_label, evidence_rows, evidence_value
from leitweg.language.findings import (
    certainty_words,
    finding_counterfactual,
    finding_meaning,
    finding_next,
    finding_place,
    finding_router,
    finding_title,
    kind_name,
)
from leitweg.language.reasons import reason_text
from leitweg.reports.headings import anchor
from leitweg.reports.summary import price_span
from leitweg.reports.tables import TEXT, VALUE, grid

FULL, HOLLOW, MOST = "●", "○", 5
CASE_IDS = "case_ids"


def _dots(certainty: float) -> str:
    full = max(0, min(MOST, round(certainty * MOST)))
    return FULL * full + HOLLOW * (MOST - full)


def _facts(finding: Finding, language: str) -> Element:
    facts: list[tuple[str, Node]] = [("cases", forms.number(language, finding.n_cases, 0))]
    if finding.n_people is not None:
        facts.append(("people", forms.number(language, finding.n_people, 0)))
    if finding.n_handovers:
        facts.append(("handovers", forms.number(language, finding.n_handovers, 0)))
    dots = span(".dots", aria_hidden="true")[_dots(finding.certainty)]
    facts.append(("certainty", [dots, " ", certainty_words(finding, language)]))
    return dl(".facts")[
        (div[dt[translate(language, f"report.card.{key}")], dd[value]] for key, value in facts)
    ]


def _part(key: str, text: str, language: str) -> Node:
    return text and [h4[translate(language, f"report.card.{key}")], p[text]]


def _evidence(finding: Finding, language: str) -> Node:
    facts = {name: value for name, value in finding.evidence.items() if name != CASE_IDS}
    rows = evidence_rows(language, facts)
    cases = finding.evidence.get(CASE_IDS)
    if not rows and not cases:
        return None
    title = translate(language, "report.card.evidence")
    columns = [(title, TEXT), (translate(language, "word.value"), VALUE)]
    ids = f"{evidence_label(language, CASE_IDS)}: {evidence_value(language, CASE_IDS, cases)}"
    return div[
        h4[title],
        grid(title, columns, rows, look="quiet") if rows else None,
        p(".ids")[ids] if cases else None,
    ]


def _place(finding: Finding, language: str) -> Node:
    title = finding_title(finding, language)
    named = (finding.unit, finding.from_unit, finding.to_unit, *finding.where.values())
    if any(named) and all(name in title for name in named if name):
        return None
    return p(".meta")[finding_place(finding, language)]


def _missing_price(finding: Finding, language: str) -> Node:
    reason = reason_text(language, finding.held_back or finding.why)
    if finding.price is not None or not reason:
        return None
    return p(".note")[f"{translate(language, 'finding.price.none')}: {reason}."]


def finding_card(finding: Finding, rank: int, language: str) -> Element:
    """Return the card of one finding."""
    price = price_span(finding, language) if finding.price else None
    return article(
        class_=["card", {"saved": finding.kind == "smooth_link"}], id=anchor(finding, rank)
    )[
        div(".card-head")[
            div[
                span(".badge")[f"{rank}. {kind_name(finding.kind, language)}"],
                h3[finding_title(finding, language)],
            ],
            price,
        ],
        _place(finding, language),
        _facts(finding, language),
        _missing_price(finding, language),
        div(".body")[
            div[
                _part("meaning", finding_meaning(finding, language), language),
                _part("next", finding_next(finding, language), language),
                _part("price", finding_counterfactual(finding, language), language),
                _part("router", finding_router(finding, language), language),
            ],
            _evidence(finding, language),
        ],
    ]
