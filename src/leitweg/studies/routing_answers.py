"""Who is the right contact for one request, as it may leave? The router is asked, then the door.

Everything that answers goes through `answer`: the command, the library and the interface for
programs. Nothing is read, asked or noted here.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from leitweg.domain.routing import Ranking, Request
from leitweg.domain.routing_answers import ReleasedContact, ReleasedRouting
from leitweg.privacy.release_routing import Tells, release_contacts
from leitweg.privacy.threshold import K

TOP = 3


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
    allowed
        Stored ids of those who may take the request now; None: everybody the router knows.
    why_not
        Stored ids of those who may not, with the codes of why.
    """

    named: Mapping[str, str] = field(default_factory=dict)
    allowed: Collection[str] | None = None
    why_not: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


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
    """
    allowed, is_available = choice.allowed, True
    if allowed is not None and not allowed and choice.why_not:
        allowed, is_available = frozenset(choice.why_not), False
        notes = (*notes, "nobody-available")
    found = router.rank(request, top=top, allowed=allowed, explain=True)
    contacts = release_contacts(
        found.candidates,
        profile=profile,
        level=found.level,
        named=choice.named,
        tells=tells,
        k=k,
    )
    if not is_available:
        codes = {choice.named.get(id_, id_): why for id_, why in choice.why_not.items()}
        contacts = tuple(_unavailable(contact, codes) for contact in contacts)
    return ReleasedRouting(
        profile=profile,
        level=found.level,
        contacts=contacts,
        someone_new=found.someone_new,
        threshold=found.threshold,
        abstain=found.abstain or not contacts or not is_available,
        expected_transfers=found.expected_transfers,
        n_learnt=found.n_learnt,
        now_us=now_us,
        notes=(*notes, *_of_router(router)),
    )


def _unavailable(contact: ReleasedContact, codes: Mapping[str, tuple[str, ...]]) -> ReleasedContact:
    return replace(contact, available=False, why_not=codes.get(contact.contact, ()))


def _of_router(router: Answers) -> tuple[str, ...]:
    return ("one-contact",) if len(router.contacts) == 1 else ()
