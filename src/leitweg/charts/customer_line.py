"""The customer line map: how far each unit is from the customer, and how much hangs on it."""

import math
from collections.abc import Sequence

from leitweg.charts.labels import Label, Spot, place_labels
from leitweg.charts.picture import (
    INK,
    PAPER,
    SOFT,
    STAGE_COLOURS,
    Picture,
    Spec,
    shorten,
    to_svg,
    width_of,
)
from leitweg.domain.situation import ReleasedSituation, UnitRow
from leitweg.language.catalogue import translate
from leitweg.language.forms import number
from leitweg.language.places import unit_name

WIDTH, HEIGHT = 860.0, 430.0
SMALLEST, LARGEST = 5.0, 30.0
LONGEST_NAME = 34
MOST_NAMES = 32
Values = list[dict[str, object]]


def _placed(released: ReleasedSituation) -> list[UnitRow]:
    known = [
        u
        for u in released.units
        if u.distance_handovers is not None and u.customer_weight is not None
    ]
    return sorted(known, key=lambda u: (-_size(u, clock=_clock(released)), u.unit))


def _clock(released: ReleasedSituation) -> bool:
    return released.period.start_us is not None


def _size(unit: UnitRow, *, clock: bool) -> float:
    if not clock:
        return float(unit.n_cases or 0)
    return unit.waiting_hours_per_month.value if unit.waiting_hours_per_month else 0.0


def _extent(values: Sequence[float], least: float) -> float:
    return max(least, max(values, default=0.0) * 1.12)


def _spots(units: Sequence[UnitRow], far: float, heavy: float, *, clock: bool) -> list[Spot]:
    largest = max((_size(u, clock=clock) for u in units), default=1.0) or 1.0
    spots = []
    for unit in units:
        radius = SMALLEST + (LARGEST - SMALLEST) * math.sqrt(_size(unit, clock=clock) / largest)
        x = (unit.distance_handovers or 0.0) / far * WIDTH
        # weights differ by orders of magnitude, so the axis is a square root
        y = HEIGHT * (1 - math.sqrt((unit.customer_weight or 0.0) / heavy))
        spots.append(Spot(shorten(unit.unit, LONGEST_NAME), x, y, radius))
    return spots


def _points(units: Sequence[UnitRow], spots: Sequence[Spot], language: str) -> Values:
    return [
        {
            "px": round(spot.x, 1),
            "py": round(spot.y, 1),
            "area": round(math.pi * spot.radius**2, 1),
            "stage": translate(language, f"stage.{_stage(unit)}"),
        }
        for unit, spot in zip(units, spots, strict=True)
    ]


def _stage(unit: UnitRow) -> str:
    return unit.stage if unit.stage in STAGE_COLOURS else "unknown"


def _leaders(labels: Sequence[Label], spots: Sequence[Spot]) -> Values:
    """Return a line from the circle's edge to the name, for each name that was pushed away."""
    at = {spot.name: spot for spot in spots}
    lines: Values = []
    for label in labels:
        if not label.led:
            continue
        spot = at[label.name]
        right = label.x + len(label.name) * 6.2
        x = min(max(spot.x, label.x), right)
        lines.append({"px": spot.x, "py": spot.y, "px2": round(x, 1), "py2": label.y})
    return lines


def _pixels(name: str, extent: float) -> Spec:
    scale: Spec = {"domain": [0, extent], "nice": False, "zero": False}
    if name.startswith("py"):
        scale["reverse"] = True
    return {"field": name, "type": "quantitative", "scale": scale, "axis": None}


def _axes(far: float, heavy: float, language: str) -> Spec:
    x: Spec = {
        "field": "d",
        "type": "quantitative",
        "scale": {"domain": [0, far], "nice": False},
        "axis": {"title": translate(language, "chart.line.x"), "tickCount": 6, "orient": "bottom"},
    }
    y: Spec = {
        "field": "w",
        "type": "quantitative",
        "scale": {"domain": [0, heavy], "type": "sqrt", "nice": False},
        "axis": {
            "title": translate(language, "chart.line.y"),
            "tickCount": 5,
            "format": ",.2~f",
        },
    }
    corner = [{"d": 0, "w": 0}]
    mark = {"type": "point", "opacity": 0}
    return {"data": {"values": corner}, "mark": mark, "encoding": {"x": x, "y": y}}


