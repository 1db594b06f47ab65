"""The absorbing chain against values by hand and against cases that walk it."""

import numpy as np
import pytest
from hand_logs import at

from leitweg.situation.basis import basis_of
from leitweg.situation.customer_line import chain_of, customer_line


def test_a_loop_by_hand():
    """A hands half of what it holds to B, B gives everything back: two visits at A, one at B."""
    chain = chain_of(np.array([10.0, 0]), np.array([[0, 10.0], [10, 0]]), np.array([10.0, 0]))
    assert chain.weight == pytest.approx([2, 1])
    assert chain.reach == pytest.approx([1, 0.5])
    assert chain.distance == pytest.approx([0, 1])


def test_two_ways_by_hand():
    """Half of the cases go straight to the expert, half through the back office."""
    moves = np.array([[0, 5.0, 5], [0, 0, 5], [0, 0, 0]])
    chain = chain_of(np.array([10.0, 0, 0]), moves, np.array([0, 0, 10.0]))
    assert chain.entry == pytest.approx([1, 0, 0])
    assert chain.weight == pytest.approx([1, 0.5, 1])
    assert chain.distance == pytest.approx([0, 1, 1.5])


def test_a_unit_that_nobody_reaches_has_no_distance():
    chain = chain_of(np.array([4.0, 0]), np.zeros((2, 2)), np.array([4.0, 0]))
    assert chain.weight.tolist() == [1, 0]
    assert chain.distance[0] == 0
    assert np.isnan(chain.distance[1])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_cases_that_walk_the_chain_agree_with_it(seed):
    chance = np.random.default_rng(seed)
    moves = np.floor(chance.uniform(0, 30, (5, 5)) * (chance.random((5, 5)) < 0.6))
    np.fill_diagonal(moves, 0)
    solved = chance.integers(15, 60, 5).astype(float)
    entries = np.array([70.0, 30, 0, 0, 0])
    chain = chain_of(entries, moves, solved)
    visits, reached, steps = walk(chance, entries, moves, solved, 40_000)
    assert chain.weight == pytest.approx(visits, abs=0.03)
    assert chain.reach == pytest.approx(reached, abs=0.015)
    assert chain.distance == pytest.approx(steps, abs=0.06)


def walk(chance, entries, moves, solved, n):
    """Mean visits, share that ever comes, mean steps to the first visit; per unit."""
    size = len(entries)
    chances = np.column_stack([moves, solved]) / (moves.sum(axis=1) + solved)[:, None]
    steps_to = np.full((n, size), -1)
    visits = np.zeros((n, size))
    place = chance.choice(size, n, p=entries / entries.sum())
    alive = np.arange(n)
    for step in range(500):
        visits[alive, place] += 1
        fresh = steps_to[alive, place] < 0
        steps_to[alive[fresh], place[fresh]] = step
        bounds = np.cumsum(chances[place], axis=1)
        place = (chance.random(alive.size)[:, None] > bounds).sum(axis=1)
        alive, place = alive[place < size], place[place < size]
        if alive.size == 0:
            break
    came = steps_to >= 0
    return visits.mean(axis=0), came.mean(axis=0), (steps_to * came).sum(axis=0) / came.sum(axis=0)


def test_the_rows_of_a_log_by_hand(load_cases):
    cases = {
        # three cases over two units, one that the front solves, one that comes back
        **{f"two{i}": [(i, "Front", f"f{i}"), (i + 4, "Back", "b")] for i in range(3)},
        "one": [(5, "Front", "f0")],
        "back": [(6, "Front", "f1"), (8, "Back", "b"), (12, "Front", "f1")],
    }
    basis = basis_of(load_cases(cases), level="unit", start_us=at(0), end_us=at(20))
    front, back = customer_line(basis)
    assert (front.unit, front.people, front.n_cases) == ("Front", 3, 5)
    assert (back.unit, back.people, back.n_cases) == ("Back", 1, 4)
    # six visits at the front, five of them first; none of the four in the back
    assert (front.direct_share, front.stage) == (pytest.approx(5 / 6), "front")
    assert (back.direct_share, back.stage) == (0.0, "back")
    assert (front.distance_handovers, back.distance_handovers) == pytest.approx((0, 1))
    assert front.customer_weight == pytest.approx(6 / 5)
    assert back.customer_weight == pytest.approx(4 / 5)
    hours = 3 * 4 + 2
    assert back.waiting_hours_per_month.value == pytest.approx(basis.per_month(hours))
    assert front.waiting_hours_per_month.value == pytest.approx(basis.per_month(4))


def test_a_named_front_stands_at_the_front(load_cases):
    cases = {f"c{i}": [(i, "Mail room", "m"), (i + 1, "Sales", "s")] for i in range(3)}
    basis = basis_of(load_cases(cases), level="unit", start_us=at(0), end_us=at(9))
    stages = {row.unit: row.stage for row in customer_line(basis, front=("Sales",))}
    assert stages == {"Mail room": "mixed", "Sales": "front"}


def test_asking_the_customer_is_direct_contact(load_cases):
    cases = {
        f"c{i}": [
            (i, "Desk", "d", "working"),
            (i + 1, "Back", "b", "working"),
            (i + 2, "Back", "b", "waiting_customer"),
            (i + 5, "Back", "b", "resolved"),
        ]
        for i in range(3)
    }
    basis = basis_of(load_cases(cases), level="unit", start_us=at(0), end_us=at(20))
    assert {row.unit: row.direct_share for row in customer_line(basis)} == {"Desk": 1, "Back": 1}
