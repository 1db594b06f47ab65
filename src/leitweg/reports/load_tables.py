"""The tables of who carries much: the load of units and positions, and the key positions."""

from htpy import Element, Node, h3, p

from leitweg.domain.findings import Finding
from leitweg.domain.situation import LoadRow, ReleasedSituation
from leitweg.language import forms
from leitweg.language.catalogue import translate
from leitweg.language.evidence import evidence_value
from leitweg.language.findings import finding_price
from leitweg.language.load import load_place, ordered_loads
from leitweg.language.reasons import reason_text
from leitweg.reports.tables import NUMBER, TEXT, grid, long_grid

KEY_FACTS = ("holders", "customer_weight_share", "reach_lost_share", "broker_share")


def load_table(released: ReleasedSituation, language: str) -> list[Element]:
    """Return the load of units and positions, the fullest first, and what the columns mean."""
    keys = ("word.place", "word.people", "load.hours", "load.utilisation", "word.interval")
    more = ("load.busy", "load.backlog", "load.top")
    names = [translate(language, key) for key in (*keys, *more)]
    columns = [(name, NUMBER if i else TEXT) for i, name in enumerate(names)]
    rows = [_cells(row, language) for row in ordered_loads(released.loads, released.level)]
    parts = long_grid(language, translate(language, "report.load"), columns, rows)
    return [*parts, p(".note")[translate(language, "load.read")]]


def _cells(row: LoadRow, language: str) -> list[str]:
    if row.held_back:
        return [load_place(row), translate(language, "word.held_back"), *[""] * 6]
    hours, use = row.working_hours_per_month, row.utilisation
    filled = forms.share(language, use.value, 0) if use else _why(row, language)
    return [
        load_place(row),
        forms.number(language, row.people, 0),
        forms.hours_per_month(language, hours.value if hours else None),
        filled,
        forms.share_interval(language, use.low, use.high, 0) if use else "",
        forms.share(language, row.busy_weeks_share, 0),
        forms.number(language, row.backlog_median),
        forms.share(language, row.top_share, 0),
    ]


def _why(row: LoadRow, language: str) -> str:
    reason = reason_text(language, row.why)
    return f"{forms.missing(language)} ({reason})" if reason else forms.missing(language)


def key_positions(released: ReleasedSituation, language: str) -> list[Node]:
    """Return the key positions with what makes them so, or that none is known."""
    found = [f for f in released.findings if f.kind == "key_position"]
    title = h3(".after")[translate(language, "report.key_positions")]
    if not found:
        return [title, p[translate(language, "report.key_positions.none")]]
    names = [translate(language, "word.position"), translate(language, "word.unit")]
    names += [translate(language, f"key_position.{fact}") for fact in KEY_FACTS]
    names += [translate(language, "key_position.skill"), translate(language, "word.price")]
    kinds = (TEXT, TEXT, *[NUMBER] * len(KEY_FACTS), TEXT, NUMBER)
    columns = list(zip(names, kinds, strict=True))
    rows = [_position_cells(finding, language) for finding in found]
    table = grid(translate(language, "report.key_positions"), columns, rows)
    return [title, p[translate(language, "report.key_positions.explanation")], table]


def _position_cells(finding: Finding, language: str) -> list[str]:
    facts = [evidence_value(language, fact, finding.evidence.get(fact)) for fact in KEY_FACTS]
    position = finding.where.get("position") or forms.missing(language)
    skill = _skill(finding, language)
    return [position, finding.unit or "", *facts, skill, finding_price(finding, language)]


def _skill(finding: Finding, language: str) -> str:
    """Return the rarest skill that the position needs, with the number of people who have it."""
    skill, holders = (finding.evidence.get(f"scarce_skill{end}") for end in ("", "_holders"))
    if not skill:
        return forms.missing(language)
    if not isinstance(holders, int | float):
        return str(skill)
    return f"{skill} ({forms.count(language, 'person', int(holders))})"
