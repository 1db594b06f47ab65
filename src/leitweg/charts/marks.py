"""Marks and colours that several pictures share."""

from collections.abc import Mapping, Sequence

from leitweg.charts.picture import NO_WAIT_COLOUR, PAPER, WAIT_COLOURS, Spec
from leitweg.domain.situation import LinkRow
from leitweg.language.catalogue import translate

Values = list[dict[str, object]]


def wait_colours(links: Sequence[LinkRow], language: str, symbols: Mapping[str, object]) -> Spec:
    """Return the colour of the field ``wait``; without any known wait there is no legend."""
    known = [link.waiting_hours_median is not None for link in links]
    keys, colours = [str(i) for i in range(len(WAIT_COLOURS))], list(WAIT_COLOURS)
    if not all(known):
        keys.append("none")
        colours.append(NO_WAIT_COLOUR)
    labels = [translate(language, f"chart.wait.{key}") for key in keys]
    legend = {"title": translate(language, "chart.wait.title"), **symbols}
    return {
        "field": "wait",
        "type": "nominal",
        "scale": {"domain": labels, "range": colours},
        "legend": legend if any(known) else None,
    }


def line_layer(lines: Values, colour: Spec) -> Spec:
    """Return the curves: one line for each link."""
    return {
        "data": {"values": lines},
        "mark": {"type": "line", "opacity": 0.85, "strokeCap": "butt"},
        "encoding": {
            "detail": {"field": "link"},
            "order": {"field": "order", "type": "quantitative"},
            "strokeWidth": {"field": "width", "type": "quantitative", "scale": None},
            "color": colour,
        },
    }


def head_layer(heads: Values, colour: Spec) -> Spec:
    """Return the heads of the arrows."""
    return {
        "data": {"values": heads},
        "mark": {"type": "point", "shape": "triangle", "filled": True, "opacity": 1},
        "encoding": {
            "angle": {"field": "angle", "type": "quantitative", "scale": None},
            "size": {"field": "size", "type": "quantitative", "scale": None},
            "color": {**colour, "legend": None},
        },
    }


def box_layer(boxes: Values) -> Spec:
    """Return the boxes of the units."""
    return {
        "data": {"values": boxes},
        "mark": {"type": "rect", "cornerRadius": 8, "fill": PAPER, "strokeWidth": 2},
        "encoding": {
            "x2": {"field": "x2"},
            "y2": {"field": "y2"},
            "stroke": {"field": "colour", "type": "nominal", "scale": None},
        },
    }


def text_layer(texts: Values, colour: str, size: int) -> Spec:
    """Return texts in the middle of their place."""
    return {
        "data": {"values": texts},
        "mark": {"type": "text", "color": colour, "fontSize": size, "baseline": "middle"},
        "encoding": {"text": {"field": "text"}},
    }
