"""Poisson regression of the counts between senders and receivers, with an effect for each.

log mu_ab = intercept + sender_a + receiver_b + terms, fitted by Poisson pseudo-maximum likelihood:
the means are right whatever the spread of the counts. Newton's method with the sender effects
eliminated, so that a step costs one product of matrices.
Method: docs/methods/expected-links.md. Source: Santos Silva & Tenreyro 2006.
"""

from dataclasses import dataclass

import numpy as np

from leitweg.situation.arrays import Flags, Floats

TOLERANCE = 1e-10
MOST_STEPS = 60
# exp of more than this is no count
HIGHEST = 30.0


@dataclass(frozen=True)
class TwoWayFit:
    """Fitted means and what they are made of.

    ``means`` has shape (senders, receivers) and is 0 where no count is possible. ``terms`` are the
    coefficients of the terms in their order. ``n_effects`` counts what was fitted.
    """

    means: Floats
    intercept: float
    senders: Floats
    receivers: Floats
    terms: Floats
    converged: bool
    n_effects: int


def fit_two_way(
    counts: Floats,
    possible: Flags,
    terms: Floats,
    *,
    unit_penalty: float = 0.01,
    term_penalty: float = 0.01,
) -> TwoWayFit:
    """Fit the mean of every possible count.

    Parameters
    ----------
    counts
        Shape (senders, receivers): transactions from each sender to each receiver.
    possible
        Same shape: which counts could have been other than zero (not the diagonal).
    terms
        Shape (terms, senders, receivers): what is known about each pair, centred or not.
    unit_penalty, term_penalty
        Precision of a normal prior around zero for the effects and for the coefficients. It holds
        them finite where the counts alone would drive them to infinity (separation: a sender that
        reaches one receiver only, a term under which every count is zero); at 0.01 (standard
        deviation 10 on the log scale) it changes no mean that the data determine.

    Returns
    -------
    TwoWayFit
        ``converged`` is False where the likelihood still rose after the last step.
    """
    x = np.concatenate([np.ones((1, *counts.shape)), terms]) * possible
    y = np.where(possible, counts, 0.0)
    penalty = _Penalty(unit_penalty, np.append(0.0, np.full(len(terms), term_penalty)))
    at = _start(y, possible, len(x))
    value, converged = _objective(at, y, possible, x, penalty), False
    for _ in range(MOST_STEPS):
        step = _newton_step(at, y, possible, x, penalty)
        at, new_value = _climbed(at, step, value, y, possible, x, penalty)
        converged = new_value - value <= TOLERANCE * (1.0 + abs(value))
        value = new_value
        if converged:
            break
    return TwoWayFit(
        _means(at, possible, x),
        float(at.terms[0]),
        at.senders,
        at.receivers,
        at.terms[1:],
        converged,
        int(possible.any(axis=1).sum() + possible.any(axis=0).sum() - 1 + len(terms)),
    )


@dataclass(frozen=True)
class _Penalty:
    units: float
    terms: Floats


@dataclass(frozen=True)
class _Point:
    """Effects of senders and receivers, and the coefficients with the intercept first."""

    senders: Floats
    receivers: Floats
    terms: Floats

    def moved(self, by: "_Point", length: float) -> "_Point":
        return _Point(
            self.senders + length * by.senders,
            self.receivers + length * by.receivers,
            self.terms + length * by.terms,
        )


def _start(y: Floats, possible: Flags, n_terms: int) -> _Point:
    """Independence of sender and receiver, drawn half-way to equal ones."""
    out = np.log(y.sum(axis=1) + 0.5) - np.log(np.maximum(possible.sum(axis=1), 1))
    into = np.log(y.sum(axis=0) + 0.5) - np.log(np.maximum(possible.sum(axis=0), 1))
    terms = np.zeros(n_terms)
    terms[0] = np.log((y.sum() + 0.5) / max(possible.sum(), 1))
    return _Point(out - out.mean(), into - into.mean(), terms)


def _log_means(at: _Point, x: Floats) -> Floats:
    linear = at.senders[:, None] + at.receivers[None, :] + np.tensordot(at.terms, x, axes=1)
    return np.asarray(np.clip(linear, -HIGHEST, HIGHEST))


def _means(at: _Point, possible: Flags, x: Floats) -> Floats:
    return np.where(possible, np.exp(_log_means(at, x)), 0.0)


def _objective(at: _Point, y: Floats, possible: Flags, x: Floats, penalty: _Penalty) -> float:
    """Penalised log-likelihood without its constant."""
    linear = _log_means(at, x)
    likelihood = float((y * linear).sum() - np.exp(linear)[possible].sum())
    effects = float((at.senders**2).sum() + (at.receivers**2).sum())
    return likelihood - 0.5 * (penalty.units * effects + float(penalty.terms @ at.terms**2))


def _climbed(
    at: _Point,
    step: _Point,
    value: float,
    y: Floats,
    possible: Flags,
    x: Floats,
    penalty: _Penalty,
) -> tuple[_Point, float]:
    """Go along the step as far as the likelihood rises; stay where it does not."""
    length = 1.0
    for _ in range(20):
        moved = at.moved(step, length)
        new_value = _objective(moved, y, possible, x, penalty)
        if new_value > value:
            return moved, new_value
        length /= 2
    return at, value


def _newton_step(at: _Point, y: Floats, possible: Flags, x: Floats, penalty: _Penalty) -> _Point:
    """Solve for the step; the block of the senders is diagonal and is eliminated first."""
    mean = _means(at, possible, x)
    short = y - mean
    senders = mean.sum(axis=1) + penalty.units
    rest_gradient = np.concatenate(
        [
            short.sum(axis=0) - penalty.units * at.receivers,
            np.einsum("kab,ab->k", x, short) - penalty.terms * at.terms,
        ]
    )
    sender_gradient = short.sum(axis=1) - penalty.units * at.senders
    across = np.concatenate([mean, np.einsum("kab,ab->ak", x, mean)], axis=1)
    rest = _rest_block(mean, x, penalty)
    scaled = across / senders[:, None]
    reduced = rest - across.T @ scaled
    moved = np.linalg.solve(reduced, rest_gradient - scaled.T @ sender_gradient)
    n = at.receivers.size
    own = (sender_gradient - across @ moved) / senders
    return _Point(own, moved[:n], moved[n:])


def _rest_block(mean: Floats, x: Floats, penalty: _Penalty) -> Floats:
    """Curvature among receivers and terms; a trace is added so that it can always be inverted."""
    n, k = mean.shape[1], len(x)
    block = np.zeros((n + k, n + k))
    into = mean.sum(axis=0) + penalty.units
    block[np.arange(n), np.arange(n)] = into
    block[:n, n:] = np.einsum("kab,ab->bk", x, mean)
    block[n:, :n] = block[:n, n:].T
    flat = x.reshape(k, -1)
    block[n:, n:] = (flat * mean.reshape(-1)) @ flat.T + np.diag(penalty.terms)
    block[np.arange(n + k), np.arange(n + k)] += 1e-9 * (1.0 + np.diag(block))
    return block
