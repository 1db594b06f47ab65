"""The right contact on a terminal: what to do, who comes into question and why, what to know."""

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from leitweg.cli.screen import bar, console, heading, plain_table, words
from leitweg.domain.routing_answers import ReleasedBacklog, ReleasedContact, ReleasedRouting
from leitweg.language.catalogue import translate
from leitweg.language.forms import number
from leitweg.language.routing import (
    assigned_text,
    facts_of,
    headline,
    note_text,
    notes_of,
    probability_text,
    reason_sentence,
    why_not_text,
)

WIDEST_NAME, BESIDE_NAME, BAR, INDENT = 60, 36, 20, 4


def show_routing(
    released: ReleasedRouting, language: str, *, screen: Console | None = None
) -> None:
    """Print an answer; it fits 80 columns and reads the same without colour."""
    target = screen or console()
    title = f"Leitweg · {translate(language, 'routing.title')}"
    target.print(Text(title, style="bold white on blue"))
    target.print()
    target.print(words(headline(language, released), "bold yellow" if released.abstain else "bold"))
    for place, contact in enumerate(released.contacts, 1):
        target.print()
        _contact(target, place, contact, released, language)
    heading(target, translate(language, "backtest.heading.notes"))
    for sentence in (*facts_of(language, released), *notes_of(language, released)):
        _point(target, sentence)


def _contact(
    screen: Console, place: int, contact: ReleasedContact, released: ReleasedRouting, language: str
) -> None:
    name = words(contact.contact, "bold" if contact.available else "dim")
    why_not = why_not_text(language, contact, released.zone)
    if why_not:
        name.append(f" ({why_not})", style="yellow")
    longest = max(len(c.contact) + 2 * (not c.available) for c in released.contacts)
    room = min(max(longest, len(name)), WIDEST_NAME, screen.width - BESIDE_NAME)
    table = plain_table(("", "right"), header=False)
    table.add_column("", width=room, overflow="fold")
    table.add_column("", justify="right", width=9)
    table.add_column("", width=BAR)
    share = probability_text(language, contact.probability)
    drawn = Text(bar(contact.probability, 1.0, BAR), style="blue")
    table.add_row(words(f"{place:>2}"), name, words(share, "bold"), drawn)
    screen.print(table)
    for reason in contact.reasons:
        told = reason_sentence(language, reason, released.now_us, released.zone)
        _point(screen, told, indent=INDENT)
    if contact.similar:
        similar = translate(language, "routing.similar", names=", ".join(contact.similar))
        _point(screen, similar, indent=INDENT, style="dim")


def _point(screen: Console, sentence: str, *, indent: int = 0, style: str = "") -> None:
    table = plain_table(("", "left"), ("", "wide"), header=False)
    table.add_row("•", words(sentence, style))
    screen.print(Padding(table, (0, 0, 0, indent)))


def show_backlog(
    released: ReleasedBacklog, language: str, *, screen: Console | None = None
) -> None:
    """Print who takes which request of a backlog."""
    target = screen or console()
    rows = released.assignment.rows
    target.print(
        Text(f"Leitweg · {translate(language, 'routing.backlog')}", style="bold white on blue")
    )
    target.print()
    table = plain_table(
        (translate(language, "word.case"), "left"),
        (translate(language, "routing.contact"), "left"),
        (translate(language, "routing.probability"), "right"),
        ("", "wide"),
    )
    for row in rows:
        shown = row.contact or translate(language, "routing.by_hand")
        share = "" if row.probability is None else probability_text(language, row.probability)
        why = assigned_text(language, row.why) if row.why else ""
        if row.contact is None and row.first:
            why = f"{why} ({', '.join(row.first)})"
        table.add_row(
            words(row.case_id),
            words(shown, "" if row.contact else "yellow"),
            words(share),
            words(why, "dim"),
        )
    target.print(table)
    heading(target, translate(language, "backtest.heading.notes"))
    for name, found in released.assignment.compared.items():
        values = {
            "assigned": number(language, found.assigned, 0),
            "right": number(language, found.expected_right, 1),
            "most": number(language, found.max_new, 0),
        }
        way = translate(language, f"routing.way.{name}")
        _point(target, f"{way}: {translate(language, 'routing.way', **values)}")
    for note in released.notes:
        _point(target, note_text(language, note))
