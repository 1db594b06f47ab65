"""Between which units are there fewer transactions than one would expect?

A gravity model says how many transactions a pair should have, given how much each of the two sends
and receives, on how many cases both work, and how near they stand. Lower tail of an over-dispersed
count, Benjamini-Hochberg over the ordered pairs. Method: docs/methods/expected-links.md.
Source: Santos Silva & Tenreyro 2006 (Poisson pseudo-maximum likelihood of the gravity equation).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from leitweg.domain.network import AbsentLink
from leitweg.engine.unit_places import NO_PLACES, UnitPlaces
from leitweg.situation.arrays import Flags, Floats, Ints
from leitweg.situation.basis import Basis
from leitweg.situation.common_cases import Transactions, following_cases, transactions_of
from leitweg.situation.count_tails import lower_tail, q_values, spread_of
from leitweg.situation.nearness import TERMS as NEARNESS
from leitweg.situation.nearness import nearness_terms
from leitweg.situation.poisson_regression import fit_two_way

TERMS = ("interdependence", *NEARNESS)
"""What the model looks at besides the sizes of both units."""
LEAST_TRANSACTIONS = 20
"""A unit that sends (or receives) less is left out on that side: its effect would be noise."""
MOST_UNITS = 300
"""Of more units, the busiest on each side are looked at: the fit costs their cube."""
LEAST_UNITS = 3
"""With fewer on a side the unit effects explain every count."""
LEAST_EXPECTED = 5.0
"""Pairs with a smaller mean are not tested: none of fewer than five is no evidence."""
SPREAD_FROM = 1.0
"""The spread is taken from the pairs with at least this mean."""
FALSE_DISCOVERY_RATE = 0.10
"""Benjamini-Hochberg level over the tested pairs."""
MOST_OF_EXPECTED = 0.5
"""A link with more than this share of the expected transactions is thin, but not absent."""


@dataclass(frozen=True)
class ExpectedLinks:
    """What the gravity model expects of each ordered pair.

    ``senders`` and ``receivers`` are codes of holders (``Basis.holders``); the arrays have shape
    (senders, receivers). ``probabilities`` of so few transactions and ``q_values`` are NaN where a
    pair was not tested: too few are expected, or counts scatter so much that none would be usual.
    ``spread`` is that of the negative binomial; ``terms`` holds the coefficients of what is known
    about pairs. ``why`` says why there is no model.
    """

    senders: Ints
    receivers: Ints
    counts: Floats
    means: Floats
    probabilities: Floats
    q_values: Floats
    spread: float = 0.0
    terms: Mapping[str, float] = field(default_factory=dict)
    why: str | None = None

    def observed(self, a: int, b: int) -> float | None:
        """Transactions from holder a to holder b in the period; None outside the model."""
        return self._value(self.counts, a, b)

    def expected(self, a: int, b: int) -> float | None:
        """Transactions that the model expects from a to b in the period; None outside it."""
        return self._value(self.means, a, b)

    def probability(self, a: int, b: int) -> float | None:
        """Probability of so few or fewer; None where the pair was not tested."""
        return self._value(self.probabilities, a, b)

    def q_of(self, a: int, b: int) -> float | None:
        """Return the q-value of too few from a to b; None where the pair was not tested."""
        return self._value(self.q_values, a, b)

    def _value(self, table: Floats, a: int, b: int) -> float | None:
        row = int(np.searchsorted(self.senders, a))
        column = int(np.searchsorted(self.receivers, b))
        if row == self.senders.size or column == self.receivers.size or a == b:
            return None
        if self.senders[row] != a or self.receivers[column] != b:
            return None
        value = float(table[row, column])
        return value if np.isfinite(value) else None


def fewer_than_expected(basis: Basis, places: UnitPlaces = NO_PLACES) -> ExpectedLinks:
    """Fit the gravity model to the handovers of the period and test every ordered pair.

    Parameters
    ----------
    places
        Where the units stand (hierarchy, sites), as far as the tables know.

    Returns
    -------
    ExpectedLinks
        With ``why`` where there is none: ``too-few`` (units, or transactions of each), or
        ``not-converged``.
    """
    moved = transactions_of(basis)
    senders, receivers, counts = busy_pairs(moved, len(basis.holders))
    if min(senders.size, receivers.size) < LEAST_UNITS:
        return _without("too-few")
    possible = senders[:, None] != receivers[None, :]
    terms = _terms(basis, places, senders, receivers, possible)
    return expected_of(senders, receivers, counts, terms)


def expected_of(
    senders: Ints, receivers: Ints, counts: Floats, terms: Mapping[str, Floats]
) -> ExpectedLinks:
    """Fit and test counts of shape (senders, receivers); ``terms`` have the same shape each."""
    possible = senders[:, None] != receivers[None, :]
    x = np.stack(list(terms.values())) if terms else np.zeros((0, *counts.shape))
    fit = fit_two_way(counts, possible, x)
    if not fit.converged:
        return _without("not-converged")
    seen = possible & (fit.means >= SPREAD_FROM)
    of_effects = fit.n_effects * fit.means[seen].sum() / max(fit.means.sum(), 1e-12)
    spread = spread_of(counts[seen], fit.means[seen], round(of_effects))
    probabilities, q = (np.full(counts.shape, np.nan) for _ in range(2))
    tested = possible & (fit.means >= LEAST_EXPECTED)
    # a pair that could not be found even without a single transaction has no say
    none = lower_tail(np.zeros(counts.size), fit.means.ravel(), spread).reshape(counts.shape)
    tested &= none <= FALSE_DISCOVERY_RATE
    probabilities[tested] = lower_tail(counts[tested], fit.means[tested], spread)
    q[tested] = q_values(probabilities[tested])
    return ExpectedLinks(
        senders,
        receivers,
        counts,
        fit.means,
        probabilities,
        q,
        spread,
        {name: float(value) for name, value in zip(terms, fit.terms, strict=True)},
    )


def absent_links_of(basis: Basis, expected: ExpectedLinks | None = None) -> tuple[AbsentLink, ...]:
    """Pairs with far fewer transactions than expected, those that lack most first.

    ``n_people_from`` and ``n_people_to`` count the people behind the transactions there are; where
    there are none, those behind the expectation: who handed over from, or to, the unit at all.
    """
    expected = fewer_than_expected(basis) if expected is None else expected
    moved = transactions_of(basis)
    with np.errstate(invalid="ignore"):
        absent = (expected.q_values <= FALSE_DISCOVERY_RATE) & (
            expected.counts <= MOST_OF_EXPECTED * expected.means
        )
    rows = [_row(basis, expected, moved, int(i), int(j)) for i, j in np.argwhere(absent)]
    return tuple(sorted(rows, key=_order))


def _order(row: AbsentLink) -> tuple[float, str, str]:
    return (
        round((row.observed or 0.0) - (row.expected or 0.0), 6),
        row.from_unit,
        row.to_unit,
    )


def _row(basis: Basis, expected: ExpectedLinks, moved: Transactions, i: int, j: int) -> AbsentLink:
    a, b = int(expected.senders[i]), int(expected.receivers[j])
    from_a, to_b = moved.sender == a, moved.receiver == b
    both = from_a & to_b
    known = len(basis.log.persons) > 0
    return AbsentLink(
        basis.holders[a],
        basis.holders[b],
        expected=float(expected.means[i, j]),
        observed=float(expected.counts[i, j]),
        q_value=float(expected.q_values[i, j]),
        n_people_from=_people(basis, moved.sender_person[both if both.any() else from_a])
        if known
        else None,
        n_people_to=_people(basis, moved.receiver_person[both if both.any() else to_b])
        if known
        else None,
    )


def _people(basis: Basis, persons: Ints) -> int:
    """Count distinct people, machine accounts left out."""
    found = np.unique(persons[persons >= 0])
    return int((~basis.log.machine[found]).sum())


def busy_pairs(moved: Transactions, n_holders: int) -> tuple[Ints, Ints, Floats]:
    """Senders and receivers with enough transactions among themselves, and their counts.

    Leaving out a receiver may leave a sender with too few, so it is done until nothing changes.
    """
    keep = np.ones(moved.case.size, dtype=bool)
    while True:
        out = np.bincount(moved.sender[keep], minlength=n_holders)
        into = np.bincount(moved.receiver[keep], minlength=n_holders)
        sends, receives = _busiest(out), _busiest(into)
        still = keep & sends[moved.sender] & receives[moved.receiver]
        if still.sum() == keep.sum():
            break
        keep = still
    senders, receivers = np.flatnonzero(sends), np.flatnonzero(receives)
    row = np.searchsorted(senders, moved.sender[keep])
    column = np.searchsorted(receivers, moved.receiver[keep])
    flat = np.bincount(row * receivers.size + column, minlength=senders.size * receivers.size)
    counts = flat.reshape(senders.size, receivers.size).astype(np.float64)
    return senders, receivers, counts


def _busiest(counts: Ints) -> Flags:
    """Those with enough transactions; of too many, the busiest, equals in or out together."""
    least = LEAST_TRANSACTIONS
    if counts.size > MOST_UNITS:
        least = max(least, int(np.sort(counts)[-MOST_UNITS - 1]) + 1)
    return np.asarray(counts >= least)


def _terms(
    basis: Basis, places: UnitPlaces, senders: Ints, receivers: Ints, possible: Flags
) -> dict[str, Floats]:
    """Return what is known about each pair, without terms that are the same for all pairs."""
    both = np.union1d(senders, receivers)
    inside = np.ix_(np.searchsorted(both, senders), np.searchsorted(both, receivers))
    known: dict[str, Floats] = {}
    if not basis.answers:
        # where each row is an answer, being in the same one is the transaction itself
        known["interdependence"] = np.log1p(following_cases(basis, both))
    if basis.level == "unit":
        known |= nearness_terms([basis.holders[u] for u in both], places)
    terms = {name: x[inside] for name, x in known.items()}
    return {name: x for name, x in terms.items() if np.ptp(x[possible]) > 0}


def _without(why: str) -> ExpectedLinks:
    nobody, nothing = np.zeros(0, dtype=np.int64), np.zeros((0, 0))
    return ExpectedLinks(nobody, nobody, nothing, nothing, nothing, nothing, why=why)
