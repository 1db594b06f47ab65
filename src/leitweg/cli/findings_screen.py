"""The findings on a terminal: what, where, what it costs the customer, how sure."""

from dataclasses import replace

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from leitweg.cli.screen import (
    GAP,
    bar,
    dots,
    heading,
    joined_at_dots,
    lines,
    plain_table,
    shorten,
    words,
)
from leitweg.domain.findings import Finding
from leitweg.domain.situation import ReleasedSituation
from leitweg.language.catalogue import translate
from leitweg.language.findings import (
    certainty_words,
    finding_router,
    finding_title,
    is_at_risk,
    kind_name,
)
from leitweg.language.forms import count, hours_per_month, interval, number
from leitweg.language.nothing_found import no_findings, nothing_found

WIDE = 112
BAR = 14
NAME = 36
_COLOURS = {"smooth_link": "green", "key_position": "magenta"}


def _price(finding: Finding, language: str) -> Text:
    if finding.price is None:
        none = translate(language, "finding.price.none")
        held = translate(language, "word.held_back") if finding.held_back else ""
        return lines(f"{none}\n{held}" if held else none, "dim")
    value = hours_per_month(language, finding.price.value)
    if kind := _kind_of_price(finding):
        # of its own, so that a line stays short; the texts have the price in front
        told = translate(language, f"finding.price.{kind}", price=value)
        value = f"{value}\n{told.removeprefix(value).strip()}"
    ends = interval(language, finding.price.low, finding.price.high)
    return Text.assemble((value, "bold"), (f"\n{ends}", "dim"))


def _kind_of_price(finding: Finding) -> str:
    if is_at_risk(finding):
        return "at_risk"
    return "saved" if finding.kind == "smooth_link" else ""


def _facts(finding: Finding, language: str, width: int, *, certainty: bool) -> str:
    facts = [kind_name(finding.kind, language)]
    if certainty:
        facts.append(count(language, "case", finding.n_cases))
    if finding.n_people is not None:
        facts.append(count(language, "person", finding.n_people))
    if finding.price is None and finding.n_handovers:
        facts.append(count(language, "handover", finding.n_handovers))
    if certainty:
        facts.append(f"{dots(finding.certainty)} {certainty_words(finding, language)}")
    return joined_at_dots(facts, width)


def _brief(name: str | None) -> str | None:
    return shorten(name, NAME) if name else name


def _what(finding: Finding, language: str, width: int, *, certainty: bool) -> Text:
    brief = replace(
        finding,
        unit=_brief(finding.unit),
        from_unit=_brief(finding.from_unit),
        to_unit=_brief(finding.to_unit),
    )
    title = words(finding_title(brief, language), _COLOURS.get(finding.kind, ""))
    facts = _facts(finding, language, width, certainty=certainty)
    told = Text.assemble(title, "\n", lines(facts, "dim"))
    router = finding_router(finding, language)
    return Text.assemble(told, "\n", words(router, "dim")) if router else told


def _narrow(findings: tuple[Finding, ...], language: str, width: int) -> Table:
    table = plain_table(
        ("", "right"),
        (translate(language, "word.finding"), "wide"),
        (translate(language, "word.price"), "right"),
    )
    prices = [_price(finding, language) for finding in findings]
    widest = max(cell_len(line) for price in prices for line in price.plain.split("\n"))
    room = width - len(str(len(findings))) - max(widest, 5) - 2 * GAP
    for rank, (finding, price) in enumerate(zip(findings, prices, strict=True), 1):
        what = _what(finding, language, room, certainty=True)
        table.add_row(words(rank, "dim"), what, price)
    return table


def _wide(findings: tuple[Finding, ...], language: str, width: int) -> Table:
    table = plain_table(
        ("", "right"),
        (translate(language, "word.finding"), "wide"),
        (translate(language, "word.price"), "right"),
        ("", "left"),
        (translate(language, "word.cases"), "right"),
        (translate(language, "word.certainty"), "left"),
    )
    largest = max((f.price.value for f in findings if f.price), default=0.0)
    for rank, finding in enumerate(findings, 1):
        drawn = bar(finding.price.value, largest, BAR) if finding.price else ""
        sure = f"{dots(finding.certainty)}\n{certainty_words(finding, language)}"
        table.add_row(
            words(rank, "dim"),
            _what(finding, language, width, certainty=False),
            _price(finding, language),
            Text(drawn, style=_COLOURS.get(finding.kind, "yellow")),
            words(number(language, finding.n_cases, 0)),
            lines(sure, "dim"),
        )
    return table


def _union(released: ReleasedSituation, language: str) -> str:
    for figure in released.figures:
        if figure.name == "waiting_hours_per_month_in_findings" and figure.value is not None:
            union = hours_per_month(language, figure.value)
            return translate(language, "situation.overlap", union=union)
    return translate(language, "situation.overlap_plain")


def _nothing(screen: Console, released: ReleasedSituation, language: str) -> None:
    heading(screen, translate(language, "word.findings"))
    screen.print(words(no_findings(released, language), "bold"))
    for sentence in nothing_found(released, language):
        screen.print(words(sentence))


def show_findings(screen: Console, released: ReleasedSituation, language: str) -> None:
    """Print the findings, or why there are none and what to do next."""
    if not released.findings:
        _nothing(screen, released, language)
        return
    priced = any(f.price for f in released.findings)
    heading(screen, translate(language, f"situation.findings{'' if priced else '_by_handovers'}"))
    build = _wide if screen.width >= WIDE else _narrow
    screen.print(build(released.findings, language, screen.width))
    if priced:
        screen.print(words(_union(released, language), "dim"))
    else:
        screen.print(words(translate(language, "situation.no_clock"), "dim"))
