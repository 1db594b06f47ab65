"""A file that leaves is whole or not there: written beside its place, then renamed."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from leitweg.domain.errors import QuestionError


def _unwritable(out: Path, error: OSError) -> QuestionError:
    reason = error.strerror or type(error).__name__
    return QuestionError(
        f"{out} cannot be written: {reason}. Choose another place with --out.",
        code="unwritable",
        path=str(out),
        reason=reason,
    )


_SUFFIXES = ("md", "csv", "parquet", "xlsx", "json", "html", "pdf", "pptx", "graphml", "gexf")


def check_suffix(out: Path, file_format: str) -> None:
    """Refuse a name that promises another format than the one written.

    Raises
    ------
    QuestionError
        ``suffix-format``.
    """
    suffix = out.suffix.lower().lstrip(".")
    if suffix in _SUFFIXES and suffix != file_format:
        raise QuestionError(
            f"{out.name} is named as {suffix}, but {file_format} would be written. Change --out or "
            "--format.",
            code="suffix-format",
            path=str(out),
            format=file_format,
        )


def check_ending(out: Path, endings: Sequence[str]) -> None:
    """Refuse a name whose ending, or lack of one, does not say what to write.

    Raises
    ------
    QuestionError
        ``unknown-ending``.
    """
    if out.suffix.lower() not in endings:
        choices = ", ".join(endings)
        raise QuestionError(
            f"'{out.name}' does not end as it must here. Possible endings: {choices}.",
            code="unknown-ending",
            name=out.name,
            choices=choices,
        )


@contextmanager
def whole_file(out: Path) -> Iterator[Path]:
    """Yield a path to write to; at the end of the block it takes the place of ``out``.

    After an error nothing is left beside it, and what was there before stays.

    Raises
    ------
    QuestionError
        ``unwritable`` where the place does not take a file.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{out.name}.", dir=out.parent)
        os.close(handle)
    except OSError as error:
        raise _unwritable(out, error) from error
    written = Path(name)
    try:
        yield written
        # mkstemp makes a file for its owner alone; a report is meant to be passed on
        written.chmod(0o666 & ~_umask())
        written.replace(out)
    except OSError as error:
        raise _unwritable(out, error) from error
    finally:
        written.unlink(missing_ok=True)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
