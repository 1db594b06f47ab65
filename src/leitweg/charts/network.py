"""The network of units: who works with whom, and which units belong together by what they do."""

import math
from collections.abc import Mapping, Sequence

from leitweg.charts.labels import Label, Spot, place_labels
from leitweg.charts.network_layout import HEIGHT, WIDTH, lay_out
from leitweg.charts.network_nodes import Drawing, Line, Node, drawing_of
from leitweg.charts.picture import (
    COMMUNITY_COLOURS,
    INK,
    PAPER,
    SOFT,
    Picture,
    Spec,
    shorten,
    to_svg,
    width_of,
)
from leitweg.domain.situation import ReleasedSituation
from leitweg.language.catalogue import translate
from leitweg.language.forms import count, number

SMALLEST, LARGEST = 6.0, 26.0
LEAST_WIDTH, MOST_WIDTH = 0.7, 11.0
LONGEST_NAME = 30
OTHER_COLOUR = "#7d8790"
BETWEEN_COLOUR = "#9aa6b1"
Values = list[dict[str, object]]
Places = Mapping[str, tuple[float, float]]


def _colour(community: int | None) -> str:
    if community is None or not 1 <= community <= len(COMMUNITY_COLOURS):
        return OTHER_COLOUR
    return COMMUNITY_COLOURS[community - 1]


def _radii(nodes: Sequence[Node]) -> dict[str, float]:
    largest = max((n.strength for n in nodes), default=0.0) or 1.0
    # many circles need room between them
    span = min(LARGEST, 120 / math.sqrt(max(len(nodes), 1))) - SMALLEST
    return {n.key: SMALLEST + span * math.sqrt(n.strength / largest) for n in nodes}


def _name(node: Node, language: str) -> str:
    if node.held_back:
        return translate(
            language, "chart.network.held_back", units=count(language, "unit", node.members)
        )
    if node.members == 1:
        return shorten(node.unit, LONGEST_NAME)
    rest = number(language, node.members - 1, 0)
    more = translate(language, "word.and_more", n=rest)
    return f"{shorten(node.unit, LONGEST_NAME)} {more}"


def _lines(drawing: Drawing, places: Places) -> Values:
    """Return the lines, the weakest first, so that the strong ones lie on top."""
    groups = {n.key: n.community for n in drawing.nodes}
    largest = max((x.weight or 0.0 for x in drawing.lines), default=0.0) or 1.0
    # many wide lines would be one grey surface
    widest = max(2.0, min(MOST_WIDTH, 420 / max(len(drawing.lines), 1)))
    return [_line(line, places, groups, largest, widest) for line in reversed(drawing.lines)]


def _line(
    line: Line, places: Places, groups: Mapping[str, int | None], largest: float, widest: float
) -> dict[str, object]:
    (x, y), (x2, y2) = places[line.a], places[line.b]
    same = groups[line.a] is not None and groups[line.a] == groups[line.b]
    width = LEAST_WIDTH + (widest - LEAST_WIDTH) * math.sqrt((line.weight or 0.0) / largest)
    return {
        "px": x,
        "py": y,
        "px2": x2,
        "py2": y2,
        "width": round(width, 2),
        "colour": _colour(groups[line.a]) if same else BETWEEN_COLOUR,
        "known": line.weight is not None,
    }


def _ringed(drawing: Drawing) -> frozenset[str]:
    """Return the circles with a dark ring; where half of all had one, it would tell nothing."""
    cut = {n.key for n in drawing.nodes if n.articulation_point}
    return frozenset(cut if 2 * len(cut) < len(drawing.nodes) else ())


def _circles(drawing: Drawing, places: Places, radii: Mapping[str, float]) -> Values:
    ringed = _ringed(drawing)
    return [
        {
            "px": places[n.key][0],
            "py": places[n.key][1],
            "area": round(math.pi * radii[n.key] ** 2, 1),
            "fill": PAPER if n.held_back else _colour(n.community),
            "edge": SOFT if n.held_back else INK if n.key in ringed else PAPER,
            "stroke": 3.0 if n.key in ringed else 1.4,
        }
        for n in drawing.nodes
    ]


def _labels(
    drawing: Drawing, places: Places, radii: Mapping[str, float], language: str
) -> tuple[Values, Values]:
    """Return the names, and the lines that lead to those that had to be pushed away."""
    spots = [Spot(_name(n, language), *places[n.key], radii[n.key]) for n in drawing.nodes]
    spots.sort(key=lambda s: (-s.radius, s.name))
    placed = place_labels(spots, WIDTH, HEIGHT)
    at = {s.name: s for s in spots}
    names: Values = [{"px": x.x, "py": x.y, "name": x.name} for x in placed]
    return names, [_leader(x, at[x.name]) for x in placed if x.led]


