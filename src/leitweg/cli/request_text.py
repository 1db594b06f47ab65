"""Where does the text of a request come from? The command line, a file, or standard input."""

import sys
from pathlib import Path

from leitweg.domain.errors import QuestionError

STANDARD_INPUT = "-"
MOST_BYTES = 10_000_000


def read_text(text: str | None, file: str | None) -> str | None:
    """Return the text of a request, None where none is given.

    Raises
    ------
    QuestionError
        ``two-texts``, ``text-unreadable`` or ``text-too-long``.
    """
    if file is None:
        return text
    if text is not None:
        raise QuestionError(
            "Both --text and --text-file are given; a request has one text, so give one of them.",
            code="two-texts",
        )
    return _bytes(file).decode("utf-8", errors="replace")


def _bytes(file: str) -> bytes:
    try:
        if file == STANDARD_INPUT:
            found = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with Path(file).open("rb") as opened:
                found = opened.read(MOST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise QuestionError(
            f"{file} cannot be read: {reason}. Name a text file, or - for standard input.",
            code="text-unreadable",
            path=file,
            reason=reason,
        ) from error
    if len(found) > MOST_BYTES:
        raise QuestionError(
            f"{file} is larger than {MOST_BYTES // 1_000_000} MB; a request is subject and body, "
            "without attachments.",
            code="text-too-long",
            path=file,
            most=MOST_BYTES // 1_000_000,
        )
    return found
