"""In which order are the first three shown? As ranked; now and then two near ones change places.

What is shown first is taken more often because it is shown first. A little chance, noted with its
probability, lets later figures tell the two apart. It costs little: only contacts whose
probabilities lie close change places. Method: docs/methods/routing-memory.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from leitweg.domain.routing import Ranking

EPSILON = 0.05
"""Share of requests in which two change places."""
CLOSE = 0.1
"""Most by which their probabilities differ: the first is right at most 0.5 % less often."""
AMONG = 3


@dataclass(frozen=True)
class Order:
    """An order to show: places in the ranking, and the probability with which chance chose it."""

    places: tuple[int, ...]
    propensity: float


def shown_order(
    probabilities: Sequence[float], *, seed: int, epsilon: float = EPSILON, close: float = CLOSE
) -> Order:
    """Draw the order in which contacts are shown.

    Parameters
    ----------
    probabilities
        Of the contacts, likeliest first.
    seed
        Decides the draw; the same seed gives the same order.
    epsilon
        Probability that two of the first three change places; 0 for none.
    close
        Most by which the probabilities of the two differ.

    Examples
    --------
    >>> shown_order([0.7, 0.2, 0.1], seed=1, close=0.05)
    Order(places=(0, 1, 2), propensity=1.0)
    """
    places = list(range(len(probabilities)))
    pairs = [
        (i, j)
        for i, j in combinations(places[:AMONG], 2)
        if abs(probabilities[i] - probabilities[j]) <= close
    ]
    if not pairs or epsilon <= 0:
        return Order(tuple(places), 1.0)
    draws = np.random.default_rng(seed)
    if draws.random() >= epsilon:
        return Order(tuple(places), 1.0 - epsilon)
    i, j = pairs[int(draws.integers(len(pairs)))]
    places[i], places[j] = places[j], places[i]
    return Order(tuple(places), epsilon / len(pairs))


def explored(ranking: Ranking, *, seed: int, epsilon: float = EPSILON) -> tuple[Ranking, float]:
    """Return a ranking in the order in which it is shown, and the propensity of that order."""
    order = shown_order([c.probability for c in ranking.candidates], seed=seed, epsilon=epsilon)
    candidates = tuple(ranking.candidates[place] for place in order.places)
    return replace(ranking, candidates=candidates), order.propensity