def _leader(label: Label, spot: Spot) -> dict[str, object]:
    x = min(max(spot.x, label.x), label.x + len(label.name) * 6.2)
    return {"px": spot.x, "py": spot.y, "px2": round(x, 1), "py2": label.y}


def _pixels(name: str) -> Spec:
    extent = WIDTH if name.startswith("px") else HEIGHT
    scale: Spec = {"domain": [0, extent], "nice": False, "zero": False}
    if name.startswith("py"):
        scale["reverse"] = True
    return {"field": name, "type": "quantitative", "scale": scale, "axis": None}


def _plain(field: str, kind: str = "nominal") -> Spec:
    return {"field": field, "type": kind, "scale": None}


def network_spec(released: ReleasedSituation, language: str) -> Spec:
    """Return the Vega-Lite specification of the network."""
    drawing = drawing_of(released.network)
    radii = _radii(drawing.nodes)
    places = lay_out(drawing.nodes, drawing.lines, radii)
    names, leaders = _labels(drawing, places, radii, language)
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "encoding": {"x": _pixels("px"), "y": _pixels("py")},
        "layer": [
            *_line_layers(_lines(drawing, places)),
            _leader_layer(leaders),
            _circle_layer(_circles(drawing, places, radii)),
            *_name_layers(names),
        ],
    }


def _line_layers(lines: Values) -> list[Spec]:
    ends: Spec = {"x2": {"field": "px2"}, "y2": {"field": "py2"}}
    known = {"type": "rule", "opacity": 0.5, "strokeCap": "round"}
    dotted = {"type": "rule", "color": SOFT, "strokeDash": [2, 4], "size": 1}
    width = {"strokeWidth": _plain("width", "quantitative"), "color": _plain("colour")}
    return [
        {
            "data": {"values": [x for x in lines if not x["known"]]},
            "mark": dotted,
            "encoding": ends,
        },
        {
            "data": {"values": [x for x in lines if x["known"]]},
            "mark": known,
            "encoding": {**ends, **width},
        },
    ]


def _circle_layer(circles: Values) -> Spec:
    return {
        "data": {"values": circles},
        "mark": {"type": "point", "shape": "circle", "filled": True, "opacity": 1},
        "encoding": {
            "size": _plain("area", "quantitative"),
            "fill": _plain("fill"),
            "stroke": _plain("edge"),
            "strokeWidth": _plain("stroke", "quantitative"),
        },
    }


def _leader_layer(leaders: Values) -> Spec:
    ends: Spec = {"x2": {"field": "px2"}, "y2": {"field": "py2"}}
    leader = {"type": "rule", "color": SOFT, "strokeWidth": 0.8}
    return {"data": {"values": leaders}, "mark": leader, "encoding": ends}


def _name_layers(names: Values) -> list[Spec]:
    text = {"type": "text", "align": "left", "fontSize": 12}
    halo = {**text, "stroke": PAPER, "strokeWidth": 3.5, "strokeJoin": "round", "color": PAPER}
    name: Spec = {"text": {"field": "name"}}
    return [
        {"data": {"values": names}, "mark": halo, "encoding": name},
        {"data": {"values": names}, "mark": {**text, "color": INK}, "encoding": name},
    ]


def draw_network(released: ReleasedSituation, language: str) -> Picture | None:
    """Draw the network of units; None where nothing between two units may be shown.

    A circle is a unit, or a community where there are more than 40 units; its area is what passes
    through it, the width of a line what passes between two, both ways together. Communities share
    a colour. Units held back are one empty circle.
    """
    drawing = drawing_of(released.network)
    if not any(line.weight for line in drawing.lines):
        return None
    svg = to_svg(network_spec(released, language), language)
    kind = "communities" if drawing.by_community else released.network.nodes
    return Picture(
        "network",
        svg,
        translate(language, "chart.network.title"),
        translate(language, f"chart.network.description.{kind}"),
        _note(drawing, released.network.nodes, language),
        width_of(svg),
    )


def _note(drawing: Drawing, nodes: str, language: str) -> str:
    grey = any(_colour(n.community) == OTHER_COLOUR for n in drawing.nodes if not n.held_back)
    notes = [translate(language, f"chart.network.grey{'_both' if grey else ''}")]
    if _ringed(drawing):
        notes.append(translate(language, "chart.network.articulation"))
    if any(n.held_back for n in drawing.nodes):
        notes.append(translate(language, "chart.network.merged"))
    if any(line.weight is None for line in drawing.lines):
        notes.append(translate(language, "chart.network.dotted"))
    left = ((nodes, drawing.units_left_out), ("link", drawing.lines_left_out))
    parts = [count(language, noun, n) for noun, n in left if n]
    if parts:
        rest = translate(language, "word.and").join(parts)
        notes.append(translate(language, "chart.network.left_out", rest=rest))
    return " ".join(notes)
