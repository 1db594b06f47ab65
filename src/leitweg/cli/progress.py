"""A progress bar on standard error, fed by the callback that long work calls."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from leitweg.domain.progress import Progress as Callback
from leitweg.domain.progress import silent
from leitweg.language.catalogue import has_text, translate


def told_progress(language: str, what: str) -> str:
    """Return what is being done in the language; work nobody wrote a text for stays as it is.

    >>> told_progress("de", "reading log.csv"), told_progress("de", "counting")
    ('Lesen: log.csv', 'counting')
    """
    first, _, rest = what.partition(" ")
    key = f"progress.{first}"
    return translate(language, key, rest=rest) if has_text(key) else what


@contextmanager
def progress_bar(language: str) -> Iterator[Callback]:
    """Show how far the work is, one line per piece of work; silent where nobody watches."""
    if not sys.stderr.isatty():
        yield silent
        return
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=30),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    tasks: dict[str, TaskID] = {}

    def report(what: str, done: int, total: int) -> None:
        if what not in tasks:
            tasks[what] = bar.add_task(told_progress(language, what), total=total or None)
        bar.update(tasks[what], completed=done, total=total or None)

    with bar:
        yield report