def _colour(units: Sequence[UnitRow], language: str) -> Spec:
    found = [stage for stage in STAGE_COLOURS if any(_stage(u) == stage for u in units)]
    labels = [translate(language, f"stage.{stage}") for stage in found]
    colours = [STAGE_COLOURS[stage] for stage in found]
    title = translate(language, "word.stage")
    return {
        "field": "stage",
        "type": "nominal",
        "scale": {"domain": labels, "range": colours},
        "legend": {"title": title, "symbolType": "circle", "symbolSize": 150},
    }


def line_map_spec(released: ReleasedSituation, language: str) -> Spec:
    """Return the Vega-Lite specification of the customer line map."""
    units, clock = _placed(released), _clock(released)
    far = _extent([u.distance_handovers or 0.0 for u in units], 1.0)
    heavy = _extent([u.customer_weight or 0.0 for u in units], 0.01)
    spots = _spots(units, far, heavy, clock=clock)
    labels = place_labels(spots, WIDTH, HEIGHT, named=MOST_NAMES)
    place = {"x": _pixels("px", WIDTH), "y": _pixels("py", HEIGHT)}
    names: Values = [{"px": x.x, "py": x.y, "name": x.name} for x in labels]
    points = _points(units, spots, language)
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "resolve": {"scale": {"x": "independent", "y": "independent"}},
        "layer": [
            _axes(far, heavy, language),
            {
                "encoding": place,
                "layer": _marks(points, names, _leaders(labels, spots), units, language),
            },
        ],
    }


def _marks(
    points: Values, names: Values, leaders: Values, units: Sequence[UnitRow], language: str
) -> list[Spec]:
    circle = {"type": "circle", "opacity": 0.78, "stroke": PAPER, "strokeWidth": 1.5}
    size = {"field": "area", "type": "quantitative", "scale": None}
    ends: Spec = {"x2": {"field": "px2"}, "y2": {"field": "py2"}}
    text = {"type": "text", "align": "left", "fontSize": 12}
    halo = {**text, "stroke": PAPER, "strokeWidth": 3, "strokeJoin": "round", "color": PAPER}
    name: Spec = {"text": {"field": "name"}}
    return [
        {
            "data": {"values": points},
            "mark": circle,
            "encoding": {"size": size, "color": _colour(units, language)},
        },
        {
            "data": {"values": leaders},
            "mark": {"type": "rule", "color": SOFT, "strokeWidth": 0.8},
            "encoding": ends,
        },
        {"data": {"values": names}, "mark": halo, "encoding": name},
        {"data": {"values": names}, "mark": {**text, "color": INK}, "encoding": name},
    ]


def draw_line_map(released: ReleasedSituation, language: str) -> Picture | None:
    """Draw the customer line map; None where no unit has a known distance and weight.

    x is the distance in handovers, y the customer weight (on a square-root scale), the area of a
    circle the customer waiting hours per month, or the cases where the log has no clock.
    """
    units = _placed(released)
    if not units:
        return None
    svg = to_svg(line_map_spec(released, language), language)
    ending = "" if _clock(released) else "_no_clock"
    return Picture(
        "customer_line",
        svg,
        translate(language, "chart.line.title"),
        translate(language, f"chart.line.description{ending}"),
        _note(released, units, language),
        width_of(svg),
    )


def _note(released: ReleasedSituation, units: Sequence[UnitRow], language: str) -> str:
    drawn = {u.unit for u in units}
    left = [unit_name(language, u.unit) for u in released.units if u.unit not in drawn]
    notes = []
    if len(units) > MOST_NAMES:
        notes.append(translate(language, "chart.line.crowded", n=number(language, MOST_NAMES, 0)))
    if left:
        shown = ", ".join(left[:6])
        if len(left) > 6:
            rest = number(language, len(left) - 6, 0)
            shown += " " + translate(language, "word.and_more", n=rest)
        notes.append(translate(language, "chart.line.left_out", units=shown))
    return " ".join(notes)
