"""Who is the right contact for one request, as it may leave? The router is asked, then the door.

Everything that answers goes through `answer`: the command, the library and the interface for
programs. Nothing is read, asked or noted here.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from leitweg.domain.rosters import Standing
from leitweg.domain.routing import Ranking, Request
from leitweg.domain.routing_answers import ReleasedRouting
from leitweg.privacy.release_routing import Tells, release_routing
from leitweg.privacy.threshold import K
from leitweg.routing.availability import among

TOP = 3
LOOKED_AT = 12
"""So many contacts are looked at where the load has a say in their order."""


class Answers(Protocol):
    """A router, as far as an answer needs one."""

    @property
    def contacts(self) -> tuple[str, ...]:
        """Everybody it knows, as stored."""

    def rank(
        self,
        request: Request,
        *,
        top: int = ...,
        allowed: Collection[str] | None = ...,
        explain: bool = ...,
    ) -> Ranking:
        """Put those who may be right in order, likeliest first."""


@dataclass(frozen=True)
class Choice:
    """Among whom may be chosen: those of a roster, or everybody.

    Attributes
    ----------
    named
        Stored ids to the ids that the caller uses. Persons of a protected workspace are named by
        these alone.
    standings
        Stored ids of those of the roster with how they stand; None: everybody the router knows
        may take it.
    ordered
        Puts contacts in another order, such as by their load.
    """

    named: Mapping[str, str] = field(default_factory=dict)
    standings: Mapping[str, Standing] | None = None
    ordered: Callable[[Ranking], Ranking] | None = None

    @property
    def allowed(self) -> frozenset[str] | None:
        """Stored ids of those who can take it now; None: everybody."""
        if self.standings is None:
            return None
        return frozenset(id_ for id_, found in self.standings.items() if found.available)


EVERYBODY = Choice()


def answer(
    router: Answers,
    request: Request,
    *,
    profile: str,
    now_us: int,
    choice: Choice = EVERYBODY,
    tells: Tells | None = None,
    k: int = K,
    top: int = TOP,
    notes: tuple[str, ...] = (),
    zone: str = "UTC",
) -> ReleasedRouting:
    """Return the right contacts of a request, as the profile lets them leave.

    Parameters
    ----------
    router
        A router of one level.
    request
        With ids as stored.
    profile
        Of the workspace.
    now_us
        The present; "three days ago" counts from it.
    choice
        Among whom may be chosen, and how the caller names them. Where nobody of the roster is
        available, those who would be right are told, as not available.
    tells
        Which counts have enough people behind them (`leitweg.privacy.tellable_counts`); None: in a
        protected workspace no counts are told.
    k
        Least number of cases of a count.
    top
        How many contacts are told at most.
    notes
        Codes of what the caller must know of the request.
    zone
        Time zone of those who read the answer.
    """
    allowed, standings = choice.allowed, choice.standings or {}
    is_available = bool(allowed) or not standings
    if not is_available:
        allowed, notes = frozenset(standings), (*notes, "nobody-available")
    found = _ordered(router, request, choice, allowed, top)
    first = request.first_contact
    released = release_routing(
        found,
        profile=profile,
        now_us=now_us,
        named=choice.named,
        tells=tells,
        k=k,
        away=None if is_available else standings,
        notes=(*notes, *_of_router(router)),
        zone=zone,
    )
    # as the caller named him: nothing that was not said already
    return replace(released, holder=None if first is None else choice.named.get(first, first))


def _ordered(
    router: Answers,
    request: Request,
    choice: Choice,
    allowed: Collection[str] | None,
    top: int,
) -> Ranking:
    """Return the first contacts; where some cannot or the load has a say, among more than are told.

    All who stand on the roster are ranked: nobody becomes likelier because somebody else is away.
    """
    if allowed is None or choice.standings is None:
        return router.rank(request, top=top, allowed=allowed, explain=True)
    listed = frozenset(choice.standings)
    found = among(router.rank(request, top=max(top, LOOKED_AT), allowed=listed), allowed)
    if len(found.candidates) < min(top, len(allowed)):
        found = among(router.rank(request, top=len(listed), allowed=listed), allowed)
    if choice.ordered is not None:
        found = choice.ordered(found)
    return replace(found, candidates=found.candidates[:top])


def _of_router(router: Answers) -> tuple[str, ...]:
    return ("one-contact",) if len(router.contacts) == 1 else ()
