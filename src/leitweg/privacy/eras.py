"""Of how many people do stored ids speak at least, when some were replaced quarter by quarter?

Retention replaces a person by one pseudonym per quarter (`privacy/retention.py`). One person may
then stand behind several ids, and nobody can tell any more which. An era is a quarter under one
key, or the present; ids of one era are different people, ids of two may be the same.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

PREFIX = "q-"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Ints = NDArray[np.int64]


def era_of(stored: str) -> str:
    """Return the era of a stored id; empty for the present.

    >>> era_of("q-2026q1.3f2a.1-0123456789abcdef01234567"), era_of("p-0123")
    ('2026q1.3f2a.1', '')
    """
    return stored[len(PREFIX) :].rpartition("-")[0] if stored.startswith(PREFIX) else ""


def least_people(stored: Iterable[str]) -> int:
    """Return the number of people that distinct stored ids stand for at least.

    >>> least_people(["p-1", "p-2", "q-2026q1.0.1-a", "q-2026q1.0.1-b", "q-2026q1.0.1-c"])
    3
    """
    return max(Counter(map(era_of, set(stored))).values(), default=0)


def n_eras(stored: Iterable[str]) -> int:
    """Return how many eras stored ids are of, 1 where there is no id.

    >>> n_eras(["p-1", "p-2"]), n_eras(["p-1", "q-2026q1.0.1-a", "q-2026q2.0.1-a"])
    (1, 3)
    """
    return max(1, len({era_of(id_) for id_ in stored}))


def quarters_of(at_us: Ints) -> Ints:
    """Return the calendar quarter (UTC) of times in microseconds: year * 4 + 0 to 3."""
    months = at_us.astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)
    return np.asarray(1970 * 4 + months // 3)


def name_of_quarter(quarter: int) -> str:
    """Return the name of a quarter.

    >>> name_of_quarter(2026 * 4)
    '2026q1'
    """
    return f"{quarter // 4}q{quarter % 4 + 1}"


def end_of_quarter(quarter: int) -> int:
    """Return the first moment after a quarter, microseconds UTC.

    >>> end_of_quarter(1970 * 4) == 90 * 86_400_000_000
    True
    """
    following = quarter + 1
    return us_of(datetime(following // 4, following % 4 * 3 + 1, 1, tzinfo=UTC))


def us_of(moment: datetime) -> int:
    """Return a moment in microseconds since the epoch."""
    return int((moment - _EPOCH).total_seconds()) * 1_000_000 + moment.microsecond
