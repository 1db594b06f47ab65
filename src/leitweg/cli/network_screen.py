"""The network of units, its thin links, and the load of units on a terminal."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from leitweg.cli.screen import bar, clean, heading, plain_table, shorten, words
from leitweg.domain.network import AbsentLink, Network
from leitweg.domain.situation import LoadRow, ReleasedSituation
from leitweg.language.catalogue import translate
from leitweg.language.forms import number, share, share_interval
from leitweg.language.load import FULL_FROM, load_place, load_summary, ordered_loads, says_something
from leitweg.language.network import congruence_sentence, network_absent, network_sentences

MOST_COMMUNITIES = 8
MOST_NAMES = 6
MOST_ABSENT = 5
MOST_LOADS = 10
WIDE = 90


def _bullet(screen: Console, text: str) -> None:
    table = plain_table(("", "left"), ("", "wide"), header=False)
    table.add_row("•", words(text))
    screen.print(table)


def _communities(network: Network) -> list[list[str]]:
    """Return the units of each community, the largest community first."""
    members: dict[int, list[tuple[float, str]]] = {}
    for unit in network.units:
        if unit.held_back is None and unit.community is not None:
            strength = (unit.strength_in or 0.0) + (unit.strength_out or 0.0)
            rank = 0.0 if network.nodes == "person" else -strength
            members.setdefault(unit.community, []).append((rank, unit.unit))
    ordered = sorted(members.items(), key=lambda found: (-len(found[1]), found[0]))
    return [[name for _, name in sorted(found)] for _, found in ordered]


def _named(names: list[str], language: str, width: int) -> str:
    shown = ", ".join(shorten(clean(name), width) for name in names[:MOST_NAMES])
    rest = len(names) - MOST_NAMES
    if rest <= 0:
        return shown
    return f"{shown} {translate(language, 'word.and_more', n=number(language, rest, 0))}"


def show_network(screen: Console, released: ReleasedSituation, language: str) -> None:
    """Print how the units hang together, in words, or why that cannot be told."""
    network = released.network
    heading(screen, translate(language, "report.network"))
    told = network_sentences(language, network, people=bool(released.coverage.people))
    if network.why or not network.units:
        screen.print(words(network_absent(language, network)))
        return
    for sentence in told:
        _bullet(screen, sentence)
    if needed := congruence_sentence(language, released.figures):
        _bullet(screen, needed)
    _together(screen, network, language)
    _absent(screen, network, language)


def _together(screen: Console, network: Network, language: str) -> None:
    communities = [names for names in _communities(network) if len(names) > 1]
    if not communities:
        return
    room = 40 if screen.width >= WIDE else 28
    title = "network.together_people" if network.nodes == "person" else "network.together"
    screen.print()
    screen.print(words(translate(language, title)))
    table = plain_table(("", "right"), ("", "wide"), header=False)
    for rank, names in enumerate(communities[:MOST_COMMUNITIES], 1):
        table.add_row(words(rank, "dim"), words(_named(names, language, room)))
    screen.print(table)
    _more(screen, len(communities) - MOST_COMMUNITIES, language)


def _absent(screen: Console, network: Network, language: str) -> None:
    links = [x for x in network.absent_links if x.expected is not None and not x.held_back]
    if not links:
        return
    screen.print()
    screen.print(words(translate(language, "absent.title")))
    keys = ("absent.expected", "absent.observed")
    table = plain_table(
        (translate(language, "word.from"), "left"),
        (translate(language, "word.to"), "left"),
        *((translate(language, key), "right") for key in keys),
    )
    links.sort(key=_surest_first)
    room = max(14, (screen.width - 32) // 2)
    for link in links[:MOST_ABSENT]:
        table.add_row(
            words(shorten(clean(link.from_unit), room)),
            words(shorten(clean(link.to_unit), room)),
            words(number(language, link.expected)),
            words(number(language, link.observed, 0)),
        )
    screen.print(table)
    _more(screen, len(links) - MOST_ABSENT, language)


def _surest_first(link: AbsentLink) -> tuple[float, str, str]:
    q = 1.0 if link.q_value is None else link.q_value
    return (q, link.from_unit, link.to_unit)


def show_load(screen: Console, released: ReleasedSituation, language: str) -> None:
    """Print how full the working hours are, the fullest first, or why that cannot be told."""
    heading(screen, translate(language, "chart.load.title"))
    screen.print(words(load_summary(language, released)))
    rows = [row for row in ordered_loads(released.loads, released.level) if says_something(row)]
    if not rows:
        return
    wide = screen.width >= WIDE
    table = plain_table(
        (translate(language, "word.place"), "left"),
        ("", "left"),
        (translate(language, "load.utilisation"), "right"),
        (translate(language, "word.interval"), "right"),
        (translate(language, "load.busy"), "right"),
    )
    for row in rows[:MOST_LOADS]:
        _load_row(table, row, language, 44 if wide else 26)
    screen.print(table)
    _more(screen, len(rows) - MOST_LOADS, language)


def _load_row(table: Table, row: LoadRow, language: str, room: int) -> None:
    use = row.utilisation
    if use is None:
        return
    full = use.value > FULL_FROM
    table.add_row(
        words(shorten(clean(load_place(row)), room)),
        Text(bar(use.value, 1.0, 8), style="red" if full else "cyan"),
        words(share(language, use.value, 0), "bold" if full else ""),
        words(share_interval(language, use.low, use.high, 0), "dim"),
        words(share(language, row.busy_weeks_share, 0)),
    )


def _more(screen: Console, rest: int, language: str) -> None:
    if rest > 0:
        n = number(language, rest, 0)
        screen.print(words(translate(language, "situation.more_rows", n=n), "dim"))
