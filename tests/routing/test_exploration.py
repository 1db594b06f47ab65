"""The order shown: as ranked but for near ones, with the probability of each order told right."""

from collections import Counter

import pytest

from leitweg.domain.routing import Candidate, Ranking
from leitweg.routing.exploration import explored, shown_order

DRAWS = 40_000


@pytest.fixture(scope="module")
def orders():
    return [shown_order([0.30, 0.28, 0.25, 0.10], seed=seed) for seed in range(DRAWS)]


def test_each_order_comes_as_often_as_its_propensity_says(orders):
    told = {order.places: order.propensity for order in orders}
    counts = Counter(order.places for order in orders)
    assert told == {
        (0, 1, 2, 3): pytest.approx(0.95),
        (1, 0, 2, 3): pytest.approx(0.05 / 3),
        (2, 1, 0, 3): pytest.approx(0.05 / 3),
        (0, 2, 1, 3): pytest.approx(0.05 / 3),
    }
    for places, propensity in told.items():
        assert counts[places] / DRAWS == pytest.approx(propensity, abs=0.003)


def test_what_was_chosen_by_chance_can_be_weighed_out(orders):
    # contact 1 is right in every case: the inverse of the propensity finds how often it would
    # have been first had it always been shown first
    weighed = sum(1 / order.propensity for order in orders if order.places[0] == 1) / DRAWS
    assert weighed == pytest.approx(1.0, abs=0.1)


def test_only_near_ones_change_places():
    probabilities = [0.6, 0.2, 0.15]
    seen = {shown_order(probabilities, seed=seed).places for seed in range(2_000)}
    assert seen == {(0, 1, 2), (0, 2, 1)}
    far = [shown_order([0.9, 0.05], seed=seed) for seed in range(500)]
    assert {(order.places, order.propensity) for order in far} == {((0, 1), 1.0)}


def test_without_exploration_nothing_is_drawn():
    assert shown_order([0.5, 0.5], seed=3, epsilon=0).propensity == 1.0
    assert shown_order([], seed=3).places == ()


def test_a_ranking_keeps_everything_but_the_order():
    ranking = Ranking(
        "unit", tuple(Candidate(n, p) for n, p in (("A", 0.4), ("B", 0.35))), 0.1, 0.5, True, 1.0
    )
    seed = next(s for s in range(1_000) if shown_order([0.4, 0.35], seed=s).places == (1, 0))
    shown, propensity = explored(ranking, seed=seed)
    assert [candidate.contact for candidate in shown.candidates] == ["B", "A"]
    assert propensity == pytest.approx(0.05)
    assert (shown.someone_new, shown.abstain) == (0.1, True)
