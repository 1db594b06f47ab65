"""Who takes which request of a backlog, so that the most reach the right contact in time?"""

from collections.abc import Collection, Sequence
from typing import Protocol

from leitweg.domain.assignments import Assignment, Waiting
from leitweg.domain.progress import Progress, silent
from leitweg.domain.rosters import Roster
from leitweg.domain.routing import Ranking, Request
from leitweg.routing.workload import CAP, PRICE


class Ranker(Protocol):
    """What is asked of a router here."""

    def rank(
        self,
        request: Request,
        *,
        top: int = 3,
        allowed: Collection[str] | None = None,
        explain: bool = True,
    ) -> Ranking:
        """Rank the contacts of a request."""


def assign_backlog(
    waiting: Sequence[Waiting],
    router: Ranker,
    roster: Roster | None = None,
    *,
    price: float = PRICE,
    cap: float = CAP,
    progress: Progress = silent,
) -> Assignment:
    """Assign the requests of a backlog to contacts.

    Parameters
    ----------
    waiting
        The requests; ``need.at_us`` is the time of the assignment.
    router
        Ranks each request once.
    roster
        Who can take requests and how many; None: everybody any number.
    price, cap
        As in `leitweg.routing.workload.priced`.
    progress
        Told how many requests were ranked.

    Returns
    -------
    Assignment
        One row per request in the order given. Requests of which the router abstains stay with a
        human, as do those for whom nobody has room or is available.
    """
    raise NotImplementedError
