"""The plots of a backtest on its page: side by side, and below one another on a narrow screen."""

from collections.abc import Sequence

from htpy import Element, details, div, figcaption, figure, p, strong, summary

from leitweg.charts.picture import Picture
from leitweg.language.catalogue import translate
from leitweg.reports.pictures import inline_svg

ROW = "display:flex;flex-wrap:wrap;gap:24px 16px;justify-content:space-evenly"


def panels_with_table(
    panels: Sequence[Picture], title: str, table: Sequence[Element], language: str
) -> Element:
    """Return a figure: what each plot shows, the plots, and their table to open."""
    return figure[
        figcaption[(p[strong[panel.title], f": {panel.description}"] for panel in panels)],
        div(".picture", style=ROW)[(_panel(panel) for panel in panels)],
        details[summary[f"{translate(language, 'report.table')}: {title}"], table],
    ]


def _panel(panel: Picture) -> Element:
    # never wider than the screen: a plot that has to be slid into view is not seen
    width = f"--width:min({panel.width}px,100%);flex:0 1 {panel.width}px;min-width:0"
    return div(style=width)[inline_svg(panel)]
