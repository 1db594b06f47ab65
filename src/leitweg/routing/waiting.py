"""What does the router take of the rows of a backlog?"""

from collections.abc import Callable, Sequence

from leitweg.domain.assignments import BacklogRow, Waiting
from leitweg.domain.routing import Ints

StoredId = Callable[[str, str], str]
"""Kind of id (person, customer, unit) and the id -> the id that the workspace holds."""


def waiting_of(
    rows: Sequence[BacklogRow],
    *,
    at_us: int,
    features: Callable[[str], Ints],
    stored: StoredId = lambda kind, id_: id_,
    contact_kind: str = "unit",
) -> tuple[Waiting, ...]:
    """Return the requests of a backlog for the router.

    Parameters
    ----------
    rows
        As read.
    at_us
        The time of the assignment.
    features
        The text of a request to its hashed features (`TextFeatures.of`).
    stored
        An id to the one in the workspace; a protected workspace holds pseudonyms.
    contact_kind
        ``unit`` or ``person``: what ``tried`` and ``first`` name.
    """
    raise NotImplementedError
