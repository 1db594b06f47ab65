"""Which service line does a unit stand in, read from its name ("2nd", "L3", "2. Linie")?

Method: docs/methods/figures.md.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_LINE = re.compile(
    r"\b(?P<ordinal>[23])(?:nd|rd)\b"
    r"|\b(?:L|level|line|tier|linie|stufe)[ _-]?(?P<level>[1234])\b"
    r"|\b(?P<german>[234])(?:\.|te)?[ _-]?(?:level|line|linie|stufe)\b"
    r"|\b(?P<word>second|third|zweite|dritte)[ _-](?:level|line|linie|stufe)\b",
    re.IGNORECASE,
)
_WORDS = {"second": 2, "third": 3, "zweite": 2, "dritte": 3}


def lines_of(units: Sequence[str]) -> NDArray[np.int64]:
    """Service line of each unit; 1 where the name says nothing.

    >>> lines_of(["V5 3rd", "Service Desk", "N36 2nd", "Netz 2. Linie"])
    array([3, 1, 2, 2])
    """
    return np.array([_line(str(unit)) for unit in units], dtype=np.int64)


def _line(unit: str) -> int:
    """Return the highest line that the name mentions: "L1 2nd" is the second."""
    return max((_number(found) for found in _LINE.finditer(unit)), default=1)


def _number(found: re.Match[str]) -> int:
    digits = found["ordinal"] or found["level"] or found["german"]
    return int(digits) if digits else _WORDS[found["word"].lower()]
