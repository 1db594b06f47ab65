"""How far the router can be trusted, drawn: accuracy against coverage, and said against true."""

from collections.abc import Sequence
from typing import NamedTuple

from leitweg.charts.clear_place import Plot, clear_place
from leitweg.charts.picture import FAINT, INK, SOFT, Picture, Spec, to_svg, width_of
from leitweg.domain.routing_answers import CoveragePoint, DriftMonth, ReleasedBacktest
from leitweg.language.backtest import right_at_once
from leitweg.language.catalogue import translate
from leitweg.language.forms import count, share


class Size(NamedTuple):
    """Width and height of the inside of a plot, in pixels."""

    width: int
    height: int


IN_FILE, ON_PAGE = Size(320, 250), Size(248, 210)
"""On a page every plot stands alone, so that they stand below one another on a phone."""
MONTHS_IN_FILE = Size(2 * IN_FILE.width + 100, 130)
LINE, DOT = "#1f5f99", "#b5482a"
FEWEST_MONTHS = 3
Values = list[dict[str, object]]


def draw_backtest(released: ReleasedBacktest, language: str) -> Picture | None:
    """Draw a backtest as one picture for a file; None where no case was judged.

    Left, how many of the suggestions are right when only the surest part of the requests gets one;
    right, how often a contact was right against the probability told of it. Below, month by month.
    """
    if not released.curve:
        return None
    title = translate(language, "backtest.chart.title")
    told = " ".join(panel.description for panel in draw_panels(released, language))
    return _picture("backtest", backtest_spec(released, language), title, told, language)


def draw_panels(released: ReleasedBacktest, language: str) -> list[Picture]:
    """Draw a backtest for a page, each plot alone; none where no case was judged."""
    if not released.curve:
        return []
    specs = {
        "curve": _curve(released, language, ON_PAGE),
        "reliability": _reliability(released, language, ON_PAGE),
    }
    months = _known_months(released)
    if months:
        specs["months"] = _months(months, language, ON_PAGE)
    return [
        _picture(
            f"backtest-{name}",
            spec,
            _title(name, language, len(months)),
            translate(language, f"backtest.chart.{name}.told"),
            language,
        )
        for name, spec in specs.items()
    ]


def _picture(name: str, spec: Spec, title: str, told: str, language: str) -> Picture:
    svg = to_svg(spec, language)
    return Picture(name, svg, title, told, "", width_of(svg))


def _title(name: str, language: str, n_months: int = 0) -> str:
    return translate(language, f"backtest.chart.{name}", n=count(language, "month", n_months))


def backtest_spec(released: ReleasedBacktest, language: str) -> Spec:
    """Return the Vega-Lite specification of the picture for a file."""
    above: Spec = {
        "hconcat": [
            _curve(released, language, IN_FILE),
            _reliability(released, language, IN_FILE),
        ],
        "spacing": 44,
    }
    months = _known_months(released)
    if not months:
        return above
    return {"vconcat": [above, _months(months, language, MONTHS_IN_FILE)], "spacing": 30}


def _known_months(released: ReleasedBacktest) -> list[DriftMonth]:
    """Return the months to draw: none where they are too few for a course."""
    months = [month for month in released.drift if month.top1 is not None]
    return months if len(months) >= FEWEST_MONTHS else []


def _axis(field: str, title: str, language: str, domain: Sequence[float] = (0, 1)) -> Spec:
    sign = {"de": "\u00a0%", "en": "%"}[language]
    return {
        "field": field,
        "type": "quantitative",
        "title": title,
        "scale": {"domain": list(domain), "nice": False},
        "axis": {"labelExpr": f"round(datum.value * 100) + '{sign}'", "tickCount": 5},
    }


def _heading(text: str) -> Spec:
    plain = {"fontSize": 13, "fontWeight": "normal", "color": INK}
    return {"text": text, "anchor": "start", "frame": "group", **plain}


