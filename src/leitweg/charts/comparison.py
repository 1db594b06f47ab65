"""What changed, drawn: the figures as ratios with intervals, the units as two dots and a line."""

from collections.abc import Sequence

from leitweg.charts.picture import (
    COST_COLOUR,
    INK,
    PAPER,
    SAVED_COLOUR,
    SOFT,
    Picture,
    Spec,
    shorten,
    to_svg,
    width_of,
)
from leitweg.domain.comparison import FigureChange, PlaceChange, ReleasedComparison
from leitweg.language.catalogue import translate
from leitweg.language.comparison import change_label, hours_difference, ratio_with_ends, worded
from leitweg.language.places import unit_name

WIDTH, ROW_HEIGHT, NAME = 430, 30, 56
MOST_PLACES = 12
# beyond a quarter and four times the intervals are cut: a log scale of more tells nothing
LEAST_RATIO, MOST_RATIO = 0.25, 4.0
TICKS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)
# more of these is good for the customer; of those in NEUTRAL, neither; of all others, bad
GOOD = (
    "right_first_time",
    "first_contact_resolution",
    "first_line",
    "socio_technical_congruence",
)
NEUTRAL = ("cases_per_month", "events_per_case", "waiting_customer")
COLOURS = {
    "better": SAVED_COLOUR,
    "worse": COST_COLOUR,
    "neither": INK,
    "unchanged": "#7d8790",
}
Values = list[dict[str, object]]


def effect_of(figure: FigureChange) -> str:
    """Return what the change of a figure means for the customer, as the end of a text key."""
    difference = figure.change.difference
    if figure.change.statement != "changed" or difference is None:
        return "unchanged"
    if figure.name.startswith(NEUTRAL):
        return "neither"
    return "better" if (difference.value > 0) == figure.name.startswith(GOOD) else "worse"


def draw_changes(released: ReleasedComparison, language: str) -> Picture | None:
    """Draw how much each figure changed; None where no ratio is known."""
    shown = [f for f in released.figures if f.change.ratio and f.change.ratio.value > 0]
    if not shown:
        return None
    kind = released.kind
    rows = [_row(i, figure, kind, language) for i, figure in enumerate(shown)]
    svg = to_svg(changes_spec(rows, kind, language), language)
    notes = _notes(released, shown, rows, language)
    return Picture(
        "changes",
        svg,
        worded(language, "compare.chart.title", kind),
        worded(language, "compare.chart.description", kind),
        " ".join(notes),
        width_of(svg),
    )


def _row(place: int, figure: FigureChange, kind: str, language: str) -> dict[str, object]:
    ratio = figure.change.ratio
    assert ratio is not None
    value, ends = ratio_with_ends(language, figure.change)
    effect = effect_of(figure)
    cut = [min(max(v, LEAST_RATIO), MOST_RATIO) for v in (ratio.value, ratio.low, ratio.high)]
    return {
        "place": place,
        "name": shorten(change_label(language, figure.name), NAME),
        "value": cut[0],
        "low": cut[1],
        "high": cut[2],
        "cut": not LEAST_RATIO <= ratio.low <= ratio.high <= MOST_RATIO,
        "text": f"{value} ({ends})",
        "effect": worded(language, f"compare.chart.{effect}", kind),
        "fill": PAPER if effect == "unchanged" else COLOURS[effect],
    }


def _notes(
    released: ReleasedComparison, shown: Sequence[FigureChange], rows: Values, language: str
) -> list[str]:
    notes = []
    if any(row["cut"] for row in rows):
        notes.append(translate(language, "compare.chart.cut"))
    drawn = {figure.name for figure in shown}
    left = [change_label(language, f.name) for f in released.figures if f.name not in drawn]
    if left:
        notes.append(translate(language, "compare.chart.left_out", figures="; ".join(left)))
    return notes


def changes_spec(rows: Values, kind: str, language: str) -> Spec:
    """Return the Vega-Lite specification of the ratios on a log scale."""
    scale = {"type": "log", "domain": [LEAST_RATIO, MOST_RATIO], "nice": False}
    axis = {
        "title": translate(language, "compare.chart.x"),
        "values": list(TICKS),
        "labelExpr": "datum.value == 1 ? '0%' : format(datum.value - 1, '+.0%')",
    }
    order = [row["place"] for row in rows]
    return {
        "width": WIDTH,
        "height": {"step": ROW_HEIGHT},
        "data": {"values": rows},
        "encoding": {"y": {"field": "place", "type": "nominal", "sort": order, "axis": None}},
        "layer": [
            _zero(),
            {
                "mark": {"type": "rule", "strokeWidth": 2},
                "encoding": {
                    "x": {"field": "low", "type": "quantitative", "scale": scale, "axis": axis},
                    "x2": {"field": "high"},
                    "color": _colour(rows, kind, language),
                },
            },
            {
                "mark": {"type": "point", "size": 80, "strokeWidth": 2, "opacity": 1},
                "encoding": {
                    "x": {"field": "value", "type": "quantitative"},
                    "color": _colour(rows, kind, language),
                    "fill": {"field": "fill", "type": "nominal", "scale": None},
                },
            },
            *_beside(),
        ],
    }


