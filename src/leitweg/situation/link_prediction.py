"""Which links that are absent now will appear? A gravity equation for the odds of a first contact.

    log odds_ab = stretch + sizes + distance + ties around + interdependence

fitted on earlier moments of the same history, at which the answer is known. A pair with a high
probability and no link is one that its surroundings would lead one to expect.
Method: docs/methods/gap-prediction.md.
"""

from dataclasses import dataclass

import numpy as np

from leitweg.situation.arrays import Flags, Floats, Ints
from leitweg.situation.contacts import Contacts, counts_between
from leitweg.situation.link_terms import link_terms, symmetric

ORIGINS = (1.0, 0.75, 0.5)
"""Earlier moments that the model learns from, as shares of the latest one that can be checked."""
PENALTY = 3000.0
"""Precision of the prior of every coefficient, terms being standardised: so strong that terms which
say nearly the same share the weight. The common slope is freed afterwards. Chosen on the first six
months of the mail log that the method page measures, never on what came later."""
MOST_NODES = 1500
"""Beyond, the matrices would take more than a gigabyte."""
LEAST_LINKS = 20
"""Fewer links that came at the earlier moments teach nothing."""
MOST_STEPS = 100


@dataclass(frozen=True)
class LinkForecast:
    """Probability of a first contact for every pair without one.

    ``sender`` and ``receiver`` are nodes, one row per pair, in ascending order; unordered pairs
    stand once, with the smaller node as ``sender``. ``terms`` are the coefficients of the
    standardised terms. ``why`` says why there is no forecast.
    """

    sender: Ints
    receiver: Ints
    probability: Floats
    terms: dict[str, float]
    why: str | None = None


def forecast_links(
    contacts: Contacts, *, from_us: int, now_us: int, ahead_us: int, directed: bool = True
) -> LinkForecast:
    """Say for each pair without a contact so far how likely one is in the time ahead.

    A pair is absent if both nodes had some contact from ``from_us`` to ``now_us`` and there was
    none from the one to the other (undirected: none in either direction). Nothing at or after
    ``now_us`` is looked at.

    Parameters
    ----------
    contacts
        All contacts, in any order.
    from_us, now_us
        The history, microseconds UTC, start inclusive and end exclusive.
    ahead_us
        Length of the time ahead. The model learns at earlier moments of the history, each with a
        time ahead in the same proportion to its own history.

    Returns
    -------
    LinkForecast
        With ``why`` where there is none: ``too-few`` links came at the earlier moments, or
        ``too-many-units``.
    """
    if contacts.n_nodes > MOST_NODES:
        return _without("too-many-units")
    share = ahead_us / (now_us - from_us)
    latest = (now_us - from_us) / (1.0 + share)
    lessons = []
    for origin in ORIGINS:
        then = from_us + round(latest * origin)
        until = min(then + round(latest * origin * share), now_us)
        lessons.append(_lesson(contacts, from_us, then, until, directed))
    if sum(came.sum() for _, came in lessons) < LEAST_LINKS or not lessons[0][1].any():
        return _without("too-few")
    intercept, slopes = _learnt(lessons)
    names, terms = _terms(contacts, from_us, now_us, directed)
    sender, receiver = absent_pairs(contacts, from_us, now_us, directed=directed)
    x = _standardised(terms[:, sender, receiver].T)
    # the rate of the latest moment that can be checked is the best guess for the present one
    log_odds = _odds_of(float(lessons[0][1].mean())) + intercept + x @ slopes
    return LinkForecast(
        sender,
        receiver,
        1.0 / (1.0 + np.exp(-log_odds)),
        dict(zip(names, slopes.tolist(), strict=True)),
    )


def absent_pairs(
    contacts: Contacts, from_us: int, to_us: int, *, directed: bool = True
) -> tuple[Ints, Ints]:
    """Pairs of nodes that both had contacts, but not from the one to the other."""
    counts = counts_between(contacts, from_us, to_us)
    link = counts.all > 0
    present = counts.present
    absent = ~(link if directed else link | link.T) & present[:, None] & present[None, :]
    np.fill_diagonal(absent, False)
    sender, receiver = np.nonzero(absent if directed else np.triu(absent))
    return sender, receiver


