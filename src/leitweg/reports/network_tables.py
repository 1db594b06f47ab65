"""The tables of the network: its figures, its units, and links that are thinner than expected."""

from htpy import Element, details, h3, li, p, summary, ul

from leitweg.domain.findings import Estimate
from leitweg.domain.network import AbsentLink, Network, NetworkFigure, NetworkUnit
from leitweg.language import forms
from leitweg.language.catalogue import has_text, translate
from leitweg.language.network import (
    figures_without_value,
    network_interval,
    network_label,
    network_value,
    ordered_units,
    roles,
)
from leitweg.reports.tables import NUMBER, ONE_LINE, TEXT, WIDE, Column, grid, long_grid

READ = ("e_i", "betweenness", "constraint", "roles", "core")
_COLUMNS = ("community", "out", "in", "e_i", "reciprocity", "betweenness", "constraint")
_MORE = ("effective", "roles", "core", "articulation")


def network_figures(network: Network, language: str) -> list[Element]:
    """Return the figures of the whole network, then those without a value, and why."""
    known = [f for f in network.figures if f.value is not None]
    keys = ("word.figure", "word.value", "word.interval", "network.expected", "network.z")
    names = [translate(language, key) for key in (*keys, "word.explanation")]
    kinds = (TEXT, NUMBER, NUMBER, NUMBER, NUMBER, WIDE)
    rows = [_figure_cells(figure, language) for figure in known]
    label = translate(language, "network.figures")
    columns = list(zip(names, kinds, strict=True))
    parts = [h3(".after")[label], grid(label, columns, rows)] if rows else []
    if any(figure.z is not None for figure in known):
        parts.append(p(".note")[translate(language, "network.z.read")])
    unknown = figures_without_value(language, network.figures)
    return [*parts, *(p(".note")[sentence] for sentence in unknown)]


def _figure_cells(figure: NetworkFigure, language: str) -> list[str]:
    value = figure.value.value if figure.value else None
    expected = figure.expected
    key = f"network.{figure.name}.explanation"
    return [
        network_label(language, figure.name),
        network_value(language, figure.name, value),
        network_interval(language, figure.name, figure.value),
        "" if expected is None else network_value(language, figure.name, expected),
        "" if figure.z is None else forms.number(language, figure.z, 1),
        translate(language, key) if has_text(key) else "",
    ]


def network_table(network: Network, language: str) -> list[Element]:
    """Return the nodes by community, the strongest first; persons in the order of their names."""
    first = translate(language, "word.person" if network.nodes == "person" else "word.unit")
    names = [first, *(translate(language, f"network.column.{key}") for key in (*_COLUMNS, *_MORE))]
    text = {translate(language, f"network.column.{key}") for key in ("roles", "articulation")}
    columns: list[Column] = [
        (name, TEXT if i == 0 else ONE_LINE if name in text else NUMBER)
        for i, name in enumerate(names)
    ]
    rows = [_unit_cells(unit, language) for unit in ordered_units(network)]
    parts = long_grid(language, translate(language, "report.network"), columns, rows)
    if network.nodes == "person":
        parts.append(p(".note")[translate(language, "network.read.persons")])
    return [*parts, _read(language)]


def _estimate(language: str, estimate: Estimate | None) -> str:
    if estimate is None:
        return forms.missing(language)
    return forms.number(language, estimate.value, 2)


def _unit_cells(unit: NetworkUnit, language: str) -> list[str]:
    if unit.held_back:
        held = translate(language, "word.held_back")
        return [unit.unit, held, *[""] * (len(_COLUMNS) + len(_MORE) - 1)]
    cut = unit.articulation_point
    reciprocity = unit.reciprocity.value if unit.reciprocity else None
    return [
        unit.unit,
        forms.number(language, unit.community, 0),
        forms.number(language, unit.strength_out, 0),
        forms.number(language, unit.strength_in, 0),
        _estimate(language, unit.e_i_index),
        forms.share(language, reciprocity, 0),
        forms.share(language, unit.betweenness.value if unit.betweenness else None),
        _estimate(language, unit.constraint),
        _estimate(language, unit.effective_size),
        roles(language, unit.brokerage),
        forms.number(language, unit.core, 0),
        "" if cut is None else translate(language, "word.yes" if cut else "word.no"),
    ]


def _read(language: str) -> Element:
    told = (li[translate(language, f"network.read.{key}")] for key in READ)
    title = translate(language, "network.read.title")
    return details(".inner")[summary[title], ul(".plain")[told]]


def absent_table(network: Network, language: str) -> list[Element]:
    """Return the pairs with fewer transactions than expected, the surest first."""
    links = sorted(network.absent_links, key=_order)
    keys = ("word.from", "word.to", "absent.expected", "absent.observed", "absent.missing")
    names = [translate(language, key) for key in (*keys, "absent.q")]
    columns = [(name, TEXT if i < 2 else NUMBER) for i, name in enumerate(names)]
    rows = [_absent_cells(link, language) for link in links]
    return long_grid(language, translate(language, "absent.title"), columns, rows)


def _order(link: AbsentLink) -> tuple[bool, float, str, str]:
    q = 1.0 if link.q_value is None else link.q_value
    return (link.held_back is not None, q, link.from_unit, link.to_unit)


def _absent_cells(link: AbsentLink, language: str) -> list[str]:
    if link.held_back or link.expected is None or link.observed is None:
        return [link.from_unit, link.to_unit, translate(language, "word.held_back"), *[""] * 3]
    q = link.q_value
    return [
        link.from_unit,
        link.to_unit,
        forms.number(language, link.expected),
        forms.number(language, link.observed, 0),
        forms.number(language, link.expected - link.observed),
        forms.missing(language) if q is None else _chance_of_error(language, q),
    ]


def _chance_of_error(language: str, q: float) -> str:
    """Write a chance of error; nobody needs more than thousandths of it."""
    if q < 0.001:
        return f"< {forms.share(language, 0.001)}"
    return forms.share(language, q, 1)
