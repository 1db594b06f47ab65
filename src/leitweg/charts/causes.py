"""The causes of waiting: the company's waiting split into five, and that of its units."""

from collections.abc import Mapping, Sequence

from leitweg.charts.picture import (
    CAUSE_COLOURS,
    INK,
    PAPER,
    Picture,
    Spec,
    shorten,
    to_svg,
    width_of,
)
from leitweg.domain.situation import CAUSES, ReleasedSituation, UnitRow
from leitweg.language.catalogue import translate
from leitweg.language.causes import CompanyCauses, cause_name, company_causes
from leitweg.language.forms import hours_per_month, number, share
from leitweg.language.places import unit_name

MOST_UNITS = 12
WIDTH = 640
ROW_HEIGHT = 30
LONGEST_NAME = 34
LEAST_TOLD = 0.055
DARK = ("contention", "unavailability")
Values = list[dict[str, object]]


def _waiting(unit: UnitRow) -> float:
    return sum(unit.causes.values())


def _chosen(released: ReleasedSituation) -> list[UnitRow]:
    known = [u for u in released.units if _waiting(u) > 0]
    # persons, in an open log without units, stand by name
    by_name = released.level == "person"
    return sorted(known, key=lambda u: (0.0 if by_name else -_waiting(u), u.unit))


def _stacked(causes: Mapping[str, float]) -> list[tuple[str, float, float]]:
    """Return each cause with the start and the end of its piece, in the order of ``CAUSES``."""
    pieces, start = [], 0.0
    for cause in CAUSES:
        hours = causes.get(cause, 0.0)
        pieces.append((cause, start, start + hours))
        start += hours
    return pieces


def _company_rows(company: CompanyCauses, language: str) -> Values:
    hours = {cause: figure.value or 0.0 for cause, figure in company.figures.items()}
    rows: Values = []
    for cause, start, end in _stacked(hours):
        part = (end - start) / company.total
        rows.append(
            {
                "cause": cause_name(language, cause),
                "start": start / company.total,
                "end": end / company.total,
                "middle": (start + end) / 2 / company.total,
                "text": share(language, part, 0) if part >= LEAST_TOLD else "",
                "ink": PAPER if cause in DARK else INK,
            }
        )
    return rows


def _unit_rows(units: Sequence[UnitRow], language: str) -> Values:
    return [
        {
            "unit": unit_name(language, unit.unit),
            "cause": cause_name(language, cause),
            "start": start,
            "end": end,
        }
        for unit in units
        for cause, start, end in _stacked(unit.causes)
    ]


def _totals(units: Sequence[UnitRow], language: str) -> Values:
    return [
        {
            "unit": unit_name(language, unit.unit),
            "name": shorten(unit_name(language, unit.unit), LONGEST_NAME),
            "end": _waiting(unit),
            "text": hours_per_month(language, _waiting(unit)),
        }
        for unit in units
    ]


def _colour(language: str, *, legend: bool) -> Spec:
    names = [cause_name(language, cause) for cause in CAUSES]
    shown: Spec = {"title": None, "symbolType": "square", "symbolSize": 160, "columns": 5}
    return {
        "field": "cause",
        "type": "nominal",
        "scale": {"domain": names, "range": [CAUSE_COLOURS[cause] for cause in CAUSES]},
        "legend": shown if legend else None,
    }


def _x(name: str, longest: float) -> Spec:
    scale = {"domain": [0, longest], "nice": False}
    return {"field": name, "type": "quantitative", "scale": scale, "axis": None}


def _heading(text: str) -> Spec:
    return {
        "text": text,
        "anchor": "start",
        "frame": "group",
        "fontSize": 13,
        "fontWeight": "normal",
        "color": INK,
    }


def _company_bar(company: CompanyCauses, language: str) -> Spec:
    title = translate(
        language,
        f"chart.causes.company{'_estimated' if company.estimated else ''}",
        hours=hours_per_month(language, company.total),
    )
    return {
        "title": _heading(title),
        "width": WIDTH,
        "height": 40,
        "data": {"values": _company_rows(company, language)},
        "layer": [
            {
                "mark": {"type": "bar", "height": 34, "stroke": PAPER, "strokeWidth": 1},
                "encoding": {
                    "x": _x("start", 1),
                    "x2": {"field": "end"},
                    "color": _colour(language, legend=True),
                },
            },
            {
                "mark": {"type": "text", "fontSize": 12},
                "encoding": {
                    "x": _x("middle", 1),
                    "text": {"field": "text"},
                    "color": {"field": "ink", "type": "nominal", "scale": None},
                },
            },
        ],
    }


def _unit_bars(units: Sequence[UnitRow], language: str) -> Spec:
    order = [unit_name(language, unit.unit) for unit in units]
    longest = max(_waiting(u) for u in units) * 1.2
    y: Spec = {"field": "unit", "type": "nominal", "sort": order, "axis": None}
    text: Spec = {"type": "text", "fontSize": 12, "color": INK}
    totals: Spec = {"values": _totals(units, language)}
    return {
        "title": _heading(translate(language, "chart.causes.units")),
        "width": WIDTH,
        "height": {"step": ROW_HEIGHT},
        "encoding": {"y": y},
        "layer": [
            {
                "data": {"values": _unit_rows(units, language)},
                "mark": {"type": "bar", "height": 19, "stroke": PAPER, "strokeWidth": 0.7},
                "encoding": {
                    "x": _x("start", longest),
                    "x2": {"field": "end"},
                    "color": _colour(language, legend=False),
                },
            },
            {
                "data": totals,
                "mark": {**text, "align": "left", "dx": 8},
                "encoding": {"x": _x("end", longest), "text": {"field": "text"}},
            },
            {
                "data": totals,
                "mark": {**text, "align": "right", "dx": -12},
                "encoding": {"x": {"value": 0}, "text": {"field": "name"}},
            },
        ],
    }


def causes_spec(released: ReleasedSituation, language: str) -> Spec:
    """Return the Vega-Lite specification: the company's bar above those of its units."""
    company = company_causes(released.figures)
    units = _chosen(released)[:MOST_UNITS]
    parts = [_company_bar(company, language)] if company.total else []
    parts += [_unit_bars(units, language)] if units else []
    return {"vconcat": parts, "spacing": 26, "resolve": {"scale": {"color": "shared"}}}


def _description(language: str, *, estimated: bool, units: bool) -> str:
    told = translate(language, f"chart.causes.description{'' if units else '_company'}")
    return f"{translate(language, 'chart.causes.estimated')} {told}" if estimated else told


def draw_causes(released: ReleasedSituation, language: str) -> Picture | None:
    """Draw what customers wait for; None where no cause is known or may be shown.

    The upper bar splits all waiting of the company, the lower ones that of the units with the most
    waiting, in calendar hours per month.
    """
    company = company_causes(released.figures)
    units = _chosen(released)
    if not company.total:
        return None
    svg = to_svg(causes_spec(released, language), language)
    note = ""
    if len(units) > MOST_UNITS:
        rest = number(language, len(units) - MOST_UNITS, 0)
        note = translate(language, "chart.causes.left_out", n=rest)
    return Picture(
        "causes",
        svg,
        translate(language, "chart.causes.title"),
        _description(language, estimated=company.estimated, units=bool(units)),
        note,
        width_of(svg),
    )
