"""A picture and how a Vega-Lite specification becomes one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import vl_convert

Spec = dict[str, object]
_FORMS: dict[str, Literal["en-GB", "de-DE"]] = {"en": "en-GB", "de": "de-DE"}
VEGA_LITE = "6.4"
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
FONT = "Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif"
INK, SOFT, FAINT, PAPER = "#1d2733", "#55616e", "#dfe4e8", "#ffffff"
# Okabe and Ito: told apart with every common colour vision
STAGE_COLOURS = {"front": "#0072b2", "mixed": "#e69f00", "back": "#009e73", "unknown": "#7d8790"}
# one hue family, falling in lightness, so that it also reads without colour
WAIT_COLOURS = ("#e6cf86", "#edb14c", "#dc7d2f", "#bd521c", "#8a2c10", "#4a1005")
NO_WAIT_COLOUR = "#aab4bd"
WAIT_EDGES_HOURS = (1, 4, 12, 24, 72)
COST_COLOUR, SAVED_COLOUR, RISK_COLOUR = "#b5482a", "#00795a", "#8a6a00"
# five hues that also differ in lightness; the unexplained rest is grey
CAUSE_COLOURS = {
    "batching": "#e6b84c",
    "contention": "#b5482a",
    "prioritisation": "#c99bc4",
    "unavailability": "#1f5f99",
    "extraneous": "#b9c2ca",
}
# Okabe and Ito again, in an order in which neighbours stay apart
COMMUNITY_COLOURS = ("#0072b2", "#d98200", "#009e73", "#b55a96", "#56b4e9", "#c04a12", "#9a8b00")
_ROOT = re.compile(r'<svg[^>]*? width="(?P<w>[\d.]+)" height="(?P<h>[\d.]+)"[^>]*>')


@dataclass(frozen=True)
class Picture:
    """One picture: its SVG, what it is called, what it shows, and what it leaves out.

    ``width`` is in pixels, for whoever must keep it legible on a narrow screen.
    """

    name: str
    svg: str
    title: str
    description: str
    note: str
    width: int


def wait_class(hours: float | None) -> str:
    """Return the class of a median wait, as the end of its catalogue key.

    >>> wait_class(0.5), wait_class(30), wait_class(None)
    ('0', '4', 'none')
    """
    if hours is None:
        return "none"
    return str(sum(hours >= edge for edge in WAIT_EDGES_HOURS))


def wait_colour(hours: float | None) -> str:
    """Return the colour of a median wait."""
    name = wait_class(hours)
    return NO_WAIT_COLOUR if name == "none" else WAIT_COLOURS[int(name)]


def _config() -> Spec:
    return {
        "background": PAPER,
        "font": FONT,
        "aria": False,
        "view": {"stroke": None},
        "axis": {
            "labelColor": SOFT,
            "titleColor": INK,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "gridColor": FAINT,
            "domainColor": FAINT,
            "tickColor": FAINT,
            "titlePadding": 10,
        },
        "legend": {
            "labelColor": INK,
            "titleColor": SOFT,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "orient": "top",
            "labelLimit": 300,
        },
        "text": {"color": INK, "fontSize": 12},
    }


def to_svg(spec: Mapping[str, object], language: str) -> str:
    """Draw a specification; numbers in the forms of the language, nothing fetched from anywhere."""
    whole = {"$schema": SCHEMA, "config": _config(), **spec}
    return str(
        vl_convert.vegalite_to_svg(
            whole,
            vl_version=VEGA_LITE,
            format_locale=_FORMS[language],
            allowed_base_urls=[],
        )
    )


def width_of(svg: str) -> int:
    """Return the width that a drawn picture asks for, in pixels."""
    match = _ROOT.match(svg)
    return round(float(match["w"])) if match else 0


def shorten(text: str, most: int) -> str:
    """Cut a name to a length, with an ellipsis in place of the rest."""
    return text if len(text) <= most else text[: most - 1].rstrip(" ,-") + "…"


def two_lines(text: str, width: int) -> list[str]:
    """Break a name at a space into at most two lines of a width, cut where it is longer still.

    >>> two_lines("Beschwerden und Qualität", 14), two_lines("Recht", 14)
    (['Beschwerden', 'und Qualität'], ['Recht'])
    """
    if len(text) <= width:
        return [text]
    first, rest = "", text.split(" ")
    while rest and len(f"{first} {rest[0]}".strip()) <= width:
        first = f"{first} {rest.pop(0)}".strip()
    if not first:
        return [shorten(text, width)]
    return [first, shorten(" ".join(rest), width)] if rest else [first]
