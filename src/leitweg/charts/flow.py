"""The flow between units: columns by distance from the customer, arrows from sender to receiver."""

import math
from collections.abc import Sequence

from leitweg.charts.flow_layout import (
    NODE_HEIGHT,
    NODE_WIDTH,
    TOP,
    Layout,
    Node,
    curve,
    lay_out,
)
from leitweg.charts.marks import box_layer, head_layer, line_layer, text_layer, wait_colours
from leitweg.charts.picture import (
    INK,
    SOFT,
    STAGE_COLOURS,
    Picture,
    Spec,
    to_svg,
    two_lines,
    wait_class,
    width_of,
)
from leitweg.domain.situation import LinkRow, ReleasedSituation, UnitRow
from leitweg.language.catalogue import translate
from leitweg.language.forms import count, hours_per_month, number
from leitweg.language.places import unit_name

MOST_UNITS, MOST_LINKS = 20, 40
STROKES: Spec = {"symbolType": "stroke", "symbolStrokeWidth": 6, "symbolSize": 300}
LEAST_WIDTH, MOST_WIDTH = 1.2, 9.0
Values = list[dict[str, object]]


def _chosen(released: ReleasedSituation) -> tuple[list[UnitRow], list[LinkRow]]:
    """Choose the units with the most handovers, and among them the links with the most."""
    load: dict[str, int] = {}
    shown = [x for x in released.links if x.handovers and x.from_unit != x.to_unit]
    for link in shown:
        for unit in (link.from_unit, link.to_unit):
            load[unit] = load.get(unit, 0) + (link.handovers or 0)
    units = [u for u in released.units if u.unit in load]
    units = sorted(units, key=lambda u: (-load[u.unit], u.unit))[:MOST_UNITS]
    names = {u.unit for u in units}
    links = [x for x in shown if x.from_unit in names and x.to_unit in names]
    links.sort(key=lambda x: (-(x.handovers or 0), x.from_unit, x.to_unit))
    return units, links[:MOST_LINKS]


def _wait_label(link: LinkRow, language: str) -> str:
    return translate(language, f"chart.wait.{wait_class(link.waiting_hours_median)}")


def _edges(links: Sequence[LinkRow], layout: Layout, language: str) -> tuple[Values, Values]:
    largest = max((x.handovers or 0 for x in links), default=1)
    lines: Values = []
    heads: Values = []
    # the widest first, so that thin arrows lie on top of them
    for index, link in enumerate(links):
        width = LEAST_WIDTH + (MOST_WIDTH - LEAST_WIDTH) * math.sqrt(
            (link.handovers or 0) / largest
        )
        points = curve(layout.nodes[link.from_unit], layout.nodes[link.to_unit])
        wait = _wait_label(link, language)
        for order, (x, y) in enumerate(points):
            here = {"link": index, "order": order, "x": round(x, 1), "y": round(y, 1)}
            lines.append({**here, "width": round(width, 2), "wait": wait})
        heads.append(_head(points, width, wait))
    return lines, heads


def _head(points: list[tuple[float, float]], width: float, wait: str) -> dict[str, object]:
    (x0, y0), (x1, y1) = points[-3], points[-1]
    angle = math.degrees(math.atan2(y1 - y0, x1 - x0)) + 90
    size = (5 + width) ** 2 * 1.3
    return {
        "x": round(x1 - math.copysign(3, x1 - x0), 1),
        "y": round(y1, 1),
        "angle": round(angle, 1),
        "size": round(size, 1),
        "wait": wait,
    }


def _boxes(layout: Layout, language: str) -> tuple[Values, Values]:
    boxes: Values = []
    texts: Values = []
    for node in layout.nodes.values():
        colour = STAGE_COLOURS.get(node.row.stage or "unknown", STAGE_COLOURS["unknown"])
        left, right = node.x - NODE_WIDTH / 2, node.x + NODE_WIDTH / 2
        top, bottom = node.y - NODE_HEIGHT / 2, node.y + NODE_HEIGHT / 2
        boxes.append({"x": left, "x2": right, "y": top, "y2": bottom, "colour": colour})
        texts += _node_texts(node, language)
    return boxes, texts


