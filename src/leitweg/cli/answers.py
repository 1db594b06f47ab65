"""How a command answers: one JSON document or a screen, and never a traceback for bad input."""

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from leitweg.domain.errors import LeitwegError
from leitweg.language.catalogue import translate


def print_json(document: object) -> None:
    """Print the one JSON document of a command on standard output."""
    from leitweg.studies.json_forms import json_text

    sys.stdout.write(json_text(document) + "\n")
    sys.stdout.flush()


def _say(language: str, sentence: str) -> None:
    sys.stderr.write(f"{translate(language, 'cli.error')}: {sentence}\n")


def _domain_error(error: LeitwegError, *, as_json: bool, language: str) -> None:
    from leitweg.studies.documents import error_sentence, problem_document

    if as_json:
        print_json(problem_document(error, language))
    _say(language, error_sentence(error, language))


def _slip(error: Exception, *, as_json: bool, debug: bool, language: str) -> None:
    from leitweg.studies.documents import slip_document

    if debug:
        traceback.print_exc(file=sys.stderr)
    sentence = translate(language, "cli.slip", kind=type(error).__name__)
    if as_json:
        print_json(slip_document(type(error).__name__, sentence, language))
    _say(language, sentence)


@contextmanager
def answering(*, as_json: bool, debug: bool, language: str) -> Iterator[None]:
    """Turn errors into an answer: one sentence on standard error, exit code 1.

    With ``as_json`` a problem document goes to standard output as well. A fault inside Leitweg
    shows a short sentence; ``debug`` adds the traceback.
    """
    try:
        yield
    except LeitwegError as error:
        _domain_error(error, as_json=as_json, language=language)
        raise typer.Exit(1) from None
    except (typer.Exit, typer.Abort, typer.BadParameter, BrokenPipeError):
        raise
    except Exception as error:
        _slip(error, as_json=as_json, debug=debug, language=language)
        raise typer.Exit(1) from None
