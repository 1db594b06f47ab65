"""The load of units and positions: how much of their working hours the work fills."""

from collections.abc import Sequence

from leitweg.charts.picture import (
    COST_COLOUR,
    FAINT,
    INK,
    SOFT,
    STAGE_COLOURS,
    Picture,
    Spec,
    shorten,
    to_svg,
    width_of,
)
from leitweg.domain.situation import LoadRow, ReleasedSituation
from leitweg.language.catalogue import translate
from leitweg.language.forms import number, share
from leitweg.language.load import FULL_FROM, LEAST_CASES, load_place, ordered_loads, says_something

MOST_ROWS = 20
WIDTH = 560
ROW_HEIGHT = 30
LONGEST_NAME = 46
Values = list[dict[str, object]]


def _chosen(released: ReleasedSituation) -> list[LoadRow]:
    return [row for row in ordered_loads(released.loads, released.level) if says_something(row)]


def _values(rows: Sequence[LoadRow], language: str) -> Values:
    found: Values = []
    for rank, row in enumerate(rows):
        use = row.utilisation
        if use is None:
            continue
        found.append(
            {
                "rank": rank,
                "value": use.value,
                "low": use.low,
                "high": use.high,
                "name": shorten(load_place(row), LONGEST_NAME),
                "text": share(language, use.value, 0),
                "colour": COST_COLOUR if use.value > FULL_FROM else STAGE_COLOURS["front"],
                "shape": "circle" if row.position is None else "diamond",
            }
        )
    return found


def load_spec(released: ReleasedSituation, language: str) -> Spec:
    """Return the Vega-Lite specification: a dot with its interval for each row."""
    rows = _chosen(released)[:MOST_ROWS]
    values = _values(rows, language)
    longest = max(
        [1.0, *(max(r.utilisation.high, r.utilisation.value) for r in rows if r.utilisation)]
    )
    axis = {"title": translate(language, "chart.load.x"), "format": ".0%", "tickCount": 6}
    x: Spec = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": [0, longest * 1.03], "nice": False},
        "axis": {**axis, "labelExpr": _per_cent(language)},
    }
    y: Spec = {
        "field": "rank",
        "type": "ordinal",
        "sort": [v["rank"] for v in values],
        "axis": None,
    }
    return {
        "width": WIDTH,
        "height": {"step": ROW_HEIGHT},
        "layer": [*_line(language), *_dots(values, x, y)],
    }


def _per_cent(language: str) -> str:
    gap = "\\u00a0" if language == "de" else ""
    return f"round(datum.value * 100) + '{gap}%'"


def _line(language: str) -> list[Spec]:
    """Return the line beyond which waits grow steeply, with its name."""
    line = {"x": {"datum": FULL_FROM}}
    told = {"values": [{"told": translate(language, "chart.load.full")}]}
    return [
        {
            "data": {"values": [{}]},
            "mark": {"type": "rule", "color": COST_COLOUR, "strokeDash": [5, 4], "size": 1.3},
            "encoding": line,
        },
        {
            "data": told,
            "mark": {"type": "text", "fontSize": 11, "color": SOFT, "align": "center"},
            "encoding": {**line, "y": {"value": -9}, "text": {"field": "told"}},
        },
    ]


def _dots(values: Values, x: Spec, y: Spec) -> list[Spec]:
    data: Spec = {"values": values}
    colour: Spec = {"field": "colour", "type": "nominal", "scale": None}
    text: Spec = {"type": "text", "fontSize": 12, "color": INK}
    from_zero = {"type": "rule", "color": FAINT, "size": 1}
    return [
        {"data": data, "mark": from_zero, "encoding": {"y": y, "x": x, "x2": {"datum": 0}}},
        {
            "data": data,
            "mark": {"type": "rule", "size": 3, "opacity": 0.45},
            "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}} | _c(colour),
        },
        {
            "data": data,
            "mark": {"type": "point", "filled": True, "size": 95, "opacity": 1},
            "encoding": {
                "y": y,
                "x": x,
                "shape": {"field": "shape", "type": "nominal", "scale": None},
            }
            | _c(colour),
        },
        {
            "data": data,
            "mark": {**text, "align": "left", "dx": 12},
            "encoding": {"y": y, "x": {"value": WIDTH}, "text": {"field": "text"}},
        },
        {
            "data": data,
            "mark": {**text, "align": "right", "dx": -12},
            "encoding": {"y": y, "x": {"value": 0}, "text": {"field": "name"}},
        },
    ]


def _c(colour: Spec) -> Spec:
    return {"color": colour}


def _left_out(released: ReleasedSituation, drawn: int, language: str) -> str:
    """Return how many rows the picture leaves out: those past the most, and those of few cases."""
    thin = sum(r.utilisation is not None and not says_something(r) for r in released.loads)
    counts = (("left_out", drawn - MOST_ROWS), ("thin", thin))
    return " ".join(
        translate(language, f"chart.load.{key}", n=number(language, n, 0), least=LEAST_CASES)
        for key, n in counts
        if n > 0
    )


def draw_load(released: ReleasedSituation, language: str) -> Picture | None:
    """Draw the utilisation of units and positions; None where none is known or may be shown.

    The dashed line stands at 85 %: beyond it a queue grows steeply (M/M/c; Hopp & Spearman).
    """
    rows = _chosen(released)
    if not rows:
        return None
    svg = to_svg(load_spec(released, language), language)
    note = translate(language, "chart.load.shapes") if any(r.position for r in rows) else ""
    note = f"{note} {_left_out(released, len(rows), language)}".strip()
    return Picture(
        "load",
        svg,
        translate(language, "chart.load.title"),
        translate(language, "chart.load.description"),
        note,
        width_of(svg),
    )
