"""Tails and spreads against scipy and against counts drawn with a known spread."""

import numpy as np
import pytest
from scipy import stats

from leitweg.situation.count_tails import lower_tail, q_values, spread_of


@pytest.mark.parametrize("spread", [0.0, 0.05, 0.4, 3.0])
def test_tails_agree_with_another_implementation(spread):
    mean, y = np.meshgrid([0.01, 0.7, 5.0, 80.0, 3000.0], [0, 1, 3, 40, 90, 2900, 4000])
    mean, y = mean.ravel(), y.ravel().astype(float)
    if spread:
        expected = stats.nbinom.cdf(y, 1 / spread, 1 / (1 + spread * mean))
    else:
        expected = stats.poisson.cdf(y, mean)
    assert lower_tail(y, mean, spread) == pytest.approx(expected, rel=1e-7, abs=1e-14)


def test_a_mean_of_zero_expects_nothing():
    assert lower_tail(np.array([0.0, 3]), np.zeros(2), 0.5).tolist() == [1, 1]


@pytest.mark.parametrize("spread", [0.0, 0.2, 2.0])
def test_the_spread_of_drawn_counts_comes_back(spread):
    chance = np.random.default_rng(3)
    mean = chance.uniform(2, 60, 4000)
    gamma = chance.gamma(1 / spread, spread, mean.size) if spread else np.ones(mean.size)
    counts = chance.poisson(mean * gamma).astype(float)
    assert spread_of(counts, mean, 0) == pytest.approx(spread, rel=0.1, abs=0.005)


def test_fitted_effects_widen_the_spread():
    """Four counts, Pearson 8 at spread 0: with all freedom 2 per count, with two effects 4."""
    counts, mean = np.array([2.0, 6, 2, 6]), np.full(4, 4.0)
    # (y - mu)^2 = 4 each: 16 / (4 + 16 s) = freedom
    assert spread_of(counts, mean, 2) == pytest.approx((16 / 2 - 4) / 16)
    assert spread_of(counts, mean, 0) == 0.0


def test_nothing_has_no_spread():
    assert spread_of(np.zeros(0), np.zeros(0), 3) == 0.0


def test_q_values_by_hand():
    """4 tests: .01*4/1, .02*4/2, .04*4/3 = .0533, .5."""
    q = q_values(np.array([0.5, 0.02, 0.04, 0.01]))
    assert q == pytest.approx([0.5, 0.04, 0.16 / 3, 0.04])
    assert q_values(np.zeros(0)).size == 0
