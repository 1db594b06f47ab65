"""The two-way Poisson fit against its defining equations and against planted effects."""

import numpy as np
import pytest

from leitweg.situation.poisson_regression import fit_two_way


def drawn(seed, n=20, slope=0.8):
    chance = np.random.default_rng(seed)
    sender, receiver = chance.normal(0, 1, n), chance.normal(0, 1, n)
    x = chance.normal(0, 1, (1, n, n))
    possible = ~np.eye(n, dtype=bool)
    mean = np.exp(1 + sender[:, None] + receiver[None, :] + slope * x[0])
    return chance.poisson(mean) * possible * 1.0, possible, x


def test_margins_and_terms_are_met():
    """The equations of Poisson maximum likelihood: fitted sums equal the observed ones."""
    counts, possible, x = drawn(1)
    fit = fit_two_way(counts, possible, x, unit_penalty=1e-9, term_penalty=1e-9)
    assert fit.converged
    assert fit.means.sum(axis=0) == pytest.approx(counts.sum(axis=0), rel=1e-5)
    assert fit.means.sum(axis=1) == pytest.approx(counts.sum(axis=1), rel=1e-5)
    assert (fit.means * x[0]).sum() == pytest.approx((counts * x[0]).sum(), rel=1e-5)
    assert fit.n_effects == 20 + 20 - 1 + 1


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_planted_coefficient_comes_back(seed):
    counts, possible, x = drawn(seed)
    assert fit_two_way(counts, possible, x).terms[0] == pytest.approx(0.8, abs=0.05)


def test_without_terms_or_diagonal_it_is_the_product_of_the_margins():
    counts = np.array([[2.0, 4, 6], [1, 2, 3]])
    fit = fit_two_way(counts, np.ones((2, 3), dtype=bool), np.zeros((0, 2, 3)), unit_penalty=1e-9)
    assert fit.means == pytest.approx(counts, rel=1e-6)


def test_a_star_is_separated_and_ends():
    """Spokes speak with the hub alone: their effects among themselves run to minus infinity."""
    n = 8
    counts = np.zeros((n, n))
    counts[0, 1:], counts[1:, 0] = 40, 30
    fit = fit_two_way(counts, ~np.eye(n, dtype=bool), np.zeros((0, n, n)))
    assert fit.converged
    assert fit.means[0, 1:] == pytest.approx(np.full(7, 40), rel=0.01)
    assert fit.means[1:, 1:].max() < 0.1


def test_a_term_under_which_nothing_happens_stays_finite():
    counts, possible, _ = drawn(4)
    never = (np.add.outer(np.arange(20), np.arange(20)) % 5 == 0) * 1.0
    counts = counts * (1 - never)
    fit = fit_two_way(counts, possible, never[None])
    assert fit.converged
    assert -12 < fit.terms[0] < -5
    assert fit.means[never.astype(bool)].max() < 0.2


def test_no_count_at_all():
    fit = fit_two_way(np.zeros((4, 4)), ~np.eye(4, dtype=bool), np.zeros((0, 4, 4)))
    assert fit.means.max() < 0.1