def _curve(released: ReleasedBacktest, language: str, size: Size) -> Spec:
    lowest = min(point.accuracy for point in released.curve)
    human = right_at_once(released)
    floor = max(0.0, min(lowest, human if human is not None else 1.0) - 0.05)
    x = _axis("coverage", translate(language, "backtest.chart.coverage"), language)
    y = _axis("accuracy", translate(language, "backtest.chart.accuracy"), language, (floor, 1))
    layers: list[Spec] = [
        {
            "data": {"values": _points(released.curve)},
            "mark": {"type": "line", "color": LINE, "strokeWidth": 2.5, "interpolate": "linear"},
            "encoding": {"x": x, "y": y, "order": {"field": "coverage"}},
        }
    ]
    if human is not None:
        text = translate(language, "backtest.chart.human", share=share(language, human, 0))
        layers += _rule(human, text, released.curve, Plot(*size, floor))
    return {
        "title": _heading(_title("curve", language)),
        "width": size.width,
        "height": size.height,
        "layer": layers,
    }


def _points(curve: Sequence[CoveragePoint]) -> Values:
    return [{"coverage": point.coverage, "accuracy": point.accuracy} for point in curve]


def _rule(height: float, text: str, curve: Sequence[CoveragePoint], plot: Plot) -> list[Spec]:
    """Return a dashed line at a height, its name beside it where the curve leaves room."""
    place = clear_place([(point.coverage, point.accuracy) for point in curve], height, text, plot)
    values: Spec = {"values": [{"y": height, "x": place.x, "text": text}]}
    name = {"align": "left", "baseline": "middle", "color": DOT, "fontSize": 12}
    y: Spec = {"field": "y", "type": "quantitative"}
    return [
        {
            "data": values,
            "mark": {"type": "rule", "strokeDash": [5, 4], "color": DOT},
            "encoding": {"y": y},
        },
        {
            "data": values,
            "mark": {"type": "text", "dy": -10 if place.above else 11, **name},
            "encoding": {
                "x": {"field": "x", "type": "quantitative"},
                "y": y,
                "text": {"field": "text"},
            },
        },
    ]


def _reliability(released: ReleasedBacktest, language: str, size: Size) -> Spec:
    values: Values = [
        {"said": b.probability, "right": b.right_share, "n": b.n} for b in released.bins if b.n
    ]
    most = max((b.n for b in released.bins), default=1)
    x = _axis("said", translate(language, "backtest.chart.said"), language)
    y = _axis("right", translate(language, "backtest.chart.right"), language)
    return {
        "title": _heading(_title("reliability", language)),
        "width": size.width,
        "height": size.height,
        "layer": [
            {
                "data": {"values": [{"said": 0, "right": 0}, {"said": 1, "right": 1}]},
                "mark": {"type": "line", "color": SOFT, "strokeDash": [4, 4], "strokeWidth": 1.2},
                "encoding": {"x": x, "y": y},
            },
            {
                "data": {"values": values},
                "mark": {"type": "circle", "color": LINE, "opacity": 0.9, "stroke": FAINT},
                "encoding": {
                    "x": x,
                    "y": y,
                    "size": {
                        "field": "n",
                        "type": "quantitative",
                        "scale": {"domain": [0, most], "range": [18, 420]},
                        "legend": None,
                    },
                },
            },
        ],
    }


def _months(months: Sequence[DriftMonth], language: str, size: Size) -> Spec:
    names = {name: translate(language, f"backtest.figure.{name}") for name in ("top3", "top1")}
    colours = {"domain": list(names.values()), "range": [SOFT, LINE]}
    values: Values = [
        {
            "month": month.month,
            "value": getattr(month, name),
            "figure": title,
            # the lines are named where they begin
            "text": title if month is months[0] else "",
        }
        for month in months
        for name, title in names.items()
    ]
    color = {"field": "figure", "type": "nominal", "scale": colours, "legend": None}
    return {
        "title": _heading(_title("months", language, len(months))),
        "width": size.width,
        "height": size.height,
        "data": {"values": values},
        "encoding": {
            "x": {
                "field": "month",
                "type": "ordinal",
                "title": None,
                "axis": {"labelAngle": -40, "labelOverlap": True},
            },
            "y": _axis("value", "", language),
            "color": color,
        },
        "layer": [
            {"mark": {"type": "line", "point": {"size": 36}, "strokeWidth": 2}},
            *(
                _name_of_line(title, dy)
                for title, dy in zip(names.values(), (-11, 14), strict=True)
            ),
        ],
    }


def _name_of_line(title: str, dy: int) -> Spec:
    return {
        "transform": [{"filter": {"field": "text", "equal": title}}],
        "mark": {"type": "text", "align": "left", "dx": -6, "dy": dy, "fontSize": 12},
        "encoding": {"text": {"field": "text"}},
    }
