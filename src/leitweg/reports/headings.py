"""The heading of a section, with the way back to the contents."""

from collections.abc import Sequence

from htpy import Element, Node, a, h2, li, p, ul

from leitweg.domain.findings import Finding
from leitweg.language.catalogue import translate
from leitweg.language.findings import finding_title

CONTENTS = "contents"
FIRST = "summary"


def section_heading(name: str, language: str) -> Element:
    """Return the heading of the section of that name."""
    back = translate(language, "report.contents")
    if name == FIRST:
        return h2[translate(language, f"report.{name}")]
    return h2[
        translate(language, f"report.{name}"),
        a(".up", href=f"#{CONTENTS}", aria_label=f"↑ {back}")["↑ ", back],
    ]


def anchor(finding: Finding, rank: int) -> str:
    """Return the place of a finding's card on the page."""
    return f"{finding.kind}-{rank}"


def findings_of_kind(findings: Sequence[Finding], kinds: Sequence[str], language: str) -> Node:
    """Return links to the cards of these kinds, or nothing where there are none."""
    found = [(rank, f) for rank, f in enumerate(findings, 1) if f.kind in kinds]
    if not found:
        return None
    links = (
        li[a(href=f"#{anchor(f, rank)}")[f"{rank}. {finding_title(f, language)}"]]
        for rank, f in found
    )
    return [p(".related")[translate(language, "report.related")], ul(".plain")[links]]
