"""The customer line map and the links on a terminal."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from leitweg.cli.screen import bar, clean, heading, plain_table, shorten, words
from leitweg.domain.situation import LinkRow, ReleasedSituation, UnitRow
from leitweg.language.catalogue import translate
from leitweg.language.forms import duration, hours_per_month, number
from leitweg.language.places import unit_name

STAGES = ("front", "mixed", "back", "unknown")
COLOURS = {"front": "green", "mixed": "yellow", "back": "magenta", "unknown": "dim"}
MOST_UNITS = 24
MOST_LINKS = 10


def _stage(row: UnitRow) -> str:
    return row.stage if row.stage in STAGES else "unknown"


def _size(row: UnitRow, *, clock: bool) -> float:
    if clock:
        return row.waiting_hours_per_month.value if row.waiting_hours_per_month else 0.0
    return float(row.n_cases or 0)


def ordered_units(released: ReleasedSituation) -> list[UnitRow]:
    """Return the units stage by stage, the longest waits first; persons by name."""
    units, clock = released.units, released.period.start_us is not None
    if released.level == "person":
        return sorted(units, key=lambda u: (STAGES.index(_stage(u)), u.unit))
    return sorted(units, key=lambda u: (STAGES.index(_stage(u)), -_size(u, clock=clock), u.unit))


def _amount(row: UnitRow, language: str, *, clock: bool) -> str:
    if row.held_back:
        return translate(language, "word.held_back")
    if not clock:
        return number(language, row.n_cases, 0)
    waiting = row.waiting_hours_per_month
    return hours_per_month(language, waiting.value if waiting else None)


def _line_map(units: list[UnitRow], language: str, width: int, *, clock: bool) -> Table:
    amount = "word.waiting_month" if clock else "word.cases"
    table = plain_table(
        (translate(language, "word.unit"), "left"),
        ("", "left"),
        (translate(language, amount), "right"),
        (translate(language, "word.distance_short"), "right"),
        (translate(language, "word.weight"), "right"),
    )
    name_width = max(20, min(44, width - 59 if width < 110 else width - 86))
    bar_width = 8 if width < 110 else 28
    largest = max((_size(u, clock=clock) for u in units), default=0.0)
    before = ""
    for row in units:
        stage = _stage(row)
        if stage != before:
            _stage_row(table, stage, language)
            before = stage
        table.add_row(
            words("  " + shorten(clean(unit_name(language, row.unit)), name_width)),
            Text(bar(_size(row, clock=clock), largest, bar_width), style=COLOURS[stage]),
            words(_amount(row, language, clock=clock)),
            words(number(language, row.distance_handovers, 1)),
            words(number(language, row.customer_weight, 2)),
        )
    return table


def _stage_row(table: Table, stage: str, language: str) -> None:
    name = translate(language, f"stage.{stage}")
    table.add_row(Text(name, style=f"bold {COLOURS[stage]}"))


def show_units(screen: Console, released: ReleasedSituation, language: str) -> None:
    """Print the units by their stage on the way to the customer, the longest waits first."""
    heading(screen, translate(language, "situation.line_map"))
    if not released.units:
        screen.print(words(translate(language, "situation.no_units")))
        return
    clock = released.period.start_us is not None
    explanation = "explanation" if clock else "explanation_no_clock"
    screen.print(words(translate(language, f"situation.line_map.{explanation}"), "dim"))
    ordered = ordered_units(released)
    most = MOST_UNITS // max(1, len({_stage(unit) for unit in ordered}))
    if len(ordered) <= MOST_UNITS:
        most = MOST_UNITS
    units = [u for stage in STAGES for u in [u for u in ordered if _stage(u) == stage][:most]]
    screen.print(_line_map(units, language, screen.width, clock=clock))
    _more(screen, "more_units", len(ordered) - len(units), language)


def _weight(link: LinkRow, *, clock: bool) -> float:
    value = link.waiting_hours_per_month if clock else link.handovers
    return float(value or 0.0)


def _links(links: list[LinkRow], language: str, width: int, *, clock: bool) -> Table:
    columns = [(translate(language, "word.from"), "left"), (translate(language, "word.to"), "left")]
    columns.append((translate(language, "word.handovers"), "right"))
    if clock:
        columns.append((translate(language, "word.median"), "right"))
        columns.append((translate(language, "word.per_month_hours"), "right"))
    table = plain_table(*columns)
    room = max(14, (width - 42) // 2)
    for link in links:
        ends = (unit_name(language, unit) for unit in (link.from_unit, link.to_unit))
        cells = [shorten(clean(end), room) for end in ends]
        cells.append(number(language, link.handovers, 0))
        if clock:
            cells.append(duration(language, link.waiting_hours_median))
            cells.append(number(language, link.waiting_hours_per_month))
        table.add_row(*(words(cell) for cell in cells))
    return table


def show_links(screen: Console, released: ReleasedSituation, language: str) -> None:
    """Print the links on which customers wait most, or the busiest where there is no clock."""
    clock = released.period.start_us is not None
    heading(screen, translate(language, f"situation.links{'' if clock else '_no_clock'}"))
    shown = [link for link in released.links if link.handovers is not None]
    if not shown:
        screen.print(words(translate(language, "situation.no_links")))
        return
    shown.sort(key=lambda link: (-_weight(link, clock=clock), link.from_unit, link.to_unit))
    screen.print(_links(shown[:MOST_LINKS], language, screen.width, clock=clock))
    _more(screen, "more_links", len(shown) - MOST_LINKS, language)


def _more(screen: Console, key: str, rest: int, language: str) -> None:
    if rest > 0:
        n = number(language, rest, 0)
        screen.print(words(translate(language, f"situation.{key}", n=n), "dim"))
