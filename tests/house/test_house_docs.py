"""What people can call is written down: commands, options, the library, the methods."""

import inspect
import re

import pytest
import typer.main
from house_files import DOCS, leaves_of, sources

import leitweg
from leitweg.cli.main import app

PAGES = re.compile(r"docs/(?:methods|decisions)/[\w-]+\.md")


def page(name):
    return (DOCS / name).read_text(encoding="utf-8")


def commands():
    """Every command by its full name, such as ``audit list``; groups are only the way to them."""
    return leaves_of(typer.main.get_command(app))


def options():
    return [
        pytest.param(name, option, id=f"{name} {option}")
        for name, command in sorted(commands().items())
        for parameter in command.params
        for option in (*parameter.opts, *parameter.secondary_opts)
        if option.startswith("--")
    ]


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_is_documented(name):
    assert f"leitweg {name}" in page("commands.md")


@pytest.mark.parametrize(("name", "option"), options())
def test_every_option_is_documented_at_its_command(name, option):
    assert re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", section(name))


def section(name):
    """The part of the page on one command, or on the group that it belongs to."""
    parts = re.split(r"^## `leitweg (\w+)`\n", page("commands.md"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[name.split()[0]]


@pytest.mark.parametrize("name", sorted(leitweg.__all__))
def test_every_public_name_of_the_library_is_documented(name):
    assert name in page("library.md")
    value = getattr(leitweg, name)
    assert isinstance(value, str) or len(inspect.getdoc(value) or "") > 40


def named_pages():
    return sorted(
        {found for path in sources() for found in PAGES.findall(path.read_text(encoding="utf-8"))}
    )


@pytest.mark.parametrize("name", named_pages())
def test_every_page_that_a_docstring_names_exists(name):
    assert (DOCS.parent / name).is_file()


def test_docstrings_do_name_pages():
    assert "docs/methods/privacy.md" in named_pages()
    assert len(named_pages()) >= 15