def _node_texts(node: Node, language: str) -> Values:
    name = two_lines(unit_name(language, node.row.unit), 24)
    waiting = node.row.waiting_hours_per_month
    detail = [hours_per_month(language, waiting.value)] if waiting else []
    lines = [(text, True) for text in name] + [(text, False) for text in detail]
    start = node.y - (len(lines) - 1) * 6.8
    return [
        {"x": node.x, "y": round(start + i * 13.6, 1), "text": text, "name": is_name}
        for i, (text, is_name) in enumerate(lines)
    ]


def _headings(layout: Layout, language: str) -> Values:
    by_column = {node.column: node.x for node in layout.nodes.values()}
    return [
        {"x": by_column[index], "y": TOP - 24, "text": _heading(distance, language)}
        for index, distance in enumerate(layout.columns)
    ]


def _heading(distance: float | None, language: str) -> str:
    if distance is None:
        return translate(language, "chart.flow.column.none")
    if distance in (0, 1):
        return translate(language, f"chart.flow.column.{distance:.0f}")
    digits = 0 if float(distance).is_integer() else 1
    return translate(language, "chart.flow.column", n=number(language, distance, digits))


def _at(name: str, extent: float) -> Spec:
    scale: Spec = {"domain": [0, extent], "nice": False, "zero": False}
    if name == "y":
        scale["reverse"] = True
    return {"field": name, "type": "quantitative", "axis": None, "scale": scale}


def _customers(layout: Layout, language: str) -> list[Spec]:
    middle = (TOP + layout.height) / 2
    bar = {"x": 18, "x2": 44, "y": TOP, "y2": layout.height - 8}
    word: Spec = {"x": 31, "y": middle, "text": translate(language, "chart.customers")}
    return [
        {
            "data": {"values": [bar]},
            "mark": {"type": "rect", "color": "#e8eef3", "cornerRadius": 13},
            "encoding": {"x2": {"field": "x2"}, "y2": {"field": "y2"}},
        },
        {
            "data": {"values": [word]},
            "mark": {"type": "text", "angle": 270, "fontSize": 13, "color": INK},
            "encoding": {"text": {"field": "text"}},
        },
    ]


def flow_spec(released: ReleasedSituation, language: str) -> Spec:
    """Return the Vega-Lite specification of the flow picture."""
    units, links = _chosen(released)
    layout = lay_out(units, links)
    lines, heads = _edges(links, layout, language)
    boxes, texts = _boxes(layout, language)
    colour = wait_colours(links, language, STROKES)
    return {
        "width": layout.width,
        "height": layout.height,
        "encoding": {"x": _at("x", layout.width), "y": _at("y", layout.height)},
        "layer": [
            *_customers(layout, language),
            line_layer(lines, colour),
            head_layer(heads, colour),
            box_layer(boxes),
            text_layer([t for t in texts if t["name"]], INK, 12),
            text_layer([t for t in texts if not t["name"]], SOFT, 11),
            text_layer(_headings(layout, language), SOFT, 12),
        ],
        "resolve": {"scale": {"color": "shared"}},
    }


def draw_flow(released: ReleasedSituation, language: str) -> Picture | None:
    """Draw the flow between units; None where no handover between units may be shown.

    At most 20 units and 40 links are drawn, those with the most handovers; the note counts the
    rest. Colour is the median wait of a link in calendar hours, width its number of handovers.
    """
    units, links = _chosen(released)
    if not links:
        return None
    svg = to_svg(flow_spec(released, language), language)
    drawn = {
        "units": count(language, "unit", len(units)),
        "links": count(language, "link", len(links)),
    }
    return Picture(
        "flow",
        svg,
        translate(language, "chart.flow.title"),
        translate(language, "chart.flow.description", **drawn),
        _note(released, units, links, language),
        width_of(svg),
    )


def _note(
    released: ReleasedSituation, units: list[UnitRow], links: list[LinkRow], language: str
) -> str:
    note = translate(language, "chart.flow.width")
    left = (
        ("unit", len(released.units) - len(units)),
        ("link", len(released.links) - len(links)),
    )
    parts = [count(language, noun, n) for noun, n in left if n]
    if parts:
        rest = translate(language, "word.and").join(parts)
        note += " " + translate(language, "chart.flow.left_out", rest=rest)
    return note
