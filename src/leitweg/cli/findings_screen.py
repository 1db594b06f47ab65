"""The findings on a terminal: what, where, what it costs the customer, how sure."""

from dataclasses import replace

from rich.console import Console
from rich.table import Table
from rich.text import Text

from leitweg.cli.screen import bar, dots, heading, lines, plain_table, shorten, words
from leitweg.domain.findings import Finding
from leitweg.domain.situation import ReleasedSituation
from leitweg.language.catalogue import translate
from leitweg.language.findings import certainty_words, finding_title, is_at_risk, kind_name
from leitweg.language.forms import count, hours_per_month, interval, number
from leitweg.language.nothing_found import nothing_found

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
    if finding.kind == "smooth_link":
        value = translate(language, "finding.price.saved", price=value)
    if is_at_risk(finding):
        value = translate(language, "finding.price.at_risk", price=value)
    ends = interval(language, finding.price.low, finding.price.high)
    return Text.assemble((value, "bold"), (f"\n{ends}", "dim"))


def _facts(finding: Finding, language: str, *, certainty: bool) -> str:
    facts = [kind_name(finding.kind, language), count(language, "case", finding.n_cases)]
    if finding.n_people is not None:
        facts.append(count(language, "person", finding.n_people))
    if finding.price is None and finding.n_handovers:
        facts.append(count(language, "handover", finding.n_handovers))
    if certainty:
        facts.append(f"{dots(finding.certainty)} {certainty_words(finding, language)}")
    return " · ".join(facts)


def _brief(name: str | None) -> str | None:
    return shorten(name, NAME) if name else name


def _what(finding: Finding, language: str, *, certainty: bool) -> Text:
    brief = replace(
        finding,
        unit=_brief(finding.unit),
        from_unit=_brief(finding.from_unit),
        to_unit=_brief(finding.to_unit),
    )
    title = words(finding_title(brief, language), _COLOURS.get(finding.kind, ""))
    return Text.assemble(title, "\n", words(_facts(finding, language, certainty=certainty), "dim"))


def _narrow(findings: tuple[Finding, ...], language: str) -> Table:
    table = plain_table(
        ("", "right"),
        (translate(language, "word.finding"), "wide"),
        (translate(language, "word.price"), "right"),
    )
    for rank, finding in enumerate(findings, 1):
        what = _what(finding, language, certainty=True)
        table.add_row(words(rank, "dim"), what, _price(finding, language))
    return table


def _wide(findings: tuple[Finding, ...], language: str) -> Table:
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
            _what(finding, language, certainty=False),
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
    screen.print(words(translate(language, "situation.no_findings"), "bold"))
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
    screen.print(build(released.findings, language))
    if priced:
        screen.print(words(_union(released, language), "dim"))
    else:
        screen.print(words(translate(language, "situation.no_clock"), "dim"))
