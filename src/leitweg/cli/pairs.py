"""Options of the form NAME=VALUE, read once and never guessed."""

import typer

from leitweg.language.catalogue import language_of, translate


def _bad(text: str, /, **values: str) -> typer.BadParameter:
    return typer.BadParameter(translate(language_of(), f"cli.{text}", **values))


def read_pairs(
    option: str, texts: list[str], form: str, *, split_at_last: bool = False
) -> dict[str, str]:
    """Return name -> value of a repeatable option.

    ``split_at_last`` is for names that may hold a '=' themselves, such as activities.

    Raises
    ------
    typer.BadParameter
        For a text without both sides, or a name given twice with different values (exit code 2).
    """
    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.rpartition("=") if split_at_last else text.partition("=")
        name, value = name.strip(), value.strip()
        if not (name and equals and value):
            raise _bad("bad_pair", option=option, form=form, text=text)
        if found.get(name, value) != value:
            raise _bad("twice", option=option, key=name)
        found[name] = value
    return found
