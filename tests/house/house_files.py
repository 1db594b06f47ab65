"""What the tests of the house look at: sources, their syntax trees, pages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "leitweg"
DOCS = ROOT / "docs"
CODE = re.compile(r"(?P<code>[a-z0-9]+(?:-[a-z0-9]+)+)(?:: .*)?", re.DOTALL)


def leaves_of(command: click.Command, name: str = "") -> dict[str, click.Command]:
    """Every command of a command line by its full name; groups are only the way to them."""
    inner = getattr(command, "commands", None)
    if inner is None:
        return {name.strip(): command}
    return {
        full: leaf
        for part, below in inner.items()
        for full, leaf in leaves_of(below, f"{name} {part}").items()
    }


def sources() -> list[Path]:
    return sorted(SRC.rglob("*.py"))


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def constants(node: ast.AST) -> set[str]:
    """Return every text below a node; of a text with values its fixed beginning."""
    found = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            found.add(inner.value)
    return found


def keywords(tree: ast.AST, names: tuple[str, ...]) -> Iterator[str]:
    """Texts given by keyword, as in ``why="no-clock"``, also where an expression chooses one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in names:
            yield from constants(node.value)


def codes_in(path: Path) -> set[str]:
    """Codes of reasons and notes in a file: hyphenated words, alone or before ``: facts``."""
    found = {match["code"] for text in _spoken(tree_of(path)) if (match := CODE.fullmatch(text))}
    return {code for code in found if not code[0].isdigit()}


def _spoken(tree: ast.Module) -> set[str]:
    """Every text but docstrings, error codes and the parts of longer words."""
    left_out: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "code":
            left_out |= {id(inner) for inner in ast.walk(node.value)}
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            left_out.add(id(node.value))
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in left_out
    }
