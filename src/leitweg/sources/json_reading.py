"""How the text of a JSON file becomes values, and what is said where it does not."""

import json
from collections.abc import Callable
from typing import Any

from leitweg.domain.errors import SourceError

Pairs = list[tuple[str, Any]]


def read_json(
    name: str, content: bytes, *, object_of: Callable[[Pairs], dict[str, Any]] | None = None
) -> Any:
    """Read the content of a JSON file.

    Parameters
    ----------
    name
        Of the file, for what is said of it.
    content
        In UTF-8, UTF-16 or UTF-32, with or without a mark at its begin.
    object_of
        What to make of the pairs of an object; None for a dict, the last of equal names.

    Raises
    ------
    SourceError
        wrong-encoding, broken-json.
    """
    try:
        text = content.decode(json.detect_encoding(content))
    except UnicodeDecodeError as fault:
        raise SourceError(
            f"{name}: byte {fault.start:,} is not UTF-8, in which JSON is written. Export it "
            "again.",
            code="wrong-encoding",
            path=name,
            byte=fault.start,
        ) from None
    try:
        return json.loads(text.removeprefix("\ufeff"), object_pairs_hook=object_of)
    except RecursionError:
        raise _broken(name, "its values are nested too deep", 0) from None
    except json.JSONDecodeError as fault:
        raise _broken(name, fault.msg, fault.lineno) from None
    except ValueError:
        raise _broken(name, "a number has too many digits", 0) from None


def _broken(name: str, fault: str, line: int) -> SourceError:
    where = f" at line {line}" if line else ""
    return SourceError(
        f"{name}: the JSON is broken or cut off{where}: {fault}. Export or copy the file again.",
        code="broken-json",
        path=name,
        line=line,
    )
