"""What every test of a protected workspace needs: a purpose that somebody switched on."""

from pathlib import Path

from leitweg.store import open_workspace
from leitweg.studies.purposes import switch_purpose

LOG_FILES = ("application.sqlite", "audit.head", ".audit.lock")
"""Files that change with every question, for the question is noted there."""


def allow(workspace: Path, *purposes: str) -> Path:
    """Switch purposes on, path analysis where none is named; return the workspace."""
    if open_workspace(workspace).profile == "protected":
        for purpose in purposes or ("path-analysis",):
            switch_purpose(workspace, purpose, on=True, by="Test", basis="planted")
    return workspace


def is_of_log(path: Path) -> bool:
    """Say whether a file belongs to the log of questions, inside the workspace or beside it."""
    return path.name in LOG_FILES or path.suffix == ".head"
