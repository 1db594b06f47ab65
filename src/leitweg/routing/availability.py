"""Who can take this request now, and who not and why? Hard filters of a roster."""

from collections.abc import Sequence

from leitweg.domain.rosters import Availability, Need, Roster


def availability(
    roster: Roster, need: Need, *, contacts: Sequence[str] | None = None
) -> Availability:
    """Say of each contact whether it can take a request.

    Parameters
    ----------
    roster
        Who takes requests, with ids as the router has them.
    need
        What the request asks.
    contacts
        Of whom to tell, such as the contacts of the router; None for the rows of the roster. A
        unit without a row of its own stands for its people, one of whom has to be available.

    Returns
    -------
    Availability
        In the order of ``contacts``. Where the customer of the request has an account owner who
        is available, all others are ``not-owner``.
    """
    raise NotImplementedError
