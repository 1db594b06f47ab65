"""`leitweg version`."""

import platform

import typer

from leitweg.cli.options import Json


def _version() -> str:
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as version_of

    try:
        return version_of("leitweg")
    except PackageNotFoundError:  # a source tree on the path, never installed
        return "0"


def version(json: Json = False) -> None:
    """Show the version of Leitweg and of Python."""
    from leitweg.cli.answers import print_json

    if json:
        print_json({"version": _version(), "python": platform.python_version()})
        return
    typer.echo(f"leitweg {_version()} (Python {platform.python_version()})")
