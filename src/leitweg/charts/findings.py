"""The findings as bars: what each costs the customer, with its interval."""

from collections.abc import Sequence

from leitweg.charts.picture import (
    COST_COLOUR,
    INK,
    RISK_COLOUR,
    SAVED_COLOUR,
    Picture,
    Spec,
    to_svg,
    two_lines,
    width_of,
)
from leitweg.domain.findings import Finding
from leitweg.domain.situation import ReleasedSituation
from leitweg.language.catalogue import translate
from leitweg.language.findings import finding_place, is_at_risk, kind_name
from leitweg.language.forms import count, hours_per_month, number

MOST_FINDINGS = 15
ROW_HEIGHT = 46
WIDTH = 560
NAME_WIDTH = 42
Values = list[dict[str, object]]


def _priced(released: ReleasedSituation) -> list[tuple[int, Finding]]:
    return [(rank, f) for rank, f in enumerate(released.findings, 1) if f.price is not None]


def _by_handovers(released: ReleasedSituation) -> list[tuple[int, Finding]]:
    return [(rank, f) for rank, f in enumerate(released.findings, 1) if f.n_handovers]


def _chosen(released: ReleasedSituation) -> tuple[list[tuple[int, Finding]], bool]:
    """Choose what can be drawn; without any price (no clock) the bars are handovers."""
    priced = _priced(released)
    return (priced, True) if priced else (_by_handovers(released), False)


def _row(rank: int, finding: Finding, language: str, *, clock: bool) -> dict[str, object]:
    price = finding.price
    shown = finding.price.value if price and finding.price else float(finding.n_handovers)
    text = (
        hours_per_month(language, shown)
        if clock
        else count(language, "handover", finding.n_handovers)
    )
    return {
        "rank": rank,
        "value": shown,
        "low": price.low if price else None,
        "high": price.high if price else None,
        "end": max(shown, price.high if price else shown),
        "text": text,
        "effect": translate(language, f"chart.findings.{_effect(finding)}"),
        "name": _name(rank, finding, language),
    }


def _effect(finding: Finding) -> str:
    if finding.kind == "smooth_link":
        return "saves"
    return "risk" if is_at_risk(finding) else "cost"


def _name(rank: int, finding: Finding, language: str) -> list[str]:
    kind = f"{number(language, rank, 0)}. {kind_name(finding.kind, language)}"
    return [kind, *two_lines(finding_place(finding, language), NAME_WIDTH)]


def findings_spec(released: ReleasedSituation, language: str) -> Spec:
    """Return the Vega-Lite specification of the bars."""
    chosen, clock = _chosen(released)
    rows = [_row(r, f, language, clock=clock) for r, f in chosen[:MOST_FINDINGS]]
    longest = max((float(str(row["end"])) for row in rows), default=1.0)
    title = translate(language, "chart.findings.x" if clock else "word.handovers")
    x_scale = {"domain": [0, longest * 1.28], "nice": False}
    axis = {"title": title, "tickCount": 5, "format": ",.0f" if longest >= 5 else ",.1f"}
    order = [row["rank"] for row in rows]
    return {
        "width": WIDTH,
        "height": {"step": ROW_HEIGHT},
        "data": {"values": rows},
        "encoding": {
            "y": {"field": "rank", "type": "nominal", "sort": order, "axis": None},
            "x": {"field": "value", "type": "quantitative", "scale": x_scale, "axis": axis},
        },
        "layer": [_bars(language, rows), *_intervals(clock=clock), _prices(), *_names()],
    }


def _bars(language: str, rows: Sequence[dict[str, object]]) -> Spec:
    effects = [("cost", COST_COLOUR), ("risk", RISK_COLOUR), ("saves", SAVED_COLOUR)]
    told = [(translate(language, f"chart.findings.{key}"), colour) for key, colour in effects]
    found = {row["effect"] for row in rows}
    shown = [(label, colour) for label, colour in told if label in found]
    labels = [label for label, _ in shown]
    return {
        # no rounded end: it would need a clip, whose name changes from drawing to drawing
        "mark": {"type": "bar", "height": 18},
        "encoding": {
            "color": {
                "field": "effect",
                "type": "nominal",
                "scale": {"domain": labels, "range": [colour for _, colour in shown]},
                "legend": {"title": None, "symbolType": "square"} if len(shown) > 1 else None,
            }
        },
    }


def _intervals(*, clock: bool) -> list[Spec]:
    if not clock:
        return []
    ends: Spec = {"x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}}
    rule = {"type": "rule", "color": INK, "strokeWidth": 1.6}
    tick = {"type": "tick", "color": INK, "thickness": 1.6, "size": 10}
    return [
        {"mark": rule, "encoding": ends},
        *(
            {"mark": tick, "encoding": {"x": {"field": end, "type": "quantitative"}}}
            for end in ("low", "high")
        ),
    ]


def _prices() -> Spec:
    return {
        "mark": {"type": "text", "align": "left", "dx": 8, "fontSize": 12, "color": INK},
        "encoding": {
            "x": {"field": "end", "type": "quantitative"},
            "text": {"field": "text"},
        },
    }


def _names() -> list[Spec]:
    """Return one layer for each number of lines, so that every name stands level with its bar."""
    return [_names_of(lines) for lines in (2, 3)]


def _names_of(lines: int) -> Spec:
    line_height = 14
    return {
        "transform": [{"filter": f"length(datum.name) == {lines}"}],
        "mark": {
            "type": "text",
            "align": "right",
            "dx": -12,
            "dy": -line_height * (lines - 1) / 2,
            "fontSize": 12,
            "lineHeight": line_height,
            "color": INK,
        },
        "encoding": {"x": {"value": 0}, "text": {"field": "name"}},
    }


def draw_findings(released: ReleasedSituation, language: str) -> Picture | None:
    """Draw the findings as bars in their order; None where nothing was found or may be shown."""
    chosen, clock = _chosen(released)
    if not chosen:
        return None
    svg = to_svg(findings_spec(released, language), language)
    return Picture(
        "findings",
        svg,
        translate(language, "chart.findings.title"),
        translate(language, f"chart.findings.description{'' if clock else '_no_clock'}"),
        _note(released, chosen, language),
        width_of(svg),
    )


def _note(released: ReleasedSituation, chosen: list[tuple[int, Finding]], language: str) -> str:
    notes = []
    if len(chosen) > MOST_FINDINGS:
        n = number(language, MOST_FINDINGS, 0)
        notes.append(translate(language, "chart.findings.more", n=n))
    drawn = {rank for rank, _ in chosen}
    left = [
        f"{number(language, rank, 0)}. {finding_place(f, language)}"
        for rank, f in enumerate(released.findings, 1)
        if rank not in drawn
    ]
    if left:
        notes.append(translate(language, "chart.findings.left_out", findings="; ".join(left)))
    return " ".join(notes)
