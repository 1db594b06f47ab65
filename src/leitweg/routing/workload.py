"""Whom to prefer while some are busier than others? The load as a price."""

from leitweg.domain.rosters import Roster
from leitweg.domain.routing import Ranking

PRICE = 0.5
CAP = 1.0


def priced(ranking: Ranking, roster: Roster, *, price: float = PRICE, cap: float = CAP) -> Ranking:
    """Order the candidates by ``log p - price * load / capacity``.

    Parameters
    ----------
    ranking
        As the router gives it, with more candidates than are to be shown.
    roster
        With loads and capacities; who has none of them costs nothing.
    price
        What a full contact costs, in log odds: at 0.5 a full contact has to be 1.65 times as
        likely as an idle one to stand before it. 0 switches the price off.
    cap
        Share of the capacity from which on a contact stands behind all who have room.

    Returns
    -------
    Ranking
        The same candidates with the same probabilities, in another order; it abstains where the
        first is now less likely than the threshold.
    """
    raise NotImplementedError
