"""How much work lies where, drawn: a heat map of two attributes, bars of one."""

from collections.abc import Sequence

from leitweg.charts.picture import (
    FAINT,
    INK,
    PAPER,
    SOFT,
    Picture,
    Spec,
    shorten,
    to_svg,
    width_of,
)
from leitweg.domain.breakdown import Cell, Group, ReleasedBreakdown
from leitweg.language.breakdown import (
    attribute_text,
    cell_text,
    cell_with_interval,
    group_text,
    measure_text,
    title_text,
)
from leitweg.language.catalogue import translate
from leitweg.language.forms import number

MOST_ROWS, MOST_COLUMNS, LONGEST_NAME = 30, 20, 30
# one hue that falls in lightness, so that it also reads without colour
SHADES = ("#f4ede0", "#e6cf86", "#edb14c", "#dc7d2f", "#bd521c", "#8a2c10")
DARK_FROM = 0.66
WIDTH = 420
Values = list[dict[str, object]]


def draw_breakdown(released: ReleasedBreakdown, language: str) -> Picture | None:
    """Draw the table; None where no value may be shown."""
    cells = [cell for row in released.cells for cell in row] or list(released.row_totals)
    if not any(cell.value for cell in cells):
        return None
    two = bool(released.columns)
    spec = heat_map_spec(released, language) if two else bars_spec(released, language)
    svg = to_svg(spec, language)
    kind = "heat_map" if two else "bars"
    return Picture(
        "breakdown",
        svg,
        title_text(language, released),
        translate(language, f"breakdown.chart.{kind}", of=measure_text(language, released)),
        _note(released, language),
        width_of(svg),
    )


def _note(released: ReleasedBreakdown, language: str) -> str:
    if len(released.rows) <= MOST_ROWS and len(released.columns) <= MOST_COLUMNS:
        return ""
    values = {"rows": number(language, MOST_ROWS, 0), "columns": number(language, MOST_COLUMNS, 0)}
    return translate(language, "breakdown.chart.left_out", **values)


def _names(groups: Sequence[Group], attribute: str, language: str) -> list[str]:
    """Return names that differ, however they were cut."""
    found: list[str] = []
    for group in groups:
        name = shorten(group_text(language, group, attribute), LONGEST_NAME)
        while name in found:
            name += "\u200b"
        found.append(name)
    return found


def heat_map_spec(released: ReleasedBreakdown, language: str) -> Spec:
    """Return the Vega-Lite specification of the heat map."""
    first, second = released.question.by
    rows = _names(released.rows[:MOST_ROWS], first, language)
    columns = _names(released.columns[:MOST_COLUMNS], second, language)
    largest = max((cell.value or 0.0 for row in released.cells for cell in row), default=0.0)
    values: Values = [
        {
            "row": row,
            "column": column,
            "text": cell_text(language, cell, released.question.of),
            "fill": _shade(cell, largest),
            "ink": PAPER if (cell.value or 0.0) > DARK_FROM * largest else INK,
        }
        for row, cells in zip(rows, released.cells, strict=False)
        for column, cell in zip(columns, cells, strict=False)
    ]
    return {
        "width": {"step": 62 if len(columns) <= 12 else 46},
        "height": {"step": 30},
        "data": {"values": values},
        "encoding": {
            "x": _axis("column", columns, attribute_text(language, second), top=True),
            "y": _axis("row", rows, attribute_text(language, first), top=False),
        },
        "layer": [
            {
                "mark": {"type": "rect", "stroke": PAPER, "strokeWidth": 1.5, "cornerRadius": 3},
                "encoding": {"color": {"field": "fill", "type": "nominal", "scale": None}},
            },
            {
                "mark": {"type": "text", "fontSize": 11},
                "encoding": {
                    "text": {"field": "text"},
                    "color": {"field": "ink", "type": "nominal", "scale": None},
                },
            },
        ],
    }


def _shade(cell: Cell, largest: float) -> str:
    """Return the colour of a value in six steps; what is held back is grey, nothing is white."""
    if cell.value is None:
        return FAINT
    if cell.value <= 0:
        return PAPER
    return SHADES[min(int(cell.value / largest * len(SHADES)), len(SHADES) - 1)]


def _axis(field: str, names: Sequence[str], title: str, *, top: bool) -> Spec:
    axis: Spec = {
        "title": title,
        "labelLimit": 260,
        "labelColor": INK,
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
    }
    if top:
        axis |= {"orient": "top", "labelAngle": -40, "labelAlign": "left"}
    return {"field": field, "type": "nominal", "axis": axis, "scale": {"domain": list(names)}}


def bars_spec(released: ReleasedBreakdown, language: str) -> Spec:
    """Return the Vega-Lite specification of the bars, with intervals where values have them."""
    (first,) = released.question.by
    rows = _names(released.rows[:MOST_ROWS], first, language)
    values = [
        _bar(row, cell, released.question.of, language)
        for row, cell in zip(rows, released.row_totals, strict=False)
    ]
    return {
        "width": WIDTH,
        "height": {"step": 28},
        "data": {"values": values},
        "encoding": {"y": _axis("row", rows, attribute_text(language, first), top=False)},
        "layer": [
            {
                "mark": {"type": "bar", "color": "#8db4cf", "height": {"band": 0.72}},
                "encoding": {
                    "x": {
                        "field": "value",
                        "type": "quantitative",
                        "axis": {"title": measure_text(language, released), "tickCount": 6},
                    }
                },
            },
            {
                "mark": {"type": "rule", "color": INK, "strokeWidth": 1.5},
                "encoding": {
                    "x": {"field": "low", "type": "quantitative"},
                    "x2": {"field": "high"},
                },
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 8, "color": INK},
                "encoding": {
                    "x": {"field": "end", "type": "quantitative"},
                    "text": {"field": "text"},
                    "color": {
                        "condition": {"test": "isValid(datum.value)", "value": INK},
                        "value": SOFT,
                    },
                },
            },
        ],
    }


def _bar(name: str, cell: Cell, of: str, language: str) -> dict[str, object]:
    ends = [end for end in (cell.value, cell.high) if end is not None]
    return {
        "row": name,
        "value": cell.value,
        "low": cell.low,
        "high": cell.high,
        "end": max(ends, default=0.0),
        "text": cell_with_interval(language, cell, of),
    }