def came_later(
    contacts: Contacts, pairs: tuple[Ints, Ints], from_us: int, to_us: int, *, directed: bool = True
) -> Flags:
    """Whether each pair had a contact in a later stretch of time."""
    link = counts_between(contacts, from_us, to_us).all > 0
    return np.asarray((link if directed else link | link.T)[pairs])


def _terms(
    contacts: Contacts, from_us: int, to_us: int, directed: bool
) -> tuple[list[str], Floats]:
    terms = link_terms(counts_between(contacts, from_us, to_us), contacts.manager)
    terms = terms if directed else symmetric(terms)
    return list(terms), np.stack(list(terms.values()))


def _lesson(
    contacts: Contacts, from_us: int, then_us: int, until_us: int, directed: bool
) -> tuple[Floats, Flags]:
    """Terms of the pairs absent at an earlier moment, and whether they came afterwards."""
    pairs = absent_pairs(contacts, from_us, then_us, directed=directed)
    terms = _terms(contacts, from_us, then_us, directed)[1]
    came = came_later(contacts, pairs, then_us, until_us, directed=directed)
    return _standardised(terms[:, pairs[0], pairs[1]].T), came


def _standardised(x: Floats) -> Floats:
    """Mean 0 and deviation 1 among the pairs of one moment: counts grow with the history."""
    if x.size == 0:
        return x
    deviation = x.std(axis=0)
    return np.asarray((x - x.mean(axis=0)) / np.where(deviation > 1e-12, deviation, 1.0))


def _odds_of(rate: float) -> float:
    rate = min(max(rate, 1e-9), 1 - 1e-9)
    return float(np.log(rate / (1.0 - rate)))


def _learnt(lessons: list[tuple[Floats, Flags]]) -> tuple[float, Floats]:
    """Return the intercept of the latest moment, beyond its rate, and the slope of each term.

    First the direction, with a strong prior; then its length and the intercepts, without one: a
    prior that steadies the direction would also draw all probabilities towards the rate.
    """
    slopes = _fitted(lessons, PENALTY)[len(lessons) :]
    together = [(terms @ slopes, came) for terms, came in lessons]
    width = float(np.mean([line.std() for line, _ in together]))
    if width < 1e-12:
        return 0.0, slopes
    free = _fitted([(line[:, None] / width, came) for line, came in together], 1e-6)
    return float(free[0]), slopes * free[-1] / width


def _fitted(lessons: list[tuple[Floats, Flags]], penalty_of_terms: float) -> Floats:
    """One intercept per moment (beyond the rate there), then the coefficients of the terms.

    Logistic regression with a normal prior by Newton's method; halved steps where the likelihood
    falls.
    """
    k = len(lessons)
    x = np.concatenate(
        [
            np.column_stack([np.tile(np.eye(k)[i], (len(terms), 1)), terms])
            for i, (terms, _) in enumerate(lessons)
        ]
    )
    came = np.concatenate([flags for _, flags in lessons]).astype(np.float64)
    start = np.concatenate([np.full(len(f), _odds_of(float(f.mean()))) for _, f in lessons])
    # the intercepts need hardly any prior: it holds them finite where nothing came
    penalty = np.append(np.full(k, 1.0), np.full(x.shape[1] - k, penalty_of_terms))
    at = np.zeros(x.shape[1])
    value = _likelihood(x, came, start, penalty, at)
    for _ in range(MOST_STEPS):
        p = 1.0 / (1.0 + np.exp(-(start + x @ at)))
        curvature = (x * (p * (1 - p))[:, None]).T @ x + np.diag(penalty)
        step = np.linalg.solve(curvature, x.T @ (came - p) - penalty * at)
        length, new_value = 1.0, _likelihood(x, came, start, penalty, at + step)
        while new_value < value and length > 1e-6:
            length /= 2
            new_value = _likelihood(x, came, start, penalty, at + length * step)
        if new_value <= value + 1e-9:
            break
        at, value = at + length * step, new_value
    return at


def _likelihood(x: Floats, came: Floats, start: Floats, penalty: Floats, at: Floats) -> float:
    linear = start + x @ at
    return float((came * linear - np.logaddexp(0.0, linear)).sum() - 0.5 * (penalty * at**2).sum())


def _without(why: str) -> LinkForecast:
    nobody = np.zeros(0, dtype=np.int64)
    return LinkForecast(nobody, nobody, np.zeros(0), {}, why)
