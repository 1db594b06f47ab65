"""The matrix of links: who hands over to whom, how often, and how long it waits."""

from collections.abc import Sequence

from leitweg.charts.marks import wait_colours
from leitweg.charts.picture import (
    FAINT,
    INK,
    PAPER,
    Picture,
    Spec,
    shorten,
    to_svg,
    wait_class,
    width_of,
)
from leitweg.domain.situation import LinkRow, ReleasedSituation
from leitweg.language.catalogue import translate
from leitweg.language.forms import number
from leitweg.language.places import unit_name

MOST_UNITS = 25
LONGEST_NAME = 26
SQUARES: Spec = {"symbolType": "square", "symbolSize": 200}
LIGHT_CLASSES = ("0", "1", "2", "none")
Values = list[dict[str, object]]


def _chosen(released: ReleasedSituation) -> tuple[list[str], list[LinkRow], int]:
    """Choose the units with the most handovers, nearest to the customer first."""
    links = [x for x in released.links if x.handovers]
    load: dict[str, int] = {}
    for link in links:
        for unit in (link.from_unit, link.to_unit):
            load[unit] = load.get(unit, 0) + (link.handovers or 0)
    distance = {u.unit: u.distance_handovers for u in released.units}
    chosen = sorted(load, key=lambda u: (-load[u], u))[:MOST_UNITS]
    far = max((d for d in distance.values() if d is not None), default=0.0) + 1

    def place(unit: str) -> tuple[float, str]:
        known = distance.get(unit)
        return (far if known is None else known, unit)

    chosen.sort(key=place)
    inside = [x for x in links if x.from_unit in set(chosen) and x.to_unit in set(chosen)]
    return chosen, inside, len(load)


def _cells(links: Sequence[LinkRow], language: str) -> Values:
    cells: Values = []
    for link in links:
        wait = wait_class(link.waiting_hours_median)
        cells.append(
            {
                "from": link.from_unit,
                "to": link.to_unit,
                "text": number(language, link.handovers, 0),
                "wait": translate(language, f"chart.wait.{wait}"),
                "ink": INK if wait in LIGHT_CLASSES else PAPER,
            }
        )
    return cells


def _axis(units: Sequence[str], language: str, title: str, *, top: bool) -> Spec:
    names = {unit: shorten(unit_name(language, unit), LONGEST_NAME) for unit in units}
    axis: Spec = {
        "title": title,
        "labelLimit": 260,
        "labelColor": INK,
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
        # the names are looked up, so that two names cut to the same letters stay two units
        "labelExpr": f"{_lookup(names)}[datum.value]",
    }
    if top:
        axis |= {"orient": "top", "labelAngle": -40, "labelAlign": "left"}
    return {"type": "nominal", "axis": axis, "scale": {"domain": list(units)}}


def _lookup(names: dict[str, str]) -> str:
    pairs = ",".join(f"{_quoted(unit)}:{_quoted(name)}" for unit, name in names.items())
    return "{" + pairs + "}"


def _quoted(text: str) -> str:
    """Quote a text for a Vega expression: every odd character as its code."""
    safe = (c if (c.isalnum() and c.isascii()) or c == " " else _code(c) for c in text)
    return '"' + "".join(safe) + '"'


def _code(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


def matrix_spec(released: ReleasedSituation, language: str) -> Spec:
    """Return the Vega-Lite specification of the matrix."""
    units, links, _ = _chosen(released)
    step = 58 if len(units) <= 12 else 44 if len(units) <= 18 else 36
    y = _axis(units, language, translate(language, "word.from"), top=False)
    x = _axis(units, language, translate(language, "word.to"), top=True)
    diagonal = [{"from": unit, "to": unit} for unit in units]
    return {
        "width": {"step": step},
        "height": {"step": 34 if len(units) <= 12 else 28},
        "data": {"values": _cells(links, language)},
        "encoding": {"x": {"field": "to", **x}, "y": {"field": "from", **y}},
        "layer": [
            {
                "data": {"values": diagonal},
                "mark": {"type": "rect", "color": FAINT, "opacity": 0.6},
            },
            {
                "mark": {"type": "rect", "stroke": PAPER, "strokeWidth": 1.5, "cornerRadius": 3},
                "encoding": {"color": wait_colours(links, language, SQUARES)},
            },
            {
                "mark": {"type": "text", "fontSize": 11 if step > 40 else 9},
                "encoding": {
                    "text": {"field": "text"},
                    "color": {"field": "ink", "type": "nominal", "scale": None},
                },
            },
        ],
    }


def draw_matrix(released: ReleasedSituation, language: str) -> Picture | None:
    """Draw the matrix of links; None where no handover between units may be shown.

    Rows hand over to columns, both ordered by distance from the customer. The number counts the
    handovers, the colour is the median wait in calendar hours.
    """
    units, links, total = _chosen(released)
    if not links:
        return None
    svg = to_svg(matrix_spec(released, language), language)
    clock = any(link.waiting_hours_median is not None for link in links)
    note = ""
    if total > len(units):
        note = translate(language, "chart.matrix.left_out", n=number(language, len(units), 0))
    return Picture(
        "matrix",
        svg,
        translate(language, "chart.matrix.title"),
        translate(language, f"chart.matrix.description{'' if clock else '_no_clock'}"),
        note,
        width_of(svg),
    )
