"""Tail probabilities against scipy.stats, which takes too long to load for the product."""

import numpy as np
import pytest
from scipy import stats

from leitweg.situation.tails import normal_tail, passed, rate_tail


@pytest.mark.parametrize("rho", [0.01, 0.1, 0.3])
def test_rate_tail_is_the_beta_binomial(rho):
    chance = np.random.default_rng(1)
    n = chance.integers(1, 3000, 80).astype(float)
    k = np.floor(n * chance.uniform(0, 1, 80))
    usual = chance.uniform(0.001, 0.9, 80)
    scale = (1 - rho) / rho
    expected = stats.betabinom.sf(k - 1, n, usual * scale, (1 - usual) * scale)
    # far out in the tail scipy subtracts from one, and ten digits are all that it has
    assert rate_tail(k, n, usual, rho) == pytest.approx(expected, rel=1e-7, abs=1e-10)


def test_rate_tail_at_its_ends():
    one = np.ones(1)
    assert rate_tail(0 * one, 50 * one, 0.2 * one, 0.01).tolist() == [1.0]
    assert rate_tail(one, one, 0.25 * one, 0.01)[0] == pytest.approx(0.25, rel=1e-9)
    # a rate of nothing is held at one in a million instead of dividing by zero
    assert 0 < rate_tail(one, one, 0 * one, 0.01)[0] < 1e-5


def test_normal_tail_is_the_survival_function():
    z = np.linspace(-6, 9, 61)
    assert normal_tail(z) == pytest.approx(stats.norm.sf(z), rel=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_passed_is_the_procedure_of_benjamini_and_hochberg(seed):
    chance = np.random.default_rng(seed)
    p = np.where(chance.random(60) < 0.3, chance.beta(0.2, 8, 60), chance.random(60))
    for rate in (0.01, 0.05, 0.2):
        expected = stats.false_discovery_control(p) <= rate
        assert passed(p, rate).tolist() == expected.tolist()


def test_passed_of_nothing_is_nothing():
    assert passed(np.zeros(0), 0.05).tolist() == []
