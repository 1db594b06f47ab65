"""What a server answers from, and where it listens, on a screen."""

from pathlib import Path

from rich.console import Console

from leitweg.cli.screen import console, words
from leitweg.language.catalogue import translate
from leitweg.language.forms import count
from leitweg.studies.serving import Served


def show_served(
    served: Served, workspace: Path, language: str, *, screen: Console | None = None
) -> None:
    """Print what a server answers from, and what is still missing for it to answer."""
    target = screen or console()
    for level, cases in served.learnt.items():
        told = {"level": translate(language, f"backtest.level.{level}")}
        told["cases"] = count(language, "case", cases)
        target.print(words(translate(language, "cli.serve.learnt", **told)))
    if not served.purpose_is_on:
        hint = translate(language, "cli.serve.purpose_off", workspace=workspace)
        target.print(words(hint, "yellow"))
    if not served.n_keys:
        target.print(words(translate(language, "cli.serve.no_key", workspace=workspace), "yellow"))


def show_started(url: str, language: str, *, screen: Console | None = None) -> None:
    """Print where the server answers."""
    target = screen or console()
    # an address that were wrapped could not be copied
    target.print(words(translate(language, "cli.serve.listening", url=url), "green"))
    for page in ("docs", "health", "metrics"):
        name = translate(language, f"cli.serve.page.{page}")
        target.print(words(f"  {url}/{page}  {name}"), soft_wrap=True)
    target.print(words(translate(language, "cli.serve.how_to_end"), "dim"))
