"""Keys of programs on a screen: a new one with its token, and all there are."""

from collections.abc import Sequence

from rich.console import Console

from leitweg.cli.screen import console, heading, plain_table, shorten, words
from leitweg.language.catalogue import translate
from leitweg.language.forms import moment
from leitweg.store.application.api_keys import ApiKey
from leitweg.studies.api_keys import NewKey

NAME = 28


def show_new_key(new: NewKey, language: str, *, screen: Console | None = None) -> None:
    """Print a new key; its token stands alone on a line, so that it can be copied."""
    target = screen or console()
    role = translate(language, f"access.role.{new.key.role}")
    said = translate(language, "key.created", name=new.key.name, id=new.key.id, role=role)
    target.print(words(said, "green"))
    target.print()
    # a line that were wrapped could not be copied
    target.print(words(new.token, "bold"), soft_wrap=True)
    target.print()
    target.print(words(translate(language, "key.told_once"), "dim"))


def show_keys(keys: Sequence[ApiKey], language: str, *, screen: Console | None = None) -> None:
    """Print every key, revoked ones too."""
    target = screen or console()
    heading(target, translate(language, "key.title"))
    if not keys:
        target.print(words(translate(language, "key.none")))
        return
    titles = ("id", "name", "role", "beginning", "since", "state")
    sides = ("right", "left", "left", "left", "left", "left")
    columns = [(translate(language, f"key.{t}"), s) for t, s in zip(titles, sides, strict=True)]
    table = plain_table(*columns)
    for key in keys:
        table.add_row(*(words(cell) for cell in _cells(key, language)))
    target.print(table)


def _cells(key: ApiKey, language: str) -> tuple[str, ...]:
    return (
        str(key.id),
        shorten(key.name, NAME),
        key.role,
        f"{key.beginning}…",
        _day(key.created_us),
        _state(key, language),
    )


def _state(key: ApiKey, language: str) -> str:
    if key.revoked_us is not None:
        return translate(language, "key.revoked_on", day=_day(key.revoked_us))
    if key.last_used_day is None:
        return translate(language, "key.never_used")
    return translate(language, "key.used_on", day=key.last_used_day)


def _day(us: int) -> str:
    return moment(us).date().isoformat()


def show_revoked(key: ApiKey, language: str, *, screen: Console | None = None) -> None:
    """Print that a key holds no more."""
    target = screen or console()
    target.print(words(translate(language, "key.revoked", name=key.name, id=key.id), "yellow"))
