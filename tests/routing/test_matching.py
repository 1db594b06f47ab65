"""The optimal assignment: against every assignment there is, and on planted cases."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitweg.routing.matching import NOBODY, Room, greedy, likeliest, optimal


def room(load, capacity, price=0.0, cap=1.0):
    return Room(np.array(load, float), np.array(capacity, float), price, cap)


def worth(chances, taken, held):
    """What an assignment is worth: of each contact the likeliest come first."""
    total = 0.0
    for contact in range(chances.shape[1]):
        mine = sorted((chances[i, contact] for i in np.flatnonzero(taken == contact)), reverse=True)
        if len(mine) > held.free()[contact]:
            return -math.inf
        steps = (held.worth(contact, place) for place in range(len(mine)))
        total += float(sum(p * w for p, w in zip(mine, steps, strict=True)))
    return total


def best(chances, held):
    """The best of all assignments."""
    rows, contacts = chances.shape
    ways = itertools.product(range(-1, contacts), repeat=rows)
    return max(worth(chances, np.array(way), held) for way in ways)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_assignment_is_better(data):
    rows, contacts = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 3))
    shares = st.sampled_from([0.0, 0.05, 0.2, 0.5, 0.9])
    chances = np.array(
        data.draw(
            st.lists(
                st.lists(shares, min_size=contacts, max_size=contacts), min_size=rows, max_size=rows
            )
        )
    )
    held = room(
        data.draw(st.lists(st.integers(0, 3), min_size=contacts, max_size=contacts)),
        data.draw(
            st.lists(
                st.sampled_from([0.0, 1.0, 2.0, 4.0, math.inf]),
                min_size=contacts,
                max_size=contacts,
            )
        ),
        price=data.draw(st.sampled_from([0.0, 0.5, 3.0])),
    )
    held = Room(held.load, np.maximum(held.capacity, 1e-9), held.price, held.cap)
    taken = optimal(chances, held)
    given_ = taken != NOBODY
    assert (chances[np.flatnonzero(given_), taken[given_]] > 0).all()
    assert worth(chances, taken, held) == pytest.approx(best(chances, held), abs=1e-9)
    assert worth(chances, greedy(chances, held), held) <= best(chances, held) + 1e-9


def test_greedy_spoils_what_the_optimum_sees():
    # the first request takes the only place of the contact whom the second needs
    chances = np.array([[0.6, 0.55], [0.9, 0.0]])
    held = room([0, 0], [1, 1])
    assert greedy(chances, held).tolist() == [0, NOBODY]
    assert optimal(chances, held).tolist() == [1, 0]
    assert likeliest(chances).tolist() == [0, 0]


def test_a_price_spreads_equal_requests():
    chances = np.full((4, 2), [0.5, 0.45])
    assert np.bincount(optimal(chances, room([0, 0], [4, 4]))).tolist() == [4]
    spread = optimal(chances, room([0, 0], [4, 4], price=1.0))
    assert np.bincount(spread).tolist() == [2, 2]
    busy = optimal(chances, room([2, 0], [4, 4], price=1.0))
    assert np.bincount(busy).tolist() == [1, 3]


def test_who_has_no_capacity_is_never_full_and_costs_nothing():
    chances = np.full((5, 2), [0.5, 0.4])
    taken = optimal(chances, room([0, 0], [2, math.inf]))
    assert np.bincount(taken).tolist() == [2, 3]


def test_too_little_room_goes_to_whom_it_helps_most():
    chances = np.array([[0.2], [0.9], [0.5]])
    assert optimal(chances, room([0], [2])).tolist() == [NOBODY, 0, 0]


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
def test_nothing_to_assign(shape):
    chances = np.zeros(shape)
    held = room([0] * shape[1], [1] * shape[1])
    for way in (optimal(chances, held), greedy(chances, held), likeliest(chances)):
        assert way.tolist() == [NOBODY] * shape[0]


def test_a_reserve_is_kept():
    assert room([1, 3, 9], [10, 10, 10], cap=0.5).free().tolist() == [4, 2, 0]
