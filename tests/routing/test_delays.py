import numpy as np
import pytest

from leitweg.routing.delays import delays


def test_where_everything_is_known_nothing_is_late():
    age = np.array([5, 3, 9, 0, -2])
    assert delays(age, np.array([True, True, True, False, False])).tolist() == [0, 0, 0]


def test_delays_by_hand():
    # none of the cases up to age 2 is known, all older ones are
    age = np.arange(6, 0, -1)
    found = delays(age, age > 2)
    assert found.tolist() == [3, 3, 3, 3]


def test_no_delay_is_longer_than_the_age_and_their_spread_is_that_of_the_present():
    rng = np.random.default_rng(1)
    age = rng.integers(1, 1_000, 20_000)
    took = rng.exponential(200, age.size)
    is_known = took < age
    found = delays(age, is_known)
    assert (found <= age[is_known]).all()
    old = age[is_known] > 900
    for q in (0.25, 0.5, 0.75):
        assert np.quantile(found[old], q) == pytest.approx(-200 * np.log(1 - q), abs=30)


def test_a_log_of_what_was_closed_lately_is_not_late_though_its_cases_took_long():
    age = np.arange(1_000, 0, -1)
    assert (delays(age, np.ones(1_000, bool)) == 0).all()


def test_nothing_known_has_no_delays():
    assert delays(np.array([3, 2, 1]), np.zeros(3, bool)).size == 0
    assert delays(np.array([], np.int64), np.zeros(0, bool)).size == 0