def _zero() -> Spec:
    return {
        "mark": {"type": "rule", "color": SOFT, "strokeDash": [3, 3]},
        "encoding": {"x": {"datum": 1, "type": "quantitative"}, "y": {}},
    }


def _colour(rows: Values, kind: str, language: str) -> Spec:
    named = {worded(language, f"compare.chart.{key}", kind): c for key, c in COLOURS.items()}
    present = [name for name in named if any(row["effect"] == name for row in rows)]
    return {
        "field": "effect",
        "type": "nominal",
        "scale": {"domain": present, "range": [named[name] for name in present]},
        "legend": {
            "title": None,
            "symbolType": "circle",
            "symbolStrokeWidth": 2,
            "symbolFillColor": "transparent",
            "columns": 2,
        },
    }


def _beside() -> list[Spec]:
    """Names to the left of the rows, values to their right."""
    return [
        {
            "mark": {"type": "text", "align": "right", "dx": -12, "color": INK},
            "encoding": {"x": {"value": 0}, "text": {"field": "name"}},
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 12, "color": INK},
            "encoding": {"x": {"value": WIDTH}, "text": {"field": "text"}},
        },
    ]


def draw_places(released: ReleasedComparison, language: str, what: str) -> Picture | None:
    """Draw the waiting per case at units or links on both sides; None where none may be shown."""
    rows = released.units if what == "units" else released.links
    kind = released.kind
    known = [r for r in rows if r.per_case.first and r.per_case.second][:MOST_PLACES]
    if not known:
        return None
    values = [_place_row(i, row, kind, language) for i, row in enumerate(known)]
    svg = to_svg(places_spec(values, kind, language), language)
    return Picture(
        f"changed-{what}",
        svg,
        translate(language, f"compare.{what}"),
        worded(language, "compare.chart.places.description", kind),
        "",
        width_of(svg),
    )


def place_name(row: PlaceChange, language: str) -> str:
    """Return the name of a unit, or both ends of a link."""
    names = (row.from_unit, row.to_unit) if row.unit is None else (row.unit,)
    return " → ".join(unit_name(language, name or "") for name in names)


def _place_row(place: int, row: PlaceChange, kind: str, language: str) -> dict[str, object]:
    first, second, difference = row.per_case.first, row.per_case.second, row.per_case.difference
    assert first is not None
    assert second is not None
    assert difference is not None
    value, ends = hours_difference(language, row.per_case)
    changed = row.per_case.statement == "changed"
    effect = ("worse" if difference.value > 0 else "better") if changed else "unchanged"
    return {
        "place": place,
        "name": shorten(place_name(row, language), NAME),
        "first": first.value,
        "second": second.value,
        "text": f"{value} ({ends})",
        "effect": worded(language, f"compare.chart.{effect}", kind),
        "fill": COLOURS[effect],
    }


def places_spec(rows: Values, kind: str, language: str) -> Spec:
    """Return the Vega-Lite specification of the places."""
    axis = {"title": translate(language, "compare.chart.places.x"), "tickCount": 5}
    order = [row["place"] for row in rows]
    colour = _colour(rows, kind, language)
    return {
        "width": WIDTH,
        "height": {"step": ROW_HEIGHT},
        "data": {"values": rows},
        "encoding": {"y": {"field": "place", "type": "nominal", "sort": order, "axis": None}},
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 2.5},
                "encoding": {
                    "x": {"field": "first", "type": "quantitative", "axis": axis},
                    "x2": {"field": "second"},
                    "color": colour,
                },
            },
            _dot("first", colour, filled=False),
            _dot("second", colour, filled=True),
            *_beside(),
        ],
    }


def _dot(field: str, colour: Spec, *, filled: bool) -> Spec:
    fill: Spec = {"field": "fill", "type": "nominal", "scale": None} if filled else {"value": PAPER}
    return {
        "mark": {"type": "point", "size": 80, "strokeWidth": 2, "opacity": 1},
        "encoding": {
            "x": {"field": field, "type": "quantitative"},
            "color": colour,
            "fill": fill,
        },
    }
