"""What all screens share: a console, plain text, bars, headings."""

import sys
import unicodedata
from typing import Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

WIDEST = 150
GAP = 2
"""Blanks between two columns of a table."""
_EIGHTHS = " ▏▎▍▌▋▊▉█"


def console() -> Console:
    """Return the console for standard output; piped output is 80 columns wide, or COLUMNS."""
    if sys.stdout.isatty():
        found = Console(highlight=False)
        return Console(highlight=False, width=min(found.width, WIDEST))
    return Console(highlight=False)


def clean(text: object) -> str:
    r"""Return text that cannot steer a terminal: no control and no direction characters.

    >>> clean("a\x1b[31mb")
    'a�[31mb'
    """
    return "".join("�" if unicodedata.category(c) in ("Cc", "Cf") else c for c in str(text))


def words(text: object, style: str = "") -> Text:
    """Return text as it is: nothing in it is read as markup."""
    return Text(clean(text), style=style)


def lines(text: str, style: str = "") -> Text:
    """Return text whose own line breaks stay; everything else is cleaned."""
    return Text("\n".join(clean(line) for line in text.split("\n")), style=style)


def shorten(text: str, width: int) -> str:
    """Cut text to a width, with an ellipsis in place of the rest.

    >>> shorten("Beschwerdemanagement", 10)
    'Beschwerd…'
    """
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"


def joined_at_dots(parts: list[str], width: int) -> str:
    r"""Join parts by dots; a line breaks between two parts, never within one that has room.

    >>> joined_at_dots(["Slow link", "120 cases", "25 people"], 24)
    'Slow link · 120 cases\n25 people'
    """
    told = parts[:1]
    for part in parts[1:]:
        longer = f"{told[-1]} · {part}"
        told[-1:] = [longer] if len(longer) <= width else [told[-1], part]
    return "\n".join(told)


def bar(value: float | None, largest: float, width: int) -> str:
    """Draw a value as a bar; the largest fills the width, anything above nothing is seen.

    >>> bar(50, 100, 4), bar(100, 100, 4), bar(None, 100, 4)
    ('██', '████', '')
    """
    if not value or value <= 0 or largest <= 0:
        return ""
    eighths = max(1, round(min(value / largest, 1) * width * 8))
    whole, part = divmod(eighths, 8)
    return "█" * whole + (_EIGHTHS[part] if part else "")


def dots(share: float) -> str:
    """Draw a share as five dots.

    >>> dots(0.94), dots(0.5)
    ('●●●●●', '●●○○○')
    """
    full = max(0, min(5, round(share * 5)))
    return "●" * full + "○" * (5 - full)


def heading(screen: Console, text: str) -> None:
    """Print a heading with a line to the right edge."""
    title = clean(text)
    rest = max(0, screen.width - len(title) - 1)
    screen.print()
    screen.print(Text.assemble((title, "bold cyan"), (" " + "─" * rest, "dim cyan")))


def plain_table(*columns: tuple[str, str], header: bool = True) -> Table:
    """Return a table without frame; a column is its title and its side: left, right or wide.

    A wide column takes the room that the others leave.
    """
    table = Table(
        box=None,
        show_header=header,
        header_style="dim",
        pad_edge=False,
        padding=(0, GAP, 0, 0),
        expand=any(side == "wide" for _, side in columns),
    )
    for title, side in columns:
        if side == "wide":
            table.add_column(words(title), ratio=1)
        else:
            justify: Literal["left", "right"] = "right" if side == "right" else "left"
            table.add_column(words(title), justify=justify, no_wrap=True)
    return table
