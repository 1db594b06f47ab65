"""The tables of a comparison: every picture has one, and machines and screen readers read it."""

from collections.abc import Sequence

from htpy import Element

from leitweg.charts.comparison import place_name
from leitweg.domain.comparison import (
    FigureChange,
    FindingChange,
    PlaceChange,
    ReleasedComparison,
    Side,
    TopicShare,
)
from leitweg.domain.findings import Estimate
from leitweg.language import forms
from leitweg.language.catalogue import translate
from leitweg.language.comparison import (
    became_text,
    change_label,
    difference_with_ends,
    estimate_text,
    hours_difference,
    price_difference,
    ratio_with_ends,
    side_name,
    statement_text,
)
from leitweg.language.findings import finding_title
from leitweg.language.reasons import reason_text
from leitweg.reports.tables import NUMBER, TEXT, VALUE, Column, grid, long_grid

Row = list[str]


def _columns(language: str, keys: Sequence[str], n_text: int = 1) -> list[Column]:
    names = [translate(language, key) for key in keys]
    last = len(names) - 1
    return [
        (name, TEXT if i < n_text or (i == last and keys[i] == "compare.statement") else NUMBER)
        for i, name in enumerate(names)
    ]


def sides_table(released: ReleasedComparison, language: str) -> Element:
    """Return what each side is and how much the log holds of it."""
    keys = ("compare.table.side", "word.cases", "word.people", "compare.months")
    rows = [
        _side("first", released.first, language),
        _side("second", released.second, language),
    ]
    label = translate(language, "compare.sides")
    return grid(label, _columns(language, keys), rows)


def _side(which: str, side: Side, language: str) -> Row:
    name = f"{translate(language, f'compare.{which}')}: {side_name(side, language)}"
    if side.held_back:
        return [name, translate(language, "word.held_back"), "", ""]
    return [
        name,
        forms.number(language, side.cases, 0),
        forms.number(language, side.people, 0),
        forms.number(language, side.period.months, 1),
    ]


def changes_table(released: ReleasedComparison, language: str) -> list[Element]:
    """Return every figure on both sides, plain and with the same topics."""
    keys = (
        "word.figure",
        "compare.first",
        "compare.second",
        "compare.difference",
        "word.interval",
        "compare.ratio",
        "compare.same_mix",
        "compare.statement",
    )
    rows = [_change(figure, released.kind, language) for figure in released.figures]
    label = translate(language, "compare.figures")
    return long_grid(language, label, _columns(language, keys), rows)


def _change(figure: FigureChange, kind: str, language: str) -> Row:
    name, change = change_label(language, figure.name), figure.change
    if change.first is None or change.second is None:
        reason = reason_text(language, change.held_back or change.why)
        missing = forms.missing(language)
        return [name, missing, missing, "", "", "", "", reason]
    value, ends = difference_with_ends(language, figure, change)
    return [
        name,
        estimate_text(language, figure, change.first),
        estimate_text(language, figure, change.second),
        value,
        ends,
        ratio_with_ends(language, change)[0],
        difference_with_ends(language, figure, figure.same_mix)[0],
        statement_text(language, change, kind),
    ]


def places_table(released: ReleasedComparison, what: str, language: str) -> list[Element]:
    """Return the waiting per case and per handover at each place."""
    keys = (
        "word.place",
        "compare.first",
        "compare.second",
        "compare.difference",
        "word.interval",
        "compare.per_receipt",
        "word.handovers",
        "compare.statement",
    )
    rows = released.units if what == "units" else released.links
    told = [_place(row, released.kind, language) for row in rows]
    label = translate(language, f"compare.{what}")
    return long_grid(language, label, _columns(language, keys), told)


def _place(row: PlaceChange, kind: str, language: str) -> Row:
    name = place_name(row, language)
    if row.held_back:
        return [name, translate(language, "word.held_back"), *[""] * 6]
    value, ends = hours_difference(language, row.per_case)
    receipts = [forms.number(language, n, 0) for n in (row.receipts_first, row.receipts_second)]
    return [
        name,
        _duration(language, row.per_case.first),
        _duration(language, row.per_case.second),
        value,
        ends,
        hours_difference(language, row.per_receipt)[0],
        " / ".join(receipts),
        statement_text(language, row.per_case, kind),
    ]


def _duration(language: str, estimate: Estimate | None) -> str:
    return forms.duration(language, estimate.value if estimate else None)


def findings_table(released: ReleasedComparison, language: str) -> list[Element]:
    """Return the findings of both sides, matched by kind and place."""
    keys = (
        "word.finding",
        "compare.first",
        "compare.second",
        "compare.difference",
        "compare.price_per_case",
        "compare.at_place",
        "compare.statement",
    )
    rows = [_finding(row, released.kind, language) for row in released.findings]
    label = translate(language, "compare.findings")
    # values with their intervals wrap, so that the name of the finding keeps its room
    columns = [(name, VALUE if kind == NUMBER else kind) for name, kind in _columns(language, keys)]
    return long_grid(language, label, columns, rows)


def _finding(row: FindingChange, kind: str, language: str) -> Row:
    return [
        finding_title(row.shown, language),
        forms.price(language, row.price.first) if row.price.first else "–",
        forms.price(language, row.price.second) if row.price.second else "–",
        _with_ends(price_difference(language, row.price)),
        _with_ends(ratio_with_ends(language, row.price_per_case)),
        _with_ends(hours_difference(language, row.at_place)),
        became_text(language, row.became, kind),
    ]


def _with_ends(told: tuple[str, str]) -> str:
    value, ends = told
    return f"{value} ({ends})" if ends else value


def mix_table(released: ReleasedComparison, language: str) -> list[Element]:
    """Return the cases of each topic on both sides, with their share of the side."""
    keys = ("word.topic", "compare.first", "compare.second")
    rows = [_topic(row, released, language) for row in released.mix.topics]
    label = translate(language, "compare.mix")
    return long_grid(language, label, _columns(language, keys), rows)


def _topic(row: TopicShare, released: ReleasedComparison, language: str) -> Row:
    if row.held_back:
        held = translate(language, "word.held_back")
        return [row.topic, held, held]
    sides = ((row.cases_first, released.first), (row.cases_second, released.second))
    return [row.topic, *(_of_side(n, side, language) for n, side in sides)]


def _of_side(n: int | None, side: Side, language: str) -> str:
    told = forms.number(language, n, 0)
    if n is None or not side.cases:
        return told
    return f"{told} ({forms.share(language, n / side.cases)})"
